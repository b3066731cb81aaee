//! What ends outside are called, however the rest of the file changes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::{Surroundings, wiring};
use crate::kinds::Kinds;
use crate::topology::{Origin, Topology};
use labwright_patchbay::{Outside, Wiring};
use std::path::Path;

const FIRST: &str = "
    - endpoints: ['r1:eth1', 'r2:eth1']
    - endpoints: ['r1:eth2', 'dummy:x']
    - type: vxlan
      endpoint: {node: r2, interface: eth2}
      remote: 10.0.0.8
      vni: 101
";

const OUTSIDE: &str = "
    - type: vxlan
      endpoint: {node: r1, interface: eth5}
      remote: 10.0.0.7
      vni: 100
    - type: macvlan
      endpoint: {node: r1, interface: eth6}
      host-interface: eno1
      mode: passthru
    - type: vxlan-stitch
      endpoint: {node: sw, interface: a}
      remote: 10.0.0.7
      vni: 102
    - endpoints: ['r2:eth7', 'dummy:x']
";

/// The wiring of two containers and a switch.
fn wired(links: &str) -> Wiring {
    let kinds = Kinds::built_in().unwrap();
    let origin = Origin {
        file: Path::new("/labs/dc1.clab.yml"),
        kinds: &kinds,
        git: None,
        home: None,
    };
    let text = format!(
        "
name: dc1
topology:
  kinds: {{linux: {{image: 'frr:10'}}}}
  nodes:
    r1: {{kind: linux}}
    r2: {{kind: linux}}
    r1-e1: {{kind: linux}}
    sw: {{kind: bridge}}
  links:
{links}"
    );
    let topology = Topology::parse(&text, &origin, &|_: &str| None).unwrap();
    let containers = ["r1", "r2", "r1-e1"].map(|name| (name.to_owned(), "0a".repeat(32)));
    let around = Surroundings {
        containers: containers.into(),
        ..Surroundings::default()
    };
    wiring(&topology, &kinds, &around)
}

fn names(outside: &[Outside]) -> Vec<&str> {
    outside.iter().map(|outside| outside.end.as_str()).collect()
}

#[test]
fn ends_outside_are_called_by_their_port() {
    let wiring = wired(OUTSIDE);
    assert_eq!(
        names(&wiring.outside),
        [
            "vxlan-r1/eth5:vx100",
            "macvlan-r1/eth6:eno1",
            "vxlan-sw/a:vx102",
            "dummy-r2/eth7:none"
        ]
    );
    assert_eq!(wiring.problems(), []);
}

#[test]
fn ends_outside_stay_when_links_before_them_go() {
    let before = wired(&format!("{FIRST}{OUTSIDE}"));
    let after = wired(OUTSIDE);
    assert_eq!(before.outside.len(), after.outside.len() + 2);
    for outside in &after.outside {
        assert!(before.outside.contains(outside), "{}", outside.end);
    }
}

#[test]
fn no_two_ports_have_the_same_end_outside() {
    let wiring = wired(
        "
    - endpoints: ['r1:e1-1', 'dummy:x']
    - endpoints: ['r1-e1:1', 'dummy:x']
",
    );
    assert_eq!(
        names(&wiring.outside),
        ["dummy-r1/e1-1:none", "dummy-r1-e1/1:none"]
    );
    assert_eq!(wiring.problems(), []);
}
