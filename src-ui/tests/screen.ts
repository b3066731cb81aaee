import { flushSync } from "svelte";
import type { FakeBackend } from "../src/backend/fake/backend";

/** Until everything that was asked is answered and drawn. */
export async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 20));
  flushSync();
  await new Promise((done) => requestAnimationFrame(() => done(undefined)));
}

/** Until `is` holds; fails with what is on the screen. */
export async function until(is: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 3000;
  while (!is()) {
    if (performance.now() > end) throw new Error(`${what} did not come; on the screen: ${text()}`);
    await settled();
  }
}

/** All that can be read. */
export function text(): string {
  return (document.body.innerText ?? "").replace(/\s+/g, " ");
}

/** The one element of a role whose name has `name` in it. */
export function the(role: string, name: string): HTMLElement {
  const all = [...document.querySelectorAll<HTMLElement>(`[role="${role}"], ${role}`)];
  const named = all.filter((element) => `${element.getAttribute("aria-label") ?? ""} ${element.innerText}`.includes(name));
  if (named.length !== 1 || !named[0]) throw new Error(`${named.length} elements are ${role} “${name}”; on the screen: ${text()}`);
  return named[0];
}

/** What a question was asked with, the last time. */
export function lastAsked(backend: FakeBackend, name: string): unknown[] | undefined {
  return backend.asked.filter((asked) => asked.name === name).at(-1)?.given;
}
