//! A first look into an archive: enough of it is decoded to know what it holds.

use super::compression::Compression;
use super::decode::{DecodeError, Decoding, decoder};
use super::elf::{Architecture, architecture_of_elf};
use super::foreign::{FOREIGN_HEAD, Foreign, foreign};
use super::guarded::Guarded;
use super::manifest;
use super::shape::{Shape, ShapeEvidence, clean_name};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read};
use thiserror::Error;

/// Small text files whose content helps to recognise an image are read up to this size.
const TEXT_LIMIT: u64 = 256 << 10;
/// Configurations and manifests inside docker and OCI archives.
const JSON_LIMIT: u64 = 1 << 20;

/// How far the first look may go.
#[derive(Debug, Clone, Copy)]
pub struct InspectLimits {
    /// Decoded bytes to look at once the shape is clear, and as many again in archives inside; what
    /// is not known by then stays unknown.
    pub decoded: u64,
    /// Decoded bytes to look at for the shape itself: a large file may stand first.
    pub undecided: u64,
}

impl Default for InspectLimits {
    fn default() -> Self {
        Self {
            decoded: 48 << 20,
            undecided: 2 << 30,
        }
    }
}

/// What the first look found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]

pub struct ArchiveFacts {
    /// The outermost compression.
    pub compression: Compression,
    /// What is inside.
    pub shape: Shape,
    /// Whether its layers may be compressed in any way, as in an OCI layout.
    pub has_blobs: bool,
    /// From an ELF file or an image configuration inside, if one was seen.
    pub architecture: Option<Architecture>,
    /// Names that the archive itself gives to its images, as far as they were seen.
    pub own_references: Vec<String>,
    /// Content of the small files that recognition asks for, by cleaned name.
    pub texts: BTreeMap<String, String>,
}

/// Why an archive cannot be imported, as far as the first look can tell.
#[derive(Debug, Error)]
pub enum InspectError {
    /// It is something else.
    #[error("this is {}, not a container image", .0.what)]
    Foreign(Foreign),
    /// It is nothing that is known.
    #[error("this is no archive that Labwright knows")]
    Unknown,
    /// A tar without anything that makes an image.
    #[error("the archive holds neither a root file system nor an image; it has {}", list(.names))]
    NoImage {
        /// The first names in it.
        names: Vec<String>,
    },
    /// Nothing showed what it is, as far as was looked.
    #[error("the first {looked} bytes of the archive do not show an image; it begins with {}", list(.names))]
    Undecided {
        /// How far was looked, in decoded bytes.
        looked: u64,
        /// The first names in it.
        names: Vec<String>,
    },
    /// The input could not be read or decoded.
    #[error("the archive cannot be read")]
    Read(#[source] io::Error),
    /// The decoder could not start.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "no entries".to_owned()
    } else {
        names.join(", ")
    }
}

/// Looks into the archive that `input` begins.
///
/// `wanted` are the names of small text files whose content recognition wants to see.
pub fn inspect<R: Read>(
    input: R,
    wanted: &[String],
    limits: InspectLimits,
) -> Result<ArchiveFacts, InspectError> {
    let (head, input) = peek(input, FOREIGN_HEAD).map_err(InspectError::Read)?;
    if let Some(foreign) = foreign(&head) {
        return Err(InspectError::Foreign(foreign));
    }
    let compression = Compression::of(&head).ok_or(InspectError::Unknown)?;
    let decoded = decoder(input, compression, Decoding { threads: 1 })?;
    let budget = Budget {
        read: Cell::new(0),
        end: Cell::new(limits.undecided),
        settled: limits.decoded,
        inside: Cell::new(limits.decoded),
    };
    let mut look = Look::new(wanted, &budget);
    let walked = look.walk(
        Budgeted {
            inner: decoded,
            budget: &budget,
        },
        Depth::Outer,
    );
    if look.shape().is_none() && budget.read.get() >= limits.undecided {
        return Err(InspectError::Undecided {
            looked: limits.undecided,
            names: look.names,
        });
    }
    walked.map_err(InspectError::Read)?;
    look.into_facts(compression)
}

/// How much may still be decoded for the look.
struct Budget {
    read: Cell<u64>,
    end: Cell<u64>,
    settled: u64,
    /// The same for all archives inside together: each may be a bomb.
    inside: Cell<u64>,
}

impl Budget {
    /// The shape is clear: what is left to learn is worth less.
    fn settle(&self) {
        self.end
            .set(self.end.get().min(self.settled.max(self.read.get())));
    }
}

/// A reader that ends when the budget is used up.
struct Budgeted<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Budgeted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.end.get().saturating_sub(self.budget.read.get());
        let wanted = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = self.inner.read(&mut buffer[..wanted])?;
        self.budget.read.set(self.budget.read.get() + count as u64);
        Ok(count)
    }
}

/// A reader whose first bytes were looked at, and come again.
pub(crate) type Rewound<R> = BufReader<io::Chain<Cursor<Vec<u8>>, R>>;

/// The first bytes of `input`, and a reader that still yields them.
pub(crate) fn peek<R: Read>(mut input: R, length: usize) -> io::Result<(Vec<u8>, Rewound<R>)> {
    let mut head = Vec::with_capacity(length);
    input.by_ref().take(length as u64).read_to_end(&mut head)?;
    let whole = Cursor::new(head.clone()).chain(input);
    Ok((head, BufReader::with_capacity(256 << 10, whole)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The archive itself.
    Outer,
    /// An archive inside it that may be a whole image.
    Nested,
    /// One of an image's layers. Nothing deeper is looked at: an archive can even hold itself.
    Layer,
}

struct Look<'a> {
    wanted: &'a [String],
    budget: &'a Budget,
    evidence: ShapeEvidence,
    nested: Option<Shape>,
    names: Vec<String>,
    architecture: Option<Architecture>,
    own_references: Vec<String>,
    texts: BTreeMap<String, String>,
}

impl<'a> Look<'a> {
    fn new(wanted: &'a [String], budget: &'a Budget) -> Self {
        Self {
            wanted,
            budget,
            evidence: ShapeEvidence::default(),
            nested: None,
            names: Vec::new(),
            architecture: None,
            own_references: Vec::new(),
            texts: BTreeMap::new(),
        }
    }

    /// Walks a tar until all is known or the input ends; an end by the limit is no error.
    fn walk<R: Read>(&mut self, input: R, depth: Depth) -> io::Result<()> {
        let mut archive = tar::Archive::new(Guarded::new(input));
        for entry in archive.entries()? {
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(_) if self.knows_enough() => return Ok(()),
                Err(error) => {
                    return if self.limit_reached(&error) {
                        Ok(())
                    } else {
                        Err(error)
                    };
                }
            };
            let name = clean_name(&String::from_utf8_lossy(&entry.path_bytes()));
            if self.names.len() < 6 && depth != Depth::Layer && !name.is_empty() {
                self.names.push(name.clone());
            }
            self.evidence_of(&name, depth);
            if entry.header().entry_type().is_file() || entry.header().entry_type().is_gnu_sparse()
            {
                self.look_inside(&name, &mut entry, depth)?;
            }
            if self.knows_enough() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn evidence_of(&mut self, name: &str, depth: Depth) {
        if depth != Depth::Layer {
            self.evidence.see(name);
        }
        if depth == Depth::Outer && self.evidence.shape().is_some() {
            self.budget.settle();
        }
    }

    fn look_inside<R: Read>(&mut self, name: &str, entry: &mut R, depth: Depth) -> io::Result<()> {
        let mut head = Vec::with_capacity(600);
        entry.by_ref().take(600).read_to_end(&mut head)?;
        if let Some(architecture) = architecture_of_elf(&head) {
            self.architecture.get_or_insert(architecture);
        }
        let whole = Cursor::new(head.clone()).chain(entry);
        if self.wanted.iter().any(|wanted| wanted == name) {
            let mut text = Vec::new();
            whole.take(TEXT_LIMIT).read_to_end(&mut text)?;
            self.texts
                .entry(name.to_owned())
                .or_insert_with(|| String::from_utf8_lossy(&text).into_owned());
        } else if head.first() == Some(&b'{') || head.first() == Some(&b'[') {
            self.read_json(name, whole.take(JSON_LIMIT))?;
        } else if depth != Depth::Layer && self.evidence.shape() != Some(Shape::RootFileSystem) {
            self.look_into_archive(name, &head, whole, depth);
        }
        Ok(())
    }

    fn read_json<R: Read>(&mut self, name: &str, mut json: R) -> io::Result<()> {
        if matches!(self.evidence.shape(), Some(Shape::RootFileSystem)) {
            return Ok(());
        }
        let mut bytes = Vec::new();
        json.read_to_end(&mut bytes)?;
        self.own_references
            .extend(manifest::own_references(name, &bytes));
        if let Some(architecture) = manifest::architecture(&bytes) {
            self.architecture = Some(architecture);
        }
        Ok(())
    }

    /// An entry that is an archive itself is a layer of the image, or the image that was packed
    /// once more. What cannot be decoded is left for the engine to judge.
    fn look_into_archive<R: Read>(&mut self, name: &str, head: &[u8], whole: R, depth: Depth) {
        let Some(compression) =
            Compression::of(head).filter(|_| head.iter().any(|byte| *byte != 0))
        else {
            return;
        };
        let Ok(decoded) = decoder(BufReader::new(whole), compression, Decoding { threads: 1 })
        else {
            return;
        };
        let is_layer = depth == Depth::Nested || self.evidence.shape().is_some();
        let depth = if is_layer {
            Depth::Layer
        } else {
            Depth::Nested
        };
        let mut inner = Look::new(self.wanted, self.budget);
        let mut decoded = decoded.take(self.budget.inside.get());
        let walked = inner.walk(&mut decoded, depth);
        self.budget.inside.set(decoded.limit());
        if walked.is_err() && inner.names.is_empty() {
            return;
        }
        if !is_layer && self.nested.is_none() {
            self.nested = inner.evidence.shape().map(|shape| Shape::Nested {
                entry: name.to_owned(),
                inner: Box::new(shape),
            });
        }
        self.architecture = self.architecture.or(inner.architecture);
        self.own_references.append(&mut inner.own_references);
        self.texts.append(&mut inner.texts);
    }

    fn shape(&self) -> Option<Shape> {
        self.evidence.shape().or_else(|| self.nested.clone())
    }

    fn knows_enough(&self) -> bool {
        let settled = match self.shape() {
            Some(Shape::RootFileSystem) => self
                .wanted
                .iter()
                .filter(|name| name.starts_with("etc/"))
                .any(|name| self.texts.contains_key(name)),
            Some(Shape::Nested { .. }) => true,
            Some(_) => !self.own_references.is_empty(),
            None => false,
        };
        settled && self.architecture.is_some()
    }

    fn limit_reached(&self, error: &io::Error) -> bool {
        self.shape().is_some()
            && matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::Other
            )
    }

    fn into_facts(self, compression: Compression) -> Result<ArchiveFacts, InspectError> {
        let shape = self
            .shape()
            .ok_or(InspectError::NoImage { names: self.names })?;
        let mut own_references = self.own_references;
        own_references.sort();
        own_references.dedup();
        Ok(ArchiveFacts {
            compression,
            has_blobs: self.evidence.has_blobs(),
            shape,
            architecture: self.architecture,
            own_references,
            texts: self.texts,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;
    use labwright_testbed::archives::{Compression, RootFs};

    /// A root file system behind a large file at the top, of which no name tells the shape.
    fn large_file_first() -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(1 << 20);
        tar.append_data(&mut header, "EOS.swi", io::repeat(7).take(1 << 20))
            .unwrap();
        let mut bytes = tar.into_inner().unwrap();
        bytes.truncate(512 + (1 << 20));
        bytes.extend(RootFs::tiny().tar());
        bytes
    }

    #[test]
    fn a_large_file_may_stand_first() {
        let limits = InspectLimits {
            decoded: 64 << 10,
            undecided: 2 << 20,
        };
        let facts = inspect(Cursor::new(large_file_first()), &[], limits).unwrap();
        assert_eq!(facts.shape, Shape::RootFileSystem);
    }

    fn tar_of(name: &str, content: &[u8]) -> Vec<u8> {
        RootFs::empty().file(name, content).tar()
    }

    /// An archive inside an archive, its only file behind 4 MiB of zeros.
    fn bomb_inside() -> Vec<u8> {
        let zeros = tar_of("a", &vec![0; 4 << 20]);
        let inner = [&zeros[..zeros.len() - 1024], &tar_of("etc/issue", b"text")].concat();
        tar_of("image.tar.gz", &Compression::Gzip.compress(&inner))
    }

    #[test]
    fn the_limit_holds_inside_too() {
        let look = |decoded| {
            let limits = InspectLimits {
                decoded,
                ..InspectLimits::default()
            };
            inspect(Cursor::new(bomb_inside()), &[], limits)
        };
        let facts = look(8 << 20).unwrap();
        assert_eq!(*facts.shape.innermost(), Shape::RootFileSystem);
        let error = look(1 << 20).unwrap_err();
        assert!(matches!(error, InspectError::NoImage { .. }), "{error:?}");
    }

    #[test]
    fn an_archive_of_thousands_of_archives_is_not_followed() {
        let mut tar = tar_of("etc/issue", b"text");
        for _ in 0..3000 {
            let mut outer = tar::Header::new_gnu();
            outer.set_path("inner.tar").unwrap();
            outer.set_size(tar.len() as u64);
            outer.set_cksum();
            tar.splice(0..0, *outer.as_bytes());
        }
        let error = inspect(Cursor::new(tar), &[], InspectLimits::default()).unwrap_err();
        assert!(matches!(error, InspectError::NoImage { .. }), "{error:?}");
    }

    #[test]
    fn the_look_ends_at_its_limit() {
        let limits = InspectLimits {
            decoded: 64 << 10,
            undecided: 512 << 10,
        };
        let error = inspect(Cursor::new(large_file_first()), &[], limits).unwrap_err();
        assert!(matches!(error, InspectError::Undecided { .. }), "{error:?}");
    }
}
