//! The keys of a topology file, as containerlab 0.79 has them.

/// Of the file.
pub(super) const FILE: &[&str] = &["name", "prefix", "mgmt", "settings", "topology", "debug"];
/// Of `topology`.
pub(super) const TOPOLOGY: &[&str] = &["defaults", "kinds", "groups", "nodes", "links"];
/// Of `mgmt`.
pub(super) const MANAGEMENT: &[&str] = &[
    "network",
    "bridge",
    "ipv4-subnet",
    "ipv4-gw",
    "ipv4-range",
    "ipv6-subnet",
    "ipv6-gw",
    "ipv6-range",
    "mtu",
    "external-access",
    "skip-when-unused",
    "driver-opts",
];
/// Of `settings`.
pub(super) const SETTINGS: &[&str] = &["certificate-authority"];
/// Of `settings.certificate-authority`.
pub(super) const AUTHORITY: &[&str] = &["cert", "key", "key-size", "validity-duration"];
/// Of a node, a group, a kind and the defaults. `extra-hosts` is ours.
pub(super) const NODE: &[&str] = &[
    "kind",
    "group",
    "type",
    "startup-config",
    "startup-delay",
    "enforce-startup-config",
    "suppress-startup-config",
    "auto-remove",
    "restart-policy",
    "config",
    "image",
    "image-pull-policy",
    "license",
    "position",
    "hostname",
    "entrypoint",
    "cmd",
    "exec",
    "binds",
    "volumes",
    "devices",
    "cap-add",
    "privileged",
    "cgroupns-mode",
    "cgroup-parent",
    "pid-mode",
    "tmpfs",
    "security-opts",
    "shm-size",
    "ports",
    "mgmt-ipv4",
    "mgmt-ipv6",
    "env",
    "env-files",
    "user",
    "labels",
    "network-mode",
    "runtime",
    "cpu",
    "cpu-set",
    "memory",
    "sysctls",
    "extras",
    "stages",
    "dns",
    "extra-hosts",
    "certificate",
    "healthcheck",
    "credentials",
    "aliases",
    "components",
    "link-apply-mode",
];
/// Keys that count only on a node itself.
pub(super) const NODE_ONLY: &[&str] = &["mgmt-ipv4", "mgmt-ipv6", "aliases"];
/// Keys of earlier releases, and what they are called today.
pub(super) const RENAMED: &[(&str, &str)] = &[
    ("username", "credentials.username"),
    ("password", "credentials.password"),
    ("ipv4_subnet", "ipv4-subnet"),
    ("ipv6_subnet", "ipv6-subnet"),
    ("mgmt_ipv4", "mgmt-ipv4"),
    ("mgmt_ipv6", "mgmt-ipv6"),
    ("udp-port", "dst-port"),
];
/// Of `config`.
pub(super) const CONFIG: &[&str] = &["vars"];
/// Of `dns`.
pub(super) const DNS: &[&str] = &["servers", "options", "search"];
/// Of `certificate`.
pub(super) const CERTIFICATE: &[&str] = &["issue", "key-size", "validity-duration", "sans"];
/// Of `healthcheck`.
pub(super) const HEALTHCHECK: &[&str] = &["test", "interval", "timeout", "retries", "start-period"];
/// Of `credentials`.
pub(super) const CREDENTIALS: &[&str] = &["username", "password", "identity-file"];
/// Of `stages`.
pub(super) const STAGES: &[&str] = &["create", "create-links", "configure", "healthy", "exit"];
/// Of one stage.
pub(super) const STAGE: &[&str] = &["wait-for", "exec"];
/// Of an item of `wait-for`.
pub(super) const WAIT_FOR: &[&str] = &["node", "stage"];
/// Of an item of a stage's `exec`.
pub(super) const STAGE_EXEC: &[&str] = &["command", "target", "phase"];
/// Of a stage's `exec` where it is a map.
pub(super) const STAGE_EXEC_MAP: &[&str] = &["on-enter", "on-exit"];
/// Of an end of a link.
pub(super) const ENDPOINT: &[&str] = &["node", "interface", "mac", "ipv4", "ipv6", "vars"];
