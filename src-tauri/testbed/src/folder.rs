//! The folder of an engine or a display, which goes with its owner, at the latest when the next one is made.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// On the disk, not in memory, and short enough for a socket's path.
const PLACE: &str = "/var/tmp";
const PREFIX: &str = "labwright-testbed-";
const CGROUPS: &str = "/sys/fs/cgroup";

/// A folder `/var/tmp/labwright-testbed-<pid>-<number>`, removed with its mounts and control groups when dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes a new one, and removes those of processes that are gone.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        remove_stale();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(PLACE).join(format!("{PREFIX}{}-{number}", process::id()));
        // A process with this number may have left one behind.
        remove(&path);
        for part in ["data", "tmp"] {
            let part = path.join(part);
            fs::create_dir_all(&part)
                .unwrap_or_else(|error| panic!("cannot create {}: {error}", part.display()));
        }
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the folder, which is also that of an engine's parent control group.
    pub(crate) fn name(&self) -> String {
        name(&self.path)
    }

    /// Puts the data folder on its own file system in memory, of `bytes` bytes.
    pub(crate) fn limit_data(&self, bytes: u64) {
        let data = self.path.join("data");
        let output = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={bytes},mode=0711"),
                "tmpfs",
            ])
            .arg(&data)
            .output()
            .unwrap_or_else(|error| panic!("cannot run mount: {error}"));
        assert!(
            output.status.success(),
            "cannot mount a tmpfs on {}: {}",
            data.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn remove_stale() {
    // The groups are looked at too: they can outlive their folder.
    for place in [PLACE, CGROUPS]
        .map(PathBuf::from)
        .into_iter()
        .chain(hierarchies())
    {
        for entry in fs::read_dir(place).into_iter().flatten().flatten() {
            if owner(&name(&entry.path())).is_some_and(|owner| !is_alive(owner)) {
                remove(&Path::new(PLACE).join(entry.file_name()));
            }
        }
    }
}

fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
}

fn is_alive(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

/// Removes the folder and what the kernel holds in its name. Another process may be doing the same.
fn remove(path: &Path) {
    let groups = control_groups(path);
    // The last processes and mounts of a dead namespace keep groups and files busy for a moment longer.
    for _ in 0..100 {
        unmount_below(path);
        for group in &groups {
            remove_group(group);
        }
        let gone = !matches!(fs::remove_dir_all(path), Err(error) if error.kind() != io::ErrorKind::NotFound);
        if gone && !groups.iter().any(|group| group.exists()) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn unmount_below(path: &Path) {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let below = mounts
        .lines()
        .rev()
        .filter_map(|line| line.split(' ').nth(1));
    for mount in below.filter(|mount| Path::new(mount).starts_with(path)) {
        // Already unmounted by another process: the next round sees it.
        let _seen_next_round = Command::new("umount").args(["-l", mount]).output();
    }
}

/// Docker's parent group of this folder's engine, and the groups of its Podman containers, in every hierarchy.
fn control_groups(path: &Path) -> Vec<PathBuf> {
    let containers = fs::read_dir(path.join("data/overlay-containers"))
        .into_iter()
        .flatten()
        .flatten();
    let names = containers.map(|entry| {
        format!(
            "libpod_parent/libpod-{}",
            entry.file_name().to_string_lossy()
        )
    });
    let names: Vec<_> = names.chain([name(path)]).collect();
    let hierarchies = hierarchies().chain([PathBuf::from(CGROUPS)]);
    hierarchies
        .flat_map(|hierarchy| {
            names
                .iter()
                .map(move |name| hierarchy.join(name))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The hierarchies of version 1; version 2 has its groups at the top.
fn hierarchies() -> impl Iterator<Item = PathBuf> {
    fs::read_dir(CGROUPS)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}

/// Removes an empty group and those in it; one in use stays.
fn remove_group(group: &Path) {
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_group(&entry.path());
        }
    }
    let _in_use_or_absent = fs::remove_dir(group);
}
