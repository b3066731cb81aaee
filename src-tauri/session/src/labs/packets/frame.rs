//! Frames: who sends them to whom, and what is in them.

use super::Said;
use super::control::{cdp, lacp, lldp, spanning_tree};
use super::internet::{ethertype, labelled};
use super::read::{after, mac, short};
use super::routing::isis;

/// How many frames are looked for in frames.
const DEEPEST: usize = 2;
/// Where what a frame carries is told, and where it begins.
const TYPE_AT: usize = 12;
const CARRIED_AT: usize = 14;
/// The tags of VLANs.
const TAGS: [u16; 3] = [0x8100, 0x88a8, 0x9100];
/// Up to here the type is the length of an 802.3 frame.
const LONGEST: u16 = 1500;
const MPLS: [u16; 2] = [0x8847, 0x8848];
const SLOW: u16 = 0x8809;
const LLDP: u16 = 0x88cc;
const LOOPBACK: u16 = 0x9000;
/// What 802.2 says of spanning trees, of IS-IS, and of what has a type of its own.
const TREE: [u8; 3] = [0x42, 0x42, 0x03];
const OSI: [u8; 3] = [0xfe, 0xfe, 0x03];
const SNAP: [u8; 3] = [0xaa, 0xaa, 0x03];

/// A frame. `depth` is in how many others it was found.
pub(super) fn frame(bytes: &[u8], depth: usize) -> Said {
    let addresses = mac(bytes, 6).zip(mac(bytes, 0));
    let (Some((source, destination)), true) = (addresses, depth <= DEEPEST) else {
        return Said::of("Ethernet", format!("{} bytes", bytes.len()));
    };
    let (mut at, mut tags) = (TYPE_AT, Vec::new());
    while let Some(tag) = short(bytes, at).filter(|kind| TAGS.contains(kind)) {
        let Some(id) = short(bytes, at + 2).filter(|_| tag != 0 && tags.len() < 4) else {
            break;
        };
        tags.push(format!("VLAN {}", id & 0x0fff));
        at += 4;
    }
    let carried = after(bytes, at + CARRIED_AT - TYPE_AT);
    let said = match short(bytes, at) {
        None => Said::of("Ethernet", "cut off"),
        Some(length) if length <= LONGEST => logical(carried),
        Some(kind) => typed(kind, carried, depth),
    };
    let said = tags.iter().rev().fold(said, |said, tag| said.behind(tag));
    said.between(&source, &destination)
}

fn typed(kind: u16, carried: &[u8], depth: usize) -> Said {
    match kind {
        LLDP => lldp(carried),
        SLOW => lacp(carried),
        LOOPBACK => Said::of("Loopback", "configuration test"),
        kind if MPLS.contains(&kind) => labelled(carried, depth),
        kind => ethertype(kind, carried, depth),
    }
}

/// What 802.2 carries.
fn logical(bytes: &[u8]) -> Said {
    let carried = after(bytes, 3);
    match bytes.get(..3) {
        Some(head) if head == TREE => spanning_tree(carried),
        Some(head) if head == OSI => isis(carried),
        Some(head) if head == SNAP => match (carried.get(..3), short(carried, 3)) {
            (Some([0x00, 0x00, 0x0c]), Some(0x2000)) => cdp(after(carried, 5)),
            (Some([0x00, 0x00, 0x0c]), Some(0x010b)) => {
                let said = spanning_tree(after(carried, 5));
                said.behind("per VLAN")
            }
            _ => Said::of("802.2", format!("{} bytes", carried.len())),
        },
        _ => Said::of("802.2", format!("{} bytes", bytes.len())),
    }
}
