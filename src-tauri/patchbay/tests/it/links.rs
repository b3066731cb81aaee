//! Links: connected, disconnected, down, up; and what they pass.

use std::time::Duration;

use labwright_patchbay::{EndState, Event, LinkState, Outcome, Request};

use crate::bench::{Ether, Stand, Talk, done, end, status, wiring};

/// A protocol that nobody speaks (IEEE 802, local experiments).
const NOBODY: u16 = 0x88b5;

const LLDP: ([u8; 6], u16) = ([0x01, 0x80, 0xc2, 0, 0, 0x0e], 0x88cc);
const LACP: ([u8; 6], u16) = ([0x01, 0x80, 0xc2, 0, 0, 0x02], 0x8809);
const STP: ([u8; 6], u16) = ([0x01, 0x80, 0xc2, 0, 0, 0], 0x0026);
const BROADCAST: [u8; 6] = [0xff; 6];

fn connect(talk: &mut Talk, a: &str, b: &str) -> Outcome {
    talk.ask(Request::Connect {
        ends: [end(a), end(b)],
    })
}

#[test]
fn a_link_passes_everything_both_ways() {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut talk = stand.talk();
    let wiring = wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]);
    let status = status(talk.ask(Request::Apply {
        wiring: wiring.clone(),
    }));
    assert_eq!(status.wiring, wiring.fingerprint());
    assert_eq!(status.links[0].state, LinkState::Up);
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&b, "eth1"));
    for (to, protocol) in [LLDP, LACP, STP, (BROADCAST, NOBODY)] {
        left.send(to, protocol, b"to the right");
        assert!(right.hears(protocol, b"to the right"), "{protocol:x}");
        right.send(to, protocol, b"to the left");
        assert!(left.hears(protocol, b"to the left"), "{protocol:x}");
    }
    let large = vec![7; 9500];
    left.send(BROADCAST, NOBODY, &large);
    assert!(right.hears(NOBODY, &large), "a frame of 9500 bytes");
}

#[test]
fn addresses_reach_each_other() {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let wiring = wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]);
    status(stand.talk().ask(Request::Apply { wiring }));
    a.ip("address add 192.0.2.1/24 dev eth1");
    b.ip("address add 192.0.2.2/24 dev eth1");
    a.run("busybox", "ping -c 1 -W 10 -s 9400 192.0.2.2");
}

#[test]
fn a_link_is_taken_away_and_made_without_touching_the_interfaces() {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut talk = stand.talk();
    let wiring = wiring(&["a:eth1", "a:eth2", "b:eth1"], &[("a:eth1", "b:eth1")]);
    status(talk.ask(Request::Apply { wiring }));
    let indexes = |names: &[&str]| {
        names
            .iter()
            .map(|n| a.interface(n).unwrap()["ifindex"].clone())
            .collect::<Vec<_>>()
    };
    let before = indexes(&["eth1", "eth2"]);
    assert!(a.has_carrier("eth1") && b.has_carrier("eth1") && !a.has_carrier("eth2"));

    done(&talk.ask(Request::Disconnect { end: end("b:eth1") }));
    assert!(!a.has_carrier("eth1") && !b.has_carrier("eth1"));
    assert!(talk.status().links.is_empty());

    done(&connect(&mut talk, "a:eth2", "b:eth1"));
    assert!(!a.has_carrier("eth1") && a.has_carrier("eth2") && b.has_carrier("eth1"));
    let (left, right) = (Ether::open(&a, "eth2"), Ether::open(&b, "eth1"));
    left.send(BROADCAST, NOBODY, b"on another way");
    assert!(right.hears(NOBODY, b"on another way"));
    assert_eq!(indexes(&["eth1", "eth2"]), before);
}

#[test]
fn a_link_goes_down_and_up() {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut talk = stand.talk();
    let wiring = wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]);
    status(talk.ask(Request::Apply { wiring }));
    done(&talk.ask(Request::SetLink {
        end: end("a:eth1"),
        up: false,
    }));
    assert!(!a.has_carrier("eth1") && !b.has_carrier("eth1"));
    assert_eq!(talk.status().links[0].state, LinkState::Down);
    done(&talk.ask(Request::SetLink {
        end: end("b:eth1"),
        up: true,
    }));
    assert!(a.has_carrier("eth1") && b.has_carrier("eth1"));
    assert_eq!(talk.status().links[0].state, LinkState::Up);
}

#[test]
fn the_patchbay_itself_is_silent() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1", "a:eth2"], &[("a:eth1", "a:eth2")]),
    }));
    // Nothing but what the node itself sends may pass: so the node is told to send nothing either.
    for interface in stand
        .patchbay
        .list("address show")
        .iter()
        .filter(|link| link["ifname"] != "lo")
    {
        assert_eq!(interface["addr_info"], serde_json::json!([]), "{interface}");
        let flags = interface["flags"].as_array().unwrap();
        assert!(flags.iter().any(|flag| flag == "NOARP"), "{interface}");
    }
    let names: Vec<_> = stand
        .patchbay
        .list("link show")
        .iter()
        .map(|l| l["ifalias"].clone())
        .collect();
    assert!(
        names.contains(&"a:eth1".into()) && names.contains(&"a:eth2".into()),
        "{names:?}"
    );
    drop(a);
}

#[test]
fn a_switch_joins_its_ports_and_keeps_lldp_from_nobody() {
    let stand = Stand::new();
    let nodes = ["a", "b", "c"].map(|name| stand.node(name));
    let mut wiring = wiring(
        &["a:eth1", "b:eth1", "c:eth1"],
        &[
            ("a:eth1", "sw:p1"),
            ("sw:p2", "b:eth1"),
            ("sw:p3", "c:eth1"),
        ],
    );
    wiring.switches.push(labwright_patchbay::Switch {
        name: "sw".to_owned(),
    });
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply { wiring }));
    let [a, b, c] = nodes.each_ref().map(|node| Ether::open(node, "eth1"));
    for (to, protocol) in [(BROADCAST, NOBODY), LLDP, STP] {
        a.send(to, protocol, b"to all");
        assert!(
            b.hears(protocol, b"to all") && c.hears(protocol, b"to all"),
            "{protocol:x}"
        );
    }
    done(&talk.ask(Request::Disconnect { end: end("c:eth1") }));
    assert!(!nodes[2].has_carrier("eth1"));
    a.send(BROADCAST, NOBODY, b"to some");
    assert!(b.hears(NOBODY, b"to some"));
    assert!(!c.hears_within(NOBODY, b"to some", Duration::from_millis(200)));
    done(&connect(&mut talk, "c:eth1", "sw:p3"));
    assert!(nodes[2].has_carrier("eth1"));
    a.send(BROADCAST, NOBODY, b"to all again");
    assert!(c.hears(NOBODY, b"to all again"));
}

#[test]
fn followers_are_told_what_changes() {
    let stand = Stand::new();
    let _a = stand.node("a");
    let (mut talk, mut one, mut other) = (stand.talk(), stand.talk(), stand.talk());
    one.follow();
    other.follow();
    let wiring = wiring(&["a:eth1", "a:eth2"], &[]);
    status(talk.ask(Request::Apply {
        wiring: wiring.clone(),
    }));
    for follower in [&mut one, &mut other] {
        follower.until(|event| *event == Event::Wiring(wiring.fingerprint()));
        follower.until_end(&end("a:eth1"), |state| {
            matches!(state, EndState::Wired { carrier: false, .. })
        });
    }
    done(&connect(&mut talk, "a:eth1", "a:eth2"));
    for follower in [&mut one, &mut other] {
        let (mut up, mut carrier) = (false, false);
        // Which of the two comes first depends on when the kernel tells of the carrier.
        while !(up && carrier) {
            match follower.event() {
                Event::Link(link) => up |= link.state == LinkState::Up,
                Event::End(status) if status.end == end("a:eth2") => {
                    carrier |= matches!(status.state, EndState::Wired { carrier: true, .. });
                }
                _ => {}
            }
        }
    }
    done(&talk.ask(Request::Disconnect { end: end("a:eth1") }));
    let gone = Event::LinkGone([end("a:eth1"), end("a:eth2")]);
    for follower in [&mut one, &mut other] {
        follower.until(|event| *event == gone);
    }
}

#[test]
fn what_passes_is_counted() {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]),
    }));
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&b, "eth1"));
    for _ in 0..10 {
        left.send(BROADCAST, NOBODY, &[1; 986]);
        assert!(right.hears(NOBODY, &[1; 986]));
    }
    status(talk.ask(Request::Follow {
        counters_every_ms: Some(100),
    }));
    let counted = talk.until(|event| matches!(event, Event::Counters(_)));
    let Event::Counters(counters) = counted else {
        panic!("{counted:?}");
    };
    let of = |name: &str| {
        counters
            .iter()
            .find(|counters| counters.end == end(name))
            .unwrap()
    };
    assert!(
        of("a:eth1").sent_bytes >= 10_000 && of("a:eth1").sent_frames >= 10,
        "{counters:?}"
    );
    assert!(of("b:eth1").received_bytes >= 10_000, "{counters:?}");
    // What did not change is not told again, and what does is.
    talk.until(|event| matches!(event, Event::Counters(counters) if counters.is_empty()));
    let sent = of("a:eth1").sent_bytes;
    left.send(BROADCAST, NOBODY, &[2; 986]);
    talk.until(|event| {
        let Event::Counters(counters) = event else {
            return false;
        };
        counters.len() == 2
            && counters
                .iter()
                .any(|now| now.end == end("a:eth1") && now.sent_bytes > sent)
    });
}

#[test]
fn a_rate_holds_frames_back_and_goes_again() {
    let stand = Stand::new();
    let _nodes = ["a", "b"].map(|name| stand.node(name));
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]),
    }));
    let queues = || stand.patchbay.run("tc", "-json qdisc show");
    for rate_bps in [8_000_000, 100_000_000_000, 64_000] {
        let impairments = labwright_patchbay::Impairments {
            rate_bps,
            ..Default::default()
        };
        done(&talk.ask(Request::Impair {
            end: end("b:eth1"),
            impairments,
        }));
        let queues: Vec<serde_json::Value> = serde_json::from_str(&queues()).unwrap();
        let queue = queues.iter().find(|queue| queue["kind"] == "tbf").unwrap();
        assert_eq!(queue["options"]["rate"], rate_bps / 8, "{queue}");
        assert_eq!(talk.status().links[0].impairments[1], impairments);
    }
    let impairments = labwright_patchbay::Impairments::NONE;
    done(&talk.ask(Request::Impair {
        end: end("b:eth1"),
        impairments,
    }));
    assert!(!queues().contains("tbf"));
}
