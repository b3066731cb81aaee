//! The capture file format (draft-ietf-opsawg-pcapng), as far as it is needed: one section, one interface, packets.

/// The kinds of blocks.
const SECTION: u32 = 0x0A0D_0D0A;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;

/// Written in our byte order, from which readers learn it.
const BYTE_ORDER: u32 = 0x1A2B_3C4D;

/// `LINKTYPE_ETHERNET`.
const ETHERNET: u16 = 1;

/// The options of blocks; `END` closes a list.
const END: u16 = 0;
const SECTION_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_DESCRIPTION: u16 = 3;
const INTERFACE_RESOLUTION: u16 = 9;
const PACKET_FLAGS: u16 = 2;

/// Which way a packet went, seen from the patchbay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the node.
    Inbound,
    /// To the node.
    Outbound,
}

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    /// Nanoseconds of Unix time.
    pub(super) at_ns: u64,
    /// Which way it went.
    pub(super) direction: Direction,
    /// Its bytes, or the first of them.
    pub(super) bytes: Vec<u8>,
    /// How many bytes it had.
    pub(super) length: u32,
}

/// What a file begins with: the section and its one interface. `snap` is how many bytes of a packet are kept.
pub(super) fn header(name: &str, description: &str, snap: u32) -> Vec<u8> {
    let application = concat!("labwright-patchbay ", env!("CARGO_PKG_VERSION"));
    let mut section = Vec::new();
    section.extend(BYTE_ORDER.to_ne_bytes());
    section.extend(1_u16.to_ne_bytes());
    section.extend(0_u16.to_ne_bytes());
    // The section's length: not known.
    section.extend(u64::MAX.to_ne_bytes());
    option(&mut section, SECTION_APPLICATION, application.as_bytes());
    option(&mut section, END, &[]);

    let mut interface = Vec::new();
    interface.extend(ETHERNET.to_ne_bytes());
    interface.extend(0_u16.to_ne_bytes());
    interface.extend(snap.to_ne_bytes());
    option(&mut interface, INTERFACE_NAME, name.as_bytes());
    option(
        &mut interface,
        INTERFACE_DESCRIPTION,
        description.as_bytes(),
    );
    // Times count in 10^-9 seconds.
    option(&mut interface, INTERFACE_RESOLUTION, &[9]);
    option(&mut interface, END, &[]);
    [block(SECTION, &section), block(INTERFACE, &interface)].concat()
}

/// One packet.
pub(super) fn packet(packet: &Packet) -> Vec<u8> {
    let [_, _, _, _, high @ ..] = (packet.at_ns >> 32).to_be_bytes();
    let [_, _, _, _, low @ ..] = packet.at_ns.to_be_bytes();
    let flags: u32 = match packet.direction {
        Direction::Inbound => 1,
        Direction::Outbound => 2,
    };
    let mut body = Vec::with_capacity(packet.bytes.len() + 48);
    body.extend(0_u32.to_ne_bytes());
    body.extend(u32::from_be_bytes(high).to_ne_bytes());
    body.extend(u32::from_be_bytes(low).to_ne_bytes());
    body.extend(length(&packet.bytes).to_ne_bytes());
    body.extend(packet.length.to_ne_bytes());
    padded(&mut body, &packet.bytes);
    option(&mut body, PACKET_FLAGS, &flags.to_ne_bytes());
    option(&mut body, END, &[]);
    block(PACKET, &body)
}

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let total = length(body).saturating_add(12).to_ne_bytes();
    [&kind.to_ne_bytes(), total.as_slice(), body, &total].concat()
}

fn option(body: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let value = value.get(..usize::from(length)).unwrap_or_default();
    body.extend(kind.to_ne_bytes());
    body.extend(length.to_ne_bytes());
    padded(body, value);
}

fn padded(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend(bytes);
    let padding = bytes.len().next_multiple_of(4) - bytes.len();
    body.extend([0; 3].iter().take(padding));
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use pcap_parser::{
        Block, PcapBlockOwned, PcapError, PcapNGReader,
        traits::{PcapNGPacketBlock, PcapReaderIterator},
    };
    use proptest::prelude::*;

    use super::*;

    /// What another program reads: the interface's name and description, and every packet.
    fn read_back(file: &[u8]) -> (String, String, Vec<Packet>) {
        let mut reader = PcapNGReader::new(1 << 20, file).unwrap();
        let (mut name, mut description, mut packets) = (String::new(), String::new(), Vec::new());
        loop {
            let (read, block) = match reader.next() {
                Ok(next) => next,
                Err(PcapError::Incomplete(_)) => {
                    reader.refill().unwrap();
                    continue;
                }
                Err(PcapError::Eof) => return (name, description, packets),
                Err(error) => panic!("{error:?}"),
            };
            match block {
                PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
                    assert_eq!(interface.ts_resolution(), Some(1_000_000_000));
                    name = interface.if_name().unwrap().unwrap().to_owned();
                    description = interface.if_description().unwrap().unwrap().to_owned();
                }
                PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => packets.push(Packet {
                    at_ns: u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low),
                    direction: match packet
                        .options
                        .iter()
                        .find(|o| o.code.0 == 2)
                        .unwrap()
                        .value()
                    {
                        [1, 0, 0, 0] => Direction::Inbound,
                        _ => Direction::Outbound,
                    },
                    bytes: packet.packet_data()[..packet.caplen as usize].to_vec(),
                    length: packet.origlen,
                }),
                _ => {}
            }
            reader.consume(read);
        }
    }

    fn any_packet() -> impl Strategy<Value = Packet> {
        let bytes = prop::collection::vec(any::<u8>(), 0..80);
        (any::<u64>(), any::<bool>(), bytes, 0..9000_u32).prop_map(
            |(at_ns, inbound, bytes, more)| Packet {
                at_ns,
                direction: if inbound {
                    Direction::Inbound
                } else {
                    Direction::Outbound
                },
                length: length(&bytes) + more,
                bytes,
            },
        )
    }

    proptest! {
        #[test]
        fn others_read_what_was_written(packets in prop::collection::vec(any_packet(), 0..5)) {
            let mut file = header("leaf1:eth1", "port eth1 of leaf1", 262_144);
            for one in &packets {
                file.extend(packet(one));
            }
            let (name, description, read) = read_back(&file);
            prop_assert_eq!((name.as_str(), description.as_str()), ("leaf1:eth1", "port eth1 of leaf1"));
            prop_assert_eq!(read, packets);
        }
    }
}
