//! Small root file systems that really run.

use std::fs;
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::filler::Filler;

/// Programs of the tiny root file system, links to its busybox.
const PROGRAMS: [&str; 12] = [
    "sh", "cat", "echo", "ls", "true", "false", "sleep", "uname", "test", "head", "wc", "id",
];

/// Folders every engine expects to find or to mount on.
const FOLDERS: [&str; 8] = ["bin", "dev", "etc", "proc", "sys", "tmp", "usr", "var"];

/// No padding file is larger than this; a system image has many files.
const PADDING_FILE: u64 = 8 << 20;

/// A root file system, or one layer of one, written as a tar.
#[derive(Clone, Debug, Default)]
pub struct RootFs {
    entries: Vec<Entry>,
    dot_slash: bool,
    seed: u64,
}

#[derive(Clone, Debug)]
enum Entry {
    Folder {
        path: String,
    },
    File {
        path: String,
        content: Vec<u8>,
        mode: u32,
    },
    Link {
        path: String,
        target: String,
    },
    Padding {
        path: String,
        bytes: u64,
    },
}

impl Entry {
    fn path(&self) -> &str {
        match self {
            Self::Folder { path }
            | Self::File { path, .. }
            | Self::Link { path, .. }
            | Self::Padding { path, .. } => path,
        }
    }
}

impl RootFs {
    /// Nothing yet: a layer to add files to.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A system that starts: the static busybox of this machine with links to it, `/etc/os-release`, and `/etc/marker`
    /// with the content `labwright\n`. 2 MB.
    pub fn tiny() -> Self {
        let busybox = fs::read("/bin/busybox").expect("no /bin/busybox (package busybox-static)");
        let release = "NAME=\"Labwright testbed\"\nID=labwright-testbed\nVERSION_ID=1\n";
        let folders = FOLDERS.into_iter().fold(Self::empty(), Self::folder);
        PROGRAMS
            .into_iter()
            .fold(folders.program("bin/busybox", busybox), |rootfs, name| {
                rootfs.symlink(&format!("bin/{name}"), "busybox")
            })
            .file("etc/os-release", release)
            .file("etc/marker", "labwright\n")
    }

    /// Adds a folder; a path never begins with a slash.
    #[must_use]
    pub fn folder(self, path: &str) -> Self {
        self.with(Entry::Folder {
            path: path.to_owned(),
        })
    }

    /// Adds a file that anyone may read, in the place of an entry of the same path if there is one.
    #[must_use]
    pub fn file(self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.with(Entry::File {
            path: path.to_owned(),
            content: content.into(),
            mode: 0o644,
        })
    }

    /// Adds a file that anyone may execute.
    #[must_use]
    pub fn program(self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.with(Entry::File {
            path: path.to_owned(),
            content: content.into(),
            mode: 0o755,
        })
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn symlink(self, path: &str, target: &str) -> Self {
        self.with(Entry::Link {
            path: path.to_owned(),
            target: target.to_owned(),
        })
    }

    /// Replaces the content of `/etc/marker`, which a test reads back through a container.
    #[must_use]
    pub fn marker(self, text: &str) -> Self {
        self.file("etc/marker", text)
    }

    /// Adds `bytes` bytes of [`Filler`] below `/opt/padding`, in files of at most 8 MiB.
    #[must_use]
    pub fn padding(mut self, bytes: u64) -> Self {
        let mut left = bytes;
        while left > 0 {
            let now = left.min(PADDING_FILE);
            let path = format!("opt/padding/{:05}.bin", self.entries.len());
            self.entries.push(Entry::Padding { path, bytes: now });
            left -= now;
        }
        self
    }

    /// Writes every name with a leading `./`, as `tar -C root -c .` does.
    #[must_use]
    pub fn dot_slash(mut self) -> Self {
        self.dot_slash = true;
        self
    }

    /// Makes the padding another one.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Writes the tar, with its two blocks of zeros at the end. Needs no memory for the padding.
    pub fn write_tar<W: Write>(&self, writer: W) -> io::Result<W> {
        let mut tar = Builder::new(writer);
        if self.dot_slash {
            self.append(
                &mut tar,
                &Entry::Folder {
                    path: String::new(),
                },
                0,
            )?;
        }
        for (entry, number) in self.entries.iter().zip(1..) {
            self.append(&mut tar, entry, number)?;
        }
        tar.into_inner()
    }

    /// The tar as a whole.
    pub fn tar(&self) -> Vec<u8> {
        self.write_tar(Vec::new())
            .expect("writing to memory does not fail")
    }

    /// The sha256 of the tar, in hex: what an image's configuration calls a `diff_id`.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.tar()))
    }

    /// An entry of the same path is replaced: Podman refuses a tar with duplicates.
    fn with(mut self, entry: Entry) -> Self {
        match self
            .entries
            .iter_mut()
            .find(|other| other.path() == entry.path())
        {
            Some(other) => *other = entry,
            None => self.entries.push(entry),
        }
        self
    }

    fn append<W: Write>(&self, tar: &mut Builder<W>, entry: &Entry, number: u64) -> io::Result<()> {
        match entry {
            Entry::Folder { path } => {
                let header = self.header(EntryType::Directory, 0o755, 0, &format!("{path}/"));
                tar.append(&header, io::empty())
            }
            Entry::File {
                path,
                content,
                mode,
            } => {
                let header = self.header(EntryType::Regular, *mode, content.len() as u64, path);
                tar.append(&header, content.as_slice())
            }
            Entry::Link { path, target } => {
                let mut header = self.header(EntryType::Symlink, 0o777, 0, path);
                header.set_link_name(target)?;
                header.set_cksum();
                tar.append(&header, io::empty())
            }
            Entry::Padding { path, bytes } => {
                let header = self.header(EntryType::Regular, 0o644, *bytes, path);
                tar.append(&header, Filler::new(self.seed ^ number << 32).take(*bytes))
            }
        }
    }

    /// A header with the name as it is: the tar crate's own way of setting it drops a leading `./`.
    fn header(&self, kind: EntryType, mode: u32, size: u64, path: &str) -> Header {
        let name = if self.dot_slash {
            format!("./{}", path.trim_start_matches('/'))
        } else {
            path.to_owned()
        };
        let mut header = header(kind, mode, size);
        let field = &mut header.as_old_mut().name;
        assert!(
            name.len() <= field.len(),
            "a path in a test archive has at most {} bytes: {name}",
            field.len()
        );
        field[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        header
    }
}

/// A header that says the same on every machine and at every time.
pub(super) fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_uid(0);
    header.set_gid(0);
    // 2025-01-01: some readers treat the epoch itself as "unknown".
    header.set_mtime(1_735_689_600);
    header
}
