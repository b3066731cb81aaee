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
