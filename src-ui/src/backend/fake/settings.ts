import type { SettingsState } from "../generated/SettingsState";

/** The defaults, and a rule of the user's own. */
export function settings(): SettingsState {
  return {
    settings: { engine: null, imports_at_once: 2, pulls_at_once: 3, theme: "system", notifications: "all", closing: "ask", log_level: "information" },
    error: null,
    places: {
      home: "/home/ada",
      settings: "/home/ada/.config/labwright/settings.toml",
      kinds: "/home/ada/.config/labwright/kinds.toml",
      history: "/home/ada/.local/share/labwright/history.sqlite",
      log: "/home/ada/.local/state/labwright/labwright.log",
    },
    kinds: [
      { name: "acme_router", title: "Acme router", reference: "acme:{version}", own: true },
      { name: "arista_ceos", title: "Arista cEOS", reference: "ceos:{version}", own: false },
      { name: "cisco_xrd", title: "Cisco XRd control plane", reference: "xrd-control-plane:{version}", own: false },
      { name: "cisco_xrd_vrouter", title: "Cisco XRd vRouter", reference: "xrd-vrouter:{version}", own: false },
      { name: "juniper_crpd", title: "Juniper cRPD", reference: "crpd:{version}", own: false },
      { name: "nokia_srlinux", title: "Nokia SR Linux", reference: "srlinux:{version}", own: false },
      { name: "sonic-vs", title: "SONiC", reference: "docker-sonic-vs:{version}", own: false },
      { name: "vyosnetworks_vyos", title: "VyOS", reference: "vyos:{version}", own: false },
      { name: "linux", title: "FRRouting", reference: "frr:{version}", own: false },
    ],
    kinds_error: null,
    history_error: null,
  };
}
