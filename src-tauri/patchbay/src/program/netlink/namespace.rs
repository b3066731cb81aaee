//! Network namespaces: which one it is, and doing something in it.

use std::{fs::File, io, os::unix::fs::MetadataExt, path::Path, thread};

use nix::sched::{CloneFlags, setns};

/// Which namespace it is. A number is given again only after its namespace is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamespaceId {
    device: u64,
    inode: u64,
}

/// An open network namespace. It lives as long as this does: never keep one of a container.
#[derive(Debug)]
pub(crate) struct Namespace {
    file: File,
    id: NamespaceId,
}

impl Namespace {
    /// The namespace of a process, by its folder in `/proc`. Needs `CAP_SYS_PTRACE` for processes of others.
    pub(crate) fn of(process: &Path) -> io::Result<Self> {
        let file = File::open(process.join("ns/net"))?;
        let metadata = file.metadata()?;
        let id = NamespaceId {
            device: metadata.dev(),
            inode: metadata.ino(),
        };
        Ok(Self { file, id })
    }

    /// The namespace this process is in.
    pub(crate) fn own() -> io::Result<Self> {
        Self::of(Path::new("/proc/self"))
    }

    /// Which one it is.
    pub(crate) fn id(&self) -> NamespaceId {
        self.id
    }

    /// Its descriptor, for messages to the kernel.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }
}

/// Does `work` in a namespace, on a thread that ends with it: a thread that could not return would be lost to us.
pub(crate) fn in_namespace<T: Send>(
    namespace: &Namespace,
    work: impl FnOnce() -> io::Result<T> + Send,
) -> io::Result<T> {
    thread::scope(|scope| {
        let inside = scope.spawn(|| {
            setns(namespace.file(), CloneFlags::CLONE_NEWNET)?;
            work()
        });
        (inside.join())
            .unwrap_or_else(|_| Err(io::Error::other("the work in a namespace broke off")))
    })
}
