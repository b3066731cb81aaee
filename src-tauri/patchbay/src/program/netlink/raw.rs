//! The frame of what the kernel sends: messages in a datagram, attributes in a message (netlink(7)).

use netlink_packet_core::NlasIterator;
use nix::errno::Errno;

use super::Refusal;

/// The bytes of a message's header.
const HEADER: usize = 16;

/// `NLMSG_ERROR`: an acknowledgement, of success too.
const ERROR: u16 = 2;

/// `NLMSG_DONE`: the end of a dump.
const DONE: u16 = 3;

/// `NLM_F_DUMP_INTR`: what is dumped changed meanwhile.
const INTERRUPTED: u16 = 0x10;

/// `NLM_F_ACK_TLVS`: attributes follow the header of the message that is acknowledged.
const ATTRIBUTES_FOLLOW: u16 = 0x200;

/// `NLMSGERR_ATTR_MSG`: the error in words.
const ERROR_TEXT: u16 = 1;

/// One message of the kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    pub(super) kind: u16,
    pub(super) flags: u16,
    pub(super) sequence: u32,
    pub(super) payload: &'a [u8],
}

/// A message with its header. The kernel knows whose socket it came from.
pub(super) fn framed(kind: u16, flags: u16, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity((HEADER + body.len()).next_multiple_of(4));
    bytes.extend(length.to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(flags.to_ne_bytes());
    bytes.extend(sequence.to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The messages of one datagram. What is cut off at the end is left out.
pub(super) fn messages(mut datagram: &[u8]) -> impl Iterator<Item = Raw<'_>> {
    std::iter::from_fn(move || {
        let length = u32_at(datagram, 0)? as usize;
        let message = datagram.get(..length)?;
        let raw = Raw {
            kind: u16_at(message, 4)?,
            flags: u16_at(message, 6)?,
            sequence: u32_at(message, 8)?,
            payload: message.get(HEADER..)?,
        };
        datagram = datagram
            .get(length.next_multiple_of(4)..)
            .unwrap_or_default();
        Some(raw)
    })
}

impl Raw<'_> {
    /// Whether a dump ends here.
    pub(super) fn is_done(&self) -> bool {
        self.kind == DONE
    }

    /// Whether a dump must be repeated.
    pub(super) fn is_interrupted(&self) -> bool {
        self.flags & INTERRUPTED != 0
    }

    /// What became of a request, if this acknowledges one.
    pub(super) fn acknowledgement(&self) -> Option<Result<(), Refusal>> {
        if self.kind != ERROR {
            return None;
        }
        let number = i32_at(self.payload, 0)?;
        if number == 0 {
            return Some(Ok(()));
        }
        Some(Err(Refusal {
            errno: Errno::from_raw(number.saturating_neg()),
            text: self.error_text(),
        }))
    }

    /// The socket asks for capped acknowledgements: of the request only its header is repeated.
    fn error_text(&self) -> Option<String> {
        if self.flags & ATTRIBUTES_FOLLOW == 0 {
            return None;
        }
        attributes(self.payload.get(4 + HEADER..)?)
            .find_map(|(kind, value)| (kind == ERROR_TEXT).then(|| text(value)))
    }
}

/// The attributes behind a message's own header: kind and value. What is damaged ends the list.
pub(super) fn attributes(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = NlasIterator::new(bytes);
    std::iter::from_fn(move || {
        let attribute = rest.next()?.ok()?;
        let kind = attribute.kind();
        let length = usize::from(attribute.length());
        attribute
            .into_inner()
            .get(4..length)
            .map(|value| (kind, value))
    })
}

/// A text with the closing zero taken off.
pub(super) fn text(value: &[u8]) -> String {
    let end = value.iter().position(|byte| *byte == 0);
    let bytes = value.get(..end.unwrap_or(value.len()));
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn i32_at(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}
