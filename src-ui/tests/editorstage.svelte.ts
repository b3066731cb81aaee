import { mount, unmount } from "svelte";
import { FakeBackend } from "../src/backend/fake/backend";
import { WORLDS } from "../src/backend/fake/worlds";
import "../src/base.css";
import "../src/fonts.css";
import { App } from "../src/state/app.svelte";
import { Clock } from "../src/state/clock.svelte";
import "../src/tokens.css";
import { LabDocument } from "../src/views/labs/editor/document.svelte";
import LabEditor from "../src/views/labs/editor/LabEditor.svelte";
import { settled } from "./screen";

export const FILE = "/home/ada/labs/dc1/dc1.clab.yml";

/** An editor by itself, as a page would show it. */
export interface Stage {
  backend: FakeBackend;
  document: LabDocument;
  /** What the page has selected, and what the editor asked it to. */
  props: { document: LabDocument; selected: string[]; onselect: (ids: string[]) => void };
  told: string[][];
  /** The same file, not read yet. */
  again: () => LabDocument;
  /** Takes the editor away; the document stays. */
  leave: () => Promise<void>;
  /** Shows it again. */
  enter: () => Promise<void>;
}

/** Shows the file of the first lab of a world. */
export async function stage(world: string, theme: "light" | "dark" = "light"): Promise<Stage> {
  const make = WORLDS[world];
  if (!make) throw new Error(`there is no world ${world}`);
  const backend = new FakeBackend(make());
  const app = new App(backend, new Clock(backend.now));
  await app.stream.open();
  const again = (): LabDocument => new LabDocument(app, FILE);
  const document = again();
  const told: string[][] = [];
  const props = $state({ document, selected: [] as string[], onselect: (ids: string[]) => void told.push(ids) });
  window.document.documentElement.dataset["theme"] = theme;
  let view: Record<string, unknown> | undefined;
  let target: HTMLElement | undefined;
  const enter = async (): Promise<void> => {
    target = window.document.createElement("div");
    target.style.cssText = "width: 620px; height: 640px; display: flex";
    window.document.body.append(target);
    view = mount(LabEditor, { target, props });
    const after = window.document.createElement("button");
    after.textContent = "After";
    target.append(after);
    await settled();
    await settled();
  };
  const leave = async (): Promise<void> => {
    if (view) await unmount(view);
    target?.remove();
    view = undefined;
  };
  await enter();
  return { backend, document, props, told, again, leave, enter };
}
