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

export const SHOTS = [
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
  { name: "pull-activity", world: "pull-retry", act: view(2) },
  { name: "pull-activity-forty", world: "pull-forty", act: view(2) },
  { name: "pull-activity-failed", world: "pull-failed", act: view(2) },
  { name: "pulled", world: "pulled", act: view(2) },
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
  { name: "activity", world: "busy", act: view(2) },
  { name: "activity-stalled", world: "busy", act: then(view(2), async (page) => page.keyboard.press("Home")) },
  { name: "activity-waiting", world: "deploy", act: view(2) },
  { name: "images-waiting", world: "deploy" },
  { name: "activity-forty", world: "forty", act: view(2) },
  { name: "activity-succeeded", world: "idle", act: view(2) },
  { name: "activity-failed", world: "idle", act: then(view(2), pill(/failed/)) },
  { name: "activity-cancelled", world: "idle", act: then(view(2), pill(/cancelled/)) },
  { name: "activity-lost", world: "idle", act: then(view(2), pill(/lost/)) },
  { name: "activity-terminal", world: "terminal", act: view(2) },
  { name: "activity-empty", world: "first", act: view(2) },
  { name: "activity-unreadable", world: "history-unreadable", act: view(2) },
  { name: "settings", world: "idle", act: view(3) },
  { name: "settings-broken", world: "settings-broken", act: view(3) },
  { name: "diagnostics", world: "idle", act: then(view(3), button("Diagnostics…")) },
  { name: "keys", world: "idle", act: async (page) => page.keyboard.press("?") },
  { name: "closing", world: "closing" },
  { name: "quitting", world: "quitting" },
  { name: "silent", world: "silent", wait: 4300 },
  { name: "refusing", world: "refusing" },
];
