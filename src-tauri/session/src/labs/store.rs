//! Where a capture is kept while the window has it: a file without a name, which goes with the program however that ends.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::{Builder, NamedTempFile};
use tokio::sync::watch;

/// How much is read at once.
const PIECE: usize = 256 << 10;

/// Bytes on the disk that grow. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Store {
    /// Held for one read or write.
    file: Arc<Mutex<File>>,
    length: Arc<watch::Sender<u64>>,
}

impl Store {
    /// An empty one in a folder, which is made if it is not there. Waits for the disk.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            file: Arc::new(Mutex::new(tempfile::tempfile_in(folder)?)),
            length: Arc::new(watch::Sender::new(0)),
        })
    }

    /// How much there is.
    pub(super) fn length(&self) -> watch::Receiver<u64> {
        self.length.subscribe()
    }

    /// Adds to its end. Waits for the disk.
    pub(super) fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let length = *self.length.borrow();
        file.seek(SeekFrom::Start(length))?;
        file.write_all(bytes)?;
        drop(file);
        self.length
            .send_modify(|length| *length += bytes.len() as u64);
        Ok(())
    }

    /// What there is from a place on; nothing at its end. Waits for the disk.
    pub(super) fn read(&self, from: u64) -> io::Result<Vec<u8>> {
        let left = self.length.borrow().saturating_sub(from);
        let size = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; size];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut piece)?;
        Ok(piece)
    }

    /// Writes all that there is now into a file, which has its name only when it is whole. Waits for the disk.
    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut copy = beside(folder)?;
        let mut from = 0;
        loop {
            let piece = self.read(from)?;
            if piece.is_empty() {
                break;
            }
            from += piece.len() as u64;
            copy.write_all(&piece)?;
        }
        copy.as_file().sync_all()?;
        copy.persist(path)?;
        Ok(())
    }
}

/// A file that is to have its name later. It may be what files usually may be: the user's mask takes from it.
pub(super) fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".labwright-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn what_grows_is_read_and_saved() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(&folder.path().join("cache")).unwrap();
        let length = store.length();
        store.append(b"one ").unwrap();
        assert_eq!(store.read(0).unwrap(), b"one ");
        store.append(&vec![7; PIECE]).unwrap();
        assert_eq!(*length.borrow(), PIECE as u64 + 4);
        assert_eq!(store.read(2).unwrap().len(), PIECE);
        assert_eq!(store.read(PIECE as u64 + 4).unwrap(), b"");
        let file = folder.path().join("saved.pcapng");
        fs::write(&file, "what was there").unwrap();
        store.save(&file).unwrap();
        assert_eq!(fs::read(&file).unwrap().len(), PIECE + 4);
        let cache = fs::read_dir(folder.path().join("cache")).unwrap();
        assert_eq!(cache.count(), 0, "nothing that could be left behind");
    }
}
