//! A Python package, as its author describes it.

use super::{sdist, wheel};

/// What a package index will hold: a package of one module, whose `__version__` says the version.
#[derive(Clone, Debug)]
pub struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) requires: Vec<String>,
    pub(super) padding: usize,
    build: Option<Build>,
}

/// What happens when an installer builds a package that comes as source.
#[derive(Clone, Debug, Default)]
pub(super) struct Build {
    pub(super) seconds: u32,
    pub(super) failure: Option<String>,
}

impl Package {
    /// A wheel for every Python.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            requires: Vec::new(),
            padding: 0,
            build: None,
        }
    }

    /// Adds a requirement, as `Requires-Dist` has it: `other<2`.
    #[must_use]
    pub fn requires(mut self, requirement: &str) -> Self {
        self.requires.push(requirement.to_owned());
        self
    }

    /// Adds a file of so many bytes that no compression makes smaller.
    #[must_use]
    pub fn padding(mut self, bytes: usize) -> Self {
        self.padding = bytes;
        self
    }

    /// Comes as source only, and its build takes so many seconds, with a line of output in each.
    #[must_use]
    pub fn takes_to_build(mut self, seconds: u32) -> Self {
        self.build.get_or_insert_default().seconds = seconds;
        self
    }

    /// Comes as source only, and its build fails with this message.
    #[must_use]
    pub fn fails_to_build(mut self, message: &str) -> Self {
        self.build.get_or_insert_default().failure = Some(message.to_owned());
        self
    }

    /// The name in an index's addresses: lower case, and `-` for every run of `-`, `_` and `.` (PEP 503).
    pub(super) fn normal_name(&self) -> String {
        let name = self.name.to_lowercase();
        let words = name.split(['-', '_', '.']);
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        words.join("-")
    }

    /// The name as files and modules have it.
    pub(super) fn module(&self) -> String {
        self.normal_name().replace('-', "_")
    }

    /// The one file that an index offers: its name and its bytes.
    pub(super) fn distribution(&self) -> (String, Vec<u8>) {
        match &self.build {
            None => (wheel::file_name(self), wheel::bytes(self)),
            Some(build) => (sdist::file_name(self), sdist::bytes(self, build)),
        }
    }
}
