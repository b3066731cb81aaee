//! The wanted wiring on disk: what a restart begins with.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use labwright_patchbay::{Problem, ProblemCode, Wiring};

/// The file with the wiring, and the one it is written to first.
const NAME: &str = "wiring.json";
const NEW: &str = "wiring.json.new";

/// The state folder.
#[derive(Clone, Debug)]
pub(super) struct StateFile {
    folder: PathBuf,
}

impl StateFile {
    /// The state in this folder.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The wiring that was kept; an empty one, if none was.
    pub(super) fn load(&self) -> Result<Wiring, Problem> {
        let path = self.folder.join(NAME);
        let read = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Wiring::default()),
            other => other,
        };
        let wiring = read.and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
        wiring.map_err(|error| {
            let message = format!("the wiring in {} cannot be read: {error}", path.display());
            Problem::new(ProblemCode::StateNotRead, "", message)
        })
    }

    /// Keeps a wiring. It is on disk when this returns, wholly or not at all.
    pub(super) fn save(&self, wiring: &Wiring) -> Result<(), Problem> {
        self.try_save(wiring).map_err(|error| {
            let message = format!(
                "the wiring cannot be kept in {}: {error}",
                self.folder.display()
            );
            Problem::new(ProblemCode::StateNotSaved, "", message)
        })
    }

    fn try_save(&self, wiring: &Wiring) -> io::Result<()> {
        let new = self.folder.join(NEW);
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(wiring)?)?;
        file.sync_data()?;
        fs::rename(new, self.folder.join(NAME))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFile::new(folder.path());
        assert_eq!(state.load().unwrap(), Wiring::default());
        let mut wiring = Wiring::default();
        wiring.switches.push(labwright_patchbay::Switch {
            name: "sw".to_owned(),
        });
        state.save(&wiring).unwrap();
        assert_eq!(state.load().unwrap(), wiring);
    }

    #[test]
    fn what_cannot_be_read_or_kept_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), "{").unwrap();
        let state = StateFile::new(folder.path());
        assert_eq!(state.load().unwrap_err().code, ProblemCode::StateNotRead);
        let nowhere = StateFile::new(&folder.path().join("nowhere"));
        let problem = nowhere.save(&Wiring::default()).unwrap_err();
        assert_eq!(problem.code, ProblemCode::StateNotSaved);
    }
}
