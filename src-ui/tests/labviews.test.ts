import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { chosen, click, drawing, drawn, node, press } from "./lab";
import { lastAsked, settled, text, the, until } from "./show";

const show = async (view: string): Promise<void> => {
  await userEvent.click(the("label", view));
  await settled();
};

// Svelte warns of what is read though it is gone.
beforeEach(() => void vi.spyOn(console, "warn"));
afterEach(() => {
  const warned = vi.mocked(console.warn).mock.calls.map((call) => call.join(" "));
  vi.restoreAllMocks();
  expect(warned).toEqual([]);
});

test("what is chosen stays chosen in every view", async () => {
  await drawn("lab");
  await click(node("leaf2"));
  await userEvent.keyboard("{Control>}");
  await click(node("host1"));
  await userEvent.keyboard("{/Control}");
  for (const view of ["Table", "Drawing", "File", "Table", "File", "Drawing"]) {
    await show(view);
    await until(() => document.querySelectorAll(view === "Table" ? "[role=row] .named" : ".drawing .node").length === 7, view);
    await settled();
    const here = view === "Table" ? [...document.querySelectorAll<HTMLElement>("[role=row][aria-selected=true] .named")].map((row) => row.title) : chosen();
    expect([view, here.sort()]).toEqual([view, ["host1", "leaf2"]]);
  }
  drawing().focus();
  await press("{Escape}");
  expect(chosen()).toEqual([]);
});

test("a lab's name has the room before its path, which is cut in its middle", async () => {
  await drawn("lab-long");
  const name = document.querySelector("h1") as HTMLElement;
  expect(name.scrollWidth).toBe(name.clientWidth);
  const path = document.querySelector<HTMLElement>("header .path") as HTMLElement;
  expect(path.title).toMatch(/^\/home\/ada\/work\/.*\/campus-core-migration\.clab\.yml$/);
});

test("changes of a file stay where they are when the lab is left, and are asked about when it is forgotten", async () => {
  const { app, backend } = await drawn("lab-missing");
  const isAsked = (): boolean => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(isAsked()).toBe(false);
  await show("File");
  await until(() => document.querySelector(".cm-content") !== null, "the editor");
  await userEvent.click(document.querySelector(".cm-line") as HTMLElement);
  await press("{Home}# mine");
  expect(isAsked()).toBe(true);
  app.navigation.show("images");
  await settled();
  app.navigation.show("labs");
  await until(() => text().includes("# mine"), "the text");
  await click(the("button", "All labs"));
  expect(text()).toContain("not saved");
  (document.querySelector("[data-lab]") as HTMLElement).focus();
  await press("{Delete}");
  expect(text()).toContain("You have changed the file here, and not saved it.");
  await click(the("button", "Keep it"));
  await press("{Delete}");
  await click(the("button", "Save and remove"));
  await until(() => document.querySelector("dialog") === null, "the end of the question");
  expect([String((lastAsked(backend, "writeLab") as string[])[1]).startsWith("# mine"), lastAsked(backend, "forgetLab")]).toEqual([true, ["/home/ada/labs/edge/edge.clab.yml"]]);
});

test("a lab that is as its file says is said to be, and what differs of its links is counted", async () => {
  const { backend } = await drawn("lab-same");
  await click(the("button", "Apply…"));
  await until(() => text().includes("already as its file says"), "the words");
  expect(text()).toContain("7 nodes untouched, 8 links up");
  await press("{Escape}");
  backend.changeLab("/home/ada/labs/dc1/dc1.clab.yml", (lab) => ({ ...lab, links: lab.links.map((link, index) => (index === 0 ? { ...link, standing: "down" } : link)) }));
  await click(the("button", "Apply…"));
  await until(() => text().includes("No node is touched"), "the words");
  expect(text()).toContain("now 1 is down");
});
