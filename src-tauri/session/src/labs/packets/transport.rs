//! TCP, UDP, ICMP, and what the window knows of what they carry.

use std::net::Ipv6Addr;

use etherparse::{TcpSlice, UdpSlice};

use super::Said;
use super::frame::frame;
use super::names::{self, BFD, VXLAN};
use super::read::{after, byte, mac, short, word};
use super::routing::{bfd, bgp};

pub(super) fn tcp(bytes: &[u8]) -> Said {
    let Ok(segment) = TcpSlice::from_slice(bytes) else {
        return Said::of("TCP", "cut off");
    };
    let ports = [segment.source_port(), segment.destination_port()];
    let flags = [
        (segment.syn(), "SYN"),
        (segment.fin(), "FIN"),
        (segment.rst(), "RST"),
        (segment.psh(), "PSH"),
        (segment.urg(), "URG"),
        (segment.ack(), "ACK"),
    ];
    let flags: Vec<&str> = flags
        .iter()
        .filter_map(|(set, name)| set.then_some(*name))
        .collect();
    let payload = segment.payload();
    let service = names::tcp(ports).filter(|_| !payload.is_empty());
    let messages = service
        .filter(|service| *service == "BGP")
        .and_then(|_| bgp(payload));
    let told = messages.unwrap_or_else(|| {
        let sequence = segment.sequence_number();
        let acknowledged = segment.ack().then(|| segment.acknowledgment_number());
        let acknowledged = acknowledged.map_or_else(String::new, |ack| format!(" ack {ack}"));
        format!("seq {sequence}{acknowledged}, {} bytes", payload.len())
    });
    Said::of(
        service.unwrap_or("TCP"),
        format!("{} → {} [{}] {told}", ports[0], ports[1], flags.join(", ")),
    )
}

pub(super) fn udp(bytes: &[u8], depth: usize) -> Said {
    let Ok(datagram) = UdpSlice::from_slice_lax(bytes) else {
        return Said::of("UDP", "cut off");
    };
    let ports = [datagram.source_port(), datagram.destination_port()];
    let payload = datagram.payload();
    if VXLAN.contains(&ports[1])
        && let Some(inner) = vxlan(payload, depth)
    {
        return inner;
    }
    let between = format!("{} → {}", ports[0], ports[1]);
    if BFD.contains(&ports[1])
        && let Some(session) = bfd(payload)
    {
        return Said::of("BFD", format!("{between} {session}"));
    }
    let told = match names::udp(ports) {
        Some("DHCP") => dhcp(payload),
        _ => None,
    };
    let told = told.unwrap_or_else(|| format!("{} bytes", payload.len()));
    Said::of(
        names::udp(ports).unwrap_or("UDP"),
        format!("{between}, {told}"),
    )
}

/// The frame in a vxlan (RFC 7348, 5).
fn vxlan(bytes: &[u8], depth: usize) -> Option<Said> {
    const HAS_NUMBER: u8 = 0x08;
    byte(bytes, 0).filter(|flags| flags & HAS_NUMBER != 0)?;
    let number = word(bytes, 4)? >> 8;
    let inner = frame(after(bytes, 8), depth + 1);
    Some(inner.behind(&format!("VXLAN {number}")))
}

/// What a DHCP message is: the option 53 behind the cookie (RFC 2132, 9.6).
fn dhcp(bytes: &[u8]) -> Option<String> {
    const MESSAGES: [(u8, &str); 8] = [
        (1, "Discover"),
        (2, "Offer"),
        (3, "Request"),
        (4, "Decline"),
        (5, "Ack"),
        (6, "Nak"),
        (7, "Release"),
        (8, "Inform"),
    ];
    const KIND: u8 = 53;
    let mut options = bytes.get(240..)?;
    loop {
        let (kind, length) = (byte(options, 0)?, byte(options, 1).unwrap_or_default());
        match kind {
            KIND => {
                let message = names::word(&MESSAGES, byte(options, 2)?)?;
                let client = mac(bytes, 28)?;
                return Some(format!("{message} of {client}"));
            }
            0 => options = after(options, 1),
            255 => return None,
            _ => options = after(options, 2 + usize::from(length)),
        }
    }
}

pub(super) fn icmp(bytes: &[u8]) -> Said {
    let (Some(kind), Some(code)) = (byte(bytes, 0), byte(bytes, 1)) else {
        return Said::of("ICMP", "cut off");
    };
    let told = match (kind, code) {
        (0, _) => echo("reply", bytes),
        (8, _) => echo("request", bytes),
        (3, 0) => "network unreachable".to_owned(),
        (3, 1) => "host unreachable".to_owned(),
        (3, 2) => "protocol unreachable".to_owned(),
        (3, 3) => "port unreachable".to_owned(),
        (3, 4) => format!(
            "fragmentation needed, MTU {}",
            short(bytes, 6).unwrap_or_default()
        ),
        (3, _) => format!("unreachable, code {code}"),
        (5, _) => "redirect".to_owned(),
        (9, _) => "router advertisement".to_owned(),
        (11, 0) => "time to live exceeded".to_owned(),
        (11, _) => "reassembly time exceeded".to_owned(),
        _ => format!("type {kind}, code {code}"),
    };
    Said::of("ICMP", told)
}

fn echo(what: &str, bytes: &[u8]) -> String {
    let (id, sequence) = (short(bytes, 4), short(bytes, 6));
    format!(
        "echo {what}, id {}, seq {}",
        id.unwrap_or_default(),
        sequence.unwrap_or_default()
    )
}

pub(super) fn icmp6(bytes: &[u8]) -> Said {
    let (Some(kind), Some(code)) = (byte(bytes, 0), byte(bytes, 1)) else {
        return Said::of("ICMPv6", "cut off");
    };
    let target = || {
        let target: Option<[u8; 16]> = bytes.get(8..24).and_then(|it| it.try_into().ok());
        target.map_or_else(String::new, |target| Ipv6Addr::from(target).to_string())
    };
    let told = match kind {
        1 => format!("unreachable, code {code}"),
        2 => format!("packet too big, MTU {}", word(bytes, 4).unwrap_or_default()),
        3 => "hop limit exceeded".to_owned(),
        128 => echo("request", bytes),
        129 => echo("reply", bytes),
        130 => "multicast listener query".to_owned(),
        131 | 143 => "multicast listener report".to_owned(),
        133 => "router solicitation".to_owned(),
        134 => "router advertisement".to_owned(),
        135 => format!("who has {}?", target()),
        136 => format!("{} is here", target()),
        137 => "redirect".to_owned(),
        _ => format!("type {kind}, code {code}"),
    };
    Said::of("ICMPv6", told)
}
