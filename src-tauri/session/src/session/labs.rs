//! Labs: the list, and the one that is open.

use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;

use super::Session;
use crate::labs::{ExampleLab, Matter, Turn, blocking, examples};

impl Session {
    /// Follows a lab: from now on it is pushed as it changes. One that was followed before is not any more.
    pub async fn open_lab(&self, key: String) {
        self.know_lab(&key).await;
        self.shared.labs.follow(Some(key));
    }

    /// Takes the file of a lab that is to be opened into the list. Where that cannot be, the lab is opened as the engine
    /// has it.
    async fn know_lab(&self, key: &str) {
        let (labs, file) = (&self.shared.labs, Path::new(key));
        let is_file = file.is_absolute() && file.is_file();
        if !is_file {
            return;
        }
        if !labs.is_listed(file)
            && let Err(error) = labs.add(vec![file.to_owned()]).await
        {
            tracing::warn!(error = error.in_one_line(), "an opened lab is not listed");
            return;
        }
        labs.opened(file.to_owned());
    }

    /// What a page wishes: the lab to follow, or none. Nothing happens where a later wish has overtaken it.
    pub async fn wish_lab(&self, turn: &Turn, key: Option<String>) {
        let (labs, turns) = (&self.shared.labs, &self.shared.turns);
        if !turns.take(Matter::Open, turn) {
            return;
        }
        if let Some(key) = &key {
            self.know_lab(key).await;
        } else if turns.take(Matter::Traffic, turn) {
            labs.measure(false);
        }
        if turns.is_last(Matter::Open, turn) {
            labs.follow(key);
        }
    }

    /// The same of traffic, which is measured only while somebody looks at it.
    pub fn wish_traffic(&self, turn: &Turn, watched: bool) {
        if self.shared.turns.take(Matter::Traffic, turn) {
            self.shared.labs.measure(watched);
        }
    }

    /// Looks at all files of labs again: on some systems nobody tells that they changed.
    pub fn look_at_files(&self) {
        self.shared.labs.look_soon();
    }

    /// Whether traffic is measured: only while somebody looks at it.
    pub fn watch_traffic(&self, watched: bool) {
        self.shared.labs.measure(watched);
    }

    /// Takes files and folders into the list of labs; the key of the lab to open, if it is only one.
    pub async fn add_labs(&self, paths: &[String]) -> Result<Option<String>, ErrorReport> {
        let paths = paths.iter().map(PathBuf::from).collect();
        let mut added = self.shared.labs.add(paths).await?;
        added.sort();
        added.dedup();
        match added.as_slice() {
            [only] => Ok(Some(only.to_string_lossy().into_owned())),
            _ => Ok(None),
        }
    }

    /// The labs that come with Labwright.
    pub fn examples(&self) -> Vec<ExampleLab> {
        examples::all()
    }

    /// Writes one of them into a folder of its own, and takes it into the list; the key of the lab to open.
    pub async fn make_example(&self, name: String) -> Result<String, ErrorReport> {
        let folder = self.shared.environment.documents_folder().to_owned();
        let made = blocking(move || examples::write(&folder, &name)).await?;
        let file = made.map_err(|error| error.report())?;
        self.shared.labs.add(vec![file.clone()]).await?;
        Ok(file.to_string_lossy().into_owned())
    }

    /// Takes a lab that is not deployed off the list. Its file stays.
    pub async fn forget_lab(&self, key: &str) -> Result<(), ErrorReport> {
        let state = self.shared.labs.list.borrow().clone();
        let lab = state.labs.iter().find(|lab| lab.key == key);
        if let Some(lab) = lab.filter(|lab| lab.deployed) {
            let message = format!("lab {} is deployed", lab.name);
            return Err(ErrorReport::new("lab_deployed", message)
                .with_hint("It is on the list for as long as it runs: destroy it first."));
        }
        self.shared.labs.forget(PathBuf::from(key)).await
    }
}
