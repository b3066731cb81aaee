import { Channel, invoke } from "@tauri-apps/api/core";
import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";
import type { Backend } from "./backend";
import type { Batch } from "./generated/Batch";
import type { CaptureEvent } from "./generated/CaptureEvent";
import type { CaptureWish } from "./generated/CaptureWish";
import type { DeployWish } from "./generated/DeployWish";
import type { ExampleLab } from "./generated/ExampleLab";
import type { HistoryPage } from "./generated/HistoryPage";
import type { HistoryQuery } from "./generated/HistoryQuery";
import type { Host } from "./generated/Host";
import type { HostHistory } from "./generated/HostHistory";
import type { ImageDetail } from "./generated/ImageDetail";
import type { ImportWish } from "./generated/ImportWish";
import type { InstallWish } from "./generated/InstallWish";
import type { LabEdit } from "./generated/LabEdit";
import type { LabPlan } from "./generated/LabPlan";
import type { LabText } from "./generated/LabText";
import type { LabView } from "./generated/LabView";
import type { LabWords } from "./generated/LabWords";
import type { LeaveAnswer } from "./generated/LeaveAnswer";
import type { LinkWish } from "./generated/LinkWish";
import type { NodePosition } from "./generated/NodePosition";
import type { NodeStanding } from "./generated/NodeStanding";
import type { Opening } from "./generated/Opening";
import type { PageId } from "./generated/PageId";
import type { Place } from "./generated/Place";
import type { PlanView } from "./generated/PlanView";
import type { PlanWish } from "./generated/PlanWish";
import type { PowerWish } from "./generated/PowerWish";
import type { PullWish } from "./generated/PullWish";
import type { RunEvent } from "./generated/RunEvent";
import type { RunWish } from "./generated/RunWish";
import type { SavedConfigurations } from "./generated/SavedConfigurations";
import type { SavedFiles } from "./generated/SavedFiles";
import type { Settings } from "./generated/Settings";
import type { Started } from "./generated/Started";
import type { TerminalEvent } from "./generated/TerminalEvent";
import type { TerminalWish } from "./generated/TerminalWish";
import type { Turn } from "./generated/Turn";
import type { Unsaved } from "./generated/Unsaved";

/** The program behind the window. */
export class TauriBackend implements Backend {
  #deliver: (batch: Batch) => void = () => {};
  #listening: Promise<void> | undefined;
  /** No two loadings of the page have the same: streams of another one end. */
  readonly #page: PageId = crypto.getRandomValues(new Uint32Array(4)).join("-");
  #wishes = 0;

  async open(deliver: (batch: Batch) => void): Promise<Opening> {
    this.#deliver = deliver;
    // Listening begins before the stream does: its first batch may come before the answer.
    await (this.#listening ??= this.#listen());
    return invoke("open", { page: this.#page });
  }

  /** Commands may overtake each other: of some, only the last counts. */
  #turn(): Turn {
    this.#wishes += 1;
    return { page: this.#page, number: this.#wishes };
  }

  async #listen(): Promise<void> {
    try {
      await getCurrentWebviewWindow().listen<Batch>("batch", (event) => this.#deliver(event.payload));
    } catch (error) {
      this.#listening = undefined;
      throw error;
    }
  }

  offer(sources: string[]): Promise<void> {
    return invoke("offer", { sources });
  }

  chooseFiles(): Promise<void> {
    return invoke("choose_files");
  }

  settleOffer(offer: number, wishes: ImportWish[]): Promise<Started[]> {
    return invoke("settle_offer", { offer, wishes });
  }

  dismissOffer(offer: number): Promise<void> {
    return invoke("dismiss_offer", { offer });
  }

  pull(wish: PullWish): Promise<Started> {
    return invoke("pull", { wish });
  }

  cancelJob(job: string): Promise<boolean> {
    return invoke("cancel_job", { job });
  }

  retryJob(job: string): Promise<Started> {
    return invoke("retry_job", { job });
  }

  history(query: HistoryQuery): Promise<HistoryPage> {
    return invoke("history", { query });
  }

  image(name: string): Promise<ImageDetail> {
    return invoke("image", { name });
  }

  removeImage(name: string, force: boolean): Promise<void> {
    return invoke("remove_image", { name, force });
  }

  renameImage(from: string, to: string, replace: boolean): Promise<void> {
    return invoke("rename_image", { from, to, replace });
  }

  selectEngine(name: string | null): Promise<void> {
    return invoke("select_engine", { name });
  }

  findEngines(): Promise<void> {
    return invoke("find_engines");
  }

  changeSettings(settings: Settings): Promise<void> {
    return invoke("change_settings", { settings });
  }

  openPlace(place: Place): Promise<void> {
    return invoke("open_place", { place });
  }

  diagnostics(): Promise<string> {
    return invoke("diagnostics");
  }

  copy(text: string): Promise<void> {
    return navigator.clipboard.writeText(text);
  }

  leave(answer: LeaveAnswer): Promise<void> {
    return invoke("leave", { answer });
  }

  noteUnsaved(unsaved: Unsaved): Promise<void> {
    return invoke("note_unsaved", { unsaved });
  }

  openLab(key: string): Promise<void> {
    return invoke("open_lab", { turn: this.#turn(), key });
  }

  closeLab(): Promise<void> {
    return invoke("close_lab", { turn: this.#turn() });
  }

  watchTraffic(watched: boolean): Promise<void> {
    return invoke("watch_traffic", { turn: this.#turn(), watched });
  }

  chooseLab(what: "file" | "folder"): Promise<string | null> {
    return invoke("choose_lab", { what });
  }

  addLabs(paths: string[]): Promise<string | null> {
    return invoke("add_labs", { paths });
  }

  examples(): Promise<ExampleLab[]> {
    return invoke("examples");
  }

  makeExample(name: string): Promise<string> {
    return invoke("make_example", { name });
  }

  forgetLab(key: string): Promise<void> {
    return invoke("forget_lab", { key });
  }

  planLab(wish: DeployWish): Promise<LabPlan> {
    return invoke("plan_lab", { wish });
  }

  deployLab(wish: DeployWish): Promise<Started> {
    return invoke("deploy_lab", { wish });
  }

  destroyLab(lab: string, keepState: boolean): Promise<Started> {
    return invoke("destroy_lab", { lab, keepState });
  }

  powerLab(wish: PowerWish): Promise<Started> {
    return invoke("power_lab", { wish });
  }

  saveLab(lab: string, nodes: string[]): Promise<SavedConfigurations> {
    return invoke("save_lab", { lab, nodes });
  }

  saveLabInto(lab: string, nodes: string[], folder: string | null): Promise<SavedFiles | null> {
    return invoke("save_lab_into", { lab, nodes, folder });
  }

  changeLink(lab: string, wish: LinkWish): Promise<void> {
    return invoke("change_link", { lab, wish });
  }

  readLab(file: string): Promise<LabText> {
    return invoke("read_lab", { file });
  }

  writeLab(file: string, text: string, revision: string): Promise<string> {
    return invoke("write_lab", { file, text, revision });
  }

  checkLab(file: string, text: string): Promise<LabView> {
    return invoke("check_lab", { file, text });
  }

  editLab(file: string, text: string, edit: LabEdit): Promise<string> {
    return invoke("edit_lab", { file, text, edit });
  }

  placeNodes(file: string, positions: NodePosition[]): Promise<void> {
    return invoke("place_nodes", { turn: this.#turn(), file, positions });
  }

  labWords(): Promise<LabWords> {
    return invoke("lab_words");
  }

  runInNodes(wish: RunWish, told: (event: RunEvent) => void): Promise<number> {
    return invoke("run_in_nodes", { page: this.#page, wish, channel: new Channel<RunEvent>(told) });
  }

  endRun(run: number): Promise<void> {
    return invoke("end_run", { run });
  }

  openTerminal(wish: TerminalWish, output: (bytes: Uint8Array) => void, told: (event: TerminalEvent) => void): Promise<number> {
    // Bytes come as they are, everything else as an object.
    const channel = new Channel<ArrayBuffer | TerminalEvent>((message) => (message instanceof ArrayBuffer ? output(new Uint8Array(message)) : told(message)));
    return invoke("open_terminal", { page: this.#page, wish, channel });
  }

  typeInto(terminal: number, text: string): Promise<void> {
    return invoke("type_into", { terminal, text });
  }

  resizeTerminal(terminal: number, columns: number, rows: number): Promise<void> {
    return invoke("resize_terminal", { terminal, columns, rows });
  }

  closeTerminal(terminal: number): Promise<void> {
    return invoke("close_terminal", { terminal });
  }

  startCapture(wish: CaptureWish, told: (event: CaptureEvent) => void): Promise<number> {
    return invoke("start_capture", { page: this.#page, wish, channel: new Channel<CaptureEvent>(told) });
  }

  stopCapture(capture: number): Promise<void> {
    return invoke("stop_capture", { capture });
  }

  saveCapture(capture: number): Promise<boolean> {
    return invoke("save_capture", { capture });
  }

  openCapture(capture: number): Promise<void> {
    return invoke("open_capture", { capture });
  }

  dropCapture(capture: number): Promise<void> {
    return invoke("drop_capture", { capture });
  }

  addHost(host: Host): Promise<void> {
    return invoke("add_host", { host });
  }

  removeHost(name: string): Promise<void> {
    return invoke("remove_host", { name });
  }

  testHost(name: string): Promise<void> {
    return invoke("test_host", { name });
  }

  acceptHostKey(name: string, fingerprint: string): Promise<void> {
    return invoke("accept_host_key", { name, fingerprint });
  }

  chooseKeyFile(): Promise<string | null> {
    return invoke("choose_key_file");
  }

  choosePlan(): Promise<string | null> {
    return invoke("choose_plan");
  }

  openPlan(wish: PlanWish): Promise<PlanView> {
    return invoke("open_plan", { wish });
  }

  examinePlan(wish: PlanWish, only: string[]): Promise<NodeStanding[]> {
    return invoke("examine_plan", { wish, only });
  }

  install(wish: InstallWish): Promise<Started> {
    return invoke("install", { wish });
  }

  verify(wish: PlanWish, only: string[]): Promise<Started> {
    return invoke("verify", { wish, only });
  }

  repair(wish: PlanWish, only: string[]): Promise<Started> {
    return invoke("repair", { wish, only });
  }

  hostHistory(name: string): Promise<HostHistory> {
    return invoke("host_history", { name });
  }

  nodeLog(job: string, node: string): Promise<string> {
    return invoke("node_log", { job, node });
  }
}
