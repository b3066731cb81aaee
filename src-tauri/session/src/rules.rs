//! The recognition rules, with those of the user.

use std::path::PathBuf;
use std::sync::Arc;

use labwright_images::{Rules, RulesError};
use labwright_jobs::ErrorReport;

/// Where the user's own rules are. They are read whenever they are needed: a file of a few lines.
#[derive(Clone, Debug)]
pub(crate) struct RulesBook {
    built_in: Arc<Rules>,
    file: PathBuf,
}

impl RulesBook {
    pub(crate) fn new(file: PathBuf) -> Result<Self, RulesError> {
        let built_in = Arc::new(Rules::built_in()?);
        Ok(Self { built_in, file })
    }

    /// All rules; without the user's own where these cannot be used, and why.
    pub(crate) fn load(&self) -> (Arc<Rules>, Option<ErrorReport>) {
        match Rules::clone(&self.built_in).with_file(&self.file) {
            Ok(rules) => (Arc::new(rules), None),
            Err(error) => (Arc::clone(&self.built_in), Some(error.report())),
        }
    }
}
