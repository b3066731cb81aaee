//! Ends that are no node's port, with a namespace in the place of the engine's host.

use labwright_patchbay::{
    EndState, Event, LinkState, LinkStatus, MacvlanMode, Outside, OutsideKind, ProblemCode,
    Request, Status,
};

use crate::bench::{Ether, Stand, Talk, done, end, mac, problems, status, wired, wiring};

const NOBODY: u16 = 0x88b5;
const BROADCAST: [u8; 6] = [0xff; 6];

fn outside(name: &str, kind: OutsideKind) -> Outside {
    Outside {
        end: end(name),
        kind,
        mtu: None,
    }
}

/// One port of one node, linked to this end.
fn request(outside: &Outside) -> Request {
    let mut wiring = wiring(&["a:eth1"], &[("a:eth1", outside.end.as_str())]);
    wiring.outside.push(outside.clone());
    Request::Apply { wiring }
}

fn apply(talk: &mut Talk, outside: &Outside) -> Status {
    let status = status(talk.ask(request(outside)));
    assert_eq!(status.links[0].state, LinkState::Up, "{status:?}");
    status
}

#[test]
fn an_end_in_the_host() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    let host = outside(
        "host:lab0",
        OutsideKind::Host {
            mac: Some(mac(&end("x:y"))),
            bridge: None,
        },
    );
    let status = apply(&mut talk, &host);
    let interface = stand.host.interface("lab0").unwrap();
    assert_eq!(
        wired(&status, &end("host:lab0")).map(u64::from),
        interface["ifindex"].as_u64()
    );
    assert_eq!(interface["address"], mac(&end("x:y")).to_string());
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&stand.host, "lab0"));
    left.send(BROADCAST, NOBODY, b"to the host");
    assert!(right.hears(NOBODY, b"to the host"));
    right.send(BROADCAST, NOBODY, b"from the host");
    assert!(left.hears(NOBODY, b"from the host"));
    done(&talk.ask(Request::Teardown));
    assert!(stand.host.interface("lab0").is_none());
}

#[test]
fn an_end_in_a_bridge_of_the_host() {
    let stand = Stand::new();
    let a = stand.node("a");
    stand.host.ip("link add br-lab up type bridge");
    let host = outside(
        "mgmt-net:lab0",
        OutsideKind::Host {
            mac: None,
            bridge: Some("br-lab".to_owned()),
        },
    );
    apply(&mut stand.talk(), &host);
    assert_eq!(stand.host.interface("lab0").unwrap()["master"], "br-lab");
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&stand.host, "br-lab"));
    left.send(BROADCAST, NOBODY, b"to the bridge");
    assert!(right.hears(NOBODY, b"to the bridge"));
}

#[test]
fn a_bridge_that_the_host_does_not_have_yet_is_waited_for() {
    let stand = Stand::new();
    let _node = stand.node("a");
    let mut talk = stand.talk();
    let bridge = Some("br-lab".to_owned());
    let host = outside("mgmt-net:lab0", OutsideKind::Host { mac: None, bridge });
    let waiting = status(talk.ask(request(&host)));
    let missing = vec![host.end.clone()];
    assert_eq!(waiting.links[0].state, LinkState::Waiting { missing });
    talk.follow();
    stand.host.ip("link add br-lab up type bridge");
    let up = |status: &LinkStatus| status.state == LinkState::Up;
    talk.until(|event| matches!(event, Event::Link(status) if up(status)));
    assert_eq!(stand.host.interface("lab0").unwrap()["master"], "br-lab");
}

#[test]
fn what_the_host_lacks_or_has_already_is_refused_and_undone() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    stand.host.ip("link add taken type veth peer name other");
    let parent = "eth9".to_owned();
    let refused = [
        (
            outside(
                "host:taken",
                OutsideKind::Host {
                    mac: None,
                    bridge: None,
                },
            ),
            ProblemCode::InterfaceExists,
        ),
        (
            outside(
                "macvlan:x",
                OutsideKind::Macvlan {
                    parent,
                    mode: MacvlanMode::Bridge,
                },
            ),
            ProblemCode::HostInterfaceMissing,
        ),
    ];
    for (outside, code) in refused {
        let found = problems(talk.ask(request(&outside)));
        assert_eq!(found, [(code, outside.end.to_string())]);
        assert_eq!(talk.status().ends, [], "nothing is wanted");
        assert!(a.interface("eth1").is_none(), "what was made is undone");
        assert_eq!(stand.patchbay.list("link show").len(), 1);
    }
    assert_eq!(
        stand.host.list("link show").len(),
        3,
        "the host is as it was"
    );
}

#[test]
fn a_share_of_an_interface_of_the_host() {
    let stand = Stand::new();
    let a = stand.node("a");
    stand
        .host
        .ip("link add uplink up type veth peer name network");
    stand.host.ip("link set network up");
    let parent = "uplink".to_owned();
    let macvlan = outside(
        "macvlan:uplink",
        OutsideKind::Macvlan {
            parent,
            mode: MacvlanMode::Bridge,
        },
    );
    let mut talk = stand.talk();
    apply(&mut talk, &macvlan);
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&stand.host, "network"));
    left.send(BROADCAST, NOBODY, b"to the network");
    assert!(right.hears(NOBODY, b"to the network"));
    for to in [mac(&end("a:eth1")).bytes(), [0x01, 0, 0x5e, 0, 0, 5]] {
        right.send(to, NOBODY, b"to the node alone");
        assert!(left.hears(NOBODY, b"to the node alone"), "{to:x?}");
    }
    done(&talk.ask(Request::Disconnect { end: end("a:eth1") }));
    assert!(!a.has_carrier("eth1"));
}

#[test]
fn a_tunnel_between_two_patchbays() {
    let (one, other) = (Stand::new(), Stand::new());
    let (a, b) = (one.node("a"), other.node("a"));
    let cable = format!(
        "link add under0 type veth peer name under0 netns {}",
        other.host.pid()
    );
    one.host.ip(&cable);
    for (stand, address) in [(&one, "192.0.2.1"), (&other, "192.0.2.2")] {
        stand
            .host
            .ip(&format!("address add {address}/24 dev under0"));
        stand.host.ip("link set under0 up");
    }
    for (stand, remote) in [(&one, "192.0.2.2"), (&other, "192.0.2.1")] {
        let remote = remote.parse().unwrap();
        let kind = OutsideKind::Vxlan {
            remote,
            vni: 7,
            udp_port: 14789,
            parent: Some("under0".to_owned()),
        };
        apply(&mut stand.talk(), &outside("vxlan:1", kind));
    }
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&b, "eth1"));
    left.send(BROADCAST, NOBODY, b"through the tunnel");
    assert!(right.hears(NOBODY, b"through the tunnel"));
    right.send([0x01, 0x80, 0xc2, 0, 0, 0x0e], NOBODY, b"and back");
    assert!(left.hears(NOBODY, b"and back"));
}

#[test]
fn a_port_linked_to_nothing_has_a_carrier() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    let status = apply(&mut talk, &outside("dummy:1", OutsideKind::Dummy));
    assert!(matches!(
        status.ends[1].state,
        EndState::Wired {
            carrier: true,
            ifindex: 0,
            ..
        }
    ));
    assert!(a.has_carrier("eth1"));
    done(&talk.ask(Request::SetLink {
        end: end("a:eth1"),
        up: false,
    }));
    assert!(!a.has_carrier("eth1"));
}

/// The ports of one node, `eth1` and on, each linked to one of these ends.
fn row(ends: &[Outside]) -> Request {
    let numbers = 1..=ends.len();
    let ports: Vec<_> = numbers.map(|number| format!("a:eth{number}")).collect();
    let ports: Vec<_> = ports.iter().map(String::as_str).collect();
    let names = ends.iter().map(|outside| outside.end.as_str());
    let links: Vec<_> = ports.iter().copied().zip(names).collect();
    let mut wiring = wiring(&ports, &links);
    wiring.outside = ends.to_vec();
    Request::Apply { wiring }
}

fn plain(name: &str) -> Outside {
    outside(
        name,
        OutsideKind::Host {
            mac: None,
            bridge: None,
        },
    )
}

fn tunnel(name: &str) -> Outside {
    let kind = OutsideKind::Vxlan {
        remote: "192.0.2.1".parse().unwrap(),
        vni: 7,
        udp_port: 14789,
        parent: None,
    };
    outside(name, kind)
}

fn whole(name: &str, parent: &str) -> Outside {
    let kind = OutsideKind::Macvlan {
        parent: parent.to_owned(),
        mode: MacvlanMode::Passthru,
    };
    outside(name, kind)
}

#[test]
fn an_end_takes_the_place_of_another_and_what_stays_is_not_touched() {
    let stand = Stand::new();
    let _a = stand.node("a");
    stand
        .host
        .ip("link add uplink up type veth peer name network");
    let mut talk = stand.talk();
    status(talk.ask(row(&[
        plain("host:stays"),
        plain("host:lab0"),
        tunnel("vxlan-2:vx7"),
        whole("macvlan-3:uplink", "uplink"),
    ])));
    let index = || stand.host.interface("stays").unwrap()["ifindex"].clone();
    let before = index();
    let status = status(talk.ask(row(&[
        plain("host:stays"),
        plain("mgmt-net:lab0"),
        tunnel("vxlan-1:vx7"),
        whole("macvlan-2:uplink", "uplink"),
    ])));
    let are_up = status.links.iter().all(|link| link.state == LinkState::Up);
    assert!(are_up, "{status:?}");
    assert_eq!(index(), before);
}

#[test]
fn what_gave_way_comes_back_if_the_rest_cannot_be() {
    let stand = Stand::new();
    let _a = stand.node("a");
    let mut talk = stand.talk();
    let before = [plain("host:lab0"), tunnel("vxlan-2:vx7")];
    status(talk.ask(row(&before)));
    let refused = talk.ask(row(&[
        plain("mgmt-net:lab0"),
        tunnel("vxlan-1:vx7"),
        whole("macvlan-2:eth9", "eth9"),
    ]));
    let missing = (
        ProblemCode::HostInterfaceMissing,
        "macvlan-2:eth9".to_owned(),
    );
    assert_eq!(problems(refused), [missing]);
    let status = talk.status();
    assert_eq!(status.links.len(), 2);
    let are_up = status.links.iter().all(|link| link.state == LinkState::Up);
    assert!(are_up, "{status:?}");
    assert!(stand.host.interface("lab0").is_some());
}
