import { expect, test } from "vitest";
import { FakeBackend } from "../../../backend/fake/backend";
import { WORLDS } from "../../../backend/fake/worlds";
import { App } from "../../../state/app.svelte";
import { CommandRun, cutWords, resultFace } from "./run.svelte";

function begun(command: string, nodes = ["leaf1", "leaf2"]): { backend: FakeBackend; run: CommandRun } {
  const backend = new FakeBackend(WORLDS["lab"]!());
  const run = new CommandRun(new App(backend), "dc1", nodes);
  run.command = command;
  return { backend, run };
}

const words = (run: CommandRun): string[] => run.results.map(({ node, event }) => `${node} ${resultFace(event, run.isStopped).words}`);

test("each node's outcome comes by itself, with its exit code and its time", async () => {
  const { backend, run } = begun("false");
  const asked = run.run();
  expect([run.isRunning, ...words(run)]).toEqual([true, "leaf1 runs", "leaf2 runs"]);
  await asked;
  backend.advance(400);
  expect([run.isRunning, ...words(run)]).toEqual([false, "leaf1 ended with 1 after 0.4 s", "leaf2 ended with 1 after 0.4 s"]);
  expect(run.summary).toBe("0 of 2 nodes without an error");
});

test("more nodes than run at once wait for their turn", async () => {
  const { backend, run } = begun("hostname", Array.from({ length: 10 }, (_, index) => `n${index}`));
  await run.run();
  expect(words(run).slice(7)).toEqual(["n7 runs", "n8 waits for its turn", "n9 waits for its turn"]);
  backend.advance(400);
  expect([run.ended, ...words(run).slice(7)]).toEqual([8, "n7 done in 0.4 s", "n8 runs", "n9 runs"]);
});

test("one that is stopped is ended in the nodes, also before it has a number, and nothing more is heard of it", async () => {
  const { backend, run } = begun("sleep 100");
  const asked = run.run();
  run.stop();
  await asked;
  expect([backend.runs.open.size, run.isRunning, ...words(run)]).toEqual([0, false, "leaf1 stopped", "leaf2 stopped"]);
  run.command = "hostname";
  await run.run();
  run.stop();
  backend.advance(400);
  expect(words(run)).toEqual(["leaf1 stopped", "leaf2 stopped"]);
});

test("what is refused says why, and it can be tried again", async () => {
  const { backend, run } = begun("hostname");
  backend.failures.set("runInNodes", { code: "lab_unknown", message: "there is no lab dc1", hints: [], chain: [] });
  await run.run();
  expect([run.isRunning, run.error?.code]).toEqual([false, "lab_unknown"]);
  backend.failures.clear();
  await run.run();
  backend.advance(400);
  expect([run.error, run.ended]).toEqual([null, 2]);
  expect(run.text).toContain("leaf2: done in 0.4 s\nleaf2: hostname");
});

test("output that is not all there says so", async () => {
  const { backend, run } = begun("flood", ["leaf1"]);
  await run.run();
  backend.advance(400);
  const [first] = run.results;
  expect(first?.event && cutWords(first.event)).toBe("The first 64.0 KiB of 3.00 MiB");
});
