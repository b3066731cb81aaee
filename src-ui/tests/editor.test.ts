import { afterEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { FILE, stage, type Stage } from "./editorstage.svelte";
import { findings } from "./findings";
import { lastAsked, settled, text, the, until } from "./screen";

let shown: Stage | undefined;

afterEach(async () => {
  await shown?.leave();
  shown = undefined;
});

async function show(world = "lab", theme: "light" | "dark" = "light"): Promise<Stage> {
  shown = await stage(world, theme);
  return shown;
}

const content = (): HTMLElement => the("textbox", "dc1.clab.yml");
const options = (): string[] => [...document.querySelectorAll<HTMLElement>(".cm-tooltip-autocomplete li")].map((one) => one.innerText.replace(/\s+/g, " "));
const chosen = (): string[] => [...document.querySelectorAll<HTMLElement>(".cm-chosen")].map((line) => line.innerText.trim());
const problems = (): string[] => [...document.querySelectorAll<HTMLElement>("[role=option].row")].map((one) => one.innerText.replace(/\s+/g, " "));

/** Puts the cursor behind a word, as a click does. */
function goBehind({ document: file }: Stage, word: string): void {
  const at = file.state.doc.toString().indexOf(word);
  if (at < 0) throw new Error(`there is no ${word}`);
  content().focus();
  file.update({ selection: { anchor: at + word.length }, userEvent: "select.pointer", scrollIntoView: true });
}

async function press(keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await settled();
}

/** Presses keys in a list of words. In its first moments it takes none, so that nobody chooses what just came up. */
async function choose(keys: string): Promise<void> {
  await new Promise((done) => setTimeout(done, 120));
  await press(keys);
}

test("typing marks a problem at its characters and in the list, and mending it takes the mark away", async () => {
  const one = await show();
  goBehind(one, '"spine1:eth2');
  await press("{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}x");
  await until(() => document.querySelector(".cm-lintRange-error") !== null, "the mark");
  expect(document.querySelector<HTMLElement>(".cm-lintRange-error")?.innerText).toBe('"spine1x:eth2"');
  expect(document.querySelector(".cm-lint-marker-error")).not.toBeNull();
  expect(problems()[0]).toContain("Node `spine1x` in link 2 is not defined");
  expect(text()).toContain("1 mistake");
  await press("{Backspace}");
  await until(() => document.querySelector(".cm-lintRange-error") === null, "the mended text");
  expect(text()).toContain("No mistakes");
});

test("a problem says at its mark what is wrong and what would be right", async () => {
  await show("lab-mistakes");
  await until(() => document.querySelector(".cm-lintRange-error") !== null, "the mark");
  await userEvent.hover(document.querySelector(".cm-lintRange-error") as Element);
  await until(() => document.querySelector(".cm-tooltip-lint") !== null, "the message");
  expect(document.querySelector<HTMLElement>(".cm-tooltip-lint")?.innerText).toContain("Did you mean `arista_ceos`?");
});

test("the list leads to a problem, by click and by Enter", async () => {
  const one = await show("lab-mistakes");
  await until(() => problems().length === 3, "the problems");
  const list = the("listbox", "Problems");
  list.focus();
  await press("{End}{Enter}");
  expect(document.activeElement).toBe(content());
  expect(text()).toContain("Line 38, column 19");
  expect(one.document.state.sliceDoc(one.document.state.selection.main.head).slice(0, 6)).toBe('"spin1');
  await userEvent.click(document.querySelector("[role=option].row") as Element);
  await settled();
  expect(text()).toContain("Line 3, column 1");
});

test("keys are completed by where they stand, and a kind by its title", async () => {
  const one = await show();
  goBehind(one, "memory: 2GiB");
  await press("{Enter}im");
  await until(() => options().length > 0, "the keys");
  expect(options()).toEqual(["image", "image-pull-policy"]);
  await choose("{Enter}");
  await until(() => options().some((option) => option.includes("ceos:4.34.2F")), "the images");
  await press("{Escape}");
  goBehind(one, "host1:\n      kind: linux");
  await press("{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}{Control>} {/Control}");
  await until(() => options().includes("arista_ceos Arista cEOS"), "the kinds");
  await press("cisco_x");
  await choose("{Tab}");
  expect(one.document.text).toContain("host1:\n      kind: cisco_xrd\n");
});

test("ends of links are completed: the node, and then its port", async () => {
  const one = await show();
  goBehind(one, '["leaf3:eth1", "host2:eth1"]');
  await press("{Enter}- end");
  await until(() => options()[0] === "endpoints", "the key");
  await choose("{Enter}");
  await until(() => options().includes("leaf2 Arista cEOS"), "the nodes");
  await press("lea");
  await until(() => options().length === 3, "the leaves");
  await choose("{ArrowDown}{Enter}");
  await until(() => options()[0] === "eth1", "the ports");
  await choose("{Enter}");
  expect(one.document.text).toContain('\n    - endpoints: ["leaf2:eth1"]\n');
});

test("a word takes the place of the one that the cursor is in", async () => {
  const one = await show();
  goBehind(one, "leaf2:\n      kind: arista");
  await press("{Control>} {/Control}");
  await until(() => options()[0]?.startsWith("arista_ceos") === true, "the kinds");
  await choose("{ArrowDown}{Enter}");
  expect(one.document.text).toContain("leaf2:\n      kind: arista_veos\n");
  goBehind(one, '"spine1:eth1", "le');
  await press("{Control>} {/Control}");
  await until(() => options().length === 3, "the leaves");
  await choose("{ArrowDown}{ArrowDown}{Enter}");
  expect(one.document.text).toContain('["spine1:eth1", "leaf3:eth49"]');
});

test("Ctrl+Space offers keys in an empty line, and a key with more below it opens a line", async () => {
  const one = await show();
  goBehind(one, "name: dc1");
  await press("{Enter}");
  expect(options()).toEqual([]);
  await press("{Control>} {/Control}");
  await until(() => options().length > 0, "the keys");
  expect(options()).toEqual(["prefix", "mgmt"]);
  await choose("{ArrowDown}{Enter}");
  expect(one.document.text).toContain("name: dc1\nmgmt:\n  \n");
});

test("what is pointed at says what it means", async () => {
  await show();
  const line = [...document.querySelectorAll<HTMLElement>(".cm-line")].find((one) => one.innerText.includes("startup-config"));
  await userEvent.hover(line?.querySelector("span") as Element);
  await until(() => document.querySelector(".cm-meaning") !== null, "the meaning");
  expect(document.querySelector<HTMLElement>(".cm-meaning")?.innerText).toBe("startup-config\nA file, or a text, that the node starts with.");
});

test("Ctrl+S saves, from the text and from the list", async () => {
  const one = await show();
  goBehind(one, "name: dc1");
  await press(" # mine");
  expect(text()).toContain("edited");
  await press("{Control>}s{/Control}");
  await until(() => !one.document.isDirty, "the saving");
  expect(lastAsked(one.backend, "writeLab")?.[1]).toContain("name: dc1 # mine\n");
  expect(text()).not.toContain("edited");
  await press("!");
  the("button", "Undo").focus();
  await press("{Control>}s{/Control}");
  await until(() => !one.document.isDirty, "the saving");
});

test("a change from outside arrives while nothing is unsaved, and the lines in sight stay", async () => {
  const one = await show();
  const scroller = document.querySelector(".cm-scroller") as HTMLElement;
  goBehind(one, "leaf3:eth50");
  await settled();
  const top = (): number => document.querySelector<HTMLElement>(".cm-activeLine")?.getBoundingClientRect().top ?? 0;
  const before = top();
  expect(scroller.scrollTop).toBeGreaterThan(0);
  one.backend.writeOutside(FILE, one.document.text.replace("name: dc1", "# one\n# two\n# three\nname: dc1"));
  one.document.follow("outside");
  await until(() => one.document.text.includes("# three"), "the change");
  await settled();
  expect(Math.abs(top() - before)).toBeLessThan(3);
  expect(text()).not.toContain("edited");
});

test("a conflict shows what differs, and either side can be kept", async () => {
  const one = await show();
  goBehind(one, "name: dc1");
  await press(" # mine");
  one.backend.writeOutside(FILE, one.document.text.replace("# mine", "# theirs"));
  await press("{Control>}s{/Control}");
  await until(() => text().includes("was changed by another program"), "the conflict");
  const differing = [...document.querySelectorAll<HTMLElement>(".lines > .first, .lines > .second")].map((line) => line.innerText.replace(/\s+/g, " "));
  expect(differing).toEqual(["− Theirs: name: dc1 # theirs", "+ Yours: name: dc1 # mine"]);
  await userEvent.click(the("button", "Keep mine"));
  await until(() => !one.document.isDirty, "the saving");
  expect(lastAsked(one.backend, "writeLab")?.[1]).toContain("# mine");
  expect(text()).not.toContain("was changed by another program");

  await press("{Tab}");
  goBehind(one, "name: dc1");
  await press(" again");
  one.backend.writeOutside(FILE, one.document.text.replace("again", "theirs"));
  one.document.follow("outside");
  await until(() => text().includes("Yours is not saved"), "the conflict");
  await userEvent.click(the("button", "Take theirs"));
  await settled();
  expect([one.document.text.includes("name: dc1 theirs"), one.document.isDirty]).toEqual([true, false]);
});

test("what is selected is marked and comes into sight, and the cursor stays where it is", async () => {
  const one = await show();
  one.props.selected = ["host2", "leaf3:eth1 host2:eth1"];
  await settled();
  await until(() => chosen().length > 0, "the marks");
  expect(chosen()).toEqual(["host2:", "kind: linux", "exec:", "- ip address add 10.3.0.10/24 dev eth1", '- endpoints: ["leaf3:eth1", "host2:eth1"]'].slice(0, chosen().length));
  expect(chosen().length).toBeGreaterThan(3);
  expect(document.querySelector(".cm-scroller")?.scrollTop).toBeGreaterThan(0);
  expect(text()).toContain("Line 1, column 1");
  expect(one.told).toEqual([]);
  one.props.selected = [];
  await settled();
  expect(chosen()).toEqual([]);
});

test("what is selected before the file is read comes into sight with it", async () => {
  const one = await show();
  await one.leave();
  one.props.document = one.again();
  one.props.selected = ["host2"];
  await one.enter();
  await until(() => chosen().includes("host2:"), "the marks");
  await settled();
  expect(document.querySelector(".cm-scroller")?.scrollTop).toBeGreaterThan(0);
});

test("the cursor chooses the node or link that it goes into, and typing chooses nothing", async () => {
  const one = await show();
  await userEvent.click([...document.querySelectorAll(".cm-line")].find((line) => line.textContent === "      startup-config: configs/spine2.cfg") as Element);
  await settled();
  goBehind(one, "spine1:eth3");
  await settled();
  expect(one.told).toEqual([["spine2"], ["spine1:eth3 leaf3:eth49"]]);
  await press("9");
  goBehind(one, "name");
  await settled();
  expect(one.told).toHaveLength(2);
});

test("an edit of the drawing is one step of the text, which undo takes back", async () => {
  const one = await show();
  goBehind(one, "name: dc1");
  await press(" # mine");
  await one.document.apply({ type: "rename_node", from: "leaf1", to: "edge1" });
  await settled();
  expect(content().innerText).toContain("edge1:");
  content().focus();
  await press("{Control>}z{/Control}");
  expect([one.document.text.includes("edge1"), one.document.text.includes("# mine")]).toEqual([false, true]);
  await press("{Control>}y{/Control}");
  expect(one.document.text).toContain("edge1:");
  expect(lastAsked(one.backend, "writeLab")).toBeUndefined();
});

test("text, cursor and past outlive the view", async () => {
  const one = await show();
  goBehind(one, "leaf3:eth50");
  await press(" x");
  const scroller = (): number => document.querySelector(".cm-scroller")?.scrollTop ?? 0;
  const before = scroller();
  await one.leave();
  await one.document.apply({ type: "add_node", name: "leaf4", kind: "linux", image: "" });
  await one.enter();
  expect(one.document.isDirty).toBe(true);
  expect(Math.abs(scroller() - before)).toBeLessThan(60);
  content().focus();
  await press("{Control>}z{/Control}{Control>}z{/Control}");
  expect([one.document.isDirty, one.document.text.includes("leaf4")]).toEqual([false, false]);
});

test("Tab indents, and leaves after Escape or Ctrl+M", async () => {
  const one = await show();
  goBehind(one, "name: dc1");
  await press("{Enter}{Tab}x");
  expect(one.document.text).toContain("name: dc1\n  x\n");
  await choose("{Escape}{Tab}");
  expect(content().contains(document.activeElement)).toBe(false);
  content().focus();
  await press("{Control>}m{/Control}{Tab}");
  expect(content().contains(document.activeElement)).toBe(false);
});

test("the search opens, finds and closes by keyboard", async () => {
  const one = await show();
  goBehind(one, "name: dc1");
  await press("{Control>}f{/Control}");
  await press("leaf3:{Enter}");
  expect(one.document.state.sliceDoc(one.document.state.selection.main.from, one.document.state.selection.main.to)).toBe("leaf3:");
  await press("{Escape}");
  expect(document.querySelector(".cm-search")).toBeNull();
  expect(document.activeElement).toBe(content());
});

test("a file that cannot be read says why, and is read again", async () => {
  const one = await show();
  await one.leave();
  const error = { code: "lab_read", message: "cannot read the file", hints: ["Check that it is there."], chain: ["permission denied"] };
  one.backend.failures.set("readLab", error);
  one.props.document = one.again();
  await one.enter();
  await until(() => text().includes("Cannot read the file"), "the failure");
  one.backend.failures.clear();
  await userEvent.click(the("button", "Try again"));
  await until(() => document.querySelector(".cm-content") !== null, "the text");
});

const looks = (["light", "dark"] as const).flatMap((theme) => (["lab", "lab-mistakes"] as const).map((world) => [world, theme] as const));

test.each(looks)("the file of %s in %s keeps nobody out", async (world, theme) => {
  const one = await show(world, theme);
  one.props.selected = ["leaf2"];
  goBehind(one, "memory: 2GiB");
  await press("{Control>}f{/Control}leaf{Escape}");
  goBehind(one, "memory: 2GiB");
  await press("{Enter}{Control>} {/Control}");
  await until(() => options().length > 0, "the keys");
  // The list of words is moved in from the text, which axe knows of comboboxes only.
  expect((await findings()).filter((finding) => !/^scrollable.*aria-label="Completions"/.test(finding))).toEqual([]);
  await press("{Escape}{Control>}f{/Control}leaf");
  one.backend.writeOutside(FILE, one.document.text.replace("2GiB", "4GiB"));
  await one.document.save();
  await settled();
  expect(await findings()).toEqual([]);
});
