import { history, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, Text, Transaction, type Extension, type StateCommand, type StateEffect, type TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { ErrorReport } from "../../../backend/generated/ErrorReport";
import type { LabEdit } from "../../../backend/generated/LabEdit";
import type { LabText } from "../../../backend/generated/LabText";
import type { LabView } from "../../../backend/generated/LabView";
import type { LabWords } from "../../../backend/generated/LabWords";
import type { TextPlace } from "../../../backend/generated/TextPlace";
import type { App } from "../../../state/app.svelte";
import { asReport } from "../../../state/report";
import { entries, entriesOf, tellEntries } from "./entries";
import { diagnosticsOf } from "./problems";
import { keysAt } from "./standing";
import { asLines, changesBetween, separatorOf } from "./text";
import type { Known } from "./words";

/** Where a file names its groups. */
const GROUPS = "topology.groups";

/** What reading and writing fails with where the file was removed, or has another name now. */
const GONE = "topology_gone";

/** How long nothing is typed before the text is checked, in milliseconds. */
const PAUSE = 300;

/** How often an edit is begun again because the file was changed in the middle of it. */
const ATTEMPTS = 3;

/** What the shown editor has besides; nothing while none is shown. */
const SHOWN = new Compartment();

/** The file was changed by another program while changes of the user were not saved. */
export interface Conflict {
  theirs: LabText;
  /** Whether saving met it: then keeping one's own saves it. */
  isSaving: boolean;
}

/**
 * A lab's file as the user edits it. It outlives its editor: text, cursor and what can be undone stay.
 *
 * While the editor is shown, or holds changes that are not saved, edits of the drawing become part of its text. Otherwise
 * they are written at once.
 */
export class LabDocument {
  readonly file: string;
  /** The text with its cursor and its past. */
  state: EditorState = $state.raw(EditorState.create());
  isRead: boolean = $state(false);
  isSaving: boolean = $state(false);
  /** The lab that the text would be, as it was checked last: problems, nodes, links. */
  draft: LabView | null = $state.raw(null);
  conflict: Conflict | null = $state.raw(null);
  /** Where its editor is to go as soon as it is shown. */
  wanted: TextPlace | null = $state.raw(null);
  /** Why the file could not be read, checked or written. */
  failure: ErrorReport | null = $state.raw(null);
  #words: LabWords = $state.raw({ keys: [], kinds: [] });
  #saved: Text = $state.raw(Text.empty);
  #app: App;
  #view: EditorView | undefined;
  #scroll: StateEffect<unknown> | undefined;
  #separator = "\n";
  #revision = "";
  #followed = "";
  #checks = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Whether there are changes that are not saved. */
  readonly isDirty: boolean = $derived.by(() => !this.state.doc.eq(this.#saved));
  readonly canUndo: boolean = $derived.by(() => undoDepth(this.state) > 0);
  readonly canRedo: boolean = $derived.by(() => redoDepth(this.state) > 0);

  constructor(app: App, file: string) {
    this.#app = app;
    this.file = file;
  }

  /** The text as the file would have it. */
  get text(): string {
    return this.state.doc.sliceString(0, this.state.doc.length, this.#separator);
  }

  /** Whether a lab that was told is that of the file as it was read or written last. */
  isOf(told: LabView): boolean {
    return !this.isRead || told.revision === this.#revision;
  }

  /** `dc1.clab.yml` */
  get name(): string {
    return this.file.split(/[/\\]/).pop() ?? this.file;
  }

  /** All that words can be taken from. */
  get known(): Known {
    const { nodes = [], links = [] } = this.draft ?? {};
    return { words: this.#words, nodes, links, groups: keysAt(this.state.doc.toJSON(), GROUPS), images: this.#app.library.images };
  }

  /** Reads the file, unless it was read. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#read();
        this.failure = null;
      } catch (error) {
        this.failure = asReport(error);
      }
    });
  }

  /** The program told the file's revision. A change that came from elsewhere is taken over, unless there are own ones. */
  follow(revision: string): void {
    if (!this.isRead || revision === this.#followed) return;
    this.#followed = revision;
    void this.#inTurn(async () => {
      if (this.#followed === this.#revision) return;
      try {
        await this.#readAgain();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** Writes the text into the file; whether that is what the file has now. */
  save(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!this.isDirty) return true;
      const { doc } = this.state;
      this.isSaving = true;
      try {
        await this.#write(doc);
        this.#saved = doc;
        this.#app.announcer.say(`${this.name} saved`);
      } catch (error) {
        await this.#explain(error);
      }
      this.isSaving = false;
      return !this.isDirty;
    });
  }

  /** Gives up one's own changes; undo brings them back. */
  takeTheirs(): void {
    if (this.conflict) this.#adopt(this.conflict.theirs, true);
  }

  /** Goes on with one's own changes. Those of the file are written over: at once where saving met them, else when it is saved. */
  keepMine(): void {
    if (!this.conflict) return;
    const { theirs, isSaving } = this.conflict;
    this.#base(theirs);
    if (isSaving) void this.save();
  }

  /** Does what the drawing asks for. A promise that fails does so with an `ErrorReport`, and nothing is changed then. */
  apply(edit: LabEdit): Promise<void> {
    return this.#inTurn(async () => {
      await this.#read();
      if (this.#keepsEdits) await this.#applyToText(edit);
      else await this.#applyToFile(() => this.#app.backend.editLab(this.file, this.text, edit));
    });
  }

  /** Takes back the last change; that of an edit that was written is written too. */
  undo(): Promise<void> {
    return this.#step(undo);
  }

  redo(): Promise<void> {
    return this.#step(redo);
  }

  /** Changes text, cursor or marks, whether an editor is shown or not. */
  update(...specs: TransactionSpec[]): void {
    this.#take(this.state.update(...specs));
  }

  /** Shows it in an element, with all that an editor has besides the text. */
  show(parent: HTMLElement, extensions: Extension): EditorView {
    this.update({ effects: SHOWN.reconfigure(extensions) });
    const view = new EditorView({
      parent,
      state: this.state,
      ...(this.#scroll && { scrollTo: this.#scroll }),
      dispatchTransactions: (transactions) => {
        view.update(transactions);
        for (const transaction of transactions) this.#took(transaction);
      },
    });
    // Remembered while it is there: when it is taken away it has no size any more.
    view.scrollDOM.addEventListener("scroll", () => (this.#scroll = view.scrollSnapshot()), { passive: true });
    this.#view = view;
    return view;
  }

  /** Shows it no more. */
  hide(): void {
    this.#view?.destroy();
    this.#view = undefined;
  }

  /** Whether edits wait in the text until they are saved. */
  get #keepsEdits(): boolean {
    return this.#view !== undefined || this.isDirty;
  }

  async #read(): Promise<void> {
    if (this.isRead) return;
    const [read, words] = await Promise.all([this.#app.backend.readLab(this.file), this.#app.backend.labWords()]);
    this.#words = words;
    this.#base(read);
    this.#followed = read.revision;
    this.state = EditorState.create({ doc: this.#saved, extensions: [history(), entries, SHOWN.of([])] });
    this.isRead = true;
    void this.#check();
  }

  async #readAgain(): Promise<void> {
    const theirs = await this.#app.backend.readLab(this.file);
    if (theirs.revision === this.#revision) return;
    const isOther = this.isDirty && !asLines(theirs.text).eq(this.state.doc);
    if (isOther) this.conflict = { theirs, isSaving: false };
    else this.#adopt(theirs, false);
  }

  /** Why the text could not be written: perhaps because the file has become another. */
  async #explain(error: unknown): Promise<void> {
    const revision = this.#revision;
    try {
      await this.#readAgain();
    } catch {
      // What could not be written cannot be read either; the first of the two says why.
    }
    if (this.conflict) this.conflict = { ...this.conflict, isSaving: true };
    else if (this.#revision === revision) this.#fail(error);
  }

  /** A file that is not there any more has no text: then all is unsaved, and saving makes it anew. */
  #fail(error: unknown): void {
    this.failure = asReport(error);
    if (this.failure.code !== GONE) return;
    this.#saved = Text.empty;
    this.#revision = "";
    this.conflict = null;
  }

  /** Takes a text over that the file has. */
  #adopt(read: LabText, canBeUndone: boolean): void {
    this.#base(read);
    this.#change(this.#saved, canBeUndone);
  }

  /** From now on changes are those from this text. */
  #base(read: LabText): void {
    this.#saved = asLines(read.text);
    this.#separator = separatorOf(read.text);
    this.#revision = read.revision;
    this.conflict = null;
    this.failure = null;
  }

  async #applyToText(edit: LabEdit): Promise<void> {
    for (;;) {
      const { doc } = this.state;
      const after = await this.#app.backend.editLab(this.file, this.text, edit);
      // What was typed meanwhile is in the next one.
      if (doc.eq(this.state.doc)) return this.#change(asLines(after));
    }
  }

  /** Writes what `make` makes of the file, and begins again if another program was quicker. */
  async #applyToFile(make: () => Promise<string>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#readAgain();
      const after = asLines(await make());
      const revision = this.#revision;
      try {
        await this.#write(after);
        this.#change(after);
        this.#saved = this.state.doc;
        return;
      } catch (error) {
        await this.#readAgain();
        if (this.#revision === revision || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #write(doc: Text): Promise<void> {
    const text = doc.sliceString(0, doc.length, this.#separator);
    this.#revision = await this.#app.backend.writeLab(this.file, text, this.#revision);
    this.conflict = null;
    this.failure = null;
  }

  #step(command: StateCommand): Promise<void> {
    return this.#inTurn(async () => {
      let step: Transaction | undefined;
      command({ state: this.state, dispatch: (transaction) => (step = transaction) });
      if (!step) return;
      const isWritten = !this.#keepsEdits;
      if (isWritten) await this.#write(step.newDoc);
      this.#take(step);
      if (isWritten) this.#saved = this.state.doc;
      void this.#check();
    });
  }

  /** Makes the text into another, as one step that can be undone. What is in sight stays there. */
  #change(doc: Text, canBeUndone = true): void {
    const changes = this.state.changes(changesBetween(this.state.doc, doc));
    const scroll = this.#view?.scrollSnapshot().map(changes);
    const annotations = [isolateHistory.of("full"), Transaction.addToHistory.of(canBeUndone)];
    if (!changes.empty) this.update({ changes, annotations, effects: scroll ?? [] });
    void this.#check();
  }

  #checkSoon(): void {
    this.#checks += 1;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    clearTimeout(this.#pause);
    const number = ++this.#checks;
    try {
      const draft = await this.#app.backend.checkLab(this.file, this.text);
      if (number === this.#checks) this.#mark(draft);
    } catch (error) {
      if (number === this.#checks) this.failure = asReport(error);
    }
  }

  #mark(draft: LabView): void {
    this.draft = draft;
    const { doc } = this.state;
    const places = entriesOf(doc, draft);
    const isOld = draft.problems.some((problem) => problem.is_error) && this.state.field(entries).length > 0;
    this.update(setDiagnostics(this.state, diagnosticsOf(doc, draft.problems)), isOld ? {} : { effects: tellEntries.of(places) });
  }

  #take(transaction: Transaction): void {
    if (this.#view) this.#view.dispatch(transaction);
    else this.#took(transaction);
  }

  #took({ state, changes, docChanged }: Transaction): void {
    this.state = state;
    if (!docChanged) return;
    this.#scroll = this.#scroll?.map(changes);
    this.#checkSoon();
  }

  /** One thing after the other: what is written rests on what was read before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
