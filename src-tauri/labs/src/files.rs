//! Files in containers, by the engine's archives: no program in the container is needed.

use futures_util::TryStreamExt;
use labwright_engine::{Engine, EngineError};
use std::io::{self, Read};
use thiserror::Error;

/// Why a file could not be read.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What the engine gave is not the whole file.
    #[error(transparent)]
    Archive(#[from] io::Error),
}

/// The text of a file in a container; none where it is not there.
pub(crate) async fn text(
    engine: &Engine,
    container: &str,
    path: &str,
) -> Result<Option<String>, FileError> {
    let Some(pieces) = engine.get_files(container, path).await? else {
        return Ok(None);
    };
    let bytes = pieces.map_ok(|piece| piece.to_vec()).try_concat().await?;
    Ok(Some(first_file(&bytes)?))
}

/// An archive of files: the path, the mode and the text of each. Writing to memory cannot fail.
pub(crate) fn archive<'a>(files: impl IntoIterator<Item = (&'a str, u32, &'a str)>) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, mode, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(mode);
        header.set_size(text.len() as u64);
        let path = path.trim_start_matches('/');
        let _written = archive.append_data(&mut header, path, text.as_bytes());
    }
    archive.into_inner().unwrap_or_default()
}

/// The text of an archive's first entry, which must be a whole file.
fn first_file(archive: &[u8]) -> io::Result<String> {
    let mut archive = tar::Archive::new(archive);
    let entry = archive.entries()?.next();
    let mut entry = entry.ok_or(io::ErrorKind::UnexpectedEof)??;
    if !entry.header().entry_type().is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text)?;
    if text.len() as u64 != entry.size() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{archive, first_file};

    #[test]
    fn only_a_whole_file_is_read() {
        let text = "hostname leaf1\n".repeat(100);
        let whole = archive([("/etc/config", 0o644, text.as_str())]);
        assert_eq!(first_file(&whole).unwrap(), text);
        for length in [0, 100, 600, 1024] {
            assert!(first_file(&whole[..length]).is_err(), "{length}");
        }
        let mut folder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        header.set_cksum();
        folder.append(&header, std::io::empty()).unwrap();
        assert!(first_file(&folder.into_inner().unwrap()).is_err());
    }
}
