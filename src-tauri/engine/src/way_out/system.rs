//! What must be known of a system to give its commands.

use std::{fs, path::Path, path::PathBuf};

use crate::Platform;

/// A system, as far as it decides how to get an engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemFacts {
    /// The kind of system.
    pub platform: Platform,
    /// The distribution and those it is like, nearest first: `ubuntu`, `debian`.
    pub distributions: Vec<String>,
    /// Where `podman` is, if it is installed.
    pub podman_program: Option<PathBuf>,
    /// Where `docker` or `dockerd` is, if it is installed.
    pub docker_program: Option<PathBuf>,
    /// True for root, who needs neither `sudo` nor a group.
    pub is_root: bool,
}

impl SystemFacts {
    /// Reads the distribution from an `os-release` file (man page `os-release(5)`). The shells fill in
    /// the rest. A system without the file has no distribution.
    pub fn read(os_release: &Path) -> Self {
        let text = fs::read_to_string(os_release).unwrap_or_default();
        Self {
            distributions: distributions(&text),
            ..Self::default()
        }
    }

    /// A line of the table for this user: root needs neither `sudo` nor a group.
    pub(super) fn command(&self, line: &str) -> Option<String> {
        const OF_GROUPS: &[&str] = &["usermod", "newgrp", "addgroup"];
        if !self.is_root {
            return Some(line.to_owned());
        }
        let line = line.strip_prefix("sudo ").unwrap_or(line);
        let of_groups = OF_GROUPS.iter().any(|word| line.starts_with(word));
        (!of_groups).then(|| line.to_owned())
    }
}

fn distributions(text: &str) -> Vec<String> {
    let value = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.trim().split_once('='));
        let (_, value) = lines.find(|(name, _)| *name == key)?;
        Some(value.trim_matches(['"', '\'']).to_lowercase())
    };
    let own = value("ID");
    let like = value("ID_LIKE").unwrap_or_default();
    own.into_iter()
        .chain(like.split_whitespace().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn distribution_and_what_it_is_like() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(
            file.path(),
            "NAME=\"Rocky\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
        )
        .unwrap();
        let facts = SystemFacts::read(file.path());
        assert_eq!(facts.distributions, ["rocky", "rhel", "centos", "fedora"]);
        assert_eq!(
            SystemFacts::read(Path::new("/no-such-file")),
            SystemFacts::default()
        );
    }
}
