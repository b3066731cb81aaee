#![expect(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use etherparse::PacketBuilder;
use labwright_labs::links::CapturedPacket;

use super::packet;

/// A frame from 00:00:00:00:00:01 to another address.
fn frame(to: [u8; 6], kind: u16, carried: &[u8]) -> Vec<u8> {
    let from = [0, 0, 0, 0, 0, 1];
    [&to[..], &from, &kind.to_be_bytes(), carried].concat()
}

/// A frame of 802.3 with the head of 802.2.
fn logical(to: [u8; 6], head: [u8; 3], carried: &[u8]) -> Vec<u8> {
    let length = u16::try_from(carried.len() + 3).unwrap();
    frame(to, length, &[&head[..], carried].concat())
}

fn ipv4(number: u8, carried: &[u8]) -> Vec<u8> {
    let header = etherparse::Ipv4Header::new(
        u16::try_from(carried.len()).unwrap(),
        64,
        etherparse::IpNumber(number),
        [10, 0, 0, 1],
        [10, 0, 0, 2],
    );
    let mut bytes = Vec::new();
    header.unwrap().write(&mut bytes).unwrap();
    [bytes, carried.to_vec()].concat()
}

fn udp(from: u16, to: u16, carried: &[u8]) -> Vec<u8> {
    let builder = PacketBuilder::ethernet2([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 2])
        .ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
        .udp(from, to);
    let mut bytes = Vec::new();
    builder.write(&mut bytes, carried).unwrap();
    bytes
}

fn tcp(carried: &[u8]) -> Vec<u8> {
    let builder = PacketBuilder::ethernet2([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 2])
        .ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
        .tcp(40000, 179, 7, 1000)
        .psh()
        .ack(9);
    let mut bytes = Vec::new();
    builder.write(&mut bytes, carried).unwrap();
    bytes
}

/// A BGP message without content.
fn bgp(kind: u8) -> Vec<u8> {
    [&[0xff; 16][..], &[0, 19, kind]].concat()
}

const ALL: [u8; 6] = [0xff; 6];
const TREE: [u8; 6] = [1, 0x80, 0xc2, 0, 0, 0];
const NEAREST: [u8; 6] = [1, 0x80, 0xc2, 0, 0, 0x0e];
const ECHO: [u8; 8] = [8, 0, 0, 0, 0, 5, 0, 3];

fn said(bytes: &[u8]) -> String {
    let captured = CapturedPacket {
        at_ns: 1_500_000,
        length: u32::try_from(bytes.len()).unwrap(),
        sent: true,
        bytes: Bytes::copy_from_slice(bytes),
    };
    let told = packet(7, &captured);
    assert_eq!((told.number, told.at_us, told.sent), (7, 1500, true));
    let between = format!("{} > {}", told.source, told.destination);
    format!("{} | {between} | {}", told.protocol, told.summary)
}

/// One of each, with a name.
fn samples() -> Vec<Vec<u8>> {
    let arp = |operation: u8| {
        let head = [0, 1, 8, 0, 6, 4, 0, operation];
        let sides = [0, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2];
        [&head[..], &sides].concat()
    };
    let lldp = [
        &[2, 7, 4, 0, 0x1c, 0x73, 0, 0, 1][..],
        &[4, 10, 5],
        b"Ethernet1",
        &[6, 2, 0, 120],
        &[10, 5],
        b"leaf1",
        &[0, 0],
    ];
    let tree = [
        &[0, 0, 2, 2, 0x3c, 0x80, 0][..],
        &[0, 0, 0, 0, 0, 9],
        &[0, 0, 0, 2],
        &[0x80, 1, 0, 0, 0, 0, 0, 1, 0x80, 2],
    ];
    let side = |system: u8| {
        let state = [
            0, 1, 0, 0, 0, 0, 0, system, 0, 10, 0, 128, 0, 4, 0x3d, 0, 0, 0,
        ];
        state.to_vec()
    };
    let lacp = [&[1, 1, 1, 20][..], &side(1), &[2, 20], &side(2)];
    let isis = [
        &[0x83, 27, 1, 0, 17, 1, 0, 0, 3][..],
        &[0, 0, 0, 0, 0, 1],
        &[0, 30],
    ];
    let ospf = [2, 1, 0, 44, 1, 1, 1, 1, 0, 0, 0, 0];
    let bfd = [
        0x20, 0xc0, 3, 24, 0, 0, 0, 1, 0, 0, 0, 2, 0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0,
    ];
    let mut dhcp = vec![0; 240];
    dhcp[33] = 1;
    dhcp.extend([0, 12, 1, b'a', 53, 1, 1, 255]);
    let vxlan = [
        &[8, 0, 0, 0, 0, 0, 100, 0][..],
        &frame(ALL, 0x0800, &ipv4(1, &ECHO)),
    ];
    let solicit = [
        &[135, 0, 0, 0, 0, 0, 0, 0][..],
        &[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    ];
    let mut six = Vec::new();
    let header = etherparse::Ipv6Header {
        payload_length: 24,
        next_header: etherparse::IpNumber(58),
        hop_limit: 255,
        source: [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        destination: [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 2],
        ..etherparse::Ipv6Header::default()
    };
    header.write(&mut six).unwrap();
    six.extend(solicit.concat());
    let tagged = [&[0, 10, 8, 0][..], &ipv4(1, &ECHO)];
    let labels = [
        &[0, 1, 0, 64][..],
        &[0, 0x3e, 0x81, 64],
        &ipv4(6, &tcp(&[])[34..]),
    ];
    vec![
        frame(ALL, 0x0806, &arp(1)),
        frame([0, 0, 0, 0, 0, 2], 0x0806, &arp(2)),
        frame(ALL, 0x0800, &ipv4(1, &ECHO)),
        frame(ALL, 0x0800, &ipv4(1, &[3, 3, 0, 0, 0, 0, 0, 0])),
        frame(ALL, 0x86dd, &six),
        frame(ALL, 0x8100, &tagged.concat()),
        frame(NEAREST, 0x88cc, &lldp.concat()),
        frame(TREE, 0x8809, &lacp.concat()),
        logical(TREE, [0x42, 0x42, 3], &tree.concat()),
        logical(TREE, [0xfe, 0xfe, 3], &isis.concat()),
        frame(ALL, 0x0800, &ipv4(89, &ospf)),
        frame(ALL, 0x0800, &ipv4(112, &[0x31, 7, 100])),
        tcp(&[]),
        tcp(&[bgp(4), bgp(2)].concat()),
        tcp(b"the rest of a message"),
        udp(5000, 53, b"question"),
        udp(49152, 3784, &bfd),
        udp(68, 67, &dhcp),
        udp(40001, 14789, &vxlan.concat()),
        frame(ALL, 0x8847, &labels.concat()),
        frame(
            ALL,
            0x0800,
            &ipv4(47, &[&[0, 0, 8, 0][..], &ipv4(1, &ECHO)].concat()),
        ),
        frame(ALL, 0x1234, &[0; 46]),
    ]
}

#[test]
fn packets_are_said_in_the_fields_words() {
    let lines: Vec<String> = samples().iter().map(|sample| said(sample)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_is_cut_or_damaged_is_said_all_the_same() {
    for sample in samples() {
        for length in 0..sample.len() {
            said(&sample[..length]);
        }
        for at in 0..sample.len() {
            let mut damaged = sample.clone();
            damaged[at] = !damaged[at];
            said(&damaged);
        }
    }
}

#[test]
fn frames_in_frames_come_to_an_end() {
    let mut bytes = frame(ALL, 0x0800, &ipv4(1, &ECHO));
    for _ in 0..50 {
        let vxlan = [&[8, 0, 0, 0, 0, 0, 100, 0][..], &bytes].concat();
        bytes = udp(40001, 4789, &vxlan);
    }
    assert!(said(&bytes).contains("VXLAN 100: VXLAN 100"));
}
