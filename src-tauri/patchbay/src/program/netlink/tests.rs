//! Messages, read by another program's reader; and what the kernel says, damaged.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use labwright_patchbay::{Impairments, MacAddress, MacvlanMode};
use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use proptest::prelude::*;

use super::{
    Device, Matching, Namespace, Observed, Peer, Refusal, Request, bridge, macvlan, no_queue,
    queue,
    raw::{framed, messages},
    redirect, veth, vxlan,
};

/// What is read back, with the number of the namespace's file taken out.
fn read(request: &Request) -> String {
    let (kind, flags, body) = request.parts();
    let bytes = framed(kind, flags | 1, 7, body);
    let message = NetlinkMessage::<RouteNetlinkMessage>::deserialize(&bytes).unwrap();
    let NetlinkPayload::InnerMessage(inner) = message.payload else {
        return format!("{:?}", message.payload);
    };
    format!("flags {:#x} {inner:#?}", message.header.flags)
}

fn device() -> Device {
    Device {
        index: 100,
        alias: "a:eth1".to_owned(),
    }
}

#[test]
fn what_is_asked_for() {
    let own = Namespace::own().unwrap();
    let peer = Peer {
        name: "eth1",
        mac: Some(MacAddress::new([0xaa, 0xc1, 0xab, 0, 0, 1])),
        mtu: Some(9500),
        namespace: &own,
    };
    let rate = Impairments {
        rate_bps: 8_000_000,
        ..Impairments::NONE
    };
    let all = Impairments {
        delay_us: 10_000,
        jitter_us: 1000,
        loss_ppm: 10_000,
        corruption_ppm: 500_000,
        rate_bps: 80_000_000_000,
    };
    let remote = "192.0.2.1".parse().unwrap();
    let requests = [
        ("veth", veth(&device(), &peer)),
        ("bridge", bridge(&device())),
        ("macvlan", macvlan(&device(), 2, MacvlanMode::Bridge, &own)),
        ("vxlan", vxlan(&device(), remote, 7, 14789, Some(2), &own)),
        (
            "redirect by matchall",
            redirect(100, 101, Matching::Matchall),
        ),
        ("redirect by u32", redirect(100, 101, Matching::U32)),
        ("tbf", queue(100, &rate)),
        ("netem", queue(100, &all)),
        ("no queue", no_queue(100)),
    ];
    let texts: Vec<_> = requests
        .iter()
        .map(|(name, request)| format!("# {name}\n{}", read(request)))
        .collect();
    insta::with_settings!({ filters => vec![(r"NetNsFd\(\s*\d+,\s*\)", "NetNsFd(…)")] }, {
        insta::assert_snapshot!(texts.join("\n\n"));
    });
}

/// An acknowledgement as Linux sends it: with the header of what it answers, and the error in words.
#[test]
fn a_refusal_is_read_with_its_words() {
    let words = b"Specified qdisc kind is unknown\0";
    let attribute = [
        &36_u16.to_ne_bytes(),
        &1_u16.to_ne_bytes(),
        words.as_slice(),
    ]
    .concat();
    let answered = framed(36, 0x605, 5, &[]);
    let body = [&(-2_i32).to_ne_bytes(), answered.as_slice(), &attribute].concat();
    let datagram = [framed(2, 0x100, 4, &[0; 20]), framed(2, 0x300, 5, &body)].concat();
    let read: Vec<_> = messages(&datagram)
        .map(|m| (m.sequence, m.acknowledgement().unwrap()))
        .collect();
    let refusal = Refusal {
        errno: nix::errno::Errno::ENOENT,
        text: Some("Specified qdisc kind is unknown".to_owned()),
    };
    assert_eq!(read, [(4, Ok(())), (5, Err(refusal))]);
}

proptest! {
    #[test]
    fn damaged_datagrams_are_read_as_far_as_they_go(datagram in prop::collection::vec(any::<u8>(), 0..200)) {
        for message in messages(&datagram) {
            let _any = (message.acknowledgement(), Observed::read(message.payload));
        }
    }

    #[test]
    fn damaged_attributes_are_read_as_far_as_they_go(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let datagram = framed(16, 0, 1, &[[0; 16].as_slice(), &bytes].concat());
        let links: Vec<_> = messages(&datagram).filter_map(|m| Observed::read(m.payload)).collect();
        prop_assert_eq!(links.len(), 1);
    }
}
