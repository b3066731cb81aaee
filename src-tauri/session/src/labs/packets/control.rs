//! What switches tell each other: LLDP, CDP, LACP, spanning trees.

use super::Said;
use super::names::{bits, word};
use super::read::{after, byte, mac, short, text};

/// LLDP's parts (IEEE 802.1AB): a chassis, a port, how long they count, the system's name.
const CHASSIS: u16 = 1;
const PORT: u16 = 2;
const SECONDS: u16 = 3;
const SYSTEM: u16 = 5;
/// The kind of a name that is a hardware address: a chassis', a port's.
const CHASSIS_MAC: u8 = 4;
const PORT_MAC: u8 = 3;

/// A neighbour's name and port.
pub(super) fn lldp(mut bytes: &[u8]) -> Said {
    let (mut chassis, mut port, mut system, mut seconds) = (None, None, None, None);
    while let Some(head) = short(bytes, 0).filter(|head| *head != 0) {
        let length = usize::from(head & 0x01ff);
        let Some(value) = bytes.get(2..2 + length) else {
            break;
        };
        match head >> 9 {
            CHASSIS => chassis = Some(named(value, CHASSIS_MAC)),
            PORT => port = Some(named(value, PORT_MAC)),
            SECONDS => seconds = short(value, 0),
            SYSTEM => system = Some(text(value)),
            _ => {}
        }
        bytes = after(bytes, 2 + length);
    }
    let mut words: Vec<String> = system.or(chassis).into_iter().chain(port).collect();
    words.extend(seconds.map(|seconds| format!("for {seconds} s")));
    Said::of("LLDP", words.join(" "))
}

fn named(value: &[u8], mac_kind: u8) -> String {
    let kind = byte(value, 0);
    let address = kind.filter(|kind| *kind == mac_kind);
    let address = address.and_then(|_| mac(value, 1));
    address.unwrap_or_else(|| text(after(value, 1)))
}

/// A neighbour's name and port, in Cisco's form.
pub(super) fn cdp(bytes: &[u8]) -> Said {
    const DEVICE: u16 = 1;
    const PORT: u16 = 3;
    let mut rest = after(bytes, 4);
    let mut words = Vec::new();
    while let (Some(kind), Some(length)) = (short(rest, 0), short(rest, 2)) {
        let Some(value) = rest.get(4..usize::from(length)) else {
            break;
        };
        if kind == DEVICE || kind == PORT {
            words.push(text(value));
        }
        rest = after(rest, usize::from(length));
    }
    Said::of("CDP", words.join(" "))
}

/// Both sides of an aggregation (IEEE 802.1AX).
pub(super) fn lacp(bytes: &[u8]) -> Said {
    const LACP: u8 = 1;
    const MARKER: u8 = 2;
    match byte(bytes, 0) {
        Some(LACP) => {
            let sides = [("actor", 4), ("partner", 24)].map(|(name, at)| side(bytes, name, at));
            let sides: Vec<String> = sides.into_iter().flatten().collect();
            Said::of("LACP", sides.join("; "))
        }
        Some(MARKER) => Said::of("LACP", "marker"),
        _ => Said::of("Slow protocols", format!("{} bytes", bytes.len())),
    }
}

fn side(bytes: &[u8], name: &str, at: usize) -> Option<String> {
    const STATES: [&str; 8] = [
        "active",
        "short timeout",
        "aggregatable",
        "in sync",
        "collecting",
        "distributing",
        "defaulted",
        "expired",
    ];
    let (system, key) = (mac(bytes, at + 2)?, short(bytes, at + 8)?);
    let (port, state) = (short(bytes, at + 12)?, byte(bytes, at + 14)?);
    let state = bits(&STATES, state.into());
    Some(format!("{name} {system} key {key} port {port} [{state}]"))
}

/// Who is the root, and who says so (IEEE 802.1D).
pub(super) fn spanning_tree(bytes: &[u8]) -> Said {
    const VERSIONS: [(u8, &str); 3] = [(0, "STP"), (2, "RSTP"), (3, "MSTP")];
    const CHANGED: u8 = 0x80;
    let version = byte(bytes, 2).and_then(|version| word(&VERSIONS, version));
    let protocol = version.unwrap_or("STP");
    if byte(bytes, 3) == Some(CHANGED) {
        return Said::of(protocol, "topology change");
    }
    let bridge = |at: usize| Some((short(bytes, at)?, mac(bytes, at + 2)?));
    let told = bridge(5).zip(bridge(17)).map(|(root, own)| {
        let port = short(bytes, 25).unwrap_or_default();
        format!(
            "root {}/{}, bridge {}/{} port {port:#06x}",
            root.0, root.1, own.0, own.1
        )
    });
    Said::of(protocol, told.unwrap_or_else(|| "cut off".to_owned()))
}
