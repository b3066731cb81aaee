//! A git repository's content, as `git fast-import` reads it.

use std::fmt::Write as _;

use crate::archives::noise;

/// Who commits, and when.
const COMMITTER: &str = "Testbed <testbed@example.invalid> 1700000000 +0000";

/// What a repository will hold: three commits on `main`. The first has the tag `v1`, the second the annotated tag `v2`,
/// and the third none.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) name: String,
    files: Vec<(String, Vec<u8>)>,
    submodules: Vec<String>,
}

impl Repository {
    /// One with a `README.md`, which each commit changes.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            files: Vec::new(),
            submodules: Vec::new(),
        }
    }

    /// Adds a file to every commit.
    #[must_use]
    pub fn file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.to_owned(), content.into()));
        self
    }

    /// Adds a `requirements.txt`.
    #[must_use]
    pub fn requirements(self, text: &str) -> Self {
        self.file("requirements.txt", text)
    }

    /// Adds an `install.py`.
    #[must_use]
    pub fn install_script(self, python: &str) -> Self {
        self.file("install.py", python)
    }

    /// Adds a file `weights.bin` of so many bytes that no compression makes smaller.
    #[must_use]
    pub fn padding(self, bytes: usize) -> Self {
        self.file("weights.bin", noise(bytes))
    }

    /// Adds another repository, which must be there, as a submodule in the folder of its name.
    #[must_use]
    pub fn submodule(mut self, name: &str) -> Self {
        self.submodules.push(name.to_owned());
        self
    }

    /// The whole history. Submodules have their address and commit from `look_up`.
    pub(super) fn history(&self, look_up: impl Fn(&str) -> (String, String)) -> Vec<u8> {
        let mut stream = commit(1, None, "first");
        self.content(&mut stream, look_up);
        self.read_me(&mut stream, "first");
        put(&mut stream, "reset refs/tags/v1\nfrom :1\n\n");
        for (mark, ordinal) in [(2, "second"), (3, "third")] {
            stream.extend(commit(mark, Some(&format!(":{}", mark - 1)), ordinal));
            self.read_me(&mut stream, ordinal);
        }
        put(&mut stream, "tag v2\nfrom :2\ntagger ");
        put(&mut stream, &format!("{COMMITTER}\ndata 9\nVersion 2\n"));
        stream
    }

    fn content(&self, stream: &mut Vec<u8>, look_up: impl Fn(&str) -> (String, String)) {
        for (path, content) in &self.files {
            file(stream, path, content);
        }
        let mut modules = String::new();
        for name in &self.submodules {
            let (url, commit) = look_up(name);
            let _infallible = writeln!(
                modules,
                "[submodule \"{name}\"]\n\tpath = {name}\n\turl = {url}"
            );
            put(stream, &format!("M 160000 {commit} {name}\n"));
        }
        if !modules.is_empty() {
            file(stream, ".gitmodules", modules.as_bytes());
        }
    }

    fn read_me(&self, stream: &mut Vec<u8>, ordinal: &str) {
        let text = format!("{}, the {ordinal} commit\n", self.name);
        file(stream, "README.md", text.as_bytes());
    }
}

/// A history of one more commit on `main`, which writes one file.
pub(super) fn change(path: &str, content: &[u8]) -> Vec<u8> {
    let mut stream = commit(1, Some("refs/heads/main^0"), "changed");
    file(&mut stream, path, content);
    stream
}

fn commit(mark: u32, parent: Option<&str>, message: &str) -> Vec<u8> {
    let length = message.len();
    let parent = parent.map_or_else(String::new, |parent| format!("from {parent}\n"));
    format!(
        "commit refs/heads/main\nmark :{mark}\ncommitter {COMMITTER}\ndata {length}\n{message}\n{parent}"
    )
    .into_bytes()
}

fn file(stream: &mut Vec<u8>, path: &str, content: &[u8]) {
    let length = content.len();
    put(stream, &format!("M 100644 inline {path}\ndata {length}\n"));
    stream.extend_from_slice(content);
    put(stream, "\n");
}

fn put(stream: &mut Vec<u8>, text: &str) {
    stream.extend_from_slice(text.as_bytes());
}
