//! Each rule, by a wiring that breaks it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use serde_json::json;

use super::interface_name_fault;
use crate::{ProblemCode, Wiring};

const A: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn wiring(value: serde_json::Value) -> Wiring {
    serde_json::from_value(value).unwrap()
}

fn port(end: &str) -> serde_json::Value {
    json!({"end": end, "mac": "aa:c1:ab:00:00:01"})
}

fn link(a: &str, b: &str) -> serde_json::Value {
    json!({"ends": [{"end": a}, {"end": b}]})
}

#[test]
fn everything_that_exists_is_accepted() {
    let wiring = wiring(json!({
        "nodes": {"a": {"container": A}, "b": {"container": A}},
        "ports": [port("a:eth1"), port("a:eth2"), port("a:eth3"), port("b:eth1"), port("b:eth2")],
        "switches": [{"name": "br"}],
        "outside": [
            {"end": "host:lab0", "kind": {"type": "host", "bridge": "br-1"}},
            {"end": "macvlan:1", "kind": {"type": "macvlan", "parent": "eth0"}},
            {"end": "vxlan:1", "kind": {"type": "vxlan", "remote": "192.0.2.1", "vni": 7}},
            {"end": "dummy:1", "kind": {"type": "dummy"}},
        ],
        "links": [
            link("a:eth1", "b:eth1"), link("a:eth2", "host:lab0"), link("a:eth3", "macvlan:1"),
            link("b:eth2", "dummy:1"), link("vxlan:1", "br:p1"),
        ],
    }));
    assert_eq!(wiring.problems(), []);
}

#[test]
fn every_fault_is_told_at_once() {
    let wiring = wiring(json!({
        "nodes": {"a": {"container": "a"}, "b:c": {"container": A}, "br": {"container": A}},
        "ports": [
            port("a:eth1"), port("a:eth1"), port("gone:eth1"), port("a:sixteen-letters"), port("a:lo"),
            {"end": "a:eth2", "mac": "01:00:00:00:00:00", "mtu": 9},
        ],
        "switches": [{"name": "br"}, {"name": "sw"}],
        "outside": [
            {"end": "a:x", "kind": {"type": "dummy"}},
            {"end": "host:same", "kind": {"type": "host", "mac": "00:00:00:00:00:00", "bridge": "a b"}},
            {"end": "mgmt-net:same", "kind": {"type": "host"}, "mtu": 70000},
            {"end": "macvlan:1", "kind": {"type": "macvlan", "parent": ""}},
            {"end": "vxlan:1", "kind": {"type": "vxlan", "remote": "224.0.0.1", "vni": 0, "udp_port": 0}},
        ],
        "links": [
            link("a:eth1", "a:eth1"), link("a:eth2", "a:eth9"), link("a:eth2", "nobody:eth1"),
            link("sw:1", "sw:2"), link("macvlan:1", "host:same"),
            {"ends": [
                {"end": "vxlan:1", "impairments": {"jitter_us": 1, "loss_ppm": 1_000_001}},
                {"end": "sw:3", "impairments": {"corruption_ppm": 1_000_001, "rate_bps": 1}},
            ]},
        ],
    }));
    let lines: Vec<_> = (wiring.problems().into_iter())
        .map(|problem| {
            format!(
                "{:?} [{}] {}",
                problem.code, problem.object, problem.message
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_fingerprint_does_not_depend_on_the_order() {
    let make = |first: &str, second: &str| {
        wiring(json!({
            "nodes": {"a": {"container": A}},
            "ports": [port(first), port(second)],
            "links": [link(first, second)],
        }))
    };
    let one = make("a:eth1", "a:eth2");
    assert_eq!(one.fingerprint(), make("a:eth2", "a:eth1").fingerprint());
    assert_ne!(one.fingerprint(), make("a:eth1", "a:eth3").fingerprint());
}

#[test]
fn hostile_names_are_refused() {
    let names = [
        "",
        ".",
        "..",
        "lo",
        "all",
        "default",
        "a/b",
        "a:b",
        "a b",
        "a\tb",
        "a\nb",
        "eth%d",
        "a\0b",
        "à",
        "sixteen-letters!",
    ];
    for name in names {
        assert!(interface_name_fault(name).is_some(), "{name:?}");
    }
    for name in [
        "eth1",
        "eth1_1",
        "e1-1",
        "Gi0-0-0-0",
        "$(reboot)",
        "-h",
        "fifteen-letters",
        "ü",
    ] {
        assert_eq!(interface_name_fault(name), None, "{name:?}");
    }
}

#[test]
fn an_unknown_code_is_still_a_problem() {
    let problem: crate::Problem =
        serde_json::from_value(json!({"code": "from_the_future", "message": "m"})).unwrap();
    assert_eq!(problem.code, ProblemCode::Other);
}

proptest! {
    #[test]
    fn no_name_that_is_accepted_is_too_long_for_linux(name in ".{0,20}") {
        if interface_name_fault(&name).is_none() {
            prop_assert!((1..=15).contains(&name.len()));
            prop_assert!(!name.contains(['/', ':', ' ', '\0']));
        }
    }

    #[test]
    fn any_text_is_checked_without_a_panic(owner in ".{0,20}", interface in ".{0,20}") {
        if let Ok(end) = crate::EndName::new(&owner, &interface) {
            let wiring = wiring(json!({"ports": [port(end.as_str())], "links": [link(end.as_str(), "a:b")]}));
            prop_assert!(!wiring.problems().is_empty());
        }
    }
}
