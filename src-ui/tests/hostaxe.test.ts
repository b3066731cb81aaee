import { expect, test } from "vitest";
import { HOST_SCENES } from "../src/backend/fake/hostworlds";
import { findings } from "./findings";
import { fill, hosted, listed } from "./host";
import { click, press } from "./lab";
import { settled, the, until } from "./show";

const LONG = 60_000;

/** What axe finds in either theme. */
async function found(): Promise<string[]> {
  const all: string[] = [];
  for (const theme of ["light", "dark"]) {
    document.documentElement.dataset["theme"] = theme;
    await settled();
    all.push(...(await findings()).map((finding) => `${theme}: ${finding}`));
  }
  return all;
}

test.each(Object.keys(HOST_SCENES))("the hosts of the world %s keep nobody out", async (world) => {
  const { app } = await listed(world);
  expect(["the list", ...(await found())]).toEqual(["the list"]);
  app.hosts.key = app.hosts.all[0]?.host.name ?? null;
  await settled();
  await settled();
  expect(["the page", ...(await found())]).toEqual(["the page"]);
}, LONG);

async function planned(): Promise<void> {
  await click(the("button", "Install…"));
  await click(the("button", "Choose a plan…"));
  await until(() => document.querySelector("[role=grid]") !== null, "the plan");
  await fill("Folder on the host", "~/ComfyUI");
  await press("{Tab}");
  await until(() => document.querySelector("[role=grid] select") !== null, "what stands there");
}

/** What can be shown besides. */
const shown: [string, string, () => Promise<void>][] = [
  ["the sheet to add one, with what is wrong", "hosts", async () => {
    await click(the("button", "All hosts"));
    await click(the("button", "Add host…"));
    await fill("Address", "a b");
  }],
  ["the question whether to remove one", "host", () => click(the("button", "Remove…"))],
  ["the question about a key", "host-key", () => click(the("button", "Compare the key…"))],
  ["a plan that is not chosen yet", "host", () => click(the("button", "Install…"))],
  ["a plan", "host", planned],
  ["a line of a plan", "host", async () => {
    await planned();
    the("grid", "Nodes of the plan").focus();
    await press("{Home}{ArrowDown}");
  }],
  ["a plan that has other things", "host-own", planned],
  ["all nodes of an install", "host-running", () => click(the("button", "All 34 nodes"))],
  ["all nodes of a failed install", "host-failed", () => click(the("button", "All 34 nodes"))],
  ["the question whether to repair", "host-verified", () => click(the("button", "Repair 4 nodes…"))],
];

test.each(shown)("of hosts, %s keeps nobody out", async (_name, world, act) => {
  await hosted(world);
  await act();
  await settled();
  expect(await found()).toEqual([]);
}, LONG);

test("what has the focus shows it, all the way through a host's page", async () => {
  await hosted("host-running");
  for (let step = 0; step < 30; step += 1) {
    await press("{Tab}");
    const element = document.activeElement as HTMLElement;
    if (element === document.body) break;
    expect([element.outerHTML.slice(0, 80), getComputedStyle(element).outlineStyle]).toEqual([element.outerHTML.slice(0, 80), "solid"]);
  }
});
