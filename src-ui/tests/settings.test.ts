import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { lastAsked, settled, show, text, the, until } from "./show";

test("the theme changes at once", async () => {
  const { app, backend } = await show("idle");
  app.navigation.show("settings");
  await settled();
  await userEvent.click(the("label", "Dark"));
  await settled();
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(lastAsked(backend, "changeSettings")).toMatchObject([{ theme: "dark" }]);
});

test("a change that is refused is shown, and the control goes back", async () => {
  const { app, backend } = await show("idle");
  backend.failures.set("changeSettings", { code: "settings_write", message: "cannot write the settings", hints: ["Check that the disk has room."], chain: ["no space left on device"] });
  app.navigation.show("settings");
  await settled();
  await userEvent.click(the("label", "Failures"));
  await until(() => text().includes("Cannot write the settings"), "the failure");
  expect(text()).toContain("because no space left on device");
  expect(document.querySelector<HTMLInputElement>('input[value="all"]')?.checked).toBe(true);

  const select = document.querySelector<HTMLSelectElement>('select[aria-label="Imports at once"]');
  await userEvent.selectOptions(select as HTMLSelectElement, "4");
  await settled();
  expect(select?.value).toBe("2");
});

test("broken files are named where they matter", async () => {
  const { app } = await show("settings-broken");
  app.navigation.show("settings");
  await settled();
  expect(text()).toContain("are not valid");
  expect(text()).toContain("Your own recognition rules are not used");
});

test("diagnostics can be read and copied", async () => {
  const { app, backend } = await show("idle");
  app.navigation.open("diagnostics");
  await until(() => text().includes("WebKitGTK"), "the text");
  await userEvent.click(the("button", "Copy"));
  await until(() => text().includes("Copied"), "the answer");
  expect(lastAsked(backend, "copy")?.[0]).toContain("Docker 28.5.2");
});

test("an engine is chosen, and one that does not answer says why", async () => {
  const { app, backend } = await show("idle");
  app.navigation.open("engines");
  await settled();
  expect(text()).toContain("lab-server did not answer: connection refused");
  await userEvent.click(the("button", "Podman 5.4"));
  await settled();
  expect(lastAsked(backend, "selectEngine")).toEqual(["podman"]);
  expect(app.engines.title).toBe("Podman 5.4");
});

test("a job that failed is retried, and its details can be copied", async () => {
  const { app, backend } = await show("idle");
  app.navigation.show("activity");
  await until(() => text().includes("is damaged"), "the history");
  await userEvent.click(the("button", "failed"));
  await settled();
  await userEvent.click(the("button", "Copy details"));
  expect(lastAsked(backend, "copy")?.[0]).toContain("because the data is corrupt");
  await userEvent.click(the("button", "Retry"));
  await settled();
  backend.advance(100);
  await until(() => app.jobs.running.length === 1, "the new job");
  expect(app.navigation.job).toBe(app.jobs.running[0]?.id);
});

test("a past job that was interrupted, cancelled or lost is told from one that failed", async () => {
  const { app } = await show("idle");
  app.navigation.show("activity");
  await until(() => text().includes("succeeded"), "the history");
  for (const [filter, words] of [["cancelled", "What it had made was removed"], ["lost", "Nobody can say how this job ended"]] as const) {
    await userEvent.click(the("button", filter));
    await until(() => text().includes(words), filter);
  }
});
