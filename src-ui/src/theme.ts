/** The two themes of `tokens.css`; which one is shown follows the system. */
export type Theme = "light" | "dark";

/** The part of a `MediaQueryList` that the theme needs, so that a test can stand in for the system. */
export interface DarkPreference {
  readonly matches: boolean;
  addEventListener(type: "change", listener: () => void): void;
}

/** Shows the system's theme on `root` now and whenever the system changes it. */
export function followSystemTheme(root: { dataset: DOMStringMap }, dark: DarkPreference): void {
  const show = (): void => {
    const theme: Theme = dark.matches ? "dark" : "light";
    root.dataset["theme"] = theme;
  };
  show();
  dark.addEventListener("change", show);
}
