//! What routers tell each other: OSPF, IS-IS, BGP, BFD, and some more by their first bytes.

use super::Said;
use super::names::{bits, word};
use super::read::{after, byte, dotted, short};

/// Kinds of OSPF's packets (RFC 2328, A.3.1).
const OSPF: [(u8, &str); 5] = [
    (1, "Hello"),
    (2, "DB Description"),
    (3, "LS Request"),
    (4, "LS Update"),
    (5, "LS Acknowledge"),
];
/// Kinds of IS-IS's (ISO 10589, 9).
const ISIS: [(u8, &str); 9] = [
    (15, "L1 LAN Hello"),
    (16, "L2 LAN Hello"),
    (17, "P2P Hello"),
    (18, "L1 LSP"),
    (20, "L2 LSP"),
    (24, "L1 CSNP"),
    (25, "L2 CSNP"),
    (26, "L1 PSNP"),
    (27, "L2 PSNP"),
];
/// Kinds of BGP's messages (RFC 4271, 4.1; RFC 2918).
const BGP: [(u8, &str); 5] = [
    (1, "OPEN"),
    (2, "UPDATE"),
    (3, "NOTIFICATION"),
    (4, "KEEPALIVE"),
    (5, "ROUTE-REFRESH"),
];
/// What every BGP message begins with.
const MARKER: [u8; 16] = [0xff; 16];
/// How many of a segment's messages are named.
const NAMED: usize = 5;
const PIM: [(u8, &str); 9] = [
    (0, "Hello"),
    (1, "Register"),
    (2, "Register-Stop"),
    (3, "Join/Prune"),
    (4, "Bootstrap"),
    (5, "Assert"),
    (6, "Graft"),
    (7, "Graft-Ack"),
    (8, "Candidate-RP"),
];
const EIGRP: [(u8, &str); 7] = [
    (1, "Update"),
    (2, "Request"),
    (3, "Query"),
    (4, "Reply"),
    (5, "Hello"),
    (10, "SIA Query"),
    (11, "SIA Reply"),
];
const IGMP: [(u8, &str); 5] = [
    (0x11, "membership query"),
    (0x12, "v1 report"),
    (0x16, "v2 report"),
    (0x17, "leave group"),
    (0x22, "v3 report"),
];

pub(super) fn ospf(bytes: &[u8]) -> Said {
    let kind = byte(bytes, 1).and_then(|kind| word(&OSPF, kind));
    let kind = kind.unwrap_or("unknown");
    let told = dotted(bytes, 4).zip(dotted(bytes, 8));
    let told = told.map(|(router, area)| format!("{kind}, router {router}, area {area}"));
    Said::of("OSPF", told.unwrap_or_else(|| kind.to_owned()))
}

pub(super) fn isis(bytes: &[u8]) -> Said {
    const DISCRIMINATOR: u8 = 0x83;
    if byte(bytes, 0) != Some(DISCRIMINATOR) {
        return Said::of("OSI", format!("{} bytes", bytes.len()));
    }
    let number = byte(bytes, 4).unwrap_or_default() & 0x1f;
    let kind = word(&ISIS, number).unwrap_or("unknown");
    // Hellos have the circuit's type, PSNPs and CSNPs their length, LSPs length and lifetime before the name.
    let at = match number {
        15..=17 => 9,
        18 | 20 => 12,
        _ => 10,
    };
    let system = bytes.get(at..at + 6).map(system);
    let told = system.map(|system| format!("{kind}, system {system}"));
    Said::of("IS-IS", told.unwrap_or_else(|| kind.to_owned()))
}

/// `0000.0000.0001`.
fn system(bytes: &[u8]) -> String {
    let pairs = bytes.chunks(2).map(|pair| {
        let digits = pair.iter().map(|byte| format!("{byte:02x}"));
        digits.collect::<String>()
    });
    pairs.collect::<Vec<_>>().join(".")
}

/// The messages that begin in a segment; none where it goes on with one.
pub(super) fn bgp(mut bytes: &[u8]) -> Option<String> {
    let mut messages = Vec::new();
    while bytes.starts_with(&MARKER) && messages.len() < NAMED {
        let kind = byte(bytes, 18).and_then(|kind| word(&BGP, kind));
        messages.push(kind.unwrap_or("unknown"));
        // A length that is none ends the search.
        let length = usize::from(short(bytes, 16).unwrap_or_default()).max(19);
        bytes = after(bytes, length);
    }
    (!messages.is_empty()).then(|| messages.join(", "))
}

/// How a BFD session stands (RFC 5880, 4.1).
pub(super) fn bfd(bytes: &[u8]) -> Option<String> {
    const STATES: [&str; 4] = ["AdminDown", "Down", "Init", "Up"];
    const FLAGS: [&str; 6] = [
        "multipoint",
        "demand",
        "authentication",
        "independent",
        "final",
        "poll",
    ];
    let second = byte(bytes, 1)?;
    let state = STATES.get(usize::from(second >> 6))?;
    let flags = bits(&FLAGS, u16::from(second & 0x3f));
    let every = super::read::word(bytes, 12)? / 1000;
    let flags = if flags.is_empty() {
        flags
    } else {
        format!(", {flags}")
    };
    Some(format!(
        "{state}{flags}, every {every} ms, times {}",
        byte(bytes, 2)?
    ))
}

pub(super) fn pim(bytes: &[u8]) -> Said {
    let kind = byte(bytes, 0).and_then(|first| word(&PIM, first & 0x0f));
    Said::of("PIM", kind.unwrap_or("unknown"))
}

pub(super) fn eigrp(bytes: &[u8]) -> Said {
    let kind = byte(bytes, 1).and_then(|kind| word(&EIGRP, kind));
    Said::of("EIGRP", kind.unwrap_or("unknown"))
}

pub(super) fn igmp(bytes: &[u8]) -> Said {
    let kind = byte(bytes, 0).and_then(|kind| word(&IGMP, kind));
    let kind = kind.unwrap_or("unknown");
    let group = dotted(bytes, 4).filter(|_| !kind.starts_with("v3"));
    let told = group.map(|group| format!("{kind} {group}"));
    Said::of("IGMP", told.unwrap_or_else(|| kind.to_owned()))
}

pub(super) fn vrrp(bytes: &[u8]) -> Said {
    let told = byte(bytes, 1).zip(byte(bytes, 2));
    let told = told.map(|(router, priority)| format!("router {router}, priority {priority}"));
    Said::of("VRRP", told.unwrap_or_else(|| "cut off".to_owned()))
}
