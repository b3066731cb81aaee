import type { PullWish } from "../../backend/generated/PullWish";
import { fullName, pullProblem, registryOf } from "../../words/reference";
import { platformProblem } from "./platforms";

/** What a choice of platforms says where the user writes one himself. */
export const OTHER = "other";

/** What the user fills in to pull an image. */
export class Wish {
  text: string = $state("");
  /** One of the choices: empty for the engine's own platform, or `OTHER`. */
  choice: string = $state("");
  written: string = $state("");

  readonly reference: string = $derived(this.text.trim());
  readonly platform: string = $derived(this.choice === OTHER ? this.written.trim() : this.choice);
  /** What is wrong with the reference; an empty one is only not there yet. */
  readonly problem: string | null = $derived(this.reference ? pullProblem(this.reference) : null);
  readonly platformProblem: string | null = $derived(this.platform ? platformProblem(this.platform) : null);
  readonly isReady: boolean = $derived(
    this.reference !== "" && !this.problem && !this.platformProblem && (this.choice !== OTHER || this.platform !== ""),
  );

  /** What a short reference means, or where a full one leads; null while there is none. */
  get meaning(): { words: string; name: string } | null {
    if (!this.reference || this.problem) return null;
    const full = fullName(this.reference);
    return full === this.reference ? { words: "From", name: registryOf(full) } : { words: "Means", name: full };
  }

  /** The wish for this reference, for the platform that is chosen. */
  of(reference: string): PullWish {
    return { reference, platform: this.platform || null };
  }
}
