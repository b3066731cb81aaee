import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
// Transformed here and not while the first test waits for it.
import "../src/views/labs/LabPage.svelte";
import { press, screen, untilScreen } from "./dock";
import { lastAsked, show, text, the, until } from "./show";

/** Chooses a node of the drawing, as soon as there is one. */
async function choose(name: string): Promise<void> {
  await until(() => document.getElementById(`drawn-${name}`) !== null, "the drawing");
  await userEvent.click(document.getElementById(`drawn-${name}`) as HTMLElement);
}

test("a console of the page is there as it was after another view, and after its node was started again", async () => {
  const { backend } = await show("lab");
  await choose("leaf1");
  await userEvent.click(the("button", "Console"));
  await untilScreen("leaf1#");
  await press("show version{Enter}");
  await untilScreen("Uptime: 4 minutes");
  const before = screen();
  await press("{Control>}2{/Control}");
  expect([text().includes("Images"), document.querySelector(".xterm")]).toEqual([true, null]);
  await press("{Control>}1{/Control}");
  await until(() => document.querySelector(".xterm") !== null && screen() === before, "the console as it was");
  await choose("leaf1");
  await userEvent.click(the("button", "Restart"));
  for (let second = 0; second < 20; second += 1) backend.advance(1000);
  await untilScreen("leaf1 runs again.\nleaf1#");
  expect(screen()).toContain("ended with exit code 137");
});

test("the last tab gives the focus back to the drawing", async () => {
  const { backend } = await show("lab");
  await choose("leaf1");
  await userEvent.click(the("button", "Console"));
  await untilScreen("leaf1#");
  await press("{F6}{Delete}");
  await until(() => document.querySelector("[role=tablist]") === null, "the dock's end");
  expect(document.activeElement?.closest(".drawing")).not.toBeNull();
  expect(lastAsked(backend, "closeTerminal")).toEqual([1]);
});
