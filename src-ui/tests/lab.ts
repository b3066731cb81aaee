import { userEvent } from "vitest/browser";
import type { FakeBackend } from "../src/backend/fake/backend";
import type { World } from "../src/backend/fake/worlds";
import type { App } from "../src/state/app.svelte";
// Transformed here and not while the first test waits for it.
import "../src/views/labs/LabPage.svelte";
import { settled, text } from "./screen";
import { show } from "./show";

/** How long the first drawing may take: the layout's program is read first, in milliseconds. */
const FIRST = 15_000;

/** The lab of a world, once it is drawn. */
export async function drawn(world: string, change: Partial<World> = {}): Promise<{ app: App; backend: FakeBackend }> {
  const shown = await show(world, change);
  const end = performance.now() + FIRST;
  while (!document.querySelector(".drawing .node")) {
    if (performance.now() > end) throw new Error(`the drawing did not come; on the screen: ${text()}`);
    await settled();
  }
  await settled();
  return shown;
}

/** A node of the drawing. */
export function node(name: string): HTMLElement {
  const found = document.getElementById(`drawn-${name}`);
  if (!found) throw new Error(`${name} is not drawn`);
  return found;
}

export const drawing = (): HTMLElement => document.querySelector("[role=application]") as HTMLElement;
export const panel = (): string => document.querySelector<HTMLElement>("aside")?.innerText.replace(/\s+/g, " ") ?? "";

/** The names of the nodes that are chosen. */
export function chosen(): string[] {
  return [...document.querySelectorAll(".drawing [aria-pressed=true]")].map((one) => one.id.replace("drawn-", ""));
}

/** The node where the keyboard is. */
export function active(): string | undefined {
  return drawing().getAttribute("aria-activedescendant")?.replace("drawn-", "");
}

export async function press(keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await settled();
}

export async function click(element: HTMLElement, button: "left" | "right" = "left"): Promise<void> {
  await userEvent.click(element, { button });
  await settled();
}

/** The items of the menu that is open. */
export function items(): string[] {
  return [...document.querySelectorAll<HTMLElement>("[role=menuitem]")].map((item) => item.querySelector("span")?.innerText ?? "");
}

/** Where an element is in the window, in its middle. */
export function middle(element: HTMLElement): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
