import { expect, test } from "vitest";
import { FakeBackend } from "../backend/fake/backend";
import { WORLDS } from "../backend/fake/worlds";
import { App } from "./app.svelte";

/** A window with the labs, none of which is open. */
async function opened(): Promise<{ backend: FakeBackend; app: App }> {
  const backend = new FakeBackend(WORLDS["labs"]!());
  const app = new App(backend);
  await app.stream.open();
  return { backend, app };
}

test("a lab that is told late opens nothing", async () => {
  const { backend, app } = await opened();
  const [first, second] = app.labs.all.map(({ key }) => key);
  app.navigation.show("images");
  await backend.openLab(first!);
  expect([app.labs.key, app.labs.open, app.navigation.view]).toEqual([null, null, "images"]);
  app.labs.key = second!;
  await app.stream.open();
  expect(app.labs.key, "after a gap the window stays where it is").toBe(second);
});

test("a lab that is handed over is gone to, whatever was wished before", async () => {
  const { backend, app } = await opened();
  const key = app.labs.all[1]!.key;
  backend.tell({ part: "handed_over", state: { type: "lab", key } });
  expect([app.labs.key, app.navigation.view]).toEqual([key, "labs"]);
  expect(backend.asked.at(-1)).toEqual({ name: "openLab", given: [key] });
  expect(app.labs.open?.key).toBe(key);

  backend.tell({ part: "handed_over", state: { type: "labs", count: 3 } });
  expect([app.labs.key, backend.asked.at(-1)?.name]).toEqual([null, "closeLab"]);

  app.navigation.show("images");
  const error = { code: "lab_file_missing", message: "cannot be opened", hints: [], chain: [] };
  backend.tell({ part: "handed_over", state: { type: "failed", error } });
  expect([app.failure?.code, app.navigation.view]).toEqual(["lab_file_missing", "labs"]);
});
