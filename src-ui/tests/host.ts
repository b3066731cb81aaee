import { userEvent } from "vitest/browser";
import type { FakeBackend } from "../src/backend/fake/backend";
import type { World } from "../src/backend/fake/worlds";
import type { App } from "../src/state/app.svelte";
import { settled } from "./screen";
import { show } from "./show";

/** The list of hosts of a world. */
export async function listed(world: string, change: Partial<World> = {}): Promise<{ app: App; backend: FakeBackend }> {
  const shown = await show(world, change);
  shown.app.navigation.show("hosts");
  await settled();
  return shown;
}

/** The page of the first host of a world. */
export async function hosted(world: string, change: Partial<World> = {}): Promise<{ app: App; backend: FakeBackend }> {
  const shown = await listed(world, change);
  shown.app.hosts.key = shown.app.hosts.all[0]?.host.name ?? null;
  await settled();
  await settled();
  return shown;
}

/** Types into the field of this label, in place of what is there. */
export async function fill(label: string, text: string): Promise<void> {
  const named = [...document.querySelectorAll("label")].find((one) => one.textContent?.trim() === label);
  const field = named?.htmlFor ? document.getElementById(named.htmlFor) : document.querySelector(`[aria-label="${label}"]`);
  if (!(field instanceof HTMLInputElement)) throw new Error(`there is no field ${label}`);
  field.focus();
  field.select();
  await userEvent.keyboard(text.replace(/[{[]/g, "$&$&"));
  await settled();
}

/** What a row of the list of steps says, by the names of the rows. */
export function steps(): string[] {
  return [...document.querySelectorAll<HTMLElement>("ol[aria-label=Steps] > li")].map((row) => row.innerText.replace(/\s+/g, " ").trim());
}
