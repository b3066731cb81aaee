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
/// Of a node, a group, a kind and the defaults. `extra-hosts` is ours, `username` and `password` are of earlier releases.
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
    "username",
    "password",
    "aliases",
    "components",
    "link-apply-mode",
];
/// What asks in `env` for all variables of whoever deploys.
pub(super) const IMPORT_ENVIRONMENT: &str = "__IMPORT_ENVS";
/// Keys that count only on a node itself.
pub(super) const NODE_ONLY: &[&str] = &["mgmt-ipv4", "mgmt-ipv6", "aliases"];
/// Keys of earlier releases, and what they are called today.
pub(super) const RENAMED: &[(&str, &str)] = &[
    ("ipv4_subnet", "ipv4-subnet"),
    ("ipv6_subnet", "ipv6-subnet"),
    ("mgmt_ipv4", "mgmt-ipv4"),
    ("mgmt_ipv6", "mgmt-ipv6"),
    ("udp-port", "dst-port"),
];
/// Of `dns`.
pub(super) const DNS: &[&str] = &["servers", "options", "search"];
/// Of `healthcheck`.
pub(super) const HEALTHCHECK: &[&str] = &["test", "interval", "timeout", "retries", "start-period"];
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;
    use crate::topology::read::forms::{COMMON, Form, TYPES};
    use crate::topology::words::words;
    use std::collections::BTreeSet;

    /// The keys that there are words for at a place.
    fn told(within: &str) -> BTreeSet<String> {
        let words = words().unwrap();
        let there = words.into_iter().filter(|word| word.within == within);
        there.map(|word| word.key).collect()
    }

    fn keys(lists: &[&[&str]]) -> BTreeSet<String> {
        let keys = lists.iter().flat_map(|list| list.iter());
        keys.map(ToString::to_string).collect()
    }

    #[test]
    fn every_key_has_a_sentence_and_nothing_else_has() {
        let forms: Vec<Form> = TYPES.into_iter().filter_map(|(_, form)| form).collect();
        let of_links: Vec<&str> = forms.iter().flat_map(|form| form.keys()).copied().collect();
        for (within, lists) in [
            ("", &[FILE][..]),
            ("mgmt", &[MANAGEMENT]),
            ("settings", &[SETTINGS]),
            ("topology", &[TOPOLOGY]),
            ("topology.defaults", &[NODE]),
            ("topology.kinds.*", &[NODE]),
            ("topology.groups.*", &[NODE]),
            ("topology.nodes.*", &[NODE]),
            ("topology.nodes.*.dns", &[DNS]),
            ("topology.nodes.*.healthcheck", &[HEALTHCHECK]),
            ("topology.nodes.*.stages", &[STAGES]),
            ("topology.nodes.*.stages.*", &[STAGE]),
            ("topology.nodes.*.stages.*.wait-for", &[WAIT_FOR]),
            (
                "topology.nodes.*.stages.*.exec",
                &[STAGE_EXEC, STAGE_EXEC_MAP],
            ),
            ("topology.links", &[&COMMON[..], &of_links]),
            ("topology.links.endpoints", &[ENDPOINT]),
            ("topology.links.endpoint", &[ENDPOINT]),
        ] {
            assert_eq!(told(within), keys(lists), "{within}");
        }
        for word in words().unwrap() {
            let about = word.about;
            assert!(
                about.len() > 8 && about.ends_with('.'),
                "{}: {about}",
                word.key
            );
        }
    }
}
