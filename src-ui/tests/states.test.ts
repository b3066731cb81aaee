import { expect, test } from "vitest";
import { lastAsked, settled, show, text, the, until } from "./show";

test.each([
  ["first", ["No images yet", "Drop", "Pull", "lw import FILE"]],
  ["podman", ["There is no engine", "No engine is running here", "because docker: no such file", "Start Podman"]],
  ["install", ["On Debian, type:", "sudo apt-get install -y podman"]],
  ["access", ["sudo usermod -aG docker $USER"]],
  ["looking", ["Looking for an engine"]],
  ["gone", ["Docker 28.5 has not answered for 43 s", "connection refused", "3 jobs wait"]],
  ["dragged", ["Drop to import into Docker 28.5", "ceos:4.36.0F", "left out", "vrnetlab"]],
  ["many", ["12 more files, not looked at"]],
  ["no-engine-drop", ["Nothing can be imported yet", "No engine is running here"]],
  ["refused", ["Nothing here can be imported", "virtual machine disk"]],
  ["closing", ["Close the window", "3 jobs are not done", "Keep running", "Cancel jobs and quit", "Stay"]],
  ["quitting", ["Quit Labwright", "1 job is not done", "1 file and 2 captures are not saved"]],
  ["refusing", ["The state cannot be read", "because the monitor has ended", "Try again now"]],
])("in the world %s the window says what is the matter", async (world, words) => {
  await show(world);
  for (const word of words) expect(text()).toContain(word);
});

test("a running import has measured figures only, and the same in its card, the strip and Activity", async () => {
  const { app } = await show("import");
  const figures = "371 of 590 MiB · 31.0 MiB/s · 8 s left";
  expect(text().split(figures)).toHaveLength(3);
  app.navigation.show("activity");
  await until(() => text().includes("Copy details"), "the details");
  expect(text()).toContain(figures);
  expect(text()).toContain("Send · 371 of 590 MiB · 8 s left");
});

test("the line of an image that is being imported shows how far it is, and gives way to the image", async () => {
  const { backend } = await show("import");
  const row = (): string | undefined => [...document.querySelectorAll<HTMLElement>("[role=row]")].find((line) => line.innerText.startsWith("ceos:4.35.1F"))?.innerText;
  expect(row()).toContain("63 %");
  for (let step = 0; step < 20; step += 1) backend.advance(1000);
  await settled();
  expect(row()).toBeUndefined();
});

test("what another program runs is shown as such, can be cancelled, and goes when it has ended", async () => {
  const { app, backend } = await show("terminal");
  expect(text()).toContain("vyos-1.4.0-amd64.tar");
  app.navigation.show("activity");
  await until(() => text().includes("Another program runs it"), "who runs it");
  expect(text()).toContain("1 running");
  the("button", "Cancel Import vyos-1.4.0-amd64.tar").click();
  await settled();
  expect(lastAsked(backend, "cancelJob")).toEqual([app.jobs.others[0]?.id]);
  const asked = backend.asked.filter(({ name }) => name === "history").length;
  backend.tell({ part: "others", state: [] });
  await until(() => backend.asked.filter(({ name }) => name === "history").length > asked, "a look at how it ended");
  expect(text()).not.toContain("Another program runs it");
});

test("an unknown total has an amount, a rate and a time, and neither a bar nor a percentage", async () => {
  const { app } = await show("busy");
  app.navigation.showJob(app.jobs.all[0]?.id ?? "");
  await settled();
  expect(text()).toContain("stalled, waiting for Docker 28.5 to take more data");
  const details = document.querySelector("[data-details]");
  expect(details?.querySelector('[role="progressbar"]')).toBeNull();
  expect(details?.textContent).not.toContain("%");
});

test("what a step waits for is told with its time, and is no stall", async () => {
  const { app } = await show("deploy");
  app.navigation.showJob(app.jobs.all[0]?.id ?? "");
  await settled();
  const details = document.querySelector("[data-details]");
  for (const told of ["waiting for its command line to answer", "waiting for node leaf2 to be configured", 'startup-config"` to end', "1 of 3 · "]) {
    expect(details?.textContent).toContain(told);
  }
  expect(text()).not.toContain("stalled");
});

test("progress on the screen never shrinks, and nothing is green before the end", async () => {
  const { backend } = await show("import");
  let last = 0;
  for (let step = 0; step < 60; step += 1) {
    backend.advance(100);
    await settled();
    const now = Number(document.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow") ?? last);
    expect(now).toBeGreaterThanOrEqual(last);
    expect(now).toBeLessThan(100);
    last = now;
  }
  expect(last).toBeGreaterThan(90);
});

test("a history that cannot be read says so, and what runs is shown all the same", async () => {
  const { app } = await show("history-unreadable", { failures: { history: { code: "history_read", message: "the history of jobs cannot be read", chain: [], hints: [] } } });
  app.navigation.show("activity");
  await settled();
  expect(text()).toContain("The history of jobs cannot be read");
});

test("a search without a result says so and leads back", async () => {
  await show("idle");
  const field = document.querySelector<HTMLInputElement>("[data-search]");
  if (!field) throw new Error("there is no search field");
  field.value = "no such image";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  expect(text()).toContain("No image has “no such image”");
});

test("while the stream is opened again what was shown stays, and the window says that it may be old", async () => {
  const { app, backend } = await show("import");
  let answer: () => void = () => {};
  const open = backend.open.bind(backend);
  backend.open = async (deliver) => {
    await new Promise<void>((done) => (answer = done));
    return open(deliver);
  };
  backend.lose();
  backend.advance(300);
  await settled();
  expect(text()).toContain("Everything is being read again");
  expect(text()).toContain("cEOS64-lab-4.35.1F.tar.xz");
  answer();
  await until(() => app.stream.phase === "live", "the new stream");
  expect(text()).not.toContain("Everything is being read again");
});

test("a program that says nothing is called by its name after a while", async () => {
  const { app } = await show("silent");
  expect(text()).not.toContain("does not answer");
  app.stream.phase = "silent";
  await settled();
  expect(text()).toContain("The program does not answer");
  expect(text()).toContain("Ask again");
});

test.each([
  [1280, 800],
  [900, 600],
  [720, 480],
])("at %i×%i nothing sticks out of the window", async (width, height) => {
  const { page } = await import("vitest/browser");
  await page.viewport(width, height);
  for (const world of ["forty", "asking", "many", "settings-broken", "thousand", "pull-all", "pull-hundred", "pull-long"]) {
    const { app } = await show(world);
    for (const view of ["images", "activity", "settings"] as const) {
      app.navigation.show(view);
      await settled();
      const out = [...document.querySelectorAll<HTMLElement>("button, input, select, h1")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > width + 1 || box.left < -1);
      });
      expect(out.map((element) => element.outerHTML.slice(0, 120))).toEqual([]);
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    }
  }
  await page.viewport(1280, 800);
});
