//! Reads an image archive to its end, to know that it is whole and what it names.

use super::guard::{GuardError, TarGuard};
use super::manifest::{self, ImageEntry, ManifestError};
use super::shape::clean_name;
use std::collections::BTreeSet;
use std::io::{self, Read};
use thiserror::Error;

/// A `manifest.json` beyond this size is none.
const MANIFEST_LIMIT: u64 = 4 << 20;
/// All names of entries together, in bytes, with what keeping one takes besides.
const NAMES_LIMIT: usize = 32 << 20;
/// What keeping a name takes besides its bytes, about.
const NAME_COST: usize = 64;

/// An image archive is not whole.
#[derive(Debug, Error)]
pub enum SurveyError {
    /// It could not be read.
    #[error("the archive cannot be read")]
    Read(#[source] io::Error),
    /// The tar is damaged or ends early.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The documents do not fit together.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// It has more names than can be kept.
    #[error("the names in the archive take more than {} MiB", NAMES_LIMIT >> 20)]
    Names,
}

/// Reads all of `input`; returns its images, of which everything is there.
pub fn survey<R: Read>(input: R) -> Result<Vec<ImageEntry>, SurveyError> {
    let mut watched = Watched {
        input,
        guard: TarGuard::new(None),
    };
    let (images, seen) = walk(&mut watched)?;
    // What is behind the end mark belongs to the file as well.
    io::copy(&mut watched, &mut io::sink()).map_err(read_failed)?;
    watched.guard.finish()?;
    let images = images.ok_or_else(|| ManifestError::Missing {
        name: "manifest.json".to_owned(),
    })?;
    for image in &images {
        manifest::check_complete(image, &seen)?;
    }
    Ok(images)
}

type Walked = (Option<Vec<ImageEntry>>, BTreeSet<String>);

fn walk<R: Read>(input: &mut Watched<R>) -> Result<Walked, SurveyError> {
    let (mut images, mut seen, mut kept) = (None, BTreeSet::new(), 0);
    let mut archive = tar::Archive::new(input);
    for entry in archive.entries().map_err(read_failed)? {
        let mut entry = entry.map_err(read_failed)?;
        let name = clean_name(&String::from_utf8_lossy(&entry.path_bytes()));
        if name == "manifest.json" {
            images = Some(manifest::parse_manifest(&document(&mut entry)?)?);
        }
        kept += NAME_COST + name.len();
        if kept > NAMES_LIMIT {
            return Err(SurveyError::Names);
        }
        seen.insert(name);
    }
    Ok((images, seen))
}

/// Of an archive that ends in it, an entry just ends.
fn document<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, SurveyError> {
    let size = entry.size().min(MANIFEST_LIMIT);
    let mut bytes = Vec::new();
    let mut limited = entry.take(size);
    limited.read_to_end(&mut bytes).map_err(read_failed)?;
    if (bytes.len() as u64) < size {
        return Err(SurveyError::Read(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}

/// A reader under the eyes of a guard, which is asked at the end.
struct Watched<R> {
    input: R,
    guard: TarGuard,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let checked = self.guard.check(&buffer[..count]);
        checked.map(|()| count).map_err(io::Error::other)
    }
}

/// What the guard has found says more than that reading failed.
fn read_failed(error: io::Error) -> SurveyError {
    error
        .downcast()
        .map_or_else(SurveyError::Read, SurveyError::Guard)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;
    use labwright_testbed::archives::{DockerArchive, RootFs};

    fn archive() -> Vec<u8> {
        let root = |marker: &str| RootFs::empty().file("etc/marker", marker);
        DockerArchive::new()
            .image(&["vendor/a:1", "vendor/a:2"], &[root("below"), root("a")])
            .image(&[], &[root("b")])
            .manifest_last()
            .tar()
    }

    #[test]
    fn a_whole_archive_names_its_images() {
        let images = survey(&archive()[..]).unwrap();
        let names: Vec<_> = images.into_iter().map(|image| image.repo_tags).collect();
        assert_eq!(names, [vec!["vendor/a:1", "vendor/a:2"], vec![]]);
    }

    #[test]
    fn an_archive_that_is_cut_anywhere_is_not_whole() {
        let whole = archive();
        // The end mark's second block may be missing, as for all who read tars.
        let end = whole.len() - 1024;
        for keep in (0..end).step_by(331).chain([end - 1, end, end + 511]) {
            let error = survey(&whole[..keep]).unwrap_err();
            let cut = matches!(error, SurveyError::Read(_) | SurveyError::Guard(_));
            assert!(cut, "{keep} of {}: {error:?}", whole.len());
        }
    }

    #[test]
    fn an_archive_without_a_layer_is_not_whole() {
        let mut thinner = tar::Builder::new(Vec::new());
        let whole = archive();
        let mut left_out = None;
        for entry in tar::Archive::new(&whole[..]).entries().unwrap() {
            let entry = entry.unwrap();
            let name = clean_name(&entry.path().unwrap().to_string_lossy());
            if left_out.is_none() && name.ends_with("layer.tar") {
                left_out = Some(name);
                continue;
            }
            let mut header = entry.header().clone();
            thinner.append_data(&mut header, name, entry).unwrap();
        }
        let thinner = thinner.into_inner().unwrap();
        let error = survey(&thinner[..]).unwrap_err();
        let SurveyError::Manifest(ManifestError::Missing { name }) = error else {
            panic!("{error:?}")
        };
        assert_eq!(Some(name), left_out);
    }

    #[test]
    fn a_root_file_system_is_no_image_archive() {
        let error = survey(&RootFs::tiny().tar()[..]).unwrap_err();
        assert!(matches!(error, SurveyError::Manifest(_)), "{error:?}");
    }
}
