//! Tar headers, as far as the mutator needs them.

use std::io::Write;

const BLOCK: usize = 512;
/// Where a header has its magic and its checksum (POSIX ustar).
const MAGIC: usize = 257;
const CHECKSUM: usize = 148;

/// Writes the right checksum into every block that looks like a header.
pub(crate) fn repair(data: &mut [u8]) {
    let headers = data.chunks_exact_mut(BLOCK);
    for block in headers.filter(|block| block[MAGIC..].starts_with(b"ustar")) {
        block[CHECKSUM..CHECKSUM + 8].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        let mut field = &mut block[CHECKSUM..CHECKSUM + 7];
        // Six octal digits hold the largest sum there is, 512 × 255.
        let _fits = write!(field, "{sum:06o}\0");
    }
}
