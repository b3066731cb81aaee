//! The blocks of a capture in the format pcapng, as they arrive: only whole ones go on, so a file ends with one.
//!
//! The format is draft-ietf-opsawg-pcapng: each block begins with its kind and its length, and ends with its length again.

use bytes::{Bytes, BytesMut};

/// Begins a section, and tells its byte order.
const SECTION: u32 = 0x0A0D_0D0A;
/// The section's byte order, as its writer sees it.
const BYTE_ORDER: u32 = 0x1A2B_3C4D;
/// A packet with its time and length.
const PACKET: u32 = 6;
/// Kind, length, and the length again.
const FRAME: usize = 12;
/// Where a packet's time, its length as it is kept, its original length, and its bytes stand.
const TIME_AT: usize = 12;
const KEPT_AT: usize = 20;
const LENGTH_AT: usize = 24;
const BYTES_AT: usize = 28;
/// The bits of a packet's flags that tell its direction, and the one of them that says that it came in.
const DIRECTION: u32 = 3;
const INBOUND: u32 = 1;
/// A longer block than any packet makes: what claims to be one is no capture.
const LONGEST: usize = 16 << 20;

/// How much was captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Packets.
    pub packets: u64,
    /// Bytes that they had when they passed, also where fewer are kept.
    pub bytes: u64,
}

/// A packet of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedPacket {
    /// When it passed, in nanoseconds of Unix time.
    pub at_ns: u64,
    /// How many bytes it had.
    pub length: u32,
    /// Whether the node at the end sent it.
    pub sent: bool,
    /// Its bytes, or the first of them.
    pub bytes: Bytes,
}

/// What arrives is no capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoCapture;

/// Takes whole blocks out of what arrives.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    rest: BytesMut,
    big_endian: bool,
    counted: Counted,
}

impl Blocks {
    /// All that is whole now.
    pub(super) fn take(&mut self, arrived: &[u8]) -> Result<Bytes, NoCapture> {
        self.rest.extend_from_slice(arrived);
        let mut whole = 0;
        while let Some(length) = self.next(whole)? {
            whole += length;
        }
        Ok(self.rest.split_to(whole).freeze())
    }

    /// The packets of whole blocks, as the patchbay writes them: times in nanoseconds, the direction first among the
    /// options.
    pub(super) fn packets(&self, whole: &Bytes) -> impl Iterator<Item = CapturedPacket> + use<> {
        let (mut rest, big_endian) = (whole.clone(), self.big_endian);
        std::iter::from_fn(move || {
            loop {
                let word = |at: usize| word(&rest, at, big_endian);
                let (kind, length) = (word(0)?, word(4)? as usize);
                if length < FRAME || rest.len() < length {
                    return None;
                }
                let block = rest.slice(..length);
                let next = rest.slice(length..);
                rest = next;
                if kind == PACKET {
                    return packet(&block, big_endian);
                }
            }
        })
    }

    /// What has gone on so far.
    pub(super) fn counted(&self) -> Counted {
        self.counted
    }

    /// The length of the block that begins here, if it is whole.
    fn next(&mut self, at: usize) -> Result<Option<usize>, NoCapture> {
        if self.rest.len() < at + FRAME {
            return Ok(None);
        }
        // It reads the same in both byte orders.
        if self.number(at) == SECTION {
            self.big_endian = self.big_endian_at(at + 8)?;
        }
        let length = self.number(at + 4) as usize;
        if length < FRAME || !length.is_multiple_of(4) || length > LONGEST {
            return Err(NoCapture);
        }
        if self.rest.len() < at + length {
            return Ok(None);
        }
        if self.number(at) == PACKET {
            self.counted.packets += 1;
            self.counted.bytes += u64::from(self.number(at + LENGTH_AT));
        }
        Ok(Some(length))
    }

    fn big_endian_at(&self, at: usize) -> Result<bool, NoCapture> {
        match self.four(at) {
            four if u32::from_be_bytes(four) == BYTE_ORDER => Ok(true),
            four if u32::from_le_bytes(four) == BYTE_ORDER => Ok(false),
            _ => Err(NoCapture),
        }
    }

    fn number(&self, at: usize) -> u32 {
        let four = self.four(at);
        if self.big_endian {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        }
    }

    /// Four bytes; zeros where there are none, which no block has.
    fn four(&self, at: usize) -> [u8; 4] {
        let four = self
            .rest
            .get(at..at + 4)
            .and_then(|four| four.try_into().ok());
        four.unwrap_or_default()
    }
}

/// Four bytes as a number; none where there are fewer.
fn word(block: &[u8], at: usize, big_endian: bool) -> Option<u32> {
    let four = block.get(at..at + 4)?.try_into().ok()?;
    Some(if big_endian {
        u32::from_be_bytes(four)
    } else {
        u32::from_le_bytes(four)
    })
}

fn packet(block: &Bytes, big_endian: bool) -> Option<CapturedPacket> {
    let word = |at: usize| word(block, at, big_endian);
    let kept = word(KEPT_AT)? as usize;
    let bytes = block.get(BYTES_AT..BYTES_AT.checked_add(kept)?)?;
    let flags = word(BYTES_AT + kept.next_multiple_of(4) + 4).unwrap_or_default();
    Some(CapturedPacket {
        at_ns: u64::from(word(TIME_AT)?) << 32 | u64::from(word(TIME_AT + 4)?),
        length: word(LENGTH_AT)?,
        sent: flags & DIRECTION == INBOUND,
        bytes: block.slice_ref(bytes),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    /// Numbers in a byte order.
    fn words(words: &[u32], big_endian: bool) -> Vec<u8> {
        let bytes = |word: &u32| {
            if big_endian {
                word.to_be_bytes()
            } else {
                word.to_le_bytes()
            }
        };
        words.iter().flat_map(bytes).collect()
    }

    /// A section and two packets, of 60 and 1500 bytes, of which four are kept.
    fn capture(big_endian: bool) -> Vec<u8> {
        let section = [SECTION, 28, BYTE_ORDER, 1, u32::MAX, u32::MAX, 28];
        let packet = |length| [PACKET, 36, 0, 0, 0, 4, length, 0xaabb_ccdd, 36];
        [
            words(&section, big_endian),
            words(&packet(60), big_endian),
            words(&packet(1500), big_endian),
        ]
        .concat()
    }

    #[test]
    fn whole_blocks_go_on_however_they_arrive() {
        for big_endian in [false, true] {
            let sent = capture(big_endian);
            for size in 1..sent.len() {
                let mut blocks = Blocks::default();
                let pieces = sent.chunks(size).map(|piece| blocks.take(piece).unwrap());
                assert_eq!(pieces.collect::<Vec<_>>().concat(), sent);
                let counted = Counted {
                    packets: 2,
                    bytes: 1560,
                };
                assert_eq!(blocks.counted(), counted);
            }
        }
    }

    #[test]
    fn packets_are_told_with_their_bytes() {
        for big_endian in [false, true] {
            let flags = if big_endian {
                [2 << 16 | 4, 1]
            } else {
                [4 << 16 | 2, 1]
            };
            let kept = if big_endian { 0xaabb_cc00 } else { 0x00cc_bbaa };
            let packet = [PACKET, 48, 0, 3, 9, 3, 60, kept, flags[0], flags[1], 0, 48];
            let sent = [capture(big_endian), words(&packet, big_endian)].concat();
            let mut blocks = Blocks::default();
            let whole = blocks.take(&sent).unwrap();
            let packets: Vec<_> = blocks.packets(&whole).collect();
            assert_eq!(packets.len(), 3);
            assert_eq!((packets[1].length, packets[1].sent), (1500, false));
            let last = CapturedPacket {
                at_ns: (3 << 32) + 9,
                length: 60,
                sent: true,
                bytes: Bytes::from_static(&[0xaa, 0xbb, 0xcc]),
            };
            assert_eq!(packets[2], last);
        }
    }

    #[test]
    fn a_block_that_is_cut_does_not_go_on() {
        let sent = capture(false);
        let mut blocks = Blocks::default();
        let cut = sent.len() - 1;
        assert_eq!(blocks.take(&sent[..cut]).unwrap(), sent[..64]);
        assert_eq!(blocks.counted().packets, 1);
    }

    #[test]
    fn what_is_no_capture_is_refused() {
        for sent in [
            b"error: no such end".as_slice(),
            &[0; 64],
            &[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 1, 2, 3, 4],
        ] {
            assert_eq!(Blocks::default().take(sent), Err(NoCapture), "{sent:?}");
        }
    }
}
