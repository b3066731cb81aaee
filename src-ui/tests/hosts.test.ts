import { expect, test } from "vitest";
import { fill, hosted, listed } from "./host";
import { click, items, press } from "./lab";
import { lastAsked, settled, show, text, the, until } from "./show";

const row = (name: string): string => [...document.querySelectorAll<HTMLElement>("[aria-label=Hosts] > li")].find((line) => line.querySelector(".name")?.textContent === name)?.innerText.replace(/\s+/g, " ") ?? "";
const dialog = (): string => document.querySelector<HTMLElement>("dialog")?.innerText.replace(/\s+/g, " ") ?? "";
const focused = (): string => (document.activeElement as HTMLElement).innerText ?? "";

test("without hosts the page explains what one is, what is put there, and how to add one", async () => {
  await listed("hosts-empty");
  for (const words of ["No hosts yet", "a machine that you reach with ssh", "Nothing is put on a host but what a plan installs", "~/.ssh/config"]) expect(text()).toContain(words);
});

test("a file of hosts that cannot be read is said, and nothing can be added over it", async () => {
  await listed("hosts-unread");
  expect(text()).toContain("The file of hosts cannot be read");
  expect(text()).not.toContain("Add host…");
});

test("the list says of each host how it stands, why not, and what runs there", async () => {
  await listed("hosts");
  expect(row("gpu-7")).toContain("connected, 38 ms");
  expect(row("gpu-7")).toContain("Install custom_nodes.csv · Nodes · 14 of 34");
  expect(row("new-box")).toContain("key unknown");
  expect(row("lab-server")).toContain("key changed");
  expect(row("rented-a100")).toContain("Connection timed out");
  expect(text()).toContain("5 hosts · 1 connected");
});

test("the list is walked, opened and left without a mouse, and a host is removed after a question", async () => {
  const { app, backend } = await listed("hosts");
  await press("/");
  await press("rented{ArrowDown}");
  expect(focused()).toContain("rented-a100");
  await press("{Delete}");
  expect(dialog()).toContain("Nothing that was installed");
  expect(focused()).toBe("Keep it");
  await press("{Escape}");
  expect(focused()).toContain("rented-a100");
  expect(lastAsked(backend, "removeHost")).toBeUndefined();
  await press("{Delete}");
  await click(the("button", "Remove"));
  expect(lastAsked(backend, "removeHost")).toEqual(["rented-a100"]);
  await until(() => text().includes("No host has “rented”"), "the removal");
  await click(the("button", "Show all 4"));
  (document.querySelector("[data-host]") as HTMLElement).focus();
  await press("{End}{Home}{Enter}");
  expect(app.hosts.key).toBe("gpu-7");
  await click(the("button", "All hosts"));
  expect(document.querySelector("h1")?.textContent).toBe("Hosts");
});

test("a menu has what can be done with a host", async () => {
  const { backend } = await listed("hosts");
  await click(the("button", "More for new-box"));
  expect(items()).toEqual(["Open", "Test", "Show its jobs", "Remove…"]);
  await press("{ArrowDown}{Enter}");
  expect(lastAsked(backend, "testHost")).toEqual(["new-box"]);
});

test("a host is added from ssh's aliases without a mouse, and tested at once", async () => {
  const { app, backend } = await listed("hosts-empty");
  the("button", "Add host…").focus();
  await press("{Enter}");
  expect(document.activeElement?.id).toContain("address");
  await press("{Shift>}{Tab}{/Shift}{Home}{End}{ArrowUp}");
  expect(focused()).toBe("lab-server");
  await press("{Enter}");
  expect((document.querySelector("input[id$=-name]") as HTMLInputElement).value).toBe("lab-server");
  expect(document.activeElement?.id).toContain("address");
  await press("{Enter}");
  await until(() => app.hosts.key === "lab-server", "the host's page");
  expect(lastAsked(backend, "addHost")).toMatchObject([{ name: "lab-server", destination: "lab-server", port: null }]);
  expect(lastAsked(backend, "testHost")).toEqual(["lab-server"]);
  await until(() => text().includes("connected, 38 ms"), "the answer");
});

test("what cannot be a host is said beside its field, and not added; a key is chosen in the system's dialog", async () => {
  const { backend } = await listed("hosts");
  await click(the("button", "Add host…"));
  await fill("Address", "root@gpu-9");
  await fill("Name", "gpu-7");
  await fill("Port", "99999");
  for (const words of ["the user has a field of its own", "There is a host gpu-7 already", "A port is a number from 1 to 65535", "asks for no password"]) expect(dialog()).toContain(words);
  await press("{Enter}");
  expect(lastAsked(backend, "addHost")).toBeUndefined();
  await fill("Address", "gpu-9");
  await fill("Name", "big one".replace(" ", "-"));
  await fill("Port", "2207");
  await fill("User", "root");
  await click(the("button", "Choose…"));
  await press("{Enter}");
  backend.failures.set("addHost", { code: "host_name", message: "no", hints: [], chain: [] });
  await click(the("button", "Add and test"));
  expect(dialog()).toContain("no");
  backend.failures.clear();
  await click(the("button", "Add and test"));
  expect(lastAsked(backend, "addHost")).toEqual([{ name: "big-one", destination: "root@gpu-9", port: 2207, identity: "/home/ada/.ssh/id_ed25519_gpu", ssh_config: null }]);
});

test("an unknown key is shown with how to compare it, and is accepted only with the button for it", async () => {
  const { backend } = await hosted("host-key");
  expect(text()).toContain("Compare it with the machine's own");
  await click(the("button", "Test"));
  await until(() => dialog() !== "", "the question");
  expect(dialog()).toContain("SHA256:yI3p1Cq0v8o5mWfN2sXbTgk7LrEJd9hQzUa4BnMx6Yw");
  expect(dialog()).toContain("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
  expect(focused()).toBe("Cancel");
  await press("{Enter}");
  expect(dialog()).toBe("");
  expect(lastAsked(backend, "acceptHostKey")).toBeUndefined();
  await click(the("button", "Compare the key…"));
  await click(the("button", "Accept"));
  expect(lastAsked(backend, "acceptHostKey")).toEqual(["new-box", "SHA256:yI3p1Cq0v8o5mWfN2sXbTgk7LrEJd9hQzUa4BnMx6Yw"]);
  await until(() => text().includes("connected, 41 ms") && dialog() === "", "the connection");
});

test("a host whose key nobody asked about asks no question by itself", async () => {
  const { backend } = await hosted("host-new");
  await until(() => text().includes("key unknown"), "the answer");
  expect(lastAsked(backend, "testHost")).toEqual(["new-box"]);
  expect(dialog()).toBe("");
});

test("a changed key is refused with the reason, and there is nothing to accept", async () => {
  await hosted("host-changed");
  expect(text()).toContain("Host lab-server shows another key");
  expect(text()).toContain("somebody stands between you and it");
  const buttons = [...document.querySelectorAll("button")].map((button) => button.innerText);
  expect(buttons.filter((label) => /accept|compare/i.test(label))).toEqual([]);
  expect((the("button", "Install…") as HTMLButtonElement).disabled).toBe(true);
});

test("the page has the facts of the last test, and warns of a home that cannot be written to", async () => {
  await hosted("host-unreachable");
  for (const words of ["Connection timed out", "Nothing can be written to /root on rented-a100", "Debian GNU/Linux 12 (bookworm) x86_64", "git none", "does not answer", "212 GiB", "not used", "read-only"]) expect(text()).toContain(words);
});

test("what was done on a host is listed with its outcome, and shown when it is chosen", async () => {
  const { app, backend } = await hosted("host-cancelled");
  const rows = [...document.querySelectorAll<HTMLElement>("tbody tr")].map((line) => line.innerText.replace(/\s+/g, " "));
  expect(rows[0]).toMatch(/^Install custom_nodes.csv cancelled 34 6 m 07 s .+ Retry$/);
  expect(rows[1]).toContain("3 mismatches, 1 missing");
  expect(rows[2]).toContain("succeeded");
  await click(document.querySelector("tbody .open") as HTMLElement);
  expect(text()).toContain("Cancelled by the user. 12 done · 1 already installed · 1 failed; what was not whole was removed.");
  await click(the("button", "Retry Install custom_nodes.csv on gpu-7"));
  expect(lastAsked(backend, "retryJob")).toHaveLength(1);
  backend.advance(100);
  await until(() => app.jobs.running.length === 1, "the retry");
  expect(text()).toContain("runs on the host: closing the app does not stop it");
});

test("the rail has the hosts, and Activity leads to the host of a job", async () => {
  const { app } = await show("host-running");
  app.navigation.show("activity");
  await until(() => text().includes("Copy details"), "the details");
  expect(text()).toContain("Install custom_nodes.csv on gpu-7");
  expect(text()).toContain("ComfyUI-Flux-Kit");
  await click(the("button", "Open gpu-7"));
  await settled();
  expect(document.querySelector("h1")?.textContent).toBe("gpu-7");
});

test("a new round trip asks for no history again, and the end of a job does", async () => {
  const { backend } = await hosted("host-running");
  const asked = (): number => backend.asked.filter(({ name }) => name === "hostHistory").length;
  const before = asked();
  for (const round_trip of [39, 40, 41]) backend.changeHost("gpu-7", { standing: { type: "connected", round_trip } });
  await settled();
  expect(text()).toContain("connected, 41 ms");
  expect(asked()).toBe(before);
  await backend.cancelJob(backend.hostsState.hosts[0]!.jobs[0]!);
  await until(() => asked() > before, "a look at how it ended");
});

test("the question whether to quit says that what runs on hosts goes on there", async () => {
  const { backend } = await hosted("host-running");
  backend.tell({ part: "leaving", state: { quit: true, jobs: 1, unsaved: { files: 0, captures: 0 } } });
  await settled();
  expect(text()).toContain("1 job on hosts goes on there, whatever you choose, and is joined again by the next start.");
});
