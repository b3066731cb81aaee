//! An engine's folder, which goes with its owner, at the latest when the next one is made.

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
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes a new one, and removes those of processes that are gone.
    pub(super) fn new() -> Self {
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

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the folder, which is also that of the engine's parent control group.
    pub(super) fn name(&self) -> String {
        name(&self.path)
    }

    /// Puts the data folder on its own file system in memory, of `bytes` bytes.
    pub(super) fn limit_data(&self, bytes: u64) {
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
    for entry in fs::read_dir(PLACE).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX))
            .and_then(|rest| rest.split('-').next());
        let Some(owner) = owner.and_then(|owner| owner.parse::<u32>().ok()) else {
            continue;
        };
        if !Path::new("/proc").join(owner.to_string()).exists() {
            remove(&entry.path());
        }
    }
}

/// Removes the folder and what the kernel holds in its name. Another process may be doing the same.
fn remove(path: &Path) {
    remove_control_groups(path);
    // The last mounts of a dead namespace can hold files for a moment longer.
    for _ in 0..100 {
        unmount_below(path);
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                thread::sleep(Duration::from_millis(20));
            }
            _ => return,
        }
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

/// Containers that were killed leave their empty groups behind; a group in use cannot be removed.
fn remove_control_groups(path: &Path) {
    let containers = fs::read_dir(path.join("data/overlay-containers"))
        .into_iter()
        .flatten()
        .flatten();
    let podman: Vec<_> = containers
        .map(|entry| format!("libpod-{}", entry.file_name().to_string_lossy()))
        .collect();
    let hierarchies = fs::read_dir(CGROUPS)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    for hierarchy in hierarchies.chain([PathBuf::from(CGROUPS)]) {
        remove_group(&hierarchy.join(name(path)));
        for container in &podman {
            remove_group(&hierarchy.join("libpod_parent").join(container));
        }
    }
}

fn remove_group(group: &Path) {
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_group(&entry.path());
        }
    }
    let _in_use_or_absent = fs::remove_dir(group);
}
