//! Ports: what a node sees of them, and what happens to them when nodes come and go.

use std::{net::UdpSocket, process::Stdio, time::Duration};

use labwright_patchbay::{Answer, EndState, Event, LinkState, Outcome, ProblemCode, Request};

use crate::bench::{Ether, Namespace, Stand, Talk, done, end, mac, status, wired, wiring};

fn apply(talk: &mut Talk, ports: &[&str], links: &[(&str, &str)]) -> labwright_patchbay::Status {
    status(talk.ask(Request::Apply {
        wiring: wiring(ports, links),
    }))
}

#[test]
fn a_port_is_as_it_was_ordered() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    let mut wiring = wiring(&["a:eth1", "a:eth2"], &[]);
    wiring.ports[1].mtu = 1500;
    let status = status(talk.ask(Request::Apply { wiring }));
    let (one, other) = (a.interface("eth1").unwrap(), a.interface("eth2").unwrap());
    assert_eq!((&one["mtu"], &other["mtu"]), (&9500.into(), &1500.into()));
    assert_eq!(one["address"], mac(&end("a:eth1")).to_string());
    assert_eq!(
        Some(one["ifindex"].as_u64().unwrap()),
        wired(&status, &end("a:eth1")).map(u64::from)
    );
    assert!(
        one["flags"].as_array().unwrap().contains(&"UP".into()),
        "{one}"
    );
    assert!(!a.has_carrier("eth1"), "it is not linked");
    let state = &status.ends[0].state;
    let EndState::Wired {
        carrier: false,
        mtu: 9500,
        mac: Some(address),
        notes,
        ..
    } = state
    else {
        panic!("{state:?}");
    };
    assert_eq!(
        (*address, notes.as_slice()),
        (mac(&end("a:eth1")), [].as_slice())
    );
}

#[test]
fn names_that_would_hurt_a_shell_are_just_names() {
    let stand = Stand::new();
    let a = stand.node("a");
    let names = ["$(reboot)", "-h", "\"'`;|&", "fifteen-letters", "ü", "{}"];
    let ports: Vec<_> = names.iter().map(|name| format!("a:{name}")).collect();
    let ports: Vec<_> = ports.iter().map(String::as_str).collect();
    apply(&mut stand.talk(), &ports, &[(ports[0], ports[1])]);
    for name in names {
        assert!(a.interface(name).is_some(), "{name}");
    }
    assert!(a.has_carrier(names[0]) && !a.has_carrier(names[2]));
}

/// What a node sends to another one over UDP, as the other one's interface hears it.
fn datagram(offload: bool) -> Vec<u8> {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut wiring = wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]);
    wiring.ports[0].checksum_offload = offload;
    status(stand.talk().ask(Request::Apply { wiring }));
    a.ip("address add 192.0.2.1/24 dev eth1");
    a.ip(&format!(
        "neighbour add 192.0.2.2 lladdr {} dev eth1",
        mac(&end("b:eth1"))
    ));
    let heard = Ether::open(&b, "eth1");
    a.inside(|| {
        let socket = UdpSocket::bind("192.0.2.1:7").unwrap();
        socket
            .send_to(b"is this sum right?", "192.0.2.2:7")
            .unwrap();
    });
    heard
        .receive(0x0800, |packet| packet.get(9) == Some(&17))
        .expect("the datagram comes")
}

/// The ones' complement sum over the pseudo header and the datagram: all ones, if the checksum is right (RFC 768).
fn udp_sum(packet: &[u8]) -> u16 {
    let length = usize::from(u16::from_be_bytes([packet[2], packet[3]]));
    let (header, datagram) = (&packet[..20], &packet[20..length]);
    let size = u16::try_from(datagram.len()).unwrap().to_be_bytes();
    let summed = [&header[12..20], &[0, 17], &size, datagram].concat();
    let words = summed
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    let sum: u32 = words.sum();
    u16::try_from((sum & 0xffff) + (sum >> 16)).unwrap()
}

#[test]
fn a_node_computes_its_own_checksums_unless_told_otherwise() {
    assert_eq!(udp_sum(&datagram(false)), 0xffff);
    assert_ne!(udp_sum(&datagram(true)), 0xffff);
}

#[test]
fn a_port_waits_for_its_container() {
    let stand = Stand::new();
    let mut talk = stand.talk();
    let status = apply(&mut talk, &["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]);
    assert_eq!(status.ends[0].state, EndState::Waiting);
    assert_eq!(
        status.links[0].state,
        LinkState::Waiting {
            missing: vec![end("a:eth1"), end("b:eth1")]
        }
    );
    let node = "a".to_owned();
    let outcome = talk.ask(Request::Look {
        node,
        within_ms: 50,
    });
    let Outcome::Done(Answer::Looked { missing }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(missing[0].state, EndState::Waiting);

    let a = stand.node("a");
    talk.look("a");
    assert!(
        a.has_carrier("eth1"),
        "a link that is up shows a carrier, also while the other end is missing"
    );
    let b = stand.node("b");
    talk.look("b");
    assert!(b.has_carrier("eth1"));
    assert_eq!(talk.status().links[0].state, LinkState::Up);
}

#[test]
fn a_container_that_starts_unannounced_is_found() {
    let stand = Stand::new();
    let mut talk = stand.talk();
    let mut follower = stand.talk();
    follower.follow();
    apply(&mut talk, &["a:eth1"], &[]);
    let a = stand.node("a");
    follower.until_end(&end("a:eth1"), |state| {
        matches!(state, EndState::Wired { .. })
    });
    assert!(a.interface("eth1").is_some());
}

#[test]
fn a_node_that_ends_and_comes_back_is_wired_again() {
    let stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut talk = stand.talk();
    let before = apply(&mut talk, &["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]);
    talk.follow();
    drop(a);
    talk.until_end(&end("a:eth1"), |state| *state == EndState::Waiting);
    assert!(
        b.has_carrier("eth1"),
        "the neighbour keeps its interface and its carrier"
    );
    let a = stand.node("a");
    talk.until_end(&end("a:eth1"), |state| {
        matches!(state, EndState::Wired { carrier: true, .. })
    });
    let after = talk.status();
    assert_eq!(
        wired(&after, &end("b:eth1")),
        wired(&before, &end("b:eth1"))
    );
    assert_eq!(after.links[0].state, LinkState::Up);
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&b, "eth1"));
    left.send([0xff; 6], 0x88b5, b"again");
    assert!(right.hears(0x88b5, b"again"));
}

#[test]
fn a_namespace_that_outlives_its_container_is_not_mistaken_for_it() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    apply(&mut talk, &["a:eth1"], &[]);
    // Somebody else is still in the old namespace.
    let mut other = a
        .command("sleep")
        .arg("infinity")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let still_there = format!("/proc/{}/ns/net", other.id());
    let namespace = std::fs::read_link(a.path()).unwrap();
    while std::fs::read_link(&still_there).unwrap() != namespace {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(a);
    let a = stand.node("a");
    talk.look("a");
    assert!(a.interface("eth1").is_some());
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn an_interface_that_is_not_ours_stays() {
    let stand = Stand::new();
    let namespace = Namespace::new();
    namespace.ip("link add eth1 type veth peer name other");
    let a = stand.node_in("a", namespace);
    let mut talk = stand.talk();
    let status = apply(&mut talk, &["a:eth1", "a:eth2"], &[("a:eth1", "a:eth2")]);
    let EndState::Failed { problem } = &status.ends[0].state else {
        panic!("{status:?}");
    };
    assert_eq!(
        (problem.code, problem.object.as_str()),
        (ProblemCode::InterfaceExists, "a:eth1")
    );
    insta::assert_snapshot!(problem.message, @"node a already has an interface eth1, which is not the patchbay's");
    assert!(a.interface("eth2").is_some(), "the other port is there");
    assert!(a.interface("other").is_some(), "nothing was deleted");

    // Its owner takes it away: then there is room.
    a.ip("link delete eth1");
    talk.look("a");
    assert!(a.has_carrier("eth1"));
}

#[test]
fn what_is_not_wanted_any_more_goes_and_what_is_wanted_otherwise_is_made_again() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    apply(
        &mut talk,
        &["a:eth1", "a:eth2", "a:eth3"],
        &[("a:eth1", "a:eth2")],
    );
    let kept = a.interface("eth1").unwrap()["ifindex"].clone();
    let mut other = wiring(&["a:eth1", "a:eth2"], &[]);
    other.ports[1].mtu = 2000;
    let status = status(talk.ask(Request::Apply { wiring: other }));
    assert_eq!(status.ends.len(), 2);
    assert_eq!(a.interface("eth1").unwrap()["ifindex"], kept);
    assert!(!a.has_carrier("eth1"));
    assert_eq!(a.interface("eth2").unwrap()["mtu"], 2000);
    assert!(a.interface("eth3").is_none());

    done(&talk.ask(Request::Teardown));
    assert!(a.interface("eth1").is_none());
    assert_eq!(
        stand.patchbay.list("link show").len(),
        1,
        "nothing but the loopback"
    );
    assert_eq!(talk.status().ends, []);
}

#[test]
fn a_node_in_the_hosts_own_network_is_left_alone() {
    let stand = Stand::new();
    let shared = stand.share_host("a");
    let status = apply(&mut stand.talk(), &["a:eth1"], &[]);
    let EndState::Failed { problem } = &status.ends[0].state else {
        panic!("{status:?}");
    };
    assert_eq!(problem.code, ProblemCode::NamespaceUnreachable);
    assert_eq!(stand.host.list("link show").len(), 1);
    drop(shared);
}

#[test]
fn many_ports_come_and_go_at_once() {
    let stand = Stand::new();
    let names: Vec<_> = (0..20).map(|number| format!("n{number}")).collect();
    let mut nodes: Vec<_> = names.iter().map(|name| stand.node(name)).collect();
    let ports: Vec<_> = names
        .iter()
        .flat_map(|n| (1..=4).map(move |i| format!("{n}:eth{i}")))
        .collect();
    let ports: Vec<_> = ports.iter().map(String::as_str).collect();
    let links: Vec<_> = ports.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let mut talk = stand.talk();
    let status = apply(&mut talk, &ports, &links);
    assert!(
        status.links.iter().all(|link| link.state == LinkState::Up),
        "{status:?}"
    );
    talk.follow();
    nodes.truncate(10);
    let mut waiting = 0;
    while waiting < 40 {
        if let Event::End(status) = talk.event() {
            waiting += usize::from(status.state == EndState::Waiting);
        }
    }
    nodes.extend(names[10..].iter().map(|name| stand.node(name)));
    for name in &names {
        talk.look(name);
    }
    let status = talk.status();
    assert!(
        status.links.iter().all(|link| link.state == LinkState::Up),
        "{status:?}"
    );
}
