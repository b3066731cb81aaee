import { invoke } from "@tauri-apps/api/core";
import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";
import type { Backend } from "./backend";
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

/** The program behind the window. */
export class TauriBackend implements Backend {
  #deliver: (batch: Batch) => void = () => {};
  #listening: Promise<void> | undefined;

  async open(deliver: (batch: Batch) => void): Promise<Opening> {
    this.#deliver = deliver;
    // Listening begins before the stream does: its first batch may come before the answer.
    await (this.#listening ??= this.#listen());
    return invoke("open");
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
}
