//! Watches a tar pass by, byte for byte unchanged, and refuses what must not reach an engine:
//! damaged headers, names that leave the image, an archive that ends early, too much content.

use super::compression::checksum;
use thiserror::Error;

const BLOCK: usize = 512;
/// Long names and extended headers beyond this size are not believed.
const EXTENSION_LIMIT: u64 = 1 << 20;
/// Where a block of a sparse file's map says whether there is another (GNU tar's `sparse_header`).
const MAP_GOES_ON: usize = 504;

/// Why a tar was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum GuardError {
    /// A header's checksum is wrong.
    #[error("the tar is damaged {at} bytes into it, after `{after}`")]
    Damaged {
        /// Offset of the header in the decoded tar, in bytes.
        at: u64,
        /// The entry before it.
        after: String,
    },
    /// An entry's name climbs out of the image.
    #[error("the entry `{name}` would be written outside the image")]
    Escapes {
        /// The name as the archive has it.
        name: String,
    },
    /// An extended header, or the map of a sparse file, is absurdly large.
    #[error("the entry after `{after}` claims {size} bytes of extended header")]
    Extension {
        /// The entry before it.
        after: String,
        /// What it claims, in bytes.
        size: u64,
    },
    /// The input ended in the middle of an entry, or without the end-of-archive mark.
    #[error("the tar ends early, {at} bytes into it, after `{after}`")]
    CutShort {
        /// Where it ends, in bytes.
        at: u64,
        /// The last entry.
        after: String,
    },
    /// What the entries claim does not fit.
    #[error("the content needs at least {needed} bytes at `{name}`, and {available} are free")]
    TooLarge {
        /// The entry at which the limit was passed.
        name: String,
        /// Sum of the sizes so far, in bytes.
        needed: u64,
        /// The limit, in bytes.
        available: u64,
    },
}

/// The pass-by check of one tar.
#[derive(Debug)]
pub struct TarGuard {
    state: State,
    header: Vec<u8>,
    extension: Vec<u8>,
    /// Name and size given by an extended header for the entry that follows.
    next: Overrides,
    after: String,
    position: u64,
    entries: u64,
    content: u64,
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Data { left: u64 },
    Extension { kind: u8, left: u64, padding: u64 },
    SparseMap { read: u64, data: u64 },
    Ended,
}

#[derive(Debug, Default)]
struct Overrides {
    name: Option<String>,
    size: Option<u64>,
    real_size: Option<u64>,
}

impl TarGuard {
    /// A guard that refuses more than `limit` bytes of file content, if there is a limit.
    pub fn new(limit: Option<u64>) -> Self {
        Self {
            state: State::Header,
            header: Vec::with_capacity(BLOCK),
            extension: Vec::new(),
            next: Overrides::default(),
            after: "the start".to_owned(),
            position: 0,
            entries: 0,
            content: 0,
            limit,
        }
    }

    /// Looks at the next bytes of the tar.
    pub fn check(&mut self, mut bytes: &[u8]) -> Result<(), GuardError> {
        while !bytes.is_empty() {
            let taken = match self.state {
                State::Header | State::SparseMap { .. } => self.take_block(bytes)?,
                State::Data { left } => {
                    let taken = shorter(left, bytes.len());
                    self.state = after_data(left - taken as u64);
                    taken
                }
                State::Extension {
                    kind,
                    left,
                    padding,
                } => self.take_extension(kind, left, padding, bytes),
                State::Ended => bytes.len(),
            };
            self.position += taken as u64;
            bytes = &bytes[taken..];
        }
        Ok(())
    }

    /// Says whether the tar may end here.
    pub fn finish(&self) -> Result<(), GuardError> {
        if self.state == State::Ended {
            return Ok(());
        }
        Err(GuardError::CutShort {
            at: self.position,
            after: self.after.clone(),
        })
    }

    /// Sum of the sizes of the files seen so far, in bytes; sparse files count in full.
    pub fn content(&self) -> u64 {
        self.content
    }

    /// How many entries went by.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    fn take_block(&mut self, bytes: &[u8]) -> Result<usize, GuardError> {
        let at = self.position - self.header.len() as u64;
        let taken = (BLOCK - self.header.len()).min(bytes.len());
        self.header.extend_from_slice(&bytes[..taken]);
        if self.header.len() == BLOCK {
            let block = std::mem::take(&mut self.header);
            self.state = match self.state {
                State::SparseMap { read, data } => self.read_map(&block, read, data)?,
                _ => self.read_header(&block, at)?,
            };
            self.header = block;
            self.header.clear();
        }
        Ok(taken)
    }

    fn read_header(&mut self, block: &[u8], at: u64) -> Result<State, GuardError> {
        if block.iter().all(|byte| *byte == 0) {
            return Ok(State::Ended);
        }
        let header = tar::Header::from_byte_slice(block);
        let damaged = || GuardError::Damaged {
            at,
            after: self.after.clone(),
        };
        if header.cksum().ok() != Some(checksum(block)) {
            return Err(damaged());
        }
        let size = header.entry_size().map_err(|_| damaged())?;
        let kind = header.entry_type().as_byte();
        if matches!(kind, b'L' | b'K' | b'x' | b'g') {
            return self.begin_extension(kind, size);
        }
        let stored = self.next.size.unwrap_or(size);
        self.read_entry(header, stored)?;
        let data = padded(if stores_data(kind) { stored } else { 0 });
        let map_goes_on = header
            .as_gnu()
            .is_some_and(|gnu| header.entry_type().is_gnu_sparse() && gnu.isextended != [0]);
        Ok(if map_goes_on {
            State::SparseMap { read: 0, data }
        } else {
            after_data(data)
        })
    }

    /// An old-style GNU sparse header is followed by more blocks of its map, each of which says
    /// whether there is another.
    fn read_map(&self, block: &[u8], read: u64, data: u64) -> Result<State, GuardError> {
        let read = read + BLOCK as u64;
        if read > EXTENSION_LIMIT {
            return Err(GuardError::Extension {
                after: self.after.clone(),
                size: read,
            });
        }
        Ok(if block[MAP_GOES_ON] == 0 {
            after_data(data)
        } else {
            State::SparseMap { read, data }
        })
    }

    fn begin_extension(&mut self, kind: u8, size: u64) -> Result<State, GuardError> {
        if size > EXTENSION_LIMIT {
            return Err(GuardError::Extension {
                after: self.after.clone(),
                size,
            });
        }
        self.extension.clear();
        Ok(State::Extension {
            kind,
            left: size,
            padding: padded(size) - size,
        })
    }

    fn read_entry(&mut self, header: &tar::Header, stored: u64) -> Result<(), GuardError> {
        let next = std::mem::take(&mut self.next);
        let name = next
            .name
            .unwrap_or_else(|| String::from_utf8_lossy(&header.path_bytes()).into_owned());
        // Some engines read a name only up to a NUL.
        if name.split(['/', '\0']).any(|part| part == "..") {
            return Err(GuardError::Escapes { name });
        }
        let sparse = header
            .as_gnu()
            .filter(|_| header.entry_type().is_gnu_sparse());
        let claimed = next
            .real_size
            .or_else(|| sparse.and_then(|gnu| gnu.real_size().ok()))
            .unwrap_or(stored);
        self.entries += 1;
        self.content = self.content.saturating_add(claimed);
        if let Some(available) = self.limit.filter(|limit| self.content > *limit) {
            return Err(GuardError::TooLarge {
                name,
                needed: self.content,
                available,
            });
        }
        self.after = name;
        Ok(())
    }

    fn take_extension(&mut self, kind: u8, left: u64, padding: u64, bytes: &[u8]) -> usize {
        let taken = shorter(left, bytes.len());
        self.extension.extend_from_slice(&bytes[..taken]);
        let left = left - taken as u64;
        self.state = State::Extension {
            kind,
            left,
            padding,
        };
        if left == 0 {
            self.read_extension(kind);
            self.state = after_data(padding);
        }
        taken
    }

    fn read_extension(&mut self, kind: u8) {
        match kind {
            b'L' => {
                let name = self
                    .extension
                    .strip_suffix(b"\0")
                    .unwrap_or(&self.extension);
                self.next.name = Some(String::from_utf8_lossy(name).into_owned());
            }
            b'x' => {
                for field in tar::PaxExtensions::new(&self.extension).flatten() {
                    let value = field.value().unwrap_or_default();
                    match field.key().unwrap_or_default() {
                        "path" | "GNU.sparse.name" => self.next.name = Some(value.to_owned()),
                        "size" => self.next.size = value.parse().ok(),
                        "GNU.sparse.realsize" | "GNU.sparse.size" => {
                            self.next.real_size = value.parse().ok();
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn shorter(left: u64, available: usize) -> usize {
    usize::try_from(left).map_or(available, |left| left.min(available))
}

fn after_data(left: u64) -> State {
    if left == 0 {
        State::Header
    } else {
        State::Data { left }
    }
}

fn padded(size: u64) -> u64 {
    size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64)
}

/// Links, devices, folders and pipes have no data, whatever their size field says (POSIX ustar).
fn stores_data(kind: u8) -> bool {
    !(b'1'..=b'6').contains(&kind)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tar_of(names: &[&str], size: usize) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_gnu();
            header.set_size(size as u64);
            builder
                .append_data(&mut header, name, &vec![7; size][..])
                .unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn guard(bytes: &[u8], piece: usize, limit: Option<u64>) -> Result<TarGuard, GuardError> {
        let mut guard = TarGuard::new(limit);
        for piece in bytes.chunks(piece) {
            guard.check(piece)?;
        }
        guard.finish().map(|()| guard)
    }

    #[test]
    fn a_cut_at_an_entry_is_noticed() {
        let bytes = tar_of(&["a", "b"], 100);
        assert_eq!(
            guard(&bytes[..1024], 512, None).unwrap_err(),
            GuardError::CutShort {
                at: 1024,
                after: "a".into()
            }
        );
    }

    #[test]
    fn the_limit_counts_what_entries_claim() {
        let error = guard(&tar_of(&["a", "b"], 600), 512, Some(1000)).unwrap_err();
        assert_eq!(
            error,
            GuardError::TooLarge {
                name: "b".into(),
                needed: 1200,
                available: 1000
            }
        );
    }

    #[test]
    fn damage_is_where_its_header_begins_whatever_the_pieces() {
        let mut bytes = tar_of(&["a", "b"], 100);
        bytes[1024] ^= 1;
        let damaged = GuardError::Damaged {
            at: 1024,
            after: "a".into(),
        };
        for piece in [1, 300, 512, 4096] {
            assert_eq!(guard(&bytes, piece, None).unwrap_err(), damaged);
        }
    }

    /// A sparse file without data and its map of so many blocks, and another file.
    fn sparse(blocks: usize) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        let gnu = header.as_gnu_mut().unwrap();
        gnu.name[0] = b's';
        gnu.isextended = [1];
        header.set_entry_type(tar::EntryType::GNUSparse);
        header.set_size(0);
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        for left in (0..blocks).rev() {
            let mut block = [0; BLOCK];
            block[MAP_GOES_ON] = u8::from(left > 0);
            bytes.extend(block);
        }
        bytes.extend(tar_of(&["next"], 100));
        bytes
    }

    #[test]
    fn the_map_of_a_sparse_file_may_be_long_but_not_endless() {
        for piece in [1, 700, 1 << 20] {
            let passed = guard(&sparse(9), piece, None).unwrap();
            assert_eq!(passed.entries(), 2);
            let error = guard(&sparse(2049), piece, None).unwrap_err();
            assert!(matches!(error, GuardError::Extension { after, .. } if after == "s"));
        }
    }

    #[test]
    fn a_long_name_that_climbs_out_is_refused() {
        let long = format!("{}/../../etc/passwd", "x".repeat(120));
        let mut bytes = tar_of(&["ok"], 1);
        bytes.truncate(1024);
        let mut extension = tar::Header::new_gnu();
        extension.set_entry_type(tar::EntryType::GNULongName);
        extension.set_size(long.len() as u64 + 1);
        extension.set_cksum();
        bytes.extend(extension.as_bytes());
        let mut data = long.clone().into_bytes();
        data.resize(512, 0);
        bytes.extend(data);
        bytes.extend(&tar_of(&["short"], 0)[..]);
        assert_eq!(
            guard(&bytes, 100, None).unwrap_err(),
            GuardError::Escapes { name: long }
        );
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(piece in 1_usize..2000, size in 0_usize..3000, long in 1_usize..300) {
            let name = "n".repeat(long);
            let bytes = tar_of(&["a", &name, "c"], size);
            let guard = guard(&bytes, piece, None).unwrap();
            prop_assert_eq!(guard.entries(), 3);
            prop_assert_eq!(guard.content(), 3 * size as u64);
        }

        #[test]
        fn any_bytes_are_judged_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000), piece in 1_usize..700) {
            let _ = guard(&bytes, piece, Some(1 << 20));
        }

        #[test]
        fn a_flipped_header_byte_is_noticed(at in 0_usize..512, bit in 0_u8..8) {
            // The checksum itself may be written in several ways.
            prop_assume!(!(148..156).contains(&at));
            let mut bytes = tar_of(&["a", "b"], 100);
            bytes[1024 + at] ^= 1 << bit;
            prop_assert!(guard(&bytes, 512, None).is_err());
        }
    }
}
