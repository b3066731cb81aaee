/** Plans that a user could open, and what stands on the host where their nodes would go. */

import type { InstallPlan } from "../generated/InstallPlan";
import type { NodeStanding } from "../generated/NodeStanding";
import type { PlanNode } from "../generated/PlanNode";
import type { Prospect } from "../generated/Prospect";

/** The nodes of a usual list, in its order. */
export const NODES = [
  "ComfyUI-Manager", "ComfyUI-Advanced-ControlNet", "ComfyUI-AnimateDiff-Evolved", "ComfyUI-Custom-Scripts", "ComfyUI-Easy-Use", "ComfyUI-Frame-Interpolation", "ComfyUI-GGUF",
  "ComfyUI-IC-Light", "ComfyUI-Inpaint-Nodes", "ComfyUI-Inspire-Pack", "ComfyUI-KJNodes", "ComfyUI-LivePortraitKJ", "ComfyUI-Impact-Pack", "ComfyUI-Flux-Kit", "comfyui_controlnet_aux",
  "was-node-suite-comfyui", "ComfyUI-Impact-Pack/impact_subpack", "ComfyUI-VideoHelperSuite", "ComfyUI_essentials", "ComfyUI_IPAdapter_plus", "ComfyUI_UltimateSDUpscale", "rgthree-comfy",
  "cg-use-everywhere", "efficiency-nodes-comfyui", "comfyui-reactor-node", "ComfyUI-Florence2", "ComfyUI-segment-anything-2", "ComfyUI-WD14-Tagger", "ComfyUI-Crystools", "ComfyUI-layerdiffuse",
  "ComfyUI_LayerStyle", "ComfyUI-BrushNet", "ComfyUI-DepthAnythingV2", "a-custom-node-with-a-name-that-somebody-thought-was-a-good-idea-v2",
];

/** A commit that looks like one, and is the same each time. */
export function commitOf(seed: number): string {
  const digits = ((seed + 11) * 2654435761) % 2 ** 32;
  return digits.toString(16).padStart(8, "0").repeat(5);
}

function git(name: string, index: number, change: Partial<PlanNode> = {}): PlanNode {
  const repository = name.split("/").at(-1) ?? name;
  const source = { kind: "git" as const, url: `https://github.com/${["ltdrdata", "kijai", "cubiq", "Fannovel16"][index % 4]}/${repository}`, folder: name, reference: index % 3 === 1 ? null : commitOf(index), requirements: null, packages: [] };
  return { name, title: null, source, chosen: true, obstacle: null, notes: [], ...change };
}

/** A list in CSV, as in the look. */
export function csvPlan(): InstallPlan {
  const nodes = NODES.map((name, index) => git(name, index));
  nodes[5] = { ...nodes[5]!, notes: ["It wants the system packages ffmpeg and libgl1, which Labwright does not install."] };
  return { name: "custom_nodes.csv", format: "csv", target: null, venv: null, nodes, notes: [] };
}

/** All kinds of nodes, and one that cannot be installed. */
export function ownPlan(): InstallPlan {
  const nodes: PlanNode[] = [
    ...NODES.slice(0, 10).map((name, index) => git(name, index)),
    { name: "python-packages", title: "Python packages", source: { kind: "packages", packages: ["numpy<2", "opencv-python-headless==4.10.0.84"] }, chosen: true, obstacle: null, notes: [] },
    { name: "frr", title: null, source: { kind: "image", image: { from: "registry", reference: "quay.io/frrouting/frr:10.5.1" } }, chosen: true, obstacle: null, notes: [] },
    { name: "ceos", title: null, source: { kind: "image", image: { from: "file", path: "images/cEOS64-lab-4.35.1F.tar.xz", reference: "ceos:4.35.1F" } }, chosen: true, obstacle: null, notes: [] },
    { name: "websocket_image_save.py", title: null, source: { kind: "other" }, chosen: false, obstacle: "it is a single file, and Labwright installs repositories", notes: [] },
  ];
  return { name: "lab.toml", format: "own", target: "/workspace/ComfyUI/custom_nodes", venv: "/workspace/venv", nodes, notes: ["1 entry cannot be installed; its line says why."] };
}

/** As many entries as ComfyUI-Manager lists, from which the user picks. */
export function listPlan(count: number): InstallPlan {
  const nodes = Array.from({ length: count }, (_, index) => {
    const name = `${NODES[index % NODES.length]!.split("/")[0]}-${index}`;
    const node = git(name, index, { title: `${name.replace(/[-_]/g, " ")} for everybody`, chosen: false });
    return index % 41 === 7 ? { ...node, source: { kind: "other" as const }, obstacle: "its way to be installed, “unzip”, is not known here" } : node;
  });
  return { name: "custom-node-list.json", format: "list", target: null, venv: null, nodes, notes: [`${count.toLocaleString("en")} entries: choose those that you want.`] };
}

const ODD: Record<number, [Prospect, string]> = {
  0: ["present", "4f1c2d9"],
  3: ["update", "at 09bd1e2"],
  4: ["husk", "an earlier clone broke off"],
  6: ["other_remote", "https://github.com/somebody-else/ComfyUI-GGUF"],
  8: ["local_changes", "2 files: nodes.py, web/inpaint.js"],
  9: ["not_a_repository", "a folder with 14 files"],
};

/** What stands where these nodes would go. */
export function standingsOf(names: string[], all: string[]): NodeStanding[] {
  return names.map((name) => {
    const [prospect, detail] = ODD[all.indexOf(name)] ?? (["new", null] as const);
    return { name, prospect, detail };
  });
}
