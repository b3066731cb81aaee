import { expect, test } from "vitest";
import { ThemeSwitch } from "./theme";

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

test("the theme is the system's or the chosen one, at once and after each change", () => {
  const root = { dataset: {} as DOMStringMap };
  const system = new FakeSystem();
  const theme = new ThemeSwitch(root, system);
  expect(root.dataset["theme"]).toBe("light");
  system.prefer(true);
  expect(root.dataset["theme"]).toBe("dark");
  theme.choose("light");
  expect(root.dataset["theme"]).toBe("light");
  system.prefer(false);
  system.prefer(true);
  expect(root.dataset["theme"]).toBe("light");
  theme.choose("system");
  expect(root.dataset["theme"]).toBe("dark");
});
