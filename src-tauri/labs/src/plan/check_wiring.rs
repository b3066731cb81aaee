//! Links that the patchbay would refuse: found before it is there.

use super::error::Obstacle;
use super::wiring::{LinkEnds, Surroundings, wiring_and_ends};
use crate::kinds::{Kind, Kinds};
use crate::topology::{LinkForm, Topology, TunnelRemote};
use labwright_patchbay::{Problem, ProblemCode};
use std::net::{IpAddr, Ipv4Addr};

/// Stands for the other side of a vxlan whose name is looked up later: an address for documentation (RFC 5737).
const SOMEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// What is wrong with the wiring that the file asks for, in the order of its links.
pub(super) fn links(topology: &Topology, kinds: &Kinds) -> Vec<Obstacle> {
    let (wiring, ends) = wiring_and_ends(topology, kinds, &later(topology, kinds));
    let problems = wiring.problems().into_iter();
    let found = problems.map(|problem| {
        let is_of = |(_, ends): &&LinkEnds<'_>| {
            let mut ends = ends.iter().flatten();
            ends.any(|end| end.as_str() == problem.object)
        };
        let link = ends.iter().find(is_of).map(|(link, _)| *link);
        let number = link.map(|link| link.number);
        let of_link =
            link.map(|link| format!("link {} in line {}: ", link.number, link.place.line));
        let obstacle = Obstacle {
            code: "wiring",
            node: topology
                .node(&problem.object)
                .map(|node| node.name.to_string()),
            message: format!("{}{problem}", of_link.unwrap_or_default()),
            hint: hint(&problem).to_owned(),
        };
        (number, obstacle)
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, obstacle)| obstacle).collect()
}

/// What will be there when the lab is wired, with something in the place of what is not known yet.
fn later(topology: &Topology, kinds: &Kinds) -> Surroundings {
    let nodes = topology.nodes.iter();
    let containers = nodes.filter(|node| kinds.get(&node.kind).is_some_and(Kind::is_container));
    let remotes = topology.links.iter().filter_map(|link| {
        let (LinkForm::Vxlan { tunnel, .. } | LinkForm::VxlanStitch { tunnel, .. }) = &link.form
        else {
            return None;
        };
        let TunnelRemote::Name(name) = &tunnel.remote else {
            return None;
        };
        Some((name.clone(), SOMEWHERE))
    });
    Surroundings {
        containers: containers
            .map(|node| (node.name.to_string(), "0".repeat(64)))
            .collect(),
        bridge: None,
        remotes: remotes.collect(),
    }
}

fn hint(problem: &Problem) -> &'static str {
    match problem.code {
        ProblemCode::LinkImpossible => {
            "Join a node's port instead, or take the link out of the file."
        }
        ProblemCode::InterfaceNameInvalid => "Give the interface another name.",
        ProblemCode::MacInvalid => "Give the end another mac, or none.",
        ProblemCode::VxlanInvalid => "Correct the remote, the vni or the port of the vxlan.",
        ProblemCode::Duplicate => "Give one of them another name, or take it out of the file.",
        _ => "Correct the link, or take it out of the file.",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::links;
    use crate::kinds::Kinds;
    use crate::topology::{Origin, Topology};
    use std::path::Path;

    const NODES: &str = "name: dc1
topology:
  kinds: {linux: {image: 'frr:10'}}
  nodes:
    r1: {kind: linux}
    one: {kind: bridge}
    other: {kind: bridge}
  links:
";

    fn found(links_of_file: &str) -> Vec<String> {
        let kinds = Kinds::built_in().unwrap();
        let origin = Origin {
            file: Path::new("/labs/dc1.clab.yml"),
            kinds: &kinds,
            git: None,
            home: None,
        };
        let text = format!("{NODES}{links_of_file}");
        let topology = Topology::parse(&text, &origin, &|_: &str| None).unwrap();
        let obstacles = links(&topology, &kinds).into_iter();
        obstacles
            .map(|obstacle| format!("{}: {} → {}", obstacle.code, obstacle, obstacle.hint))
            .collect()
    }

    #[test]
    fn links_that_cannot_be_are_told_with_their_lines() {
        let links = "    - endpoints: ['r1:eth1', 'one:a']
    - endpoints: ['one:b', 'other:a']
    - type: macvlan
      endpoint: {node: other, interface: b}
      host-interface: eno1
    - endpoints: ['one:c', 'dummy:x']
    - type: vxlan-stitch
      endpoint: {node: r1, interface: eth2}
      remote: 224.0.0.1
      vni: 7
    - type: host
      endpoint: {node: r1, interface: eth3, mac: '00:00:00:00:00:00'}
      host-interface: uplink
";
        let join = "Join a node's port instead, or take the link out of the file.";
        let expected = [
            format!(
                "wiring: link 2 in line 10: one:b and other:a cannot be linked: \
                 both are switches; make them one → {join}"
            ),
            format!(
                "wiring: link 3 in line 11: other:b and macvlan-other/b:eno1 cannot be linked: \
                 a macvlan has the MAC address of a node's port → {join}"
            ),
            format!(
                "wiring: link 4 in line 14: one:c and dummy-one/c:none cannot be linked: \
                 only a node's port can be linked to nothing → {join}"
            ),
            "wiring: link 5 in line 15: the vxlan vxlan-r1/eth2:vx7 cannot be: its remote 224.0.0.1 is no host's \
             address → Correct the remote, the vni or the port of the vxlan."
                .to_owned(),
            "wiring: link 6 in line 19: r1:eth3 cannot have the MAC address 00:00:00:00:00:00: it is a group's or \
             zero → Give the end another mac, or none."
                .to_owned(),
        ];
        assert_eq!(found(links), expected);
    }

    #[test]
    fn a_vxlan_whose_other_side_is_a_name_is_looked_at_too() {
        let vxlan = "    - type: vxlan
      endpoint: {node: r1, interface: eth1}
      remote: spine.example
      vni: 7
";
        assert_eq!(found(vxlan), Vec::<String>::new());
    }
}
