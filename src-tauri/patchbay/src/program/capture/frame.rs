//! A frame as a packet socket hands it over: the VLAN tag that Linux took out is put back (packet(7)).

/// `TP_STATUS_VLAN_VALID` and `TP_STATUS_VLAN_TPID_VALID`.
const HAS_TAG: u32 = 1 << 4;
const HAS_PROTOCOL: u32 = 1 << 6;

/// The protocol of a VLAN tag where Linux does not say it: 802.1Q.
const DOT1Q: u16 = 0x8100;

/// Both addresses stand before the tag.
const ADDRESSES: usize = 12;

/// What `PACKET_AUXDATA` says of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Auxiliary {
    /// The frame's whole length, without its tag.
    pub(super) length: u32,
    tag: Option<[u8; 4]>,
}

impl Auxiliary {
    /// Reads `struct tpacket_auxdata`: status, length and captured length in 32 bits, then in 16 bits two offsets, the
    /// tag and its protocol.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?));
        let half = |at: usize| Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?));
        let (status, length) = (word(0)?, word(4)?);
        let protocol = if status & HAS_PROTOCOL == 0 {
            DOT1Q
        } else {
            half(18)?
        };
        let [p, q] = protocol.to_be_bytes();
        let [t, u] = half(16)?.to_be_bytes();
        Some(Self {
            length,
            tag: (status & HAS_TAG != 0).then_some([p, q, t, u]),
        })
    }

    /// The frame as it was on the wire, `snap` bytes of it at most, and how long it was.
    pub(super) fn restore(self, frame: &[u8], snap: usize) -> (Vec<u8>, u32) {
        let (addresses, rest) = frame.split_at(ADDRESSES.min(frame.len()));
        let tag = self.tag.as_ref().map_or(&[][..], |tag| &tag[..]);
        let mut bytes = [addresses, tag, rest].concat();
        bytes.truncate(snap);
        let tag = if self.tag.is_some() { 4 } else { 0 };
        (bytes, self.length + tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auxiliary(status: u32, tag: u16, protocol: u16) -> Option<Auxiliary> {
        let words = [status, 20, 20].map(u32::to_ne_bytes).concat();
        let halves = [0, 14, tag, protocol].map(u16::to_ne_bytes).concat();
        Auxiliary::read(&[words, halves].concat())
    }

    #[test]
    fn a_tag_is_put_back() {
        let frame: Vec<u8> = (0..20).collect();
        let restored =
            |auxiliary: Option<Auxiliary>, snap| auxiliary.map(|a| a.restore(&frame, snap));
        assert_eq!(restored(auxiliary(1, 0, 0), 100), Some((frame.clone(), 20)));
        let tagged = |tag: [u8; 4]| [&frame[..12], &tag, &frame[12..]].concat();
        let dot1q = tagged([0x81, 0, 0x01, 0x02]);
        assert_eq!(
            restored(auxiliary(HAS_TAG, 0x0102, 0), 100),
            Some((dot1q.clone(), 24))
        );
        let service = tagged([0x88, 0xa8, 0, 5]);
        assert_eq!(
            restored(auxiliary(HAS_TAG | HAS_PROTOCOL, 5, 0x88a8), 100),
            Some((service, 24))
        );
        assert_eq!(
            restored(auxiliary(HAS_TAG, 0x0102, 0), 14),
            Some((dot1q[..14].to_vec(), 24))
        );
        assert_eq!(Auxiliary::read(&[0; 17]), None);
    }
}
