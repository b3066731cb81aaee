import type { EngineState } from "../backend/generated/EngineState";
import type { ImagesState } from "../backend/generated/ImagesState";
import type { LeaveQuestion } from "../backend/generated/LeaveQuestion";
import type { LibraryImage } from "../backend/generated/LibraryImage";
import type { Offer } from "../backend/generated/Offer";
import type { ReferenceState } from "../backend/generated/ReferenceState";
import type { SelectedEngine } from "../backend/generated/SelectedEngine";
import type { Settings } from "../backend/generated/Settings";
import type { SettingsState } from "../backend/generated/SettingsState";
import { sameReference } from "../words/reference";

/** The engine in use, and the others that were found. */
export class Engines {
  state: EngineState = $state.raw({ searching: true, selected: null, found: [], unasked: [], unreachable: [], problem: null });

  get selected(): SelectedEngine | null {
    return this.state.selected;
  }

  /** `Docker 28.5`; empty without an engine. */
  get title(): string {
    const info = this.selected?.info;
    return info ? engineTitle(info.kind, info.version) : "";
  }

  /** Since when the engine in use does not answer; null while it does. */
  get gone(): { since: number; why: string } | null {
    const health = this.selected?.health;
    return health?.type === "gone" ? health : null;
  }

  get isReady(): boolean {
    return this.selected !== null && this.gone === null;
  }
}

/** `Docker 28.5`, `Podman 5.4`: the patch level is in the details. */
export function engineTitle(kind: "docker" | "podman", version: string): string {
  return `${kind === "docker" ? "Docker" : "Podman"} ${version.split(".").slice(0, 2).join(".")}`.trim();
}

/** The images of the engine in use. */
export class Library {
  #state: ImagesState = $state.raw({ engine: null, listed: false, images: [], error: null });
  /** When it was told last, in milliseconds. */
  toldAt: number = $state(0);

  get state(): ImagesState {
    return this.#state;
  }

  set state(state: ImagesState) {
    this.#state = state;
    this.toldAt = Date.now();
  }

  get images(): LibraryImage[] {
    return this.state.images;
  }

  /** The image that has this name. */
  named(reference: string): LibraryImage | undefined {
    return this.state.images.find((image) => image.references.some((name) => sameReference(name, reference)));
  }

  /** Bytes of all images together, as the engine counts them. */
  readonly size: number = $derived(this.#state.images.reduce((sum, image) => sum + image.size, 0));
}

/** What was pulled or is to be, and how it stands on the engine in use; the newest first. */
export class References {
  all: ReferenceState[] = $state.raw([]);

  has(reference: string): boolean {
    return this.all.some((known) => sameReference(known.reference, reference));
  }
}

/** Settings in force, and what they rest on; null before the program told them. */
export class SettingsStore {
  state: SettingsState | null = $state.raw(null);
  /** A change that was made and is not confirmed yet: shown at once, and taken back if it fails. */
  wanted: Settings | null = $state.raw(null);

  get settings(): Settings | null {
    return this.wanted ?? this.state?.settings ?? null;
  }

  /** The user's home; empty where there is none. */
  get home(): string {
    return this.state?.places.home ?? "";
  }

  /** The change was made, or it was refused and is taken back. */
  confirm(made: boolean): void {
    // The program tells the new state a moment later; until then the old one must not shine through.
    if (made && this.wanted && this.state) this.state = { ...this.state, settings: this.wanted };
    this.wanted = null;
  }
}

/** Files that are offered. */
export class Offers {
  current: Offer | null = $state.raw(null);
}

/** The question whether to leave with jobs running. */
export class Leaving {
  question: LeaveQuestion | null = $state.raw(null);
}
