import { undo } from "@codemirror/commands";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBackend } from "../../../backend/fake/backend";
import { SAMPLE } from "../../../backend/fake/texts";
import { WORLDS } from "../../../backend/fake/worlds";
import { App } from "../../../state/app.svelte";
import { LabDocument } from "./document.svelte";
import { entriesAt } from "./entries";

const FILE = "/home/ada/labs/dc1/dc1.clab.yml";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The opened file of a fabric. */
async function opened(): Promise<{ backend: FakeBackend; document: LabDocument }> {
  const backend = new FakeBackend(WORLDS["lab"]!());
  const document = new LabDocument(new App(backend), FILE);
  await document.open();
  await settled();
  return { backend, document };
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const written = (backend: FakeBackend): string[] => backend.asked.filter(({ name }) => name === "writeLab").map(({ given }) => given[1] as string);
const checked = (backend: FakeBackend): number => backend.asked.filter(({ name }) => name === "checkLab").length;

/** Types before a word. */
function type(document: LabDocument, word: string, insert: string): void {
  const at = document.state.doc.toString().indexOf(word);
  document.update({ changes: { from: at, insert }, userEvent: "input.type" });
}

test("a file is read and checked, and nothing is unsaved", async () => {
  const { document } = await opened();
  expect([document.text === SAMPLE, document.isDirty, document.draft?.nodes.length, document.draft?.problems]).toEqual([true, false, 7, []]);
});

test("a file that cannot be read says why, and can be read again", async () => {
  const backend = new FakeBackend(WORLDS["lab"]!());
  backend.failures.set("readLab", { code: "lab_read", message: "cannot read the file", hints: [], chain: [] });
  const document = new LabDocument(new App(backend), FILE);
  await document.open();
  expect([document.isRead, document.failure?.code]).toEqual([false, "lab_read"]);
  backend.failures.clear();
  await document.open();
  expect([document.isRead, document.failure]).toEqual([true, null]);
});

test("what is typed is checked after a pause, once", async () => {
  const { backend, document } = await opened();
  const before = checked(backend);
  for (const letter of "spin9") {
    type(document, "leaf1:eth49", letter);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(checked(backend)).toBe(before);
  await vi.advanceTimersByTimeAsync(300);
  expect(checked(backend)).toBe(before + 1);
  expect(document.draft?.problems.map(({ message }) => message)).toEqual(["node `spin9leaf1` in link 1 is not defined"]);
});

test("the answer to an earlier text is not taken over", async () => {
  const { backend, document } = await opened();
  const draft = document.draft;
  const check = backend.checkLab.bind(backend);
  backend.checkLab = async (file, text) => {
    await new Promise((done) => setTimeout(done, 1000));
    return check(file, text);
  };
  type(document, "spine1:eth1", "x");
  await vi.advanceTimersByTimeAsync(400);
  type(document, "spine1:eth2", "y");
  await vi.advanceTimersByTimeAsync(1000);
  expect(document.draft).toBe(draft);
  await vi.advanceTimersByTimeAsync(400);
  expect(document.draft?.problems).toHaveLength(2);
});

test("saving writes the text as it is, and what is typed meanwhile stays unsaved", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# one\n");
  const write = backend.writeLab.bind(backend);
  backend.writeLab = (...given) => {
    if (!document.text.includes("# two")) type(document, "name:", "# two\n");
    return write(...given);
  };
  expect(await document.save()).toBe(false);
  expect(written(backend)).toEqual([`${SAMPLE.replace("name:", "# one\nname:")}`]);
  expect(await document.save()).toBe(true);
  expect(document.isDirty).toBe(false);
});

test("a change from outside is taken over where nothing is unsaved, and the cursor stays in its line", async () => {
  const { backend, document } = await opened();
  document.update({ selection: { anchor: SAMPLE.indexOf("leaf2:") + 2 } });
  const text = SAMPLE.replace("name: dc1", "# by another hand\nname: dc1");
  backend.writeOutside(FILE, text);
  document.follow((await backend.readLab(FILE)).revision);
  await settled();
  expect([document.text === text, document.isDirty, document.canUndo]).toEqual([true, false, false]);
  expect(document.state.doc.sliceString(document.state.selection.main.head - 2).slice(0, 6)).toBe("leaf2:");
});

test("the revision of one's own saving changes nothing, also if it is told before saving has ended", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# one\n");
  const saving = document.save();
  document.follow("1.1");
  await saving;
  type(document, "name:", "# two\n");
  document.follow("1.1");
  await settled();
  expect([document.conflict, backend.asked.filter(({ name }) => name === "readLab").length]).toEqual([null, 1]);
});

test("a change from outside meets unsaved ones: theirs are taken, and undo brings back one's own", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# mine\n");
  const theirs = SAMPLE.replace("name:", "# theirs\nname:");
  backend.writeOutside(FILE, theirs);
  document.follow((await backend.readLab(FILE)).revision);
  await settled();
  expect([document.conflict?.isSaving, document.text.includes("# mine")]).toEqual([false, true]);
  document.takeTheirs();
  expect([document.text === theirs, document.isDirty, document.conflict]).toEqual([true, false, null]);
  undo({ state: document.state, dispatch: (transaction) => (document.state = transaction.state) });
  expect([document.text.includes("# mine"), document.isDirty]).toEqual([true, true]);
});

test("saving over a change from outside asks, and keeping one's own writes it", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# mine\n");
  backend.writeOutside(FILE, SAMPLE.replace("name:", "# theirs\nname:"));
  expect(await document.save()).toBe(false);
  expect([document.conflict?.isSaving, document.failure]).toEqual([true, null]);
  document.keepMine();
  await settled();
  expect([document.isDirty, document.conflict, written(backend).at(-1)?.includes("# mine")]).toEqual([false, null, true]);
});

test("a save that fails for another reason says it, and nothing is lost", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# mine\n");
  backend.failures.set("writeLab", { code: "lab_write", message: "no space is left", hints: [], chain: [] });
  expect(await document.save()).toBe(false);
  expect([document.failure?.code, document.conflict, document.isDirty]).toEqual(["lab_write", null, true]);
});

test("an edit of the drawing is written at once where nothing is unsaved, and so is taking it back", async () => {
  const { backend, document } = await opened();
  await document.apply({ type: "rename_node", from: "leaf1", to: "edge1" });
  expect([written(backend).at(-1)?.match(/edge1/g)?.length, document.isDirty]).toEqual([4, false]);
  await document.undo();
  expect([written(backend).at(-1) === SAMPLE, document.isDirty, document.canRedo]).toEqual([true, false, true]);
  await document.redo();
  expect(written(backend).at(-1)).toContain("edge1:");
});

test("an edit waits with unsaved changes, and is one step to take back", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# mine\n");
  await document.apply({ type: "add_node", name: "leaf4", kind: "arista_ceos", image: "" });
  await settled();
  expect([written(backend), document.isDirty, document.draft?.nodes.length]).toEqual([[], true, 8]);
  await document.undo();
  expect([document.text.includes("leaf4"), document.text.includes("# mine")]).toEqual([false, true]);
});

test("an edit that meets a change from outside is made of what the file has become", async () => {
  const { backend, document } = await opened();
  const edit = backend.editLab.bind(backend);
  let times = 0;
  backend.editLab = async (...given) => {
    const text = await edit(...given);
    if (++times === 1) backend.writeOutside(FILE, SAMPLE.replace("name:", "# theirs\nname:"));
    return text;
  };
  await document.apply({ type: "rename_node", from: "leaf1", to: "edge1" });
  expect(written(backend).at(-1)).toContain("# theirs\nname:");
  expect([document.text.includes("edge1"), document.isDirty, times]).toEqual([true, false, 2]);
});

test("an edit that cannot be made changes nothing, and says why", async () => {
  const { document } = await opened();
  await expect(document.apply({ type: "rename_node", from: "leaf1", to: "leaf2" })).rejects.toMatchObject({ code: "lab_edit" });
  expect([document.text === SAMPLE, document.isDirty]).toEqual([true, false]);
});

test("what is typed while an edit is made is in it", async () => {
  const { backend, document } = await opened();
  type(document, "name:", "# one\n");
  const edit = backend.editLab.bind(backend);
  let times = 0;
  backend.editLab = async (...given) => {
    if (++times === 1) type(document, "name:", "# two\n");
    return edit(...given);
  };
  await document.apply({ type: "add_node", name: "leaf4", kind: "linux", image: "" });
  expect([times, document.text.includes("# two"), document.text.includes("leaf4:")]).toEqual([2, true, true]);
});

test("how a file ends its lines stays", async () => {
  const { backend, document } = await opened();
  const text = SAMPLE.replaceAll("\n", "\r\n");
  backend.writeOutside(FILE, text);
  document.follow((await backend.readLab(FILE)).revision);
  await settled();
  expect(document.text).toBe(text);
  type(document, "name:", "# mine\n");
  await document.save();
  expect(written(backend).at(-1)).toBe(text.replace("name:", "# mine\r\nname:"));
});

test("the cursor knows in which node or link it is, also while the text is typed and not checked", async () => {
  const { document } = await opened();
  const at = (word: string): string[] => {
    document.update({ selection: { anchor: document.state.doc.toString().indexOf(word) } });
    return entriesAt(document.state);
  };
  expect([at("memory: 2GiB"), at("spine2:eth2"), at("name: dc1"), at("# Hosts have")]).toEqual([["leaf1"], ["spine2:eth2 leaf2:eth50"], [], []]);
  type(document, "memory", "x\n".repeat(30));
  expect([at("memory: 2GiB"), at("x-rack")]).toEqual([["leaf1"], ["leaf3"]]);
});

test("a file that was removed while it is edited is made anew when it is saved", async () => {
  const { backend, document } = await opened();
  const gone = { code: "topology_gone", message: "it is not there any more", hints: [], chain: [] };
  backend.failures.set("readLab", gone).set("writeLab", gone);
  document.follow("");
  await settled();
  expect([document.failure?.code, document.isDirty, document.text === SAMPLE]).toEqual(["topology_gone", true, true]);
  expect(await document.save()).toBe(false);
  backend.failures.clear();
  const revisions: string[] = [];
  backend.writeLab = async (_file, _text, revision) => {
    revisions.push(revision);
    return "2";
  };
  expect([await document.save(), revisions, document.failure]).toEqual([true, [""], null]);
});
