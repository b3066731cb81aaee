//! Looking through `/proc` once, for any number of containers.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::process::{container_of, depth_of_first};

/// A container's first process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its number, as the folder is called.
    pub(crate) pid: i32,
    /// Its folder in `/proc`.
    pub(crate) folder: PathBuf,
    depth: usize,
}

/// The first process of each of these containers that runs, by container id. Processes that end meanwhile are passed
/// over.
pub(crate) fn scan(proc: &Path, wanted: &[&str]) -> BTreeMap<String, Found> {
    let mut all: BTreeMap<String, Found> = BTreeMap::new();
    let entries = fs::read_dir(proc).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()) {
        let Some((id, found)) = look(folder, wanted) else {
            continue;
        };
        // A container in a container has both groups in its path, and is deeper.
        match all.get(id) {
            Some(known) if known.depth <= found.depth => {}
            _ => {
                all.insert(id.to_owned(), found);
            }
        }
    }
    all
}

fn look<'a>(folder: PathBuf, wanted: &[&'a str]) -> Option<(&'a str, Found)> {
    let pid = folder.file_name()?.to_str()?.parse().ok()?;
    let cgroup = fs::read_to_string(folder.join("cgroup")).ok()?;
    let id = container_of(&cgroup, wanted)?;
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let depth = depth_of_first(&status)?;
    Some((id, Found { pid, folder, depth }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn process(proc: &Path, pid: &str, cgroup: &str, numbers: &str) {
        let folder = proc.join(pid);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("cgroup"), cgroup).unwrap();
        fs::write(
            folder.join("status"),
            format!("Name:\tx\nNSpid:\t{numbers}\n"),
        )
        .unwrap();
    }

    #[test]
    fn the_outermost_first_process_is_found() {
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        let proc = tempfile::tempdir().unwrap();
        fs::create_dir(proc.path().join("sys")).unwrap();
        fs::create_dir(proc.path().join("99")).unwrap();
        process(proc.path(), "1", "0::/init.scope\n", "1");
        process(proc.path(), "40", &format!("0::/docker/{a}\n"), "40\t9\t1");
        process(proc.path(), "41", &format!("0::/docker/{a}\n"), "41\t1");
        process(proc.path(), "42", &format!("0::/docker/{a}\n"), "42\t2");
        let found = scan(proc.path(), &[&a, &b]);
        let pids: Vec<_> = found
            .iter()
            .map(|(id, found)| (id.as_str(), found.pid))
            .collect();
        assert_eq!(pids, [(a.as_str(), 41)]);
    }
}
