//! Inheritance: a node, its group, its kind, the defaults.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod reading;

use labwright_labs::topology::{Node, Topology};
use proptest::prelude::*;
use reading::good;
use std::collections::BTreeMap;

/// The levels, the farthest first.
const LEVELS: [&str; 4] = ["defaults", "kind", "group", "node"];

/// A node `r1` of kind `linux` and group `g`, with something said at each level.
fn node_with(said: impl Fn(&str) -> String) -> Node {
    let [defaults, kind, group, node] = LEVELS.map(said);
    let text = format!(
        "name: a
topology:
  defaults: {{{defaults}}}
  kinds: {{linux: {{{kind}}}}}
  groups: {{g: {{{group}}}}}
  nodes: {{r1: {{kind: linux, group: g, {node}}}}}
"
    );
    let Topology { mut nodes, .. } = good(&text);
    nodes.remove(0)
}

#[test]
fn kind_and_group_are_found_as_containerlab_finds_them() {
    let topology = good(
        "name: a
topology:
  defaults: {kind: linux, group: fallback, image: a}
  kinds: {bridge: {group: switches}}
  groups: {fallback: {}, routers: {kind: ceos}, switches: {user: rack}}
  nodes:
    own: {kind: bridge}
    grouped: {group: routers}
    both: {kind: linux, group: routers}
    neither:
    unknown-group: {group: spare}",
    );
    let found: Vec<_> = topology
        .nodes
        .iter()
        .map(|node| {
            (
                node.name.as_str(),
                node.kind.as_str(),
                node.settings.group.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("own", "bridge", "switches"),
            ("grouped", "arista_ceos", "routers"),
            ("both", "linux", "routers"),
            ("neither", "linux", "fallback"),
            ("unknown-group", "linux", "spare"),
        ]
    );
    assert_eq!(
        topology.node("own").unwrap().settings.user.as_deref(),
        Some("rack")
    );
}

#[test]
fn a_kinds_settings_are_those_under_the_name_that_the_node_uses() {
    let topology = good(
        "name: a\ntopology:\n  kinds: {ceos: {image: short}, arista_ceos: {image: long}}\n  nodes: {r1: {kind: ceos}, r2: {kind: arista_ceos}}",
    );
    let images: Vec<_> = topology
        .nodes
        .iter()
        .map(|node| node.settings.image.as_deref().unwrap())
        .collect();
    assert_eq!(images, ["short", "long"]);
}

#[test]
fn some_keys_count_only_on_the_node() {
    let node = node_with(|level| {
        format!(
            "image: a, aliases: [{level}], mgmt-ipv4: 172.20.20.{}",
            level.len()
        )
    });
    assert_eq!(node.settings.aliases, ["node"]);
    assert_eq!(
        node.settings.management_ipv4.unwrap().to_string(),
        "172.20.20.4"
    );
}

#[test]
fn lists_add_up_but_ports_do_not() {
    let node = node_with(|level| {
        format!(
            "image: a, exec: [echo {level}, echo all], cap-add: [{level}], devices: [/dev/{level}], env-files: [{level}.env], security-opts: [{level}], extra-hosts: ['{level}:10.0.0.1'], ports: ['{}:80'], binds: ['{level}:/same', '{level}:/{level}']",
            level.len()
        )
    });
    let settings = &node.settings;
    let exec: Vec<_> = settings
        .exec
        .iter()
        .map(|exec| exec.text.as_str())
        .collect();
    assert_eq!(
        exec,
        [
            "echo defaults",
            "echo all",
            "echo kind",
            "echo group",
            "echo node"
        ]
    );
    assert_eq!(settings.cap_add, LEVELS);
    assert_eq!(settings.security_options, LEVELS);
    assert_eq!(settings.devices.len(), 4);
    assert_eq!(settings.environment_files.len(), 4);
    assert_eq!(settings.extra_hosts.len(), 4);
    assert_eq!(settings.ports[0].host_port, Some(4));
    assert_eq!(settings.ports.len(), 1);
    let same = settings
        .binds
        .iter()
        .find(|bind| bind.target == "/same")
        .unwrap();
    assert!(same.source.ends_with("node"));
    assert_eq!(settings.binds.len(), 5);
}

#[test]
fn stages_add_up_and_the_same_wait_stands_once() {
    let stages = |level: &str| {
        format!(
            "image: a, stages: {{create: {{wait-for: [{{node: r1, stage: exit}}], exec: [{{command: echo {level}}}]}}}}"
        )
    };
    let [defaults, kind, group, node] = LEVELS.map(stages);
    let text = format!(
        "name: a\ntopology:\n  defaults: {{{defaults}}}\n  kinds: {{linux: {{{kind}}}}}\n  groups: {{g: {{{group}}}}}\n  nodes: {{r1: {{kind: bridge}}, r2: {{kind: linux, group: g, {node}}}}}"
    );
    let error = reading::read(&text).unwrap_err();
    // A bridge inherits the defaults too, and would wait for itself.
    assert!(error.to_string().contains("waits for itself"));
    let topology = good(&text.replace(&defaults, "image: a"));
    let node = topology.node("r2").unwrap();
    assert_eq!(node.settings.stages.create.wait_for.len(), 1);
    assert_eq!(node.settings.stages.create.exec.len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Of a text the nearest level counts, whichever levels say something.
    #[test]
    fn the_nearest_text_counts(says in proptest::array::uniform4(any::<bool>())) {
        let said = |level: &str| {
            let index = LEVELS.iter().position(|name| *name == level).unwrap();
            let image = if says[index] { level } else { "''" };
            format!("image: {image}, user: {level}")
        };
        let nearest = LEVELS.iter().zip(says).rev().find(|(_, says)| *says);
        prop_assume!(nearest.is_some());
        let node = node_with(said);
        prop_assert_eq!(node.settings.image.as_deref(), nearest.map(|(level, _)| *level));
        prop_assert_eq!(node.settings.user.as_deref(), Some("node"));
    }

    /// Of a map every key counts, with the nearest level's value.
    #[test]
    fn maps_merge_with_the_nearest_first(keys in proptest::array::uniform4(proptest::collection::btree_set("[A-E]", 0..5))) {
        let said = |level: &str| {
            let index = LEVELS.iter().position(|name| *name == level).unwrap();
            let pairs: Vec<_> = keys[index].iter().map(|key| format!("{key}: {level}")).collect();
            format!("image: a, env: {{{0}}}, labels: {{{0}}}, sysctls: {{{0}}}, tmpfs: {{{0}}}", pairs.join(", "))
        };
        let mut expected = BTreeMap::new();
        for (level, keys) in LEVELS.iter().zip(&keys) {
            expected.extend(keys.iter().map(|key| (key.clone(), (*level).to_owned())));
        }
        let settings = node_with(said).settings;
        prop_assert_eq!(&settings.environment, &expected);
        prop_assert_eq!(&settings.labels, &expected);
        prop_assert_eq!(&settings.sysctls, &expected);
        prop_assert_eq!(&settings.tmpfs, &expected);
    }
}
