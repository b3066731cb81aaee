import { expect, test } from "vitest";
import { followSystemTheme } from "./theme";

/** A system whose preference the test can change. */
class FakeSystem {
  matches = false;
  #listeners: (() => void)[] = [];

  addEventListener(_type: "change", listener: () => void): void {
    this.#listeners.push(listener);
  }

  prefer(dark: boolean): void {
    this.matches = dark;
    this.#listeners.forEach((listener) => listener());
  }
}

test("the theme is the system's, at once and after each change", () => {
  const root = { dataset: {} as DOMStringMap };
  const system = new FakeSystem();

  followSystemTheme(root, system);
  expect(root.dataset["theme"]).toBe("light");

  system.prefer(true);
  expect(root.dataset["theme"]).toBe("dark");

  system.prefer(false);
  expect(root.dataset["theme"]).toBe("light");
});
