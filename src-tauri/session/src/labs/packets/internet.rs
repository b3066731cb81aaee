//! ARP, IP, and labels before them.

use std::net::{IpAddr, Ipv4Addr};

use etherparse::{ArpOperation, ArpPacketSlice, EtherType, LaxNetSlice, LaxSlicedPacket};

use super::Said;
use super::frame::frame;
use super::read::{after, byte, mac, short, word};
use super::routing::{eigrp, igmp, ospf, pim, vrrp};
use super::transport::{icmp, icmp6, tcp, udp};

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
/// What GRE calls a frame.
const BRIDGED: u16 = 0x6558;
/// How many labels are told.
const LABELS: usize = 8;

/// What has a type of Ethernet's.
pub(super) fn ethertype(kind: u16, bytes: &[u8], depth: usize) -> Said {
    let sliced = LaxSlicedPacket::from_ether_type(EtherType(kind), bytes);
    match sliced.net {
        Some(LaxNetSlice::Arp(packet)) => arp(&packet),
        Some(LaxNetSlice::Ipv4(packet)) => {
            let header = packet.header();
            let ends = (
                IpAddr::from(header.source_addr()),
                IpAddr::from(header.destination_addr()),
            );
            let payload = packet.payload();
            let offset = header.fragments_offset().value();
            carried(payload.ip_number.0, payload.payload, ends, offset, depth)
        }
        Some(LaxNetSlice::Ipv6(packet)) => {
            let header = packet.header();
            let ends = (
                IpAddr::from(header.source_addr()),
                IpAddr::from(header.destination_addr()),
            );
            let payload = packet.payload();
            let later = u16::from(payload.fragmented);
            carried(payload.ip_number.0, payload.payload, ends, later, depth)
        }
        None => match kind {
            IPV4 => Said::of("IPv4", "damaged"),
            IPV6 => Said::of("IPv6", "damaged"),
            kind => Said::of(
                "Ethernet",
                format!("type {kind:#06x}, {} bytes", bytes.len()),
            ),
        },
    }
}

fn arp(packet: &ArpPacketSlice<'_>) -> Said {
    let address = |bytes: &[u8]| {
        let four: Option<[u8; 4]> = bytes.try_into().ok();
        four.map(|four| Ipv4Addr::from(four).to_string())
    };
    let (sender, target) = (
        address(packet.sender_protocol_addr()),
        address(packet.target_protocol_addr()),
    );
    let (Some(sender), Some(target)) = (sender, target) else {
        return Said::of("ARP", "not for IPv4");
    };
    let told = match packet.operation() {
        ArpOperation::REQUEST if sender == target => format!("{sender} announces itself"),
        ArpOperation::REQUEST => format!("who has {target}? tell {sender}"),
        ArpOperation::REPLY => {
            let at = mac(packet.sender_hw_addr(), 0).unwrap_or_default();
            format!("{sender} is at {at}")
        }
        other => format!("operation {}", other.0),
    };
    Said::of("ARP", told)
}

/// What IP carries. The pieces of a packet but the first say nothing of themselves.
fn carried(
    number: u8,
    bytes: &[u8],
    (source, destination): (IpAddr, IpAddr),
    offset: u16,
    depth: usize,
) -> Said {
    let version = if source.is_ipv4() { "IPv4" } else { "IPv6" };
    let said = if offset > 0 {
        Said::of(version, format!("a fragment of {} bytes", bytes.len()))
    } else {
        match number {
            1 => icmp(bytes),
            2 => igmp(bytes),
            4 => inner(IPV4, bytes, depth).behind("IP in IP"),
            6 => tcp(bytes),
            17 => udp(bytes, depth),
            41 => inner(IPV6, bytes, depth).behind("IPv6 in IP"),
            46 => Said::of("RSVP", format!("{} bytes", bytes.len())),
            47 => gre(bytes, depth),
            50 => Said::of("ESP", format!("{} bytes", bytes.len())),
            58 => icmp6(bytes),
            59 => Said::of(version, "nothing"),
            88 => eigrp(bytes),
            89 => ospf(bytes),
            103 => pim(bytes),
            112 => vrrp(bytes),
            115 => Said::of("L2TP", format!("{} bytes", bytes.len())),
            132 => Said::of("SCTP", format!("{} bytes", bytes.len())),
            number => Said::of(version, format!("protocol {number}, {} bytes", bytes.len())),
        }
    };
    said.between(&source.to_string(), &destination.to_string())
}

/// A packet in a packet.
fn inner(kind: u16, bytes: &[u8], depth: usize) -> Said {
    if depth > 1 {
        return Said::of("IP", format!("{} bytes", bytes.len()));
    }
    ethertype(kind, bytes, depth + 1)
}

/// GRE with its optional words (RFC 2784, RFC 2890).
fn gre(bytes: &[u8], depth: usize) -> Said {
    let (Some(flags), Some(kind)) = (byte(bytes, 0), short(bytes, 2)) else {
        return Said::of("GRE", "cut off");
    };
    let words = [0x80, 0x20, 0x10].map(|flag| usize::from(flags & flag != 0));
    let payload = after(bytes, 4 + 4 * words.iter().sum::<usize>());
    let said = match kind {
        IPV4 | IPV6 => inner(kind, payload, depth),
        BRIDGED => frame(payload, depth + 1),
        kind => Said::of("GRE", format!("type {kind:#06x}, {} bytes", payload.len())),
    };
    said.behind("GRE")
}

/// What stands behind a stack of MPLS labels, as its first bits tell: a packet, or what two sides agreed on.
pub(super) fn labelled(mut bytes: &[u8], depth: usize) -> Said {
    let mut labels = Vec::new();
    loop {
        let Some(entry) = word(bytes, 0).filter(|_| labels.len() < LABELS) else {
            return Said::of("MPLS", "cut off");
        };
        labels.push((entry >> 12).to_string());
        bytes = after(bytes, 4);
        if entry >> 8 & 1 == 1 {
            break;
        }
    }
    let said = match byte(bytes, 0).map(|first| first >> 4) {
        Some(4) => inner(IPV4, bytes, depth),
        Some(6) => inner(IPV6, bytes, depth),
        // The control word of a pseudowire.
        Some(0) => frame(after(bytes, 4), depth + 1),
        _ => Said::of("MPLS", format!("{} bytes", bytes.len())),
    };
    said.behind(&format!("MPLS {}", labels.join("/")))
}
