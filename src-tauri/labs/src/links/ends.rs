//! Ends of links as people write them: `leaf1:Ethernet1` is `leaf1:eth1`. Pure.

use super::LinkError;
use crate::kinds::Kinds;
use crate::running::{RunningLab, RunningNode};
use labwright_patchbay::EndName;

/// The end that is meant. What belongs to no node is taken as it is: the patchbay knows switches and ends outside.
pub(super) fn resolve(
    lab: &RunningLab,
    kinds: &Kinds,
    written: &EndName,
) -> Result<EndName, LinkError> {
    let node = lab.nodes.iter().find(|node| node.name == written.owner());
    match node {
        Some(node) => port(lab, kinds, node, written),
        None => Ok(written.clone()),
    }
}

/// A port by its Linux name, or as the node's kind calls it. The kind's own variables count; what a user sets otherwise is
/// not known any more once the node runs, and its ports still have their Linux names.
fn port(
    lab: &RunningLab,
    kinds: &Kinds,
    node: &RunningNode,
    written: &EndName,
) -> Result<EndName, LinkError> {
    let name = written.interface();
    let Some(kind) = kinds.get(&node.kind) else {
        return Ok(written.clone());
    };
    if node.record.ports.iter().any(|port| port == name) {
        return Ok(written.clone());
    }
    let linux = kind.interfaces.linux_name(name, &kind.environment, true);
    let linux = linux.map_err(|source| LinkError::Port {
        lab: lab.name.clone(),
        end: written.to_string(),
        ports: node.record.ports.clone(),
        source: Box::new(source),
    })?;
    Ok(EndName::new(&node.name, linux.as_str())?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::resolve;
    use crate::kinds::Kinds;
    use crate::labels::NodeRecord;
    use crate::running::{RunningLab, RunningNode};
    use labwright_engine::ContainerStatus;

    fn node(name: &str, kind: &str, ports: &[&str]) -> RunningNode {
        RunningNode {
            name: name.to_owned(),
            kind: kind.to_owned(),
            container: format!("clab-dc1-{name}"),
            id: String::new(),
            image: "image:1".to_owned(),
            status: ContainerStatus::Running,
            ours: true,
            record: NodeRecord {
                ports: ports.iter().map(ToString::to_string).collect(),
                ..NodeRecord::default()
            },
        }
    }

    fn resolved(written: &str) -> Result<String, String> {
        let lab = RunningLab {
            name: "dc1".to_owned(),
            file: String::new(),
            owner: String::new(),
            ours: true,
            networks: std::collections::BTreeSet::new(),
            nodes: vec![
                node("leaf1", "arista_ceos", &["eth1", "eth2", "eth3_1"]),
                node("srl", "nokia_srlinux", &["e1-1"]),
                node("h1", "linux", &["eth1", "eth0"]),
                node("old", "no_such_kind", &[]),
            ],
            patchbay: Some(ContainerStatus::Running),
        };
        let end = resolve(&lab, &Kinds::built_in().unwrap(), &written.parse().unwrap());
        end.map(|end| end.to_string())
            .map_err(|error| error.report().in_one_line())
    }

    #[test]
    fn ports_have_linux_names_and_those_of_their_kind() {
        for (written, meant) in [
            ("leaf1:eth1", "leaf1:eth1"),
            ("leaf1:Ethernet2", "leaf1:eth2"),
            ("leaf1:ethernet3/1", "leaf1:eth3_1"),
            ("srl:ethernet-1/1", "srl:e1-1"),
            // A node without the management network can have it as a port.
            ("h1:eth0", "h1:eth0"),
            ("old:Whatever9", "old:Whatever9"),
            ("switch:eth7", "switch:eth7"),
            ("host:uplink", "host:uplink"),
        ] {
            assert_eq!(resolved(written).unwrap(), meant);
        }
    }

    #[test]
    fn what_is_no_port_is_said_with_the_ports() {
        let said = ["leaf1:Management0", "leaf1:xe-0/0/1", "srl:eth1"]
            .map(|end| resolved(end).unwrap_err());
        insta::assert_snapshot!(said.join("\n"));
    }
}
