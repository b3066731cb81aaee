//! From one setting to another, and from a wiring to settings.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use labwright_patchbay::Link;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn end(name: &str) -> EndName {
    name.parse().unwrap()
}

fn present(ends: &[(&str, u32)]) -> Present {
    Present {
        ends: ends
            .iter()
            .map(|(name, index)| (end(name), *index))
            .collect(),
        switches: BTreeMap::from([("sw".to_owned(), 9)]),
    }
}

fn wiring(links: &[(&str, &str)]) -> Wiring {
    let mut wiring: Wiring = serde_json::from_value(json!({
        "switches": [{"name": "sw"}],
        "ports": [{"end": "a:eth1", "mac": "aa:c1:ab:00:00:01"}],
        "outside": [{"end": "macvlan:x", "kind": {"type": "macvlan", "parent": "eth0"}}],
    }))
    .unwrap();
    wiring.links = links
        .iter()
        .map(|(a, b)| Link::new(end(a), end(b)))
        .collect();
    wiring
}

#[test]
fn a_link_is_a_redirect_both_ways() {
    let settings = settings(
        &wiring(&[("a:eth1", "b:eth1")]),
        &present(&[("a:eth1", 5), ("b:eth1", 6), ("c:eth1", 7)]),
    );
    assert_eq!(settings[&end("a:eth1")].target, Target::Redirect(6));
    assert_eq!(settings[&end("b:eth1")].target, Target::Redirect(5));
    assert!(settings[&end("a:eth1")].up);
    assert_eq!(settings[&end("c:eth1")], Setting::default());
}

#[test]
fn an_end_stays_up_while_the_other_is_missing() {
    let settings = settings(&wiring(&[("a:eth1", "b:eth1")]), &present(&[("a:eth1", 5)]));
    let expected = Setting {
        up: true,
        ..Setting::default()
    };
    assert_eq!(settings[&end("a:eth1")], expected);
}

#[test]
fn the_ports_of_a_switch_are_those_linked_to_it() {
    let settings = settings(
        &wiring(&[("a:eth1", "sw:1"), ("sw:2", "b:eth1")]),
        &present(&[("a:eth1", 5), ("b:eth1", 6)]),
    );
    assert_eq!(settings[&end("a:eth1")].target, Target::PortOf(9));
    assert_eq!(settings[&end("b:eth1")].target, Target::PortOf(9));
}

#[test]
fn a_macvlan_has_the_address_of_its_port() {
    let settings = settings(
        &wiring(&[("a:eth1", "macvlan:x")]),
        &present(&[("a:eth1", 5), ("macvlan:x", 6)]),
    );
    assert_eq!(
        settings[&end("macvlan:x")].mac,
        Some("aa:c1:ab:00:00:01".parse().unwrap())
    );
    assert_eq!(settings[&end("a:eth1")].mac, None);
}

fn outside(ends: serde_json::Value) -> Vec<Outside> {
    serde_json::from_value(ends).unwrap()
}

fn names(ends: &[EndName]) -> Vec<&str> {
    ends.iter().map(EndName::as_str).collect()
}

#[test]
fn what_is_new_takes_the_place_of_what_takes_the_same() {
    let there = outside(json!([
        {"end": "host:stays", "kind": {"type": "host"}},
        {"end": "host:lab0", "kind": {"type": "host"}},
        {"end": "mgmt-net:lab1", "kind": {"type": "host", "bridge": "br-old"}},
        {"end": "macvlan-2:eth0", "kind": {"type": "macvlan", "parent": "eth0", "mode": "passthru"}},
        {"end": "macvlan-3:eth1", "kind": {"type": "macvlan", "parent": "eth1"}},
        {"end": "vxlan-4:vx7", "kind": {"type": "vxlan", "remote": "192.0.2.1", "vni": 7}},
        {"end": "vxlan-5:vx8", "kind": {"type": "vxlan", "remote": "192.0.2.1", "vni": 8}},
    ]));
    let wanted = outside(json!([
        {"end": "host:stays", "kind": {"type": "host"}},
        {"end": "mgmt-net:lab0", "kind": {"type": "host"}},
        {"end": "mgmt-net:lab1", "kind": {"type": "host", "bridge": "br-new"}},
        {"end": "macvlan-1:eth0", "kind": {"type": "macvlan", "parent": "eth0", "mode": "passthru"}},
        {"end": "macvlan-2:eth2", "kind": {"type": "macvlan", "parent": "eth2"}},
        {"end": "vxlan-3:vx7", "kind": {"type": "vxlan", "remote": "192.0.2.9", "vni": 7}},
        {"end": "vxlan-4:vx8", "kind": {"type": "vxlan", "remote": "192.0.2.1", "vni": 8, "udp_port": 4789}},
    ]));
    assert_eq!(
        names(&in_the_way(&wanted, &there)),
        [
            "host:lab0",
            "mgmt-net:lab1",
            "macvlan-2:eth0",
            "vxlan-4:vx7"
        ]
    );
}

#[test]
fn what_is_wanted_as_it_is_is_in_nobody_s_way() {
    let there = outside(json!([
        {"end": "macvlan-1:eth0", "kind": {"type": "macvlan", "parent": "eth0"}},
        {"end": "vxlan-2:vx7", "kind": {"type": "vxlan", "remote": "192.0.2.1", "vni": 7}},
    ]));
    let wanted = outside(json!([
        {"end": "macvlan-1:eth0", "kind": {"type": "macvlan", "parent": "eth0"}},
        {"end": "macvlan-2:eth0", "kind": {"type": "macvlan", "parent": "eth0"}},
        {"end": "vxlan-1:vx7", "kind": {"type": "vxlan", "remote": "192.0.2.9", "vni": 7}},
        {"end": "vxlan-2:vx7", "kind": {"type": "vxlan", "remote": "192.0.2.1", "vni": 7}},
        {"end": "dummy-3:none", "kind": {"type": "dummy"}},
    ]));
    assert_eq!(in_the_way(&wanted, &there), []);
    assert_eq!(in_the_way(&[], &there), []);
}

/// What an interface is like after these requests, by their kind alone.
fn carried_out(from: &Setting, to: &Setting, requests: &[Request]) -> Setting {
    let mut now = from.clone();
    for request in requests {
        match () {
            () if *request == set_up(5, true) => now.up = true,
            () if *request == set_up(5, false) => now.up = false,
            () if *request == no_redirect(5) || *request == port_of(5, 0) => {
                now.target = Target::Nothing;
            }
            () if *request == no_queue(5) => now.impairments = Impairments::NONE,
            () if with(5, to.target, Matching::U32).as_ref() == Some(request) => {
                assert_eq!(now.target, Target::Nothing, "what is there goes first");
                now.target = to.target;
            }
            () if *request == queue(5, &to.impairments) => now.impairments = to.impairments,
            () => now.mac = to.mac,
        }
    }
    now
}

fn any_setting() -> impl Strategy<Value = Setting> {
    let target = prop_oneof![
        Just(Target::Nothing),
        (6..9_u32).prop_map(Target::Redirect),
        (6..9_u32).prop_map(Target::PortOf),
    ];
    (any::<bool>(), target, 0..2_u32, 0..2_u64).prop_map(|(up, target, delay_us, rate)| Setting {
        up,
        target,
        impairments: Impairments {
            delay_us,
            rate_bps: rate * 8000,
            ..Impairments::NONE
        },
        mac: None,
    })
}

proptest! {
    #[test]
    fn every_change_arrives(from in any_setting(), to in any_setting()) {
        let requests = changes(5, &from, &to, Matching::U32);
        prop_assert_eq!(&carried_out(&from, &to, &requests), &to);
        prop_assert_eq!(requests.is_empty(), from == to);
    }
}
