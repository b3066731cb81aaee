import type { Theme } from "../backend/generated/Theme";

/** The part of a `MediaQueryList` that the theme needs, so that a test can stand in for the system. */
export interface DarkPreference {
  readonly matches: boolean;
  addEventListener(type: "change", listener: () => void): void;
}

/** Shows the chosen theme, or the system's, and follows both at once. */
export class ThemeSwitch {
  #root: { dataset: DOMStringMap };
  #dark: DarkPreference;
  #chosen: Theme = "system";

  constructor(root: { dataset: DOMStringMap }, dark: DarkPreference) {
    this.#root = root;
    this.#dark = dark;
    dark.addEventListener("change", () => this.#show());
    this.#show();
  }

  choose(theme: Theme): void {
    this.#chosen = theme;
    this.#show();
  }

  #show(): void {
    const system = this.#dark.matches ? "dark" : "light";
    this.#root.dataset["theme"] = this.#chosen === "system" ? system : this.#chosen;
  }
}
