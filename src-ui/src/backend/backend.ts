import type { Batch } from "./generated/Batch";
import type { HistoryPage } from "./generated/HistoryPage";
import type { HistoryQuery } from "./generated/HistoryQuery";
import type { ImageDetail } from "./generated/ImageDetail";
import type { ImportWish } from "./generated/ImportWish";
import type { LeaveAnswer } from "./generated/LeaveAnswer";
import type { Opening } from "./generated/Opening";
import type { Place } from "./generated/Place";
import type { PullWish } from "./generated/PullWish";
import type { Settings } from "./generated/Settings";
import type { Started } from "./generated/Started";
import type { Unsaved } from "./generated/Unsaved";
import type { HostBackend } from "./hosts";
import type { LabBackend } from "./labs";

/**
 * All that the webview can ask of the program. Every promise that fails does so with an `ErrorReport`.
 *
 * `tauri.ts` speaks to the real one, `fake.ts` is one for tests.
 */
export interface Backend extends LabBackend, HostBackend {
  /**
   * Opens this window's stream: everything as it is now, and from there on each change, in batches.
   * A stream that was open before ends. Batches may arrive before the promise is kept.
   */
  open(deliver: (batch: Batch) => void): Promise<Opening>;

  /** Looks at what the user typed or pasted, paths or URLs, and pushes an offer. */
  offer(sources: string[]): Promise<void>;
  /** Lets the user choose files in the system's dialog, and pushes an offer of them. */
  chooseFiles(): Promise<void>;
  /** Imports what the user decided on; what is not among the wishes is left out. Ends the offer. */
  settleOffer(offer: number, wishes: ImportWish[]): Promise<Started[]>;
  dismissOffer(offer: number): Promise<void>;
  /** Pulls an image into the engine in use. What cannot be a reference or a platform is refused at once. */
  pull(wish: PullWish): Promise<Started>;

  /** Whether the job ran or waited. */
  cancelJob(job: string): Promise<boolean>;
  retryJob(job: string): Promise<Started>;
  history(query: HistoryQuery): Promise<HistoryPage>;

  image(name: string): Promise<ImageDetail>;
  /** Removes a name, or an image by its id. */
  removeImage(name: string, force: boolean): Promise<void>;
  /** Gives an image the name `to` and takes `from` away. */
  renameImage(from: string, to: string, replace: boolean): Promise<void>;

  /** Uses the engine of this name or address, or the first that answers. */
  selectEngine(name: string | null): Promise<void>;
  /** Looks again; where there is none, an installed Podman is started as the user's own service. */
  findEngines(): Promise<void>;

  changeSettings(settings: Settings): Promise<void>;
  /** Shows a file or folder in the system's own program. */
  openPlace(place: Place): Promise<void>;
  /** What a report of a fault should contain, as text. */
  diagnostics(): Promise<string>;
  copy(text: string): Promise<void>;

  /** Tells what would be lost with the page: closing the window asks about it. */
  noteUnsaved(unsaved: Unsaved): Promise<void>;
  /** Answers the question that closing or quitting with jobs running, or work that is not saved, puts. */
  leave(answer: LeaveAnswer): Promise<void>;
}
