import { expect, test } from "vitest";
import { FakeBackend } from "../backend/fake/backend";
import { WORLDS } from "../backend/fake/worlds";
import { App } from "./app.svelte";

const error = { code: "internal", message: "no", hints: [], chain: [] };

function scene(): { app: App; backend: FakeBackend } {
  const backend = new FakeBackend(WORLDS["lab"]!());
  return { app: new App(backend), backend };
}

test("a failure stays while things go on by themselves, and is over when the user asks for something else", async () => {
  const { app, backend } = scene();
  backend.failures.set("findEngines", error);
  expect(await app.does((asked) => asked.findEngines())).toBe(false);
  await app.askAside((asked) => asked.watchTraffic(true));
  expect(app.failure?.message).toBe("no");
  const asked = app.ask((other) => other.labWords());
  expect(app.failure).toBeNull();
  await asked;
});

test("what succeeds late takes no failure away that came meanwhile", async () => {
  const { app, backend } = scene();
  let end: (() => void) | undefined;
  const slow = app.ask(() => new Promise<void>((done) => (end = done)));
  backend.failures.set("findEngines", error);
  await app.does((asked) => asked.findEngines());
  end?.();
  await slow;
  expect(app.failure?.message).toBe("no");
});

test("whether something was copied is told", async () => {
  const { app, backend } = scene();
  expect(await app.copy("ceos:1", "Reference")).toBe(true);
  backend.failures.set("copy", error);
  expect(await app.copy("ceos:1", "Reference")).toBe(false);
});
