import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { LAB_SCENES } from "../src/backend/fake/labworlds";
import { WORLDS } from "../src/backend/fake/worlds";
import { findings } from "./findings";
import { click, drawing, drawn, node, press } from "./lab";
import { Line } from "./labline";
import { settled, text, the, until } from "./show";

const THEMES = ["light", "dark"] as const;

/** All views of a large lab take their time, in milliseconds. */
const LONG = 60_000;

/** What axe finds in either theme. */
async function found(): Promise<string[]> {
  const all: string[] = [];
  for (const theme of THEMES) {
    document.documentElement.dataset["theme"] = theme;
    await settled();
    all.push(...(await findings()).map((finding) => `${theme}: ${finding}`));
  }
  return all;
}

async function look(view: string): Promise<void> {
  await userEvent.click(the("label", view));
  await settled();
}

async function inFile(): Promise<void> {
  await look("File");
  await until(() => document.querySelector(".cm-content") !== null, "the editor");
}

async function captured(): Promise<void> {
  await (await Line.find("leaf1:eth1", "host1:eth1")).menu();
  await settled();
  await click(document.querySelectorAll<HTMLElement>("[role=menuitem]")[3] as HTMLElement);
  await until(() => text().includes("42 packets"), "the packets");
}

const worlds = Object.keys(LAB_SCENES).filter((world) => WORLDS[world]?.().labs.open);

test.each(worlds)("the lab of the world %s keeps nobody out, in no view", async (world) => {
  await drawn(world);
  drawing().focus();
  await press("{Home}{Enter}");
  expect(["a node", ...(await found())]).toEqual(["a node"]);
  await look("Table");
  expect(["the nodes", ...(await found())]).toEqual(["the nodes"]);
  await userEvent.click(document.querySelectorAll<HTMLElement>("[role=radiogroup][aria-label='What is listed'] label")[1] as HTMLElement);
  await settled();
  expect(["the links", ...(await found())]).toEqual(["the links"]);
  if (!document.querySelector("[role=radiogroup][aria-label=View]")?.textContent?.includes("File")) return;
  await inFile();
  expect(["the file", ...(await found())]).toEqual(["the file"]);
}, LONG);

/** What can be shown of a lab besides. */
const shown: [string, string, () => Promise<void>][] = [
  ["a node that boots", "lab-booting", () => click(node("leaf2"))],
  ["a node that failed", "lab-failed", () => click(node("leaf2"))],
  ["several nodes", "lab", () => click(node("leaf2")).then(() => press("{Control>}a{/Control}"))],
  ["a link", "lab", async () => (await Line.find("leaf1:eth1", "host1:eth1")).click()],
  ["a menu", "lab", () => click(node("leaf2"), "right")],
  ["words that are offered", "lab", async () => {
    await inFile();
    await userEvent.click(document.querySelector(".cm-line") as HTMLElement);
    await press("{End}{Enter}{Control>} {/Control}");
    await until(() => document.querySelector(".cm-tooltip-autocomplete") !== null, "the words");
  }],
  ["the search in the file", "lab", async () => {
    await inFile();
    await userEvent.click(document.querySelector(".cm-line") as HTMLElement);
    await press("{Control>}f{/Control}leaf");
  }],
  ["a command and what came of it", "lab", async () => {
    await click(node("leaf2"), "right");
    await click([...document.querySelectorAll<HTMLElement>("[role=menuitem]")].find((item) => item.innerText.includes("Run a command…")) as HTMLElement);
    await press("flood{Enter}");
    await until(() => text().includes("0 of 1 ended"), "the run");
  }],
  ["saved configurations", "lab", () => click(the("button", "Save configs"))],
  ["the plan", "lab-plan", () => click(the("button", "Apply…"))],
  ["the plan that changes nothing", "lab-same", () => click(the("button", "Apply…"))],
  ["what is in the way", "lab-missing", () => click(the("button", "Start"))],
  ["the question whether to destroy it", "lab-destroy", () => click(the("button", "Destroy…"))],
  ["the question whether to remove a node", "lab", () => click(node("leaf2")).then(() => press("{Delete}"))],
  ["the sheet to add a node", "lab", async () => {
    drawing().focus();
    await press("{Insert}");
  }],
  ["the sheet to rename a node", "lab", async () => {
    drawing().focus();
    await press("{Home}{F2}");
  }],
  ["the sheet to connect", "lab", async () => {
    await click(node("leaf1"), "right");
    await click(the("menuitem", "Connect…"));
  }],
  ["a console", "lab", async () => {
    await click(node("leaf1"));
    await click(the("button", "Console"));
    await until(() => document.querySelector(".xterm.focus") !== null, "the console");
  }],
  ["two terminals", "lab", async () => {
    await click(node("leaf1"));
    await click(the("button", "Logs"));
    await click(the("button", "Split"));
  }],
  ["a capture", "lab", captured],
  ["the question whether to close a capture", "lab", async () => {
    await captured();
    await press("{F6}{Delete}");
    expect(text()).toContain("42 packets of it are not saved");
  }],
  ["the question whether to forget a lab with changes", "lab-missing", async () => {
    await inFile();
    await userEvent.click(document.querySelector(".cm-line") as HTMLElement);
    await press("{End}x");
    await click(the("button", "All labs"));
    (document.querySelector("[data-lab]") as HTMLElement).focus();
    await press("{Delete}");
    expect(text()).toContain("not saved it");
  }],
];

test.each(shown)("of a lab, %s keeps nobody out", async (_name, world, act) => {
  await drawn(world);
  await act();
  await settled();
  expect(await found()).toEqual([]);
});
