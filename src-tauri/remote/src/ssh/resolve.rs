//! What ssh's configuration says of a host, as ssh itself tells it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::error::SshError;
use super::failure::last_lines;
use super::known::first_file;
use super::target::Target;
use super::transport::Transport;

/// How deep files may include each other, as in OpenSSH (`READCONF_MAX_DEPTH`).
const DEPTH: usize = 16;

/// Where ssh would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Who one would be there.
    pub user: String,
    /// The address.
    pub address: String,
    /// The port.
    pub port: String,
    /// Where ssh keeps keys that it learns.
    pub known_hosts: Option<PathBuf>,
}

impl Resolved {
    /// `root@gpu-7.lab:2207`; the usual port is left out.
    pub fn shown(&self) -> String {
        let Self {
            user,
            address,
            port,
            ..
        } = self;
        let port = if port == "22" {
            String::new()
        } else {
            format!(":{port}")
        };
        format!("{user}@{address}{port}")
    }
}

/// Asks ssh where it would go. Nothing is connected.
pub async fn resolve(
    transport: &dyn Transport,
    host: &str,
    target: &Target,
    home: Option<&Path>,
) -> Result<Resolved, SshError> {
    let mut arguments = target.options();
    arguments.extend(["-G".into(), "--".into(), target.destination.clone().into()]);
    let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    let output = transport.ssh(&arguments).output().await;
    let output = output.map_err(SshError::NoProgram)?;
    if !output.status.success() {
        return Err(SshError::Configuration {
            host: host.to_owned(),
            said: last_lines(&String::from_utf8_lossy(&output.stderr)),
        });
    }
    Ok(read(&String::from_utf8_lossy(&output.stdout), home))
}

fn read(text: &str, home: Option<&Path>) -> Resolved {
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    let values: BTreeMap<&str, &str> = lines.collect();
    let value = |name: &str| values.get(name).copied().unwrap_or_default().to_owned();
    Resolved {
        user: value("user"),
        address: value("hostname"),
        port: value("port"),
        known_hosts: first_file(&value("userknownhostsfile"), home),
    }
}

/// The names that a configuration has a section for, in its order. A file that cannot be read has none.
pub fn aliases(file: &Path, home: Option<&Path>) -> Vec<String> {
    let mut found = Vec::new();
    collect(file, home, DEPTH, &mut found);
    found
}

fn collect(file: &Path, home: Option<&Path>, depth: usize, found: &mut Vec<String>) {
    let text = match std::fs::read_to_string(file) {
        Ok(text) if depth > 0 => text,
        _ => return,
    };
    for line in text.lines() {
        let (word, rest) = keyword(line);
        if word.eq_ignore_ascii_case("host") {
            let names = rest.split_whitespace().map(|name| name.trim_matches('"'));
            let names = names.filter(|name| !name.contains(['*', '?', '!']));
            for name in names {
                if !found.iter().any(|known| known == name) {
                    found.push(name.to_owned());
                }
            }
        } else if word.eq_ignore_ascii_case("include") {
            for pattern in rest.split_whitespace() {
                for included in matching(pattern.trim_matches('"'), file, home) {
                    collect(&included, home, depth - 1, found);
                }
            }
        }
    }
}

/// A line's keyword and the rest, which an `=` may part: `ssh_config(5)`.
fn keyword(line: &str) -> (&str, &str) {
    let line = line.trim();
    let end = line.find(|character: char| character.is_whitespace() || character == '=');
    let (word, rest) = line.split_at(end.unwrap_or(line.len()));
    (
        word,
        rest.trim_start_matches(|character: char| character.is_whitespace() || character == '='),
    )
}

/// The files that an `Include` names: relative ones stand beside the user's configuration; `*` at the end of a path only.
fn matching(pattern: &str, file: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let path = match (pattern.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => file.parent().unwrap_or(Path::new("")).join(pattern),
    };
    let name = path
        .file_name()
        .and_then(OsStr::to_str)
        .unwrap_or_default()
        .to_owned();
    let Some((before, after)) = name.split_once('*') else {
        return vec![path];
    };
    let entries = path
        .parent()
        .and_then(|folder| std::fs::read_dir(folder).ok());
    let mut files: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(before)
                && name.ends_with(after)
                && name.len() >= before.len() + after.len()
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::path::Path;

    use super::{aliases, read};

    #[test]
    fn names_come_from_the_file_and_those_that_it_includes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        std::fs::create_dir(folder.path().join("conf.d")).unwrap();
        std::fs::write(folder.path().join("conf.d/a.conf"), "Host=inner\n").unwrap();
        std::fs::write(
            &file,
            "Include conf.d/*.conf\n# Host commented\nHost gpu-7 \"gpu 8\" *.lab !x\n  HostName g\nhost gpu-7 other\nMatch all\n",
        )
        .unwrap();
        assert_eq!(
            aliases(&file, None),
            ["inner", "gpu-7", "gpu", "8", "other"]
        );
        assert!(aliases(Path::new("/no/such/file"), None).is_empty());
    }

    #[test]
    fn what_ssh_says_is_shown_as_one_writes_it() {
        let text = "host gpu-7\nuser root\nhostname gpu-7.lab\nport 2207\nuserknownhostsfile ~/.ssh/known_hosts ~/.ssh/known_hosts2\n";
        let resolved = read(text, Some(Path::new("/home/ada")));
        assert_eq!(resolved.shown(), "root@gpu-7.lab:2207");
        assert_eq!(
            resolved.known_hosts.unwrap(),
            Path::new("/home/ada/.ssh/known_hosts")
        );
    }
}
