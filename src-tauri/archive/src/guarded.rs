//! Tars for a reader that believes what headers claim: it takes an extended header into memory
//! whatever its size, so that an archive of a few kilobytes could fill all of it.

use super::guard::TarGuard;
use std::io::{self, Read};

/// Reads a tar under the eyes of a [`TarGuard`], whose [`GuardError`](super::GuardError) comes out
/// of the reader, inside an [`io::Error`].
pub(crate) struct Guarded<R> {
    tar: R,
    guard: TarGuard,
}

impl<R: Read> Guarded<R> {
    /// Guards `tar`, without a limit to its content.
    pub(crate) fn new(tar: R) -> Self {
        Self {
            tar,
            guard: TarGuard::new(None),
        }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.tar.read(buffer)?;
        self.guard
            .check(&buffer[..count])
            .map_err(io::Error::other)?;
        Ok(count)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;
    use crate::GuardError;

    #[test]
    fn what_claims_gigabytes_is_never_read() {
        for kind in [
            tar::EntryType::GNULongName,
            tar::EntryType::GNULongLink,
            tar::EntryType::XHeader,
        ] {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(8 << 30);
            header.set_cksum();
            let endless = header.as_bytes().chain(io::repeat(b'a'));
            let mut archive = tar::Archive::new(Guarded::new(endless));
            let error = archive.entries().unwrap().next().unwrap().err().unwrap();
            let error: GuardError = error.downcast().unwrap();
            assert!(matches!(error, GuardError::Extension { size, .. } if size == 8 << 30));
        }
    }
}
