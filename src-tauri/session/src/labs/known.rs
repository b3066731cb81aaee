//! Which labs' files are known: those that were opened, and those in folders that were added.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::file::text_of;

/// What every topology has, and hardly another YAML file.
const KEY: &str = "topology:";
/// What topology files end with.
const ENDINGS: [&str; 2] = [".clab.yml", ".clab.yaml"];
/// How many files and folders are remembered.
const FILES: usize = 200;
const FOLDERS: usize = 50;
const HIDDEN: usize = 1000;
/// How deep a folder is searched, and how many folders and topologies in it are looked at.
const DEPTH: usize = 5;
const SEARCHED: usize = 500;
const FOUND: usize = 300;
/// Folders that hold no one's topologies.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// What is remembered from one run of the program to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Known {
    /// Files, the one that was opened last first.
    pub(super) files: Vec<PathBuf>,
    /// When those that were opened were so last, in milliseconds of Unix time.
    pub(super) opened: BTreeMap<PathBuf, u64>,
    /// Folders that are searched, in the order in which they were added.
    pub(super) folders: Vec<PathBuf>,
    /// Files in those folders that the user does not want to see.
    pub(super) hidden: Vec<PathBuf>,
}

/// Why something cannot be remembered.
#[derive(Debug, Error)]
pub(crate) enum KnownError {
    /// The path begins nowhere.
    #[error("{} is no whole path", path.display())]
    Relative {
        /// As it was given.
        path: PathBuf,
    },
    /// Nothing is there, or it may not be looked at.
    #[error("{} cannot be opened", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is no file that a topology could be in.
    #[error("{} is no YAML file", path.display())]
    NotYaml {
        /// The path.
        path: PathBuf,
    },
    /// No topology is in it.
    #[error("no *.clab.yml is in {}", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The list cannot be written.
    #[error("the list of labs cannot be kept in {}", path.display())]
    Write {
        /// The list's file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl KnownError {
    /// For people and programs.
    pub(crate) fn report(&self) -> ErrorReport {
        let (code, hint) = match self {
            Self::Relative { .. } => ("lab_path_relative", "Give the whole path."),
            Self::Missing { .. } => (
                "lab_file_missing",
                "Check the path, and that you may read it.",
            ),
            Self::NotYaml { .. } => (
                "lab_file_not_yaml",
                "Topologies are called *.clab.yml, or at least *.yml.",
            ),
            Self::Empty { .. } => (
                "lab_folder_empty",
                "Choose the topology's file itself if its name ends otherwise.",
            ),
            Self::Write { .. } => (
                "labs_write",
                "Check that you may write there, and that the disk has room.",
            ),
        };
        ErrorReport::of(code, self).with_hint(hint)
    }
}

impl Known {
    /// Reads the list. One that is not there or is damaged is empty.
    pub(super) fn read(file: &Path) -> Self {
        let text = match fs::read(file) {
            Ok(text) => text,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(%error, file = %file.display(), "the list of labs");
                }
                return Self::default();
            }
        };
        serde_json::from_slice(&text).unwrap_or_else(|error| {
            tracing::warn!(%error, file = %file.display(), "the list of labs");
            Self::default()
        })
    }

    /// Writes the list whole, or leaves it as it was.
    pub(super) fn write(&self, file: &Path) -> Result<(), KnownError> {
        let failed = |source| KnownError::Write {
            path: file.to_owned(),
            source,
        };
        let folder = file.parent().unwrap_or(file);
        fs::create_dir_all(folder).map_err(failed)?;
        let text = serde_json::to_vec_pretty(self).map_err(|error| failed(error.into()))?;
        let beside = file.with_extension("json.new");
        fs::write(&beside, text).map_err(failed)?;
        fs::rename(&beside, file).map_err(failed)
    }

    /// Takes a file to the top.
    pub(super) fn remember(&mut self, file: &Path) {
        self.files.retain(|known| known != file);
        self.files.insert(0, file.to_owned());
        self.files.truncate(FILES);
        self.hidden.retain(|hidden| hidden != file);
    }

    /// Takes a file to the top that was opened at this time.
    pub(super) fn open(&mut self, file: &Path, at: u64) {
        self.remember(file);
        self.opened.insert(file.to_owned(), at);
        let files = &self.files;
        self.opened.retain(|opened, _| files.contains(opened));
    }

    /// Takes what the user chose into the list; the file that is meant, where it is only one.
    pub(super) fn add(&mut self, path: &Path) -> Result<Vec<PathBuf>, KnownError> {
        if !path.is_absolute() {
            let path = path.to_owned();
            return Err(KnownError::Relative { path });
        }
        let there = fs::metadata(path).map_err(|source| KnownError::Missing {
            path: path.to_owned(),
            source,
        })?;
        if !there.is_dir() {
            if_yaml(path)?;
            self.remember(path);
            return Ok(vec![path.to_owned()]);
        }
        let found = search(path).files;
        if found.is_empty() {
            let path = path.to_owned();
            return Err(KnownError::Empty { path });
        }
        self.hidden.retain(|hidden| !found.contains(hidden));
        self.folders.retain(|folder| folder != path);
        self.folders.push(path.to_owned());
        if self.folders.len() > FOLDERS {
            self.folders.remove(0);
        }
        Ok(found)
    }

    /// Takes a file off the list. A folder in which nothing else is seen goes with it.
    pub(super) fn forget(&mut self, file: &Path) {
        self.files.retain(|known| known != file);
        self.opened.remove(file);
        let hidden = &self.hidden;
        self.folders.retain(|folder| {
            let seen = search(folder).files;
            !seen.contains(&file.to_owned())
                || seen
                    .iter()
                    .any(|other| other != file && !hidden.contains(other))
        });
        if self.folders.iter().any(|folder| file.starts_with(folder)) {
            self.hidden.push(file.to_owned());
            if self.hidden.len() > HIDDEN {
                self.hidden.remove(0);
            }
        }
    }

    /// All files, and the folders in which others could come to be.
    pub(super) fn find(&self) -> Found {
        let mut found = Found {
            files: self.files.clone(),
            folders: Vec::new(),
        };
        for folder in &self.folders {
            let inside = search(folder);
            found.folders.extend(inside.folders);
            let new = inside.files.into_iter();
            let new = new.filter(|file| !self.hidden.contains(file));
            found.files.extend(new);
        }
        found.files.sort();
        found.files.dedup();
        found
    }
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Topologies, by path.
    pub(super) files: Vec<PathBuf>,
    /// The folders that were looked into.
    pub(super) folders: Vec<PathBuf>,
}

/// The topologies in a folder and below it. What cannot be read holds none; links are not followed: they could lead back.
pub(super) fn search(folder: &Path) -> Found {
    let mut found = Found::default();
    let mut open = std::collections::VecDeque::from([(folder.to_owned(), DEPTH)]);
    while let Some((folder, depth)) = open.pop_front() {
        if found.folders.len() >= SEARCHED || found.files.len() >= FOUND {
            break;
        }
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        found.folders.push(folder);
        for entry in entries.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth > 1 && is_searched(&path) => {
                    open.push_back((path, depth - 1));
                }
                Ok(kind) if kind.is_dir() => {}
                Ok(_) if is_topology(&path) => found.files.push(path),
                _ => {}
            }
        }
    }
    found.files.sort();
    found.files.truncate(FOUND);
    found
}

fn is_searched(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !SKIPPED.contains(&name.as_ref())
}

/// Fails where a path is not whole, or of no file that a topology could be in: the page may read and write no other.
pub(crate) fn if_yaml(path: &Path) -> Result<(), KnownError> {
    let path = path.to_owned();
    if !path.is_absolute() {
        return Err(KnownError::Relative { path });
    }
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("yml" | "yaml") => Ok(()),
        _ => Err(KnownError::NotYaml { path }),
    }
}

/// What somebody gave, and the topologies that it stands for.
pub(crate) type GivenLabs = (String, Vec<PathBuf>);

/// What of these is labs: topologies, and folders with some in them; and what is not. Waits for the disk.
pub(crate) fn labs_in(given: Vec<String>) -> (Vec<GivenLabs>, Vec<String>) {
    let (mut labs, mut others) = (Vec::new(), Vec::new());
    for given in given {
        let files = topologies_at(Path::new(&given));
        if files.is_empty() {
            others.push(given);
        } else {
            labs.push((given, files));
        }
    }
    (labs, others)
}

fn topologies_at(path: &Path) -> Vec<PathBuf> {
    if is_topology(path) {
        return vec![path.to_owned()];
    }
    if path.is_absolute() && path.is_dir() {
        return search(path).files;
    }
    // Many topologies are not called as they should be.
    let says = || text_of(path).is_ok_and(|text| text.lines().any(|line| line.starts_with(KEY)));
    if if_yaml(path).is_ok() && says() {
        return vec![path.to_owned()];
    }
    Vec::new()
}

/// Whether a path is called as topologies are; a URL is none.
pub(crate) fn is_topology(file: &Path) -> bool {
    if !file.is_absolute() {
        return false;
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn a_folder_stands_for_the_topologies_below_it() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        for name in [
            "a/b/dc1.clab.yml",
            "c.clab.yaml",
            ".git/x.clab.yml",
            "n.yml",
        ] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), "").unwrap();
        }
        let mut known = Known::default();
        let both = [path("a/b/dc1.clab.yml"), path("c.clab.yaml")];
        assert_eq!(known.add(home.path()).unwrap(), both);
        assert_eq!(known.find().files, both);

        known.forget(&both[0]);
        assert_eq!(known.find().files, both[1..]);
        assert_eq!(known.folders, [home.path()]);
        known.forget(&both[1]);
        assert_eq!(
            known,
            Known {
                hidden: known.hidden.clone(),
                ..Known::default()
            }
        );

        known.add(&path("n.yml")).unwrap();
        known.remember(&both[0]);
        assert_eq!(known.files, [both[0].clone(), path("n.yml")]);
        known.open(&path("n.yml"), 7);
        assert_eq!(known.files, [path("n.yml"), both[0].clone()]);
        assert_eq!(known.opened, BTreeMap::from([(path("n.yml"), 7)]));
        let file = path("data/labs.json");
        known.write(&file).unwrap();
        assert_eq!(Known::read(&file), known);
    }

    #[test]
    fn a_topology_is_known_by_its_name_or_by_what_it_says() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        fs::create_dir(path("folder")).unwrap();
        for (name, text) in [
            ("plain.yml", "name: a\ntopology:\n  nodes: {}\n"),
            ("other.yaml", "services:\n  topology: none\n"),
            ("broken.clab.yml", "["),
            ("notes.txt", "topology:\n"),
            ("folder/a.clab.yml", ""),
        ] {
            fs::write(path(name), text).unwrap();
        }
        let names = [
            "plain.yml",
            "other.yaml",
            "broken.clab.yml",
            "notes.txt",
            "folder",
        ];
        let (labs, others) = labs_in(names.map(path).to_vec());
        let labs: Vec<String> = labs.into_iter().map(|(given, _)| given).collect();
        assert_eq!(labs, ["plain.yml", "broken.clab.yml", "folder"].map(path));
        assert_eq!(others, ["other.yaml", "notes.txt"].map(path));
    }

    #[test]
    fn what_is_no_lab_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let mut known = Known::default();
        let mut code = |path: &Path| known.add(path).unwrap_err().report().code;
        assert_eq!(code(Path::new("dc1.clab.yml")), "lab_path_relative");
        assert_eq!(code(&home.path().join("gone.clab.yml")), "lab_file_missing");
        assert_eq!(code(home.path()), "lab_folder_empty");
        assert_eq!(code(Path::new("/etc/passwd")), "lab_file_not_yaml");
        fs::write(home.path().join("labs.json"), "[").unwrap();
        assert_eq!(
            Known::read(&home.path().join("labs.json")),
            Known::default()
        );
    }
}
