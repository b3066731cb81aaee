import type { HostView } from "../backend/generated/HostView";
import type { HostsState } from "../backend/generated/HostsState";

/** The hosts, and the one that is open. */
export class Hosts {
  state: HostsState = $state.raw({ hosts: [], suggestions: [], problem: null });
  /** The name of the host that the user opened. */
  key: string | null = $state(null);

  get all(): HostView[] {
    return this.state.hosts;
  }

  /** The open host; null while none is, or it was not told yet. */
  readonly open: HostView | null = $derived.by(() => (this.key === null ? null : (this.get(this.key) ?? null)));

  get(name: string): HostView | undefined {
    return this.state.hosts.find(({ host }) => host.name === name);
  }
}
