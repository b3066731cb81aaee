//! The files that make the host: its users, its server's configuration, its programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::getuid;

use super::HostBuilder;

/// Where the server looks for programs, the first place first.
const PATH: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
];

/// The folder of links to the programs that a host has, if it lacks some.
pub(super) fn tools(folder: &Path) -> PathBuf {
    folder.join("tools")
}

/// The name of the user whom the test runs as; the host's only one.
pub(super) fn user() -> String {
    let users = read("/etc/passwd");
    let (name, _) = user_line(&users)
        .split_once(':')
        .expect("a user has a name");
    name.to_owned()
}

/// Writes all of them but the keys, and makes the home.
pub(super) fn write(settings: &HostBuilder, folder: &Path, home: &Path, port: u16) {
    fs::create_dir(home).unwrap_or_else(|error| panic!("cannot make {}: {error}", home.display()));
    if let Some(script) = &settings.bash_rc {
        write_file(&home.join(".bashrc"), script);
    }
    let users = users(&read("/etc/passwd"), home, &settings.shell);
    write_file(&folder.join("passwd"), &users);
    // A locked account, as a machine without passwords may have, would be refused.
    let shadow = format!("{}:*:19000:0:99999:7:::\n", user());
    write_file(&folder.join("shadow"), &shadow);
    write_file(&folder.join("sshd_config"), &server(settings, folder, port));
    if !settings.missing.is_empty() {
        link_tools(&tools(folder), &settings.missing);
    }
}

/// Gives the host another identity of its boot, as the kernel makes them.
pub(super) fn write_boot_id(folder: &Path) {
    let id = read("/proc/sys/kernel/random/uuid");
    write_file(&folder.join("boot_id"), &id);
}

/// A file system in memory of so many bytes.
pub(super) fn mount_disk(folder: &Path, bytes: u64) {
    fs::create_dir(folder).expect("the host's new folder is writable");
    let output = Command::new("mount")
        .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"])
        .arg(folder)
        .output()
        .unwrap_or_else(|error| panic!("cannot run mount: {error}"));
    assert!(
        output.status.success(),
        "cannot mount a tmpfs on {}: {}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// This machine's users, with another home and shell for the one who runs the test.
fn users(here: &str, home: &Path, shell: &str) -> String {
    let own = user_line(here);
    let fields: Vec<_> = own.split(':').take(5).collect();
    let changed = format!("{}:{}:{shell}", fields.join(":"), home.display());
    let others = here.lines().filter(|line| *line != own);
    others.fold(changed + "\n", |users, line| users + line + "\n")
}

fn user_line(users: &str) -> &str {
    let number = getuid().as_raw().to_string();
    let own = |line: &&str| line.split(':').nth(2) == Some(&number);
    users
        .lines()
        .find(own)
        .unwrap_or_else(|| panic!("/etc/passwd knows no user {number}"))
}

/// The server's configuration.
fn server(settings: &HostBuilder, folder: &Path, port: u16) -> String {
    let folder_text = folder.display();
    let mut text = format!(
        "ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder_text}/host_key\nPidFile none\n\
         AuthorizedKeysFile {folder_text}/client_key.pub\nUsePAM no\nPubkeyAuthentication yes\n\
         PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nStrictModes no\n\
         MaxSessions 50\nMaxStartups 500:30:1000\nAllowStreamLocalForwarding yes\nUseDNS no\nPrintMotd no\n\
         PrintLastLog no\nLogLevel VERBOSE\nSetEnv"
    );
    // One directive: later ones would not count.
    for (name, value) in settings.environment(folder) {
        let value = value.replace('\\', r"\\").replace('"', "\\\"");
        let _infallible = write!(text, " \"{name}={value}\"");
    }
    text + "\n"
}

/// Links every program that the server would find, but for those whose names begin with a missing one's.
fn link_tools(folder: &Path, missing: &[String]) {
    fs::create_dir(folder).expect("the host's new folder is writable");
    let mut missing: Vec<_> = missing.iter().map(String::as_str).collect();
    if missing.contains(&"python") {
        missing.push("pip");
    }
    for (name, program) in programs() {
        if !missing.iter().any(|missing| name.starts_with(missing)) {
            symlink(program, folder.join(name)).expect("every program is linked once");
        }
    }
}

fn programs() -> BTreeMap<String, PathBuf> {
    let mut programs = BTreeMap::new();
    for folder in PATH {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            programs.entry(name).or_insert_with(|| entry.path());
        }
    }
    programs.retain(|_, program| is_program(program));
    programs
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
}

fn write_file(path: &Path, text: &str) {
    fs::write(path, text)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}
