import type { CaptureEvent } from "./generated/CaptureEvent";
import type { CaptureWish } from "./generated/CaptureWish";
import type { DeployWish } from "./generated/DeployWish";
import type { ExampleLab } from "./generated/ExampleLab";
import type { LabEdit } from "./generated/LabEdit";
import type { LabPlan } from "./generated/LabPlan";
import type { LabText } from "./generated/LabText";
import type { LabView } from "./generated/LabView";
import type { LabWords } from "./generated/LabWords";
import type { LinkWish } from "./generated/LinkWish";
import type { NodePosition } from "./generated/NodePosition";
import type { PowerWish } from "./generated/PowerWish";
import type { RunEvent } from "./generated/RunEvent";
import type { RunWish } from "./generated/RunWish";
import type { SavedConfigurations } from "./generated/SavedConfigurations";
import type { SavedFiles } from "./generated/SavedFiles";
import type { Started } from "./generated/Started";
import type { TerminalEvent } from "./generated/TerminalEvent";
import type { TerminalWish } from "./generated/TerminalWish";

/** All that the webview can ask about labs. Every promise that fails does so with an `ErrorReport`. */
export interface LabBackend {
  /** Follows a lab: from now on it is pushed as it changes. One that was followed before is not any more. The last wish counts. */
  openLab(key: string): Promise<void>;
  /** Follows no lab any more. */
  closeLab(): Promise<void>;
  /** Whether traffic is measured: only while somebody looks at it. */
  watchTraffic(watched: boolean): Promise<void>;
  /** Lets the user choose a topology's file or a folder in the system's dialog; the key of the lab to open, if one was chosen. */
  chooseLab(what: "file" | "folder"): Promise<string | null>;
  /** Takes files and folders into the list of labs; the key of the lab to open, if it is only one. */
  addLabs(paths: string[]): Promise<string | null>;
  /** The labs that come with Labwright. */
  examples(): Promise<ExampleLab[]>;
  /** Writes one of them where the user keeps documents; the key of the lab to open. */
  makeExample(name: string): Promise<string>;
  /** Takes a lab that is not deployed off the list. Its file stays. */
  forgetLab(key: string): Promise<void>;

  /** What a deployment would do, or what is in its way. */
  planLab(wish: DeployWish): Promise<LabPlan>;
  deployLab(wish: DeployWish): Promise<Started>;
  destroyLab(lab: string, keepState: boolean): Promise<Started>;
  powerLab(wish: PowerWish): Promise<Started>;
  saveLab(lab: string, nodes: string[]): Promise<SavedConfigurations>;
  /**
   * The same, and writes the configurations into a folder that the user chooses in the system's dialog; null if none was
   * chosen. Nothing is overwritten, unless the folder is given: then what is in the way there is replaced.
   */
  saveLabInto(lab: string, nodes: string[], folder: string | null): Promise<SavedFiles | null>;
  changeLink(lab: string, wish: LinkWish): Promise<void>;

  /** The text of a lab's file. */
  readLab(file: string): Promise<LabText>;
  /** Writes it, unless the file has changed since `revision`, or makes it with an empty one; the new revision. */
  writeLab(file: string, text: string, revision: string): Promise<string>;
  /** What a text would be as this file; nothing is written. */
  checkLab(file: string, text: string): Promise<LabView>;
  /** The text after an edit; nothing is written. */
  editLab(file: string, text: string, edit: LabEdit): Promise<string>;
  /** Keeps where nodes were put, beside the file. */
  placeNodes(file: string, positions: NodePosition[]): Promise<void>;
  labWords(): Promise<LabWords>;

  /** Runs a command in nodes; the run's number. What comes of it is pushed, node by node. */
  runInNodes(wish: RunWish, told: (event: RunEvent) => void): Promise<number>;
  /** Ends a run, and what it still does in nodes. */
  endRun(run: number): Promise<void>;

  /** Opens a terminal; its number. Bytes and how it ends are pushed. */
  openTerminal(wish: TerminalWish, output: (bytes: Uint8Array) => void, told: (event: TerminalEvent) => void): Promise<number>;
  typeInto(terminal: number, text: string): Promise<void>;
  resizeTerminal(terminal: number, columns: number, rows: number): Promise<void>;
  closeTerminal(terminal: number): Promise<void>;

  /** Listens to what passes an end; the capture's number. Packets are pushed. */
  startCapture(wish: CaptureWish, told: (event: CaptureEvent) => void): Promise<number>;
  stopCapture(capture: number): Promise<void>;
  /** Lets the user choose where the capture is saved; whether it was. */
  saveCapture(capture: number): Promise<boolean>;
  /** Opens the capture in Wireshark, which goes on with it while it runs. */
  openCapture(capture: number): Promise<void>;
  /** Forgets a capture. */
  dropCapture(capture: number): Promise<void>;
}
