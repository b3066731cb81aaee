// The pictures, by name: in which world, and what is done there first.

const view = (number) => async (page) => page.keyboard.press(`Control+${number}`);
const button = (name) => async (page) => page.getByRole("button", { name, exact: true }).click();
const then =
  (...steps) =>
  async (page) => {
    for (const step of steps) {
      await step(page);
      await page.waitForTimeout(200);
    }
  };
const text = (words) => async (page) => page.getByText(words).first().click();
const row = (name) => async (page) => page.getByRole("gridcell", { name }).first().click();
const pill = (word) => async (page) => page.getByRole("group", { name: "Filter" }).getByRole("button", { name: word }).click();

const press = (...keys) => async (page) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** In the world of a lab, once it is drawn. */
const lab = (name, world, ...steps) => ({ name, world, act: then(async (page) => page.waitForSelector(".drawing .node"), ...steps) });
const inDrawing = async (page) => page.getByRole("application").focus();
const node = (name) => async (page) => page.locator(`#drawn-${name}`).click();
const menu = (name) => async (page) => page.locator(`#drawn-${name}`).click({ button: "right" });
/** In the middle between two nodes. */
const link = (from, to) => async (page) => {
  const [a, b] = await Promise.all([from, to].map((name) => page.locator(`#drawn-${name}`).boundingBox()));
  await page.mouse.click((a.x + a.width / 2 + b.x + b.width / 2) / 2, (a.y + a.height / 2 + b.y + b.height / 2) / 2);
};
const show = (name) => async (page) => page.getByRole("radiogroup", { name: "View" }).getByText(name).click();
const until = (selector) => async (page) => page.waitForSelector(selector);
/** In a line of the lab's file. */
const inFile = (words) => then(show("File"), until(".cm-line"), async (page) => page.locator(".cm-line", { hasText: words }).first().click({ position: { x: 60, y: 9 } }));

const typed = (words) => async (page) => page.keyboard.type(words);
const command = (words) => then(typed(words), press("Enter"));
/** A node's console, shell or log, where the focus is then. */
const opened = (name, what) => then(node(name), button(what), until(".xterm.focus"));
/** What passes the first end of a link. */
const captured = (from, to) => then(link(from, to), async (page) => page.getByRole("button", { name: /^More for/ }).click(), async (page) => page.getByRole("menuitem", { name: /^Capture/ }).first().click());
/** The dock, higher by so many steps. */
const higher = (steps) => then(async (page) => page.getByRole("separator", { name: "Height" }).focus(), press(...Array(steps).fill("ArrowUp")));

/** In the world of hosts, on the page of the first of them. */
const host = (name, world, ...steps) => ({ name, world, act: then(view(3), async (page) => page.locator("[data-host]").first().click(), ...steps) });
/** A plan, opened to be installed, once the host was looked at. */
const planned = then(button("Install…"), button("Choose a plan…"), until("[role=grid]"));
const into = (folder) => then(async (page) => page.getByLabel("Folder on the host").fill(folder), press("Tab"), async (page) => page.waitForTimeout(600));
/** The job that ended last on a host. */
const past = async (page) => page.locator(".past .open").first().click();
const option = (name) => async (page) => page.getByRole("option", { name }).first().click();

export const SHOTS = [
  { name: "labs", world: "labs", act: view(1) },
  { name: "labs-empty", world: "labs-empty", act: view(1) },
  lab("lab", "lab"),
  lab("lab-node", "lab", node("leaf2")),
  lab("lab-many", "lab", inDrawing, press("Control+a")),
  lab("lab-keys", "lab", inDrawing, press("ArrowDown", "ArrowDown", "ArrowRight")),
  lab("lab-link", "lab", link("spine1", "leaf3")),
  lab("lab-menu", "lab", menu("leaf1")),
  lab("lab-consoles", "lab", opened("leaf2", "Logs"), opened("host2", "Shell"), opened("leaf1", "Console"), command("show bgp evpn summary")),
  lab("lab-consoles-split", "lab", opened("leaf1", "Console"), command("show interfaces status"), opened("host2", "Shell"), command("ls"), button("Split")),
  lab("lab-consoles-search", "lab", opened("leaf1", "Console"), command("show logging"), press("Control+Shift+F"), typed("line 39"), until("[role=status]:text('of 11')")),
  lab("lab-console-ended", "lab", opened("leaf1", "Console"), command("show version"), command("exit")),
  lab("lab-logs", "lab", opened("leaf2", "Logs"), press("ArrowUp")),
  lab("lab-capture", "lab", captured("leaf1", "spine1"), higher(6), press("F6")),
  lab("lab-capture-close", "lab", captured("leaf1", "spine1"), until(".packets"), press("F6", "Delete")),
  lab("lab-forget", "lab-missing", inFile("name: edge"), press("End"), typed("x"), button("All labs"), async (page) => page.locator("[data-lab]").first().focus(), press("Delete")),
  lab("lab-table", "lab-booting", show("Table"), row("leaf2")),
  lab("lab-table-links", "lab-20", show("Table"), async (page) => page.getByRole("radiogroup", { name: "What is listed" }).getByText("links").click(), row("p1")),
  lab("lab-file", "lab", show("File"), until(".cm-line")),
  lab("lab-file-node", "lab", node("leaf3"), show("File"), until(".cm-chosen")),
  lab("lab-file-words", "lab", inFile("memory"), press("End", "Enter", "Control+Space"), until(".cm-completionInfo")),
  lab("lab-file-search", "lab", inFile("memory"), press("Control+f"), typed("leaf")),
  lab("lab-connect", "lab", menu("leaf1"), async (page) => page.getByRole("menuitem", { name: "Connect…" }).click()),
  lab("lab-add", "lab", async (page) => page.locator(".svelte-flow__pane").click({ button: "right", position: { x: 60, y: 60 } }), async (page) => page.getByRole("menuitem", { name: "Add a node…" }).click()),
  lab("lab-rename", "lab", inDrawing, press("ArrowDown", "F2")),
  lab("lab-remove", "lab", inDrawing, press("ArrowDown", "Delete")),
  lab("lab-booting", "lab-booting"),
  lab("lab-booting-node", "lab-booting", node("leaf2")),
  lab("lab-failed", "lab-failed", node("leaf2")),
  lab("lab-undone", "lab-undone", node("leaf2")),
  lab("lab-odd", "lab-odd"),
  lab("lab-odd-links", "lab-odd", show("Table"), async (page) => page.getByRole("radiogroup", { name: "What is listed" }).getByText("links").click(), row("left"), async (page) => page.keyboard.down("Shift"), async (page) => page.getByRole("gridcell", { name: /^left/ }).nth(3).click(), async (page) => page.keyboard.up("Shift")),
  lab("lab-odd-ask", "lab-20", inDrawing, press("Control+a"), button("Console")),
  lab("lab-3", "lab-3"),
  lab("lab-ring", "lab-ring"),
  lab("lab-20", "lab-20"),
  lab("lab-200", "lab-200"),
  lab("lab-200-near", "lab-200", inDrawing, press(..."++++++++++")),
  lab("lab-200-table", "lab-200", show("Table")),
  lab("lab-mistakes", "lab-mistakes"),
  lab("lab-mistakes-file", "lab-mistakes", button("2 mistakes"), until(".cm-line")),
  lab("lab-mistakes-node", "lab-mistakes", node("leaf2")),
  lab("lab-foreign", "lab-foreign", node("rs1")),
  lab("lab-missing", "lab-missing", node("r1")),
  lab("lab-missing-plan", "lab-missing", button("Start")),
  lab("lab-plan", "lab-plan", button("Apply…")),
  lab("lab-same", "lab-same", button("Apply…")),
  lab("lab-long", "lab-long"),
  lab("lab-destroy", "lab-destroy", button("Destroy…")),
  lab("lab-unread", "lab-unread"),
  { name: "images", world: "import" },
  { name: "images-idle", world: "idle" },
  { name: "images-busy", world: "busy" },
  { name: "images-forty", world: "forty" },
  { name: "images-thousand", world: "thousand" },
  { name: "images-details", world: "idle", act: text("ceos:4.34.2F") },
  { name: "images-remove", world: "idle", act: then(text("ceos:4.34.2F"), button("Remove…")) },
  { name: "images-rename", world: "idle", act: then(text("ceos:4.34.2F"), button("Rename…")) },
  { name: "images-no-result", world: "idle", act: async (page) => page.getByLabel("Search images").fill("nexus") },
  { name: "pull", world: "pull" },
  { name: "pull-began", world: "pull-began" },
  { name: "pull-retry", world: "pull-retry" },
  { name: "pull-stalled", world: "pull-stalled" },
  { name: "pull-unknown", world: "pull-unknown" },
  { name: "pull-podman", world: "pull-podman" },
  { name: "pull-containerd", world: "pull-containerd" },
  { name: "pull-half", world: "pull-half" },
  { name: "pull-long", world: "pull-long" },
  { name: "pull-again", world: "pull-again", act: row("ghcr.io/nokia/srlinux:25.3.1") },
  { name: "pull-queue", world: "pull-queue" },
  { name: "pull-hundred", world: "pull-hundred" },
  { name: "pull-failed", world: "pull-failed" },
  { name: "pull-failures", world: "pull-failures" },
  { name: "pull-all", world: "pull-all" },
  { name: "pull-sheet", world: "idle", act: button("Pull…") },
  { name: "pull-sheet-typed", world: "pull-two", act: then(button("Pull…"), async (page) => page.getByLabel("Reference", { exact: true }).fill("alpine")) },
  { name: "pull-sheet-wrong", world: "idle", act: then(button("Pull…"), async (page) => page.getByLabel("Reference", { exact: true }).fill("ghcr.io/Nokia/srlinux@sha256:12"), async (page) => page.getByLabel("Platform", { exact: true }).selectOption("other")) },
  { name: "pull-sheet-empty", world: "first", act: async (page) => page.keyboard.press("Control+l") },
  { name: "pull-activity", world: "pull-retry", act: view(4) },
  { name: "pull-activity-forty", world: "pull-forty", act: view(4) },
  { name: "pull-activity-failed", world: "pull-failed", act: view(4) },
  { name: "pulled", world: "pulled", act: view(4) },
  { name: "images-first", world: "first" },
  { name: "engine-looking", world: "looking" },
  { name: "engine-podman", world: "podman" },
  { name: "engine-install", world: "install" },
  { name: "engine-access", world: "access" },
  { name: "engine-gone", world: "gone" },
  { name: "engine-panel", world: "idle", act: async (page) => page.getByTitle("Engines").click() },
  { name: "drop", world: "dragged" },
  { name: "drop-many", world: "many" },
  { name: "drop-no-engine", world: "no-engine-drop" },
  { name: "offer", world: "asking" },
  { name: "offer-refused", world: "refused" },
  { name: "import", world: "idle", act: button("Import…") },
  { name: "activity", world: "busy", act: view(4) },
  { name: "activity-stalled", world: "busy", act: then(view(4), async (page) => page.keyboard.press("Home")) },
  { name: "activity-waiting", world: "deploy", act: view(4) },
  { name: "images-waiting", world: "deploy" },
  { name: "activity-forty", world: "forty", act: view(4) },
  { name: "activity-succeeded", world: "idle", act: view(4) },
  { name: "activity-failed", world: "idle", act: then(view(4), pill(/failed/)) },
  { name: "activity-cancelled", world: "idle", act: then(view(4), pill(/cancelled/)) },
  { name: "activity-lost", world: "idle", act: then(view(4), pill(/lost/)) },
  { name: "activity-terminal", world: "terminal", act: view(4) },
  { name: "activity-empty", world: "first", act: view(4) },
  { name: "activity-unreadable", world: "history-unreadable", act: view(4) },
  { name: "settings", world: "idle", act: view(5) },
  { name: "settings-broken", world: "settings-broken", act: view(5) },
  { name: "diagnostics", world: "idle", act: then(view(5), button("Diagnostics…")) },
  { name: "keys", world: "idle", act: async (page) => page.keyboard.press("?") },
  { name: "hosts", world: "hosts", act: view(3) },
  { name: "hosts-empty", world: "hosts-empty", act: view(3) },
  { name: "hosts-unread", world: "hosts-unread", act: view(3) },
  { name: "hosts-add", world: "hosts-empty", act: then(view(3), button("Add host…")) },
  { name: "hosts-add-wrong", world: "hosts", act: then(view(3), button("Add host…"), async (page) => page.getByLabel("Address", { exact: true }).fill("root@gpu-7"), async (page) => page.getByLabel("Name", { exact: true }).fill("gpu-7"), async (page) => page.getByLabel("Port", { exact: true }).fill("99999")) },
  { name: "hosts-remove", world: "hosts", act: then(view(3), async (page) => page.locator("[data-host]").first().focus(), press("Delete")) },
  host("host", "host"),
  host("host-key", "host-key"),
  host("host-key-asked", "host-key", button("Compare the key…")),
  host("host-changed", "host-changed"),
  host("host-unreachable", "host-unreachable"),
  host("host-plan-none", "host", button("Install…")),
  host("host-plan", "host", planned, into("/workspace/ComfyUI/custom_nodes")),
  host("host-plan-replace", "host", planned, into("/workspace/ComfyUI/custom_nodes"), async (page) => page.getByLabel("ComfyUI-GGUF: other remote").selectOption("replace"), async (page) => page.getByRole("grid").focus(), press("End")),
  host("host-plan-own", "host-own", planned, async (page) => page.waitForTimeout(600), async (page) => page.getByRole("grid").focus(), press("End")),
  host("host-plan-list", "host-list", planned, async (page) => page.getByLabel("Search nodes").fill("impact 1"), press("ArrowDown", " ", "ArrowDown", " "), into("~/ComfyUI/custom_nodes")),
  host("host-running", "host-running"),
  host("host-running-all", "host-running", button("All 34 nodes"), option("was-node-suite-comfyui"), button("Log on the host")),
  host("host-began", "host-began"),
  host("host-cut", "host-cut"),
  host("host-failed", "host-failed"),
  host("host-failed-all", "host-failed", async (page) => page.getByTitle("was-node-suite-comfyui: show its output").click()),
  host("host-lost", "host-lost"),
  host("host-cancelled", "host-cancelled", past),
  host("host-installed", "host-installed", past),
  host("host-verified", "host-verified"),
  host("host-repair", "host-verified", button("Repair 4 nodes…")),
  host("host-sound", "host-sound", past),
  host("host-forty", "host-forty"),
  host("host-forty-all", "host-forty", button("All 40 nodes")),
  { name: "activity-host", world: "host-running", act: view(4) },
  { name: "activity-host-failed", world: "host-failed", act: view(4) },
  { name: "closing", world: "closing" },
  { name: "quitting", world: "quitting" },
  { name: "silent", world: "silent", wait: 4300 },
  { name: "refusing", world: "refusing" },
];
