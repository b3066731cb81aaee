//! What can be imported, as people give it: paths, URLs, folders.

use std::fs;
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use thiserror::Error;
use url::Url;

/// What was given is nothing that can be imported.
#[derive(Debug, Error)]
pub enum SourceError {
    /// It looks like a URL and is none.
    #[error("{given} cannot be imported: {source}")]
    Url {
        /// As it was given.
        given: String,
        /// What is wrong.
        #[source]
        source: url::ParseError,
    },
    /// A `file://` URL of another machine.
    #[error("{given} cannot be imported: it names no file of this machine")]
    Elsewhere {
        /// As it was given.
        given: String,
    },
    /// No way to fetch it is known.
    #[error("{given} cannot be imported: {scheme} is neither http nor https")]
    Scheme {
        /// As it was given.
        given: String,
        /// The URL's scheme.
        scheme: String,
    },
    /// A relative path, and no folder that it could begin in.
    #[error("{given} is no whole path")]
    Relative {
        /// As it was given.
        given: String,
    },
}

impl SourceError {
    /// The failure in the form that crosses borders.
    pub fn report(&self) -> ErrorReport {
        ErrorReport::of("source_unusable", self)
            .with_hint("Give the path of a file, or a URL that begins with http:// or https://.")
    }
}

/// An absolute path, or a URL that can be downloaded. A `file://` URL, as file managers give it, is
/// a path; a relative path begins `here`.
pub fn source_of(given: &str, here: &Path) -> Result<String, SourceError> {
    let Some((scheme, _)) = given.split_once("://") else {
        return absolute(given, here);
    };
    let given = given.to_owned();
    let url = match Url::parse(&given) {
        Ok(url) => url,
        Err(source) => return Err(SourceError::Url { given, source }),
    };
    match url.scheme() {
        "http" | "https" => Ok(url.to_string()),
        "file" => match url.to_file_path() {
            Ok(path) => absolute(&path.to_string_lossy(), here),
            Err(()) => Err(SourceError::Elsewhere { given }),
        },
        _ => Err(SourceError::Scheme {
            scheme: scheme.to_owned(),
            given,
        }),
    }
}

fn absolute(given: &str, here: &Path) -> Result<String, SourceError> {
    let path = here.join(given);
    if !path.is_absolute() {
        let given = given.to_owned();
        return Err(SourceError::Relative { given });
    }
    Ok(path.to_string_lossy().into_owned())
}

/// Endings of the archives that a folder is searched for. What is given by name may end as it likes.
const ENDINGS: [&str; 15] = [
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.xz",
    ".txz",
    ".tar.zst",
    ".tzst",
    ".tar.bz2",
    ".tbz2",
    ".tbz",
    ".tar.lz4",
    ".tar.lzma",
    ".tlz",
    ".oci",
    ".tar.lz",
];

/// How deep a folder is searched.
const DEPTH: usize = 3;

/// The files that are meant by `given`: files themselves, and of folders the archives in them, by
/// name. At most `limit`; gives also how many there were beyond.
pub(crate) fn archives_in(given: &[String], limit: usize) -> (Vec<String>, usize) {
    let mut found: Vec<String> = Vec::new();
    for source in given {
        let path = Path::new(source);
        let files = if path.is_dir() {
            let mut inside = Vec::new();
            search(path, DEPTH, &mut inside);
            inside.sort();
            let inside = inside.into_iter();
            inside
                .map(|path| path.to_string_lossy().into_owned())
                .collect()
        } else {
            vec![source.clone()]
        };
        for file in files {
            if !found.contains(&file) {
                found.push(file);
            }
        }
    }
    let left_out = found.len().saturating_sub(limit);
    found.truncate(limit);
    (found, left_out)
}

/// A folder that cannot be read holds nothing that could be imported.
fn search(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 1 => search(&path, depth - 1, found),
            Ok(kind) if kind.is_dir() => {}
            Ok(_) if is_archive(&path) => found.push(path),
            _ => {}
        }
    }
}

fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;
    use std::path::Path;

    use super::{archives_in, source_of};

    #[test]
    fn paths_become_absolute_and_urls_stay() {
        let here = Path::new("/here");
        for (given, expected) in [
            ("frr.tar", "/here/frr.tar"),
            ("/a/b.tar.xz", "/a/b.tar.xz"),
            ("file:///a/b%20c.tar", "/a/b c.tar"),
            (
                "HTTPS://lab.example/x.tar?k=1",
                "https://lab.example/x.tar?k=1",
            ),
        ] {
            assert_eq!(source_of(given, here).unwrap(), expected);
        }
        for given in ["ftp://lab.example/x.tar", "http://", "file://lab/x.tar"] {
            assert!(source_of(given, here).is_err(), "{given}");
        }
        assert!(source_of("frr.tar", Path::new("")).is_err());
    }

    #[test]
    fn a_folder_stands_for_the_archives_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::create_dir_all(folder.path().join("a/b/c/d")).unwrap();
        for name in [
            "z.TAR.xz",
            "notes.txt",
            "a/m.tgz",
            "a/b/n.tar",
            "a/b/c/far.tar",
        ] {
            fs::write(path(name), "").unwrap();
        }
        let odd = path("notes.txt");
        let given = [path(""), odd.clone(), path("z.TAR.xz")];
        let all = [path("a/b/n.tar"), path("a/m.tgz"), path("z.TAR.xz"), odd];
        assert_eq!(archives_in(&given, 9), (all.to_vec(), 0));
        assert_eq!(archives_in(&given, 1), (all[..1].to_vec(), 3));
    }
}
