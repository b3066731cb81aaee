import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { lastAsked, settled, show, text, the, until } from "./show";

const focused = (): string => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "";

async function press(keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await settled();
}

test("every control is reached with Tab, and what has the focus shows it", async () => {
  await show("import");
  const seen: string[] = [];
  for (let step = 0; step < 31; step += 1) {
    await press("{Tab}");
    if (document.activeElement === document.body) break;
    const style = getComputedStyle(document.activeElement as Element);
    expect([focused(), style.outlineStyle]).toEqual([focused(), "solid"]);
    seen.push(focused());
  }
  for (const name of ["Labs", "Images", "Hosts", "Activity", "Settings", "Search images", "Pull…", "Import…", "Cancel Import cEOS64-lab-4.35.1F.tar.xz into Docker 28.5", "Reference", "Images"]) {
    expect(seen.some((one) => one.includes(name)), name).toBe(true);
  }
});

test("Ctrl and a digit show the views, the slash searches, and the question mark lists the keys", async () => {
  const { app } = await show("idle");
  await press("{Control>}4{/Control}");
  expect(app.navigation.view).toBe("activity");
  await press("{Control>}5{/Control}");
  expect(text()).toContain("Recognition rules");
  await press("{Control>}3{/Control}");
  expect(text()).toContain("No hosts yet");
  await press("{Control>}1{/Control}");
  expect(text()).toContain("No labs yet");
  await press("{Control>}2{/Control}");
  await press("/");
  expect(focused()).toBe("Search images");
  await press("ceos");
  expect(document.querySelectorAll("[role=row]")).toHaveLength(3);
  await press("{Escape}");
  expect(document.querySelectorAll("[role=row]").length).toBeGreaterThan(8);
  (document.activeElement as HTMLElement).blur();
  await press("?");
  expect(text()).toContain("Choose files to import");
  await press("{Escape}");
  expect(document.querySelector("dialog")).toBeNull();
});

test("an image is found, opened and removed without a mouse", async () => {
  const { backend } = await show("idle");
  await press("/");
  await press("ceos:4.34{ArrowDown}");
  expect(focused()).toBe("Images");
  await press("{Enter}");
  await until(() => text().includes("Copy reference"), "the details");
  expect(text()).toContain("clab-dc1-leaf2");
  await press("{Delete}");
  expect(text()).toContain("3 containers use it");
  await press("{Escape}");
  expect(text()).not.toContain("3 containers use it");
  await press("{Delete}");
  the("button", "Remove it all the same").focus();
  await press("{Enter}");
  await until(() => text().includes("No image has"), "the removal");
  expect(lastAsked(backend, "removeImage")).toEqual(["ceos:4.34.2F", true]);
});

test("in a thousand images the keys lead to the end and back, and only what is seen is drawn", async () => {
  await show("thousand");
  const grid = the("grid", "Images");
  grid.focus();
  await press("{End}");
  expect(grid.getAttribute("aria-rowcount")).toBe("1001");
  expect(document.querySelectorAll("[role=row]").length).toBeLessThan(80);
  const active = (): HTMLElement | null => document.getElementById(grid.getAttribute("aria-activedescendant") ?? "");
  expect(active()?.getAttribute("aria-rowindex")).toBe("1001");
  await press("{PageUp}");
  expect(Number(active()?.getAttribute("aria-rowindex"))).toBeLessThan(1000);
  await press("{Home}{ArrowDown}");
  expect(active()?.getAttribute("aria-rowindex")).toBe("3");
});

test("a job is walked to, opened and cancelled without a mouse", async () => {
  const { app, backend } = await show("busy");
  await press("{Control>}4{/Control}");
  the("listbox", "Jobs").focus();
  await press("{ArrowDown}");
  const id = app.jobs.active[1]?.id;
  expect(document.querySelector("[role=option][aria-selected=true]")?.textContent).toContain("cEOS64-lab-4.35.1F.tar.xz");
  await press("{Enter}");
  expect(document.activeElement?.hasAttribute("data-details")).toBe(true);
  the("listbox", "Jobs").focus();
  await press("{Delete}");
  expect(lastAsked(backend, "cancelJob")).toEqual([id]);
  await until(() => text().includes("Cancelled by the user"), "the end");
});

test("what an offer asks is answered without a mouse, and Enter imports", async () => {
  const { backend } = await show("asking");
  expect(text()).toContain("1 file needs an answer");
  const replace = document.querySelector<HTMLInputElement>("[role=radiogroup] input[type=radio]");
  replace?.focus();
  await press(" ");
  expect(text()).not.toContain("needs an answer");
  const reference = document.querySelector<HTMLInputElement>("input.mono");
  reference?.focus();
  await userEvent.clear(reference as HTMLInputElement);
  await userEvent.type(reference as HTMLInputElement, "Ceos");
  expect(text()).toContain("small letters: ceos");
  await press("{Enter}");
  expect(lastAsked(backend, "settleOffer")).toBeUndefined();
  await userEvent.clear(reference as HTMLInputElement);
  await userEvent.type(reference as HTMLInputElement, "ceos:old");
  await press("{Enter}");
  const [offer, wishes] = lastAsked(backend, "settleOffer") as [number, { reference: string | null; replace: boolean }[]];
  expect([offer, wishes.map((wish) => wish.reference)]).toEqual([7, ["ceos:old", null, "vyos:1.5.0"]]);
  expect(wishes[0]?.replace).toBe(false);
});

test("a path that is pasted outside of a field is offered", async () => {
  const { backend } = await show("idle");
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", "/home/ada/a.tar.xz\n");
  window.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  await settled();
  expect(lastAsked(backend, "offer")).toEqual([["/home/ada/a.tar.xz"]]);
});

test("closing with jobs running is answered by Escape with staying", async () => {
  const { backend } = await show("closing");
  await press("{Escape}");
  expect(lastAsked(backend, "leave")).toEqual(["stay"]);
});

test("a sheet gives the focus back", async () => {
  await show("idle");
  const button = the("button", "Import…");
  button.focus();
  await press("{Enter}");
  expect((document.activeElement as HTMLElement).tagName).toBe("INPUT");
  await press("{Escape}");
  expect(document.activeElement).toBe(button);
});
