//! Rewrites an image archive while it streams by: temporary names instead of its own, so that
//! nothing in the engine is replaced before the new image was checked, and a `manifest.json` for
//! engines that cannot load an OCI layout.

use super::compression::Compression;
use super::decode::{DecodeError, Decoding, decoder};
use super::elf::Architecture;
use super::guard::GuardError;
use super::guarded::Guarded;
use super::manifest::{self, ImageEntry, ManifestError};
use super::shape::clean_name;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufReader, Cursor, Read, Write};
use tar::{Builder, Entry, EntryType, Header};
use thiserror::Error;

/// JSON documents up to this size are read; larger ones are layers that happen to look like JSON.
const DOCUMENT_LIMIT: u64 = 4 << 20;
/// All documents of one archive together.
const DOCUMENTS_LIMIT: usize = 32 << 20;
/// What keeping a name takes besides its bytes, about.
const NAME_COST: usize = 64;
/// After so many decoded bytes it is asked whether the job was cancelled.
const CANCEL_EVERY: u64 = 16 << 20;

/// What the engine can load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// OCI layouts and `docker save` archives; where both documents are there, `index.json` counts,
    /// as for a containerd store.
    Any,
    /// The same, but `manifest.json` counts, as for Podman.
    ManifestFirst,
    /// Only what has a `manifest.json`.
    DockerOnly,
}

/// How to rewrite.
pub struct RewriteTarget<'a> {
    /// What the engine can load.
    pub layout: Layout,
    /// The engine's architecture, to choose from an index of several.
    pub architecture: Option<Architecture>,
    /// The temporary name of the i-th image.
    pub temporary: &'a dyn Fn(usize) -> String,
    /// Bytes that may be unpacked at the engine.
    pub limit: Option<u64>,
    /// Decoded sizes of zstd layers, from [`zstd_sizes`].
    pub zstd_sizes: BTreeMap<String, u64>,
}

/// Decodes every zstd layer of an image archive to learn its size: a tar entry's size stands before
/// its content, and zstd need not tell it. Only needed for engines that cannot decode zstd.
pub fn zstd_sizes<R: Read>(
    input: R,
    cancelled: &dyn Fn() -> bool,
) -> io::Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    for entry in tar::Archive::new(Guarded::new(input)).entries()? {
        let mut entry = entry?;
        let name = clean_name(&String::from_utf8_lossy(&entry.path_bytes()));
        let mut head = Vec::with_capacity(64);
        entry.by_ref().take(64).read_to_end(&mut head)?;
        if Compression::of(&head) == Some(Compression::Zstd) {
            let whole = BufReader::new(Cursor::new(head).chain(entry));
            let mut decoded = decoder(whole, Compression::Zstd, Decoding { threads: 1 })
                .map_err(io::Error::other)?;
            sizes.insert(name, length_of(&mut decoded, cancelled)?);
        }
        stop_if(cancelled)?;
    }
    Ok(sizes)
}

fn stop_if(cancelled: &dyn Fn() -> bool) -> io::Result<()> {
    if cancelled() {
        return Err(io::Error::other("cancelled"));
    }
    Ok(())
}

/// Reads to the end, however far that is.
fn length_of(reader: &mut impl Read, cancelled: &dyn Fn() -> bool) -> io::Result<u64> {
    let mut length = 0;
    loop {
        stop_if(cancelled)?;
        match io::copy(&mut reader.take(CANCEL_EVERY), &mut io::sink())? {
            0 => return Ok(length),
            count => length += count,
        }
    }
}

/// An image archive could not be rewritten.
#[derive(Debug, Error)]
pub enum RewriteError {
    /// The archive could not be read, or the engine stopped reading.
    #[error("the image archive cannot be read")]
    Read(#[source] io::Error),
    /// Writing to the engine failed.
    #[error("the image archive cannot be passed on")]
    Write(#[source] io::Error),
    /// The documents do not fit together.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// An entry must not reach the engine.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// A layer could not be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A zstd layer's size is not known, as in a download, and the engine cannot decode it.
    #[error("the layer `{name}` is compressed with zstd, which this engine cannot unpack")]
    ZstdLayer {
        /// The entry.
        name: String,
    },
    /// A link in the place of a folder: the engine would write the entry elsewhere, over a document
    /// that was checked, say.
    #[error("the entry `{name}` would be written through the link `{link}`")]
    BehindLink {
        /// The entry.
        name: String,
        /// The link that its name leads through.
        link: String,
    },
    /// The documents and names are too large to be kept.
    #[error("the archive's documents and names take more than {} MiB", DOCUMENTS_LIMIT >> 20)]
    Documents,
}

/// Copies the image archive `input` to `output`, rewritten; returns the images in it with the
/// names that the archive gives them.
pub fn rewrite<R: Read, W: Write>(
    input: R,
    output: W,
    target: &RewriteTarget<'_>,
) -> Result<Vec<Vec<String>>, RewriteError> {
    let mut rewriter = Rewriter {
        builder: Builder::new(output),
        target,
        manifest: None,
        index: None,
        documents: BTreeMap::new(),
        seen: BTreeSet::new(),
        links: BTreeSet::new(),
        kept: 0,
        manifest_names: None,
        index_names: None,
        content: 0,
    };
    let mut archive = tar::Archive::new(Guarded::new(input));
    for entry in archive.entries().map_err(read_failed)? {
        rewriter.take(entry.map_err(read_failed)?)?;
    }
    rewriter.finish()
}

struct Rewriter<'a, W: Write> {
    builder: Builder<W>,
    target: &'a RewriteTarget<'a>,
    manifest: Option<Vec<ImageEntry>>,
    index: Option<Vec<u8>>,
    documents: BTreeMap<String, Vec<u8>>,
    /// Names of the files and links that were passed on.
    seen: BTreeSet<String>,
    /// Bytes of the documents and names that are kept.
    kept: usize,
    links: BTreeSet<String>,
    /// The images' names, in the order in which each document numbers the temporary ones: a
    /// containerd store writes them in two orders.
    manifest_names: Option<Vec<Vec<String>>>,
    index_names: Option<Vec<Vec<String>>>,
    content: u64,
}

impl<W: Write> Rewriter<'_, W> {
    fn take<R: Read>(&mut self, mut entry: Entry<'_, R>) -> Result<(), RewriteError> {
        let name = clean_name(&String::from_utf8_lossy(&entry.path_bytes()));
        self.check(&name, entry.size())?;
        self.keep(NAME_COST + name.len())?;
        let kind = entry.header().entry_type();
        let docker_only = self.target.layout == Layout::DockerOnly;
        match name.as_str() {
            "manifest.json" => self.take_manifest(&mut entry),
            "index.json" => self.take_index(&mut entry),
            "repositories" => Ok(()),
            "oci-layout" if docker_only => Ok(()),
            _ if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() => {
                self.take_file(name, entry)
            }
            _ => self.copy(&name, &entry),
        }
    }

    fn check(&mut self, name: &str, size: u64) -> Result<(), RewriteError> {
        if name.split('/').any(|part| part == "..") {
            return Err(GuardError::Escapes {
                name: name.to_owned(),
            }
            .into());
        }
        let mut folders = name.match_indices('/').map(|(at, _)| &name[..at]);
        if let Some(link) = folders.find(|folder| self.links.contains(*folder)) {
            return Err(RewriteError::BehindLink {
                name: name.to_owned(),
                link: link.to_owned(),
            });
        }
        self.content = self.content.saturating_add(size);
        match self.target.limit.filter(|limit| self.content > *limit) {
            Some(available) => Err(GuardError::TooLarge {
                name: name.to_owned(),
                needed: self.content,
                available,
            }
            .into()),
            None => Ok(()),
        }
    }

    fn take_manifest(&mut self, entry: &mut impl Read) -> Result<(), RewriteError> {
        let images = manifest::parse_manifest(&read_document(entry)?)?;
        self.manifest_names = Some(names_of(&images));
        self.write_manifest(&images)?;
        self.manifest = Some(images);
        Ok(())
    }

    fn write_manifest(&mut self, images: &[ImageEntry]) -> Result<(), RewriteError> {
        let renamed: Vec<_> = images
            .iter()
            .enumerate()
            .map(|(at, image)| ImageEntry {
                repo_tags: vec![(self.target.temporary)(at)],
                ..image.clone()
            })
            .collect();
        let bytes = serde_json::to_vec(&renamed).map_err(|source| ManifestError::Parse {
            name: "manifest.json".to_owned(),
            source,
        })?;
        self.write_document("manifest.json", &bytes)
    }

    fn take_index(&mut self, entry: &mut impl Read) -> Result<(), RewriteError> {
        let bytes = read_document(entry)?;
        if self.target.layout != Layout::DockerOnly {
            let (renamed, names) = manifest::rename_index(&bytes, self.target.temporary)?;
            self.write_document("index.json", &renamed)?;
            self.index_names = Some(names);
        }
        self.index = Some(bytes);
        Ok(())
    }

    /// A file: documents are remembered on their way, zstd layers decoded where the engine cannot.
    fn take_file<R: Read>(
        &mut self,
        name: String,
        mut entry: Entry<'_, R>,
    ) -> Result<(), RewriteError> {
        let mut head = Vec::with_capacity(64);
        entry
            .by_ref()
            .take(64)
            .read_to_end(&mut head)
            .map_err(read_failed)?;
        let header = plain_header(entry.header());
        let size = entry.size();
        self.seen.insert(name.clone());
        if head.first() == Some(&b'{') && size <= DOCUMENT_LIMIT {
            let mut bytes = head;
            entry.read_to_end(&mut bytes).map_err(read_failed)?;
            self.append(header, &name, size, &bytes[..])?;
            self.remember(name, bytes)
        } else if self.target.layout == Layout::DockerOnly
            && Compression::of(&head) == Some(Compression::Zstd)
        {
            self.append_decoded(header, &name, &head, entry)
        } else {
            self.append(header, &name, size, Cursor::new(head).chain(entry))
        }
    }

    fn remember(&mut self, name: String, bytes: Vec<u8>) -> Result<(), RewriteError> {
        self.keep(bytes.len())?;
        self.documents.insert(name, bytes);
        Ok(())
    }

    fn keep(&mut self, bytes: usize) -> Result<(), RewriteError> {
        self.kept += bytes;
        if self.kept > DOCUMENTS_LIMIT {
            return Err(RewriteError::Documents);
        }
        Ok(())
    }

    /// A zstd layer, decoded for an engine that cannot.
    fn append_decoded<R: Read>(
        &mut self,
        header: Header,
        name: &str,
        head: &[u8],
        entry: R,
    ) -> Result<(), RewriteError> {
        let size = self.target.zstd_sizes.get(name).copied();
        let size = size.ok_or_else(|| RewriteError::ZstdLayer {
            name: name.to_owned(),
        })?;
        self.check(name, size)?;
        let whole = BufReader::new(Cursor::new(head.to_vec()).chain(entry));
        let decoded = decoder(whole, Compression::Zstd, Decoding { threads: 1 })?;
        self.append(header, name, size, decoded)
    }

    fn append(
        &mut self,
        mut header: Header,
        name: &str,
        size: u64,
        content: impl Read,
    ) -> Result<(), RewriteError> {
        header.set_size(size);
        let mut content = ExactRead {
            inner: content,
            left: size,
        };
        self.builder
            .append_data(&mut header, name, &mut content)
            .map_err(read_failed)
    }

    /// Folders and links as they are.
    fn copy<R: Read>(&mut self, name: &str, entry: &Entry<'_, R>) -> Result<(), RewriteError> {
        let mut header = entry.header().clone();
        match (header.entry_type(), entry.link_name().map_err(read_failed)?) {
            (EntryType::Symlink | EntryType::Link, Some(link)) => {
                self.seen.insert(name.to_owned());
                self.links.insert(name.to_owned());
                self.builder
                    .append_link(&mut header, name, link)
                    .map_err(RewriteError::Write)
            }
            (EntryType::Directory, _) if !name.is_empty() => {
                header.set_size(0);
                self.builder
                    .append_data(&mut header, format!("{name}/"), io::empty())
                    .map_err(RewriteError::Write)
            }
            _ => Ok(()),
        }
    }

    fn write_document(&mut self, name: &str, bytes: &[u8]) -> Result<(), RewriteError> {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        self.builder
            .append_data(&mut header, name, bytes)
            .map_err(RewriteError::Write)
    }

    fn finish(mut self) -> Result<Vec<Vec<String>>, RewriteError> {
        match (&self.manifest, &self.index) {
            (Some(images), _) => images
                .iter()
                .try_for_each(|image| manifest::check_complete(image, &self.seen))?,
            (None, Some(index)) if self.target.layout == Layout::DockerOnly => {
                let images = manifest::manifest_of_index(
                    index,
                    &self.documents,
                    &self.seen,
                    self.target.architecture,
                )?;
                self.manifest_names = Some(names_of(&images));
                self.write_manifest(&images)?;
            }
            (None, Some(index)) => {
                manifest::manifest_of_index(
                    index,
                    &self.documents,
                    &self.seen,
                    self.target.architecture,
                )?;
            }
            (None, None) => {
                return Err(ManifestError::Missing {
                    name: "manifest.json".to_owned(),
                }
                .into());
            }
        }
        self.builder.finish().map_err(RewriteError::Write)?;
        let (first, second) = match self.target.layout {
            Layout::Any => (self.index_names, self.manifest_names),
            Layout::ManifestFirst | Layout::DockerOnly => (self.manifest_names, self.index_names),
        };
        Ok(completed(first, second))
    }
}

/// The names of the document that counts. That of one image may be in the other document only.
fn completed(
    first: Option<Vec<Vec<String>>>,
    second: Option<Vec<Vec<String>>>,
) -> Vec<Vec<String>> {
    match (first, second) {
        (Some(first), Some(second)) if first == [[""; 0]] && second.len() == 1 => second,
        (first, second) => first.or(second).unwrap_or_default(),
    }
}

fn names_of(images: &[ImageEntry]) -> Vec<Vec<String>> {
    images.iter().map(|image| image.repo_tags.clone()).collect()
}

/// The header of an ordinary file: what is sparse is read in full.
fn plain_header(header: &Header) -> Header {
    let mut plain = Header::new_gnu();
    plain.set_mode(header.mode().unwrap_or(0o644));
    plain.set_mtime(header.mtime().unwrap_or(0));
    plain
}

/// What the guard has found says more than that reading failed.
fn read_failed(error: io::Error) -> RewriteError {
    error
        .downcast()
        .map_or_else(RewriteError::Read, RewriteError::Guard)
}

fn read_document(entry: &mut impl Read) -> Result<Vec<u8>, RewriteError> {
    let mut bytes = Vec::new();
    entry
        .take(DOCUMENT_LIMIT)
        .read_to_end(&mut bytes)
        .map_err(read_failed)?;
    Ok(bytes)
}

/// Fails if the content is shorter or longer than the header says; the tar would be broken.
struct ExactRead<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for ExactRead<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("{} bytes of an entry are missing", self.left),
            ));
        }
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("an entry is longer than it says"))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
