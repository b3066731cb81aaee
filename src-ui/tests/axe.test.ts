import axe from "axe-core";
import { expect, test } from "vitest";
import { WORLDS } from "../src/backend/fake/worlds";
import type { View } from "../src/state/navigation.svelte";
import { settled, show } from "./show";

/** What axe finds that would keep somebody out. */
async function findings(): Promise<string[]> {
  // While a colour changes to another it is neither.
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

const THEMES = ["light", "dark"] as const;
const cases = Object.keys(WORLDS).flatMap((world) => THEMES.map((theme) => [world, theme] as const));

test.each(cases)("the world %s in %s keeps nobody out", async (world, theme) => {
  const { app } = await show(world);
  document.documentElement.dataset["theme"] = theme;
  await settled();
  expect(await findings()).toEqual([]);
  app.navigation.close();
});

const views = (["activity", "settings"] as View[]).flatMap((view) => THEMES.map((theme) => [view, theme] as const));

test.each(views)("the view %s in %s keeps nobody out", async (view, theme) => {
  const { app } = await show("forty");
  document.documentElement.dataset["theme"] = theme;
  app.navigation.show(view);
  await settled();
  expect(await findings()).toEqual([]);
});

test.each(["import", "pull", "engines", "keys", "diagnostics"] as const)("the sheet %s keeps nobody out", async (overlay) => {
  const { app } = await show("idle");
  app.navigation.open(overlay);
  await settled();
  expect(await findings()).toEqual([]);
});

test("the sheet to pull keeps nobody out while something is pulled, and with what is wrong", async () => {
  const { app } = await show("pull-queue");
  app.navigation.open("pull");
  await settled();
  const field = document.querySelector<HTMLInputElement>("dialog input");
  if (!field) throw new Error("there is no field");
  field.value = "Ghcr.io/Nokia";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  expect(await findings()).toEqual([]);
});

test("axe is at work: it finds a picture without words", async () => {
  await show("idle");
  const picture = document.createElement("img");
  picture.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
  document.body.append(picture);
  expect((await findings()).join()).toContain("image-alt");
  picture.remove();
});
