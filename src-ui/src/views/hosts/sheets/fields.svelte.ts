import type { Host } from "../../../backend/generated/Host";
import { addressProblem, hostFrom, hostNameProblem, portProblem, userProblem } from "../../../words/hosts";

/** What the user fills in to add a host. */
export class HostFields {
  name: string = $state("");
  address: string = $state("");
  user: string = $state("");
  port: string = $state("");
  identity: string = $state("");
  #taken: () => ReadonlySet<string>;

  /** What it will be called: the address, where no name is given. */
  readonly called: string = $derived(this.name.trim() || this.address.trim());
  readonly problems: { name: string; address: string; user: string; port: string } = $derived.by(() => ({
    name: hostNameProblem(this.called, this.#taken()),
    address: addressProblem(this.address.trim()),
    user: userProblem(this.user.trim()),
    port: portProblem(this.port.trim()),
  }));
  readonly isReady: boolean = $derived(this.address.trim() !== "" && Object.values(this.problems).every((problem) => problem === ""));

  constructor(taken: () => ReadonlySet<string>) {
    this.#taken = taken;
  }

  /** Takes an alias of ssh's configuration, which says everything else. */
  fill(alias: string): void {
    Object.assign(this, { name: alias, address: alias, user: "", port: "", identity: "" });
  }

  get host(): Host {
    const { name, address, user, port, identity } = this;
    return hostFrom({ name: name.trim(), address: address.trim(), user: user.trim(), port: port.trim(), identity: identity.trim() });
  }
}
