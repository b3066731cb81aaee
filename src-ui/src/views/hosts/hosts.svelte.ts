import type { HostView } from "../../backend/generated/HostView";
import type { App } from "../../state/app.svelte";
import { whereTo } from "../../words/hosts";
import { HostPageState } from "./page.svelte";

/** The list of hosts, and the pages of those that were opened. */
export class HostsPage {
  text: string = $state("");
  isAdding: boolean = $state(false);
  removing: HostView | null = $state.raw(null);
  /** The host whose key the user is asked about. */
  asking: string | null = $state(null);
  #app: App;
  #pages = new Map<string, HostPageState>();
  /** The host that the user wants to be asked, and whether it is by now. */
  #wanted: { name: string; isAsked: boolean } | null = null;

  readonly hosts: HostView[] = $derived.by(() => {
    const words = this.text.toLowerCase().split(/\s+/);
    return this.#app.hosts.all.filter((view) => words.every((word) => `${view.host.name} ${whereTo(view)} ${view.facts?.system ?? ""}`.toLowerCase().includes(word)));
  });

  constructor(app: App) {
    this.#app = app;
  }

  /** The page of a host: the same again when the user comes back to it. */
  pageOf(name: string): HostPageState {
    const known = this.#pages.get(name);
    if (known) return known;
    const made = new HostPageState(this.#app, name);
    this.#pages.set(name, made);
    return made;
  }

  /** Whether a plan is to be opened on the host that is shown. */
  get isPlanning(): boolean {
    const name = this.#app.hosts.key;
    return name !== null && this.#app.hosts.get(name) !== undefined && this.pageOf(name).draft !== null;
  }

  open(name: string): void {
    this.#app.hosts.key = name;
  }

  close(): void {
    this.#app.hosts.key = null;
  }

  /** Asks a host how it stands. What it shows as its key is then shown at once, if nobody knows it. */
  async test(name: string): Promise<void> {
    this.#wanted = { name, isAsked: false };
    await this.#app.ask((backend) => backend.testHost(name));
  }

  /** Looks whether the host that the user wanted to be asked has answered. */
  hear(hosts: readonly HostView[]): void {
    const wanted = this.#wanted;
    const standing = wanted && hosts.find(({ host }) => host.name === wanted.name)?.standing;
    if (!wanted || !standing) return;
    if (standing.type === "key_unknown") this.asking = wanted.name;
    if (standing.type === "asking") wanted.isAsked = true;
    else if (wanted.isAsked || standing.type === "key_unknown") this.#wanted = null;
  }

  /** Trusts a host's key. Fails with an `ErrorReport`. */
  async accept(name: string, fingerprint: string): Promise<void> {
    await this.#app.backend.acceptHostKey(name, fingerprint);
    this.asking = null;
    await this.#app.askAside((backend) => backend.testHost(name));
  }

  /** Forgets a host. Fails with an `ErrorReport`. */
  async remove(name: string): Promise<void> {
    await this.#app.backend.removeHost(name);
    this.#pages.delete(name);
    if (this.#app.hosts.key === name) this.close();
  }
}
