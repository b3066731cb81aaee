//! A file that nobody sees before it is whole.

use super::error::SaveError;
use super::place::Place;
use labwright_jobs::JobId;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the hidden names of unfinished files end in.
const MARK: &str = ".lw-part";

/// How long an unfinished file may be without a lock that is about to be taken.
const JUST_BEGUN: Duration = Duration::from_secs(60);

/// A file under a hidden name of its own, beside its place. It is removed when it is dropped, and
/// locked while it is written: one that nobody has locked was left by a program that was killed.
#[derive(Debug)]
pub(super) struct Partial {
    hidden: PathBuf,
    file: File,
    place: Place,
}

impl Partial {
    /// Makes the file, and removes what was left in its place.
    pub(super) fn create(place: Place, job: &JobId) -> Result<Self, SaveError> {
        remove_leftovers(&place);
        let mut name = hidden_beginning(&place.path);
        name.push(job.as_str());
        name.push(MARK);
        let hidden = place.folder.join(name);
        let made = File::create_new(&hidden);
        let file = made.map_err(|source| SaveError::Folder {
            folder: place.folder.clone(),
            source,
        })?;
        if let Err(error) = file.try_lock() {
            // Not every file system has locks; where there are none, nothing is taken for left.
            tracing::debug!(%error, "the unfinished file is not locked");
        }
        Ok(Self {
            hidden,
            file,
            place,
        })
    }

    /// The file, to be written to.
    pub(super) fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Waits until the disk has everything. Blocks.
    pub(super) fn sync(&self) -> Result<(), SaveError> {
        self.file.sync_all().map_err(|source| self.failed(source))
    }

    /// Gives the file its name, which is on the disk when this returns.
    pub(super) fn publish(self) -> Result<(), SaveError> {
        let (from, to) = (&self.hidden, &self.place.path);
        let named = if self.place.replace {
            fs::rename(from, to)
        } else {
            rename_to_new(from, to)
        };
        named.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => SaveError::Exists {
                path: to.to_owned(),
            },
            _ => self.failed(source),
        })?;
        sync_folder(&self.place.folder);
        Ok(())
    }

    fn failed(&self, source: io::Error) -> SaveError {
        SaveError::Write {
            place: self.place.path.display().to_string(),
            source,
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        match fs::remove_file(&self.hidden) {
            // It has its name by now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "an unfinished file stays"),
            Ok(()) => {}
        }
    }
}

/// A rename that replaces nothing: who came first has the name. Where the file system has no hard
/// links, somebody who comes in the very same moment loses.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::exists(to)? => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

/// A folder is a file with names in it, and these must be on the disk too.
fn sync_folder(folder: &Path) {
    // Not every system can; the file itself is there.
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        tracing::debug!(%error, "the folder is not synchronised");
    }
}

/// `.frr.tar.` for `frr.tar`.
fn hidden_beginning(path: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    name
}

/// Removes unfinished files of the same name that nobody writes.
fn remove_leftovers(place: &Place) {
    let beginning = hidden_beginning(&place.path);
    let beginning = beginning.to_string_lossy();
    let Ok(entries) = fs::read_dir(&place.folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let job = name.strip_prefix(&*beginning);
        let job = job.and_then(|rest| rest.strip_suffix(MARK));
        if job.is_some_and(is_job) && is_left(&entry.path()) {
            // Somebody else may be quicker.
            let _gone = fs::remove_file(entry.path());
            tracing::info!(%name, "removed an unfinished file that was left");
        }
    }
}

fn is_job(text: &str) -> bool {
    text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Only a lock that can be had says that nobody writes. Who has just begun may not have it yet.
fn is_left(path: &Path) -> bool {
    let Ok(file) = File::options().write(true).open(path) else {
        return false;
    };
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    let age = modified.ok().and_then(|modified| modified.elapsed().ok());
    age.is_some_and(|age| age > JUST_BEGUN) && file.try_lock().is_ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use std::io::Write;
    use std::time::SystemTime;

    fn partial(folder: &Path, replace: bool) -> Result<Partial, SaveError> {
        let place = Place::of(&folder.join("frr.tar"), replace)?;
        Partial::create(place, &JobId::generate())
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_hidden_until_it_is_published() {
        let folder = tempfile::tempdir().unwrap();
        let partial = partial(folder.path(), false).unwrap();
        assert!(names(folder.path())[0].starts_with(".frr.tar."));
        partial.writer().unwrap().write_all(b"whole").unwrap();
        partial.sync().unwrap();
        partial.publish().unwrap();
        assert_eq!(names(folder.path()), ["frr.tar"]);
        assert_eq!(fs::read(folder.path().join("frr.tar")).unwrap(), b"whole");
    }

    #[test]
    fn what_is_dropped_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        drop(partial(folder.path(), false).unwrap());
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }

    #[test]
    fn a_file_that_came_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let late = partial(folder.path(), false).unwrap();
        fs::write(folder.path().join("frr.tar"), "first").unwrap();
        assert_eq!(late.publish().unwrap_err().code(), "file_exists");
        assert_eq!(names(folder.path()), ["frr.tar"]);
        assert_eq!(fs::read(folder.path().join("frr.tar")).unwrap(), b"first");

        let replacing = partial(folder.path(), true).unwrap();
        replacing.publish().unwrap();
        assert_eq!(fs::read(folder.path().join("frr.tar")).unwrap(), b"");
    }

    #[test]
    fn what_a_killed_program_left_is_removed_and_what_is_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let left = format!(".frr.tar.{}{MARK}", JobId::generate());
        fs::write(folder.path().join(&left), "half").unwrap();
        fs::write(folder.path().join(".frr.tar.mine"), "mine").unwrap();
        let first = partial(folder.path(), false).unwrap();
        for name in names(folder.path()) {
            let file = File::options().write(true).open(folder.path().join(name));
            let long_ago = SystemTime::now() - 2 * JUST_BEGUN;
            file.unwrap().set_modified(long_ago).unwrap();
        }
        let second = partial(folder.path(), false).unwrap();
        let there = names(folder.path());
        assert!(!there.contains(&left), "{there:?}");
        assert_eq!(there.len(), 3, "{there:?}");
        drop((first, second));
        assert_eq!(names(folder.path()), [".frr.tar.mine"]);
    }
}
