import { render } from "svelte/server";
import { expect, test } from "vitest";
import App from "./App.svelte";

test("the page says that the window is not there yet, and what to use instead", () => {
  const { body } = render(App);

  expect(body).toContain("The window arrives next");
  expect(body).toContain("lw import");
});
