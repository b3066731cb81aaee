//! The program ends and starts again: what was wanted is made again.

use std::fs;

use labwright_patchbay::{LinkState, ProblemCode, Request};

use crate::bench::{Ether, Stand, done, end, status, wiring};

const NOBODY: u16 = 0x88b5;

#[test]
fn a_new_namespace_takes_every_end_and_a_new_start_makes_them_again() {
    let mut stand = Stand::new();
    let (a, b) = (stand.node("a"), stand.node("b"));
    let mut talk = stand.talk();
    let wanted = wiring(&["a:eth1", "a:eth2", "b:eth1"], &[("a:eth1", "b:eth1")]);
    status(talk.ask(Request::Apply { wiring: wanted }));
    // What is changed afterwards is kept as well.
    done(&talk.ask(Request::Disconnect { end: end("a:eth1") }));
    done(&talk.ask(Request::Connect {
        ends: [end("a:eth2"), end("b:eth1")],
    }));
    let before = talk.status();

    stand.kill();
    assert_eq!(talk.receive(), None, "who talks is told that it ended");
    drop(talk);
    stand.new_namespace();
    while a.interface("eth1").is_some() || b.interface("eth1").is_some() {
        std::thread::yield_now();
    }
    stand.start();
    let mut talk = stand.talk();
    let after = talk.status();
    assert_eq!(after.wiring, before.wiring);
    assert_eq!(after.links[0].state, LinkState::Up);
    let (left, right) = (Ether::open(&a, "eth2"), Ether::open(&b, "eth1"));
    left.send([0xff; 6], NOBODY, b"after the restart");
    assert!(right.hears(NOBODY, b"after the restart"));
}

#[test]
fn what_an_earlier_program_left_in_its_namespace_is_replaced() {
    let mut stand = Stand::new();
    let a = stand.node("a");
    status(stand.talk().ask(Request::Apply {
        wiring: wiring(&["a:eth1", "a:eth2"], &[("a:eth1", "a:eth2")]),
    }));
    stand
        .patchbay
        .ip("link add foreign type veth peer name pb7");
    stand.kill();
    assert!(
        a.interface("eth1").is_some(),
        "the namespace stays, and so do the ends"
    );
    stand.start();
    let status = stand.talk().status();
    assert_eq!(status.links[0].state, LinkState::Up);
    assert!(a.has_carrier("eth1"));
    let names: Vec<_> = stand
        .patchbay
        .list("link show")
        .iter()
        .map(|l| l["ifname"].clone())
        .collect();
    assert_eq!(
        names.len(),
        5,
        "the loopback, two ends, and what is not ours: {names:?}"
    );
}

#[test]
fn a_state_that_cannot_be_read_is_told_and_kept_until_another_is_wanted() {
    let mut stand = Stand::new();
    stand.kill();
    fs::write(stand.state().join("wiring.json"), "{\"nodes\": 7}").unwrap();
    stand.start();
    let mut talk = stand.talk();
    assert_eq!(talk.status().problems[0].code, ProblemCode::StateNotRead);
    let kept = fs::read_to_string(stand.state().join("wiring.json")).unwrap();
    assert_eq!(kept, "{\"nodes\": 7}");
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1"], &[]),
    }));
    assert_eq!(talk.status().problems, []);
}
