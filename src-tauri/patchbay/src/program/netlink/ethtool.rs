//! Offloads of an interface (Documentation/networking/ethtool-netlink.rst).

use std::io;

use netlink_packet_core::{DefaultNla, Emitable, NLM_F_ACK, NLM_F_REQUEST};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_GENERIC};

use super::{
    Refusal,
    raw::{attributes, framed, messages, u16_at},
};

/// `GENL_ID_CTRL`, its `CTRL_CMD_GETFAMILY`, and that one's two attributes.
const CONTROLLER: u16 = 0x10;
const GET_FAMILY: u8 = 3;
const FAMILY_ID: u16 = 1;
const FAMILY_NAME: u16 = 2;

/// `ETHTOOL_MSG_FEATURES_SET` and its attributes.
const FEATURES_SET: u8 = 12;
const HEADER: u16 = 1;
const HEADER_NAME: u16 = 2;
const WANTED: u16 = 3;
const BITS: u16 = 3;
const BIT: u16 = 1;
const BIT_NAME: u16 = 2;

/// `NLA_F_NESTED`.
const NESTED: u16 = 0x8000;

/// The bytes of `struct genlmsghdr`.
const GENERIC_HEADER: usize = 4;

/// `ETH_GSTRING_LEN` features that leave a checksum to the interface: what a veth has, and what drivers have besides.
const CHECKSUMS: [&str; 3] = [
    "tx-checksum-ip-generic",
    "tx-checksum-ipv4",
    "tx-checksum-ipv6",
];

/// A socket to ethtool in one namespace.
pub(crate) struct Ethtool {
    socket: Socket,
    family: u16,
}

impl Ethtool {
    /// A socket in the calling thread's network namespace.
    pub(crate) fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_GENERIC)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        socket.set_cap_ack(true)?;
        let _explained = socket.set_ext_ack(true);
        let family = ask_family(&socket)?;
        Ok(Self { socket, family })
    }

    /// Sends one request and waits for what became of it.
    pub(crate) fn run(&self, request: &FeaturesOff) -> Result<(), Refusal> {
        let bytes = message(self.family, FEATURES_SET, NLM_F_ACK, &request.attributes);
        self.socket.send(&bytes, 0).map_err(Refusal::from)?;
        loop {
            let (datagram, _) = self.socket.recv_from_full().map_err(Refusal::from)?;
            let outcome = messages(&datagram).find_map(|message| message.acknowledgement());
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
    }
}

/// A request to switch features of an interface off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FeaturesOff {
    attributes: Vec<DefaultNla>,
}

/// Switches off that the interface called `name` leaves transmit checksums to others.
pub(crate) fn checksum_offload_off(name: &str) -> FeaturesOff {
    let header = nested(HEADER, &[string(HEADER_NAME, name)]);
    // A bit without a value is off.
    let bits = CHECKSUMS.map(|feature| nested(BIT, &[string(BIT_NAME, feature)]));
    let wanted = nested(WANTED, &[nested(BITS, &bits)]);
    FeaturesOff {
        attributes: vec![header, wanted],
    }
}

fn ask_family(socket: &Socket) -> io::Result<u16> {
    let name = string(FAMILY_NAME, "ethtool");
    socket.send(&message(CONTROLLER, GET_FAMILY, 0, &[name]), 0)?;
    let (datagram, _) = socket.recv_from_full()?;
    for message in messages(&datagram) {
        if let Some(Err(refusal)) = message.acknowledgement() {
            return Err(refusal.errno.into());
        }
        let mut found = attributes(message.payload.get(GENERIC_HEADER..).unwrap_or_default());
        if let Some((_, id)) = found.find(|(kind, _)| *kind == FAMILY_ID) {
            return u16_at(id, 0).ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// There is one request at a time: none needs a number.
fn message(kind: u16, command: u8, flags: u16, attributes: &[DefaultNla]) -> Vec<u8> {
    let body = [&[command, 1, 0, 0], emitted(attributes).as_slice()].concat();
    framed(kind, flags | NLM_F_REQUEST, 0, &body)
}

fn nested(kind: u16, attributes: &[DefaultNla]) -> DefaultNla {
    DefaultNla::new(kind | NESTED, emitted(attributes))
}

fn string(kind: u16, text: &str) -> DefaultNla {
    DefaultNla::new(kind, [text.as_bytes(), &[0]].concat())
}

fn emitted(attributes: &[DefaultNla]) -> Vec<u8> {
    let mut bytes = vec![0; attributes.buffer_len()];
    attributes.emit(&mut bytes);
    bytes
}
