//! Real git repositories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A repository that nodes are cloned from, or a clone.
#[derive(Debug)]
pub(crate) struct Repository {
    path: PathBuf,
}

impl AsRef<Path> for Repository {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

impl Repository {
    /// Makes one, with a branch `main` and no commit.
    pub(crate) fn new(path: PathBuf) -> Self {
        fs::create_dir_all(&path).unwrap();
        let repository = Self { path };
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository
    }

    /// One that is there.
    pub(crate) fn open(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn file_url(&self) -> String {
        format!("file://{}", self.path.display())
    }

    /// Runs git there, and returns what it printed.
    pub(crate) fn git(&self, words: &[&str]) -> String {
        let output = Command::new("git")
            .args([
                "-c",
                "user.name=Ada",
                "-c",
                "user.email=ada@lab.example",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(words)
            .current_dir(&self.path)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "git {words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    /// Commits a file, and returns the commit.
    pub(crate) fn commit(&self, file: &str, text: &str) -> String {
        let path = self.path.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", file]);
        self.head()
    }

    /// With one file committed.
    pub(crate) fn with(self, file: &str, text: &str) -> Self {
        self.commit(file, text);
        self
    }

    /// Clones it, and returns the clone.
    pub(crate) fn clone_to(&self, path: &Path) -> Self {
        self.git(&[
            "clone",
            "--quiet",
            self.path.to_str().unwrap(),
            path.to_str().unwrap(),
        ]);
        Self::open(path.to_owned())
    }

    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }
}
