import { expect, test } from "vitest";
import { WORLDS } from "../src/backend/fake/worlds";
import type { View } from "../src/state/navigation.svelte";
import { findings } from "./findings";
import { drawn } from "./lab";
import { settled, show } from "./show";

const THEMES = ["light", "dark"] as const;
const cases = Object.keys(WORLDS).flatMap((world) => THEMES.map((theme) => [world, theme] as const));

test.each(cases)("the world %s in %s keeps nobody out", async (world, theme) => {
  const { app } = await (WORLDS[world]?.().labs.open ? drawn(world) : show(world));
  document.documentElement.dataset["theme"] = theme;
  await settled();
  expect(await findings()).toEqual([]);
  app.navigation.close();
});

test.each(["labs", "labs-empty"])("the list of labs in the world %s keeps nobody out", async (world) => {
  const { app } = await show(world);
  app.navigation.show("labs");
  for (const theme of THEMES) {
    document.documentElement.dataset["theme"] = theme;
    await settled();
    expect(await findings()).toEqual([]);
  }
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
