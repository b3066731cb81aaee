import { createContext } from "svelte";
import type { Backend } from "../backend/backend";
import type { ErrorReport } from "../backend/generated/ErrorReport";
import type { HandedOver } from "../backend/generated/HandedOver";
import type { JobState } from "../backend/generated/JobState";
import type { Opening } from "../backend/generated/Opening";
import type { Part } from "../backend/generated/Part";
import type { Settings } from "../backend/generated/Settings";
import type { Unsaved } from "../backend/generated/Unsaved";
import { Announcer } from "./announcer.svelte";
import { Clock } from "./clock.svelte";
import { FailedPulls } from "./failures.svelte";
import { Hosts } from "./hosts.svelte";
import { Jobs } from "./jobs.svelte";
import { Labs } from "./labs.svelte";
import { Navigation } from "./navigation.svelte";
import { Engines, Leaving, Library, Offers, References, SettingsStore } from "./parts.svelte";
import { Past } from "./past.svelte";
import { asReport } from "./report";
import { Stream, type Sink } from "./stream.svelte";

/** All state of the window, and what the user can do with it. */
export class App implements Sink {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly stream: Stream;
  readonly jobs = new Jobs();
  readonly engines = new Engines();
  readonly library = new Library();
  readonly references = new References();
  readonly failedPulls = new FailedPulls(this.jobs, this.library);
  readonly settings = new SettingsStore();
  readonly offers = new Offers();
  readonly labs = new Labs();
  readonly hosts = new Hosts();
  readonly leaving = new Leaving();
  readonly navigation = new Navigation();
  readonly announcer = new Announcer();
  readonly past: Past;
  /** What the user asked for last and could not be done. */
  failure: ErrorReport | null = $state.raw(null);
  version: string = $state("");
  #settingsAsked = 0;
  #noted: Promise<void> = Promise.resolve();

  constructor(backend: Backend, clock = new Clock()) {
    this.backend = backend;
    this.clock = clock;
    this.stream = new Stream(backend, this);
    this.past = new Past(backend);
    this.jobs.watch((job, what) => {
      this.announcer.heard(job, what);
      if (what === "ended") this.past.refreshSoon();
    });
  }

  begin(opening: Opening): void {
    this.clock.tick();
    this.jobs.replace(opening.jobs);
    this.jobs.replaceOthers(opening.others);
    this.engines.state = opening.engine;
    this.library.state = opening.images;
    this.references.all = opening.references;
    this.failedPulls.adopt();
    this.settings.state = opening.settings;
    this.offers.current = opening.offer;
    const isFirst = this.version === "";
    this.labs.begin(opening.labs, opening.lab, isFirst);
    if (opening.lab && isFirst) this.navigation.show("labs");
    this.hosts.state = opening.hosts;
    this.leaving.question = opening.leaving;
    this.version = opening.version;
    this.#goTo(opening.handed_over);
    this.past.refreshSoon();
  }

  event(event: Parameters<Jobs["apply"]>[0]): void {
    this.jobs.apply(event);
  }

  part(part: Part): void {
    switch (part.part) {
      case "engine":
        this.engines.state = part.state;
        break;
      case "images":
        this.library.state = part.state;
        break;
      case "references":
        this.references.all = part.state;
        break;
      case "settings":
        this.settings.state = part.state;
        break;
      case "offer":
        this.offers.current = part.state;
        break;
      case "labs":
        this.labs.state = part.state;
        break;
      case "lab":
        this.labs.tell(part.state);
        break;
      case "traffic":
        this.labs.measure(part.state);
        break;
      case "hosts":
        this.hosts.state = part.state;
        break;
      case "others":
        this.#hearOthers(part.state);
        break;
      case "handed_over":
        this.#goTo(part.state);
        break;
      case "leaving":
        this.leaving.question = part.state;
        break;
    }
  }

  /** Labs were dropped, or given to the program when it was started. */
  #goTo(handed: HandedOver | null): void {
    if (!handed) return;
    this.navigation.show("labs");
    if (handed.type === "failed") return this.#refuse(handed.error);
    this.labs.key = handed.type === "lab" ? handed.key : null;
    // Said again, so that it comes after all that was wished before.
    const { key } = this.labs;
    void this.askAside((backend) => (key === null ? backend.closeLab() : backend.openLab(key)));
    if (handed.type === "labs") this.announcer.say(`${handed.count} labs are on the list`);
  }

  #hearOthers(states: JobState[]): void {
    this.clock.tick();
    const ended = this.jobs.replaceOthers(states);
    if (ended) this.past.refreshSoon();
  }

  /** Does what the user asked for; a failure is shown, and the answer is then undefined. What failed before is over with it. */
  ask<T>(what: (backend: Backend) => Promise<T>): Promise<T | undefined> {
    this.failure = null;
    return this.askAside(what);
  }

  /** The same of what goes on by itself: a failure that the user may be reading stays. */
  async askAside<T>(what: (backend: Backend) => Promise<T>): Promise<T | undefined> {
    try {
      return await what(this.backend);
    } catch (error) {
      this.#refuse(asReport(error));
      return undefined;
    }
  }

  #refuse(error: ErrorReport): void {
    this.failure = error;
    this.announcer.say(`Not done: ${error.message}`);
  }

  /** Does what the user asked for, where there is no answer: whether it was done. */
  async does(what: (backend: Backend) => Promise<unknown>): Promise<boolean> {
    const isDone = await this.ask(async (backend) => {
      await what(backend);
      return true;
    });
    return isDone === true;
  }

  /** Changes settings at once on the screen; they go back if the program refuses. */
  async change(change: Partial<Settings>): Promise<void> {
    const before = this.settings.settings;
    if (!before) return;
    const asked = ++this.#settingsAsked;
    const wanted = { ...before, ...change };
    this.settings.wanted = wanted;
    const isDone = await this.does((backend) => backend.changeSettings(wanted));
    if (asked === this.#settingsAsked) this.settings.confirm(isDone);
  }

  /** Shows a host's page. */
  showHost(name: string): void {
    this.hosts.key = name;
    this.navigation.show("hosts");
  }

  /** Whether it was copied. */
  /** Tells what would be lost with the page. One call at a time: calls that are made at once may arrive in any order. */
  noteUnsaved(unsaved: Unsaved): void {
    this.#noted = this.#noted.then(() => this.backend.noteUnsaved(unsaved)).catch(() => undefined);
  }

  async copy(text: string, what: string): Promise<boolean> {
    const isDone = await this.does((backend) => backend.copy(text));
    if (isDone) this.announcer.say(`${what} copied`);
    return isDone;
  }
}

/** The state of the window that a component is in. */
export const [getApp, setApp] = createContext<App>();
