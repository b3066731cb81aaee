//! The end of an .xz stream, built by hand, for streams whose blocks are copies of each other.
//!
//! Layout: `xz-file-format.txt` 1.2.1, sections 2 (stream), 3 (block) and 4 (index).

use flate2::Crc;
use xz2::stream::{Action, Check, Stream};

const HEADER: usize = 12;
const FOOTER: usize = 12;

/// One block, taken out of a stream that had only this one.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The block with its padding, as it stands in the file.
    pub(super) bytes: Vec<u8>,
    /// Its size without padding, as the index has it.
    unpadded: u64,
    uncompressed: u64,
}

impl Block {
    /// Compresses `content` to one block.
    pub(super) fn new(content: &[u8]) -> Self {
        let stream = single_block(content);
        // The index is: indicator, count, unpadded size, uncompressed size, padding, CRC; the footer has its size.
        let size_at = stream.len() - FOOTER + 4;
        let backward =
            u32::from_le_bytes(stream[size_at..size_at + 4].try_into().expect("four bytes"));
        let index_at = stream.len() - FOOTER - (backward as usize + 1) * 4;
        let (unpadded, _) = number(&stream[index_at + 2..]);
        Self {
            bytes: stream[HEADER..index_at].to_vec(),
            unpadded,
            uncompressed: content.len() as u64,
        }
    }
}

/// The twelve bytes every stream with a CRC64 check begins with.
pub(super) fn stream_header() -> Vec<u8> {
    single_block(&[])[..HEADER].to_vec()
}

/// Index and footer for these blocks, each standing so many times in a row.
pub(super) fn stream_end(blocks: &[(&Block, u64)]) -> Vec<u8> {
    let mut index = vec![0];
    push_number(&mut index, blocks.iter().map(|(_, times)| times).sum());
    for &(block, times) in blocks {
        for _ in 0..times {
            push_number(&mut index, block.unpadded);
            push_number(&mut index, block.uncompressed);
        }
    }
    index.resize(index.len().next_multiple_of(4), 0);
    let sum = crc(&index);
    index.extend_from_slice(&sum);
    let backward = u32::try_from(index.len() / 4 - 1).expect("an index of less than 16 GiB");
    let mut fields = backward.to_le_bytes().to_vec();
    // Stream flags: CRC64, as in the header.
    fields.extend_from_slice(&[0, 4]);
    index.extend_from_slice(&crc(&fields));
    index.extend_from_slice(&fields);
    index.extend_from_slice(b"YZ");
    index
}

fn single_block(content: &[u8]) -> Vec<u8> {
    let mut encoder = Stream::new_easy_encoder(1, Check::Crc64).expect("liblzma has an encoder");
    let mut stream = Vec::with_capacity(content.len() / 2 + 4096);
    let mut taken = 0;
    loop {
        taken += encoder
            .process_vec(&content[taken..], &mut stream, Action::Finish)
            .map_or_else(
                |error| panic!("cannot compress: {error}"),
                |_| usize::try_from(encoder.total_in()).unwrap_or(usize::MAX) - taken,
            );
        if stream.len() < stream.capacity() && taken == content.len() {
            return stream;
        }
        stream.reserve(4096);
    }
}

fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

/// A number as .xz writes it: seven bits a byte, lowest first. Returns its length too.
fn number(bytes: &[u8]) -> (u64, usize) {
    let mut value = 0;
    for (position, byte) in bytes.iter().enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return (value, position + 1);
        }
    }
    (value, bytes.len())
}

fn push_number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}
