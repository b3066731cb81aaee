//! Decoding, and the guard over what was decoded.

use crate::expectations::{Trickle, same};
use labwright_archive::{Compression, Decoding, GuardError, TarGuard, decoder};
use std::io::{self, BufReader, Read};

/// Decoded bytes that are looked at; a bomb is cut here.
const DECODED_LIMIT: u64 = 512 << 10;
/// File content that the guard lets pass.
const CONTENT_LIMIT: u64 = 1 << 20;

/// Decodes `data`, checks the result, and returns it: empty if it is not compressed in a known way, the whole or the
/// first part otherwise.
pub(crate) fn check(data: &[u8]) -> Vec<u8> {
    let Some(compression) = Compression::of(data) else {
        return Vec::new();
    };
    let (bytes, whole) = decode(data, compression, 1);
    let (trickled_bytes, trickled) = decode(
        BufReader::with_capacity(1 + data.len() % 97, Trickle::new(data)),
        compression,
        1 + data.len() % 2,
    );
    // Of a damaged input more or less comes out before the damage is found, but found it is, unless the limit is first.
    let cut = |bytes: &Vec<u8>| bytes.len() as u64 >= DECODED_LIMIT;
    if !cut(&bytes) && !cut(&trickled_bytes) {
        same("the decoder's verdict", &whole.is_ok(), &trickled.is_ok());
    }
    if whole.is_ok() && trickled.is_ok() {
        assert!(bytes == trickled_bytes, "decoded bytes depend on pieces");
    }
    check_guard(&bytes);
    bytes
}

fn decode(
    input: impl io::BufRead,
    compression: Compression,
    threads: usize,
) -> (Vec<u8>, io::Result<usize>) {
    let mut bytes = Vec::new();
    let reader = decoder(input, compression, Decoding { threads });
    let result = match reader {
        Ok(reader) => reader.take(DECODED_LIMIT).read_to_end(&mut bytes),
        Err(error) => Err(io::Error::other(error)),
    };
    (bytes, result)
}

/// The guard must judge the same whatever the pieces, and must not let a name pass that leaves the image.
fn check_guard(tar: &[u8]) {
    let whole = guard(tar, tar.len().max(1));
    let pieces = guard(tar, 1 + tar.len() % 700);
    same("the guard's verdict", &whole, &pieces);
    if let Ok((_, content)) = whole {
        assert!(content <= CONTENT_LIMIT, "{content} bytes passed the limit");
        check_names(tar);
    }
}

fn guard(tar: &[u8], piece: usize) -> Result<(u64, u64), GuardError> {
    let mut guard = TarGuard::new(Some(CONTENT_LIMIT));
    for piece in tar.chunks(piece) {
        guard.check(piece)?;
    }
    guard.finish()?;
    Ok((guard.entries(), guard.content()))
}

/// Another reader's names of a tar that the guard has let pass.
fn check_names(tar: &[u8]) {
    let mut archive = tar::Archive::new(tar);
    for entry in archive
        .entries()
        .into_iter()
        .flatten()
        .map_while(Result::ok)
    {
        let name = entry.path_bytes();
        assert!(
            name.split(|byte| *byte == b'/').all(|part| part != b".."),
            "the guard let {} pass",
            String::from_utf8_lossy(&name)
        );
    }
}
