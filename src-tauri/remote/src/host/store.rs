//! The file of hosts: what the user said of each, and no secret.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::record::Host;
use crate::ssh::{DestinationError, Target};

/// The file's text.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default, rename = "host")]
    hosts: Vec<Host>,
}

/// The hosts that a user added, in a file that people can read and change.
#[derive(Clone, Debug)]
pub struct HostStore {
    file: PathBuf,
}

/// Why the hosts cannot be read or changed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be read.
    #[error("the file of hosts, {file}, cannot be read")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not what it should be.
    #[error("the file of hosts, {file}, is damaged")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The file cannot be written.
    #[error("the file of hosts, {file}, cannot be written")]
    Write {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is one of this name.
    #[error("a host called {name} is there already: {destination}")]
    Taken {
        /// The name.
        name: String,
        /// What it is.
        destination: String,
    },
    /// There is none of this name.
    #[error("there is no host called {name}")]
    Unknown {
        /// The name.
        name: String,
        /// Those that are there.
        known: Vec<String>,
    },
    /// The name cannot be one.
    #[error("`{name}` cannot be a host's name: {why}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// ssh cannot be told this.
    #[error(transparent)]
    Destination(#[from] DestinationError),
}

impl HostStore {
    /// The hosts of a file, which need not be there yet.
    pub fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// Where they are kept.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// All hosts, by name.
    pub fn list(&self) -> Result<Vec<Host>, StoreError> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => {
                let file = self.file.clone();
                return Err(StoreError::Read { file, source });
            }
        };
        let document: Document = toml::from_str(&text).map_err(|source| StoreError::Damaged {
            file: self.file.clone(),
            source: Box::new(source),
        })?;
        let mut hosts = document.hosts;
        hosts.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(hosts)
    }

    /// The host of this name.
    pub fn get(&self, name: &str) -> Result<Host, StoreError> {
        let hosts = self.list()?;
        let known = hosts.iter().map(|host| host.name.clone()).collect();
        let found = hosts.into_iter().find(|host| host.name == name);
        found.ok_or_else(|| StoreError::Unknown {
            name: name.to_owned(),
            known,
        })
    }

    /// Adds a host, if none has its name.
    pub fn add(&self, host: Host) -> Result<(), StoreError> {
        check_name(&host.name)?;
        Target::of(&host)?;
        let mut hosts = self.list()?;
        if let Some(taken) = hosts.iter().find(|known| known.name == host.name) {
            return Err(StoreError::Taken {
                name: taken.name.clone(),
                destination: taken.destination.clone(),
            });
        }
        hosts.push(host);
        self.write(hosts)
    }

    /// Forgets a host. Nothing is done on it.
    pub fn remove(&self, name: &str) -> Result<Host, StoreError> {
        let host = self.get(name)?;
        let mut hosts = self.list()?;
        hosts.retain(|known| known.name != name);
        self.write(hosts)?;
        Ok(host)
    }

    fn write(&self, hosts: Vec<Host>) -> Result<(), StoreError> {
        let failed = |source| StoreError::Write {
            file: self.file.clone(),
            source,
        };
        let text = toml::to_string(&Document { hosts });
        let text = text.map_err(|error| failed(io::Error::other(error)))?;
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(failed)?;
        let new = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        fs::write(new.path(), text).map_err(failed)?;
        new.as_file().sync_all().map_err(failed)?;
        let placed = new.persist(&self.file);
        placed.map(drop).map_err(|error| failed(error.error))
    }
}

fn check_name(name: &str) -> Result<(), StoreError> {
    let refused = |why| {
        let name = name.to_owned();
        Err(StoreError::Name { name, why })
    };
    match name {
        "" => refused("it is empty"),
        _ if name.trim() != name => refused("it begins or ends with a blank"),
        _ if name.starts_with('-') => refused("it begins with a dash"),
        _ if name.contains(char::is_control) => refused("it has a control character"),
        _ if name.chars().count() > 100 => refused("it is longer than 100 characters"),
        _ => Ok(()),
    }
}

impl StoreError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } | Self::Write { .. } => "hosts_file",
            Self::Damaged { .. } => "hosts_file_damaged",
            Self::Taken { .. } => "host_taken",
            Self::Unknown { .. } => "host_unknown",
            Self::Name { .. } | Self::Destination(_) => "host_name_invalid",
        }
    }

    /// What the user can do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Read { .. } | Self::Write { .. } => {
                "See whether the folder exists, has space and can be written.".to_owned()
            }
            Self::Damaged { .. } => {
                "Mend the file, or move it away: nothing is written over it.".to_owned()
            }
            Self::Taken { .. } => {
                "Give another name, or remove that one first: lw host rm NAME.".to_owned()
            }
            Self::Unknown { known, .. } if known.is_empty() => {
                "Add one: lw host add NAME.".to_owned()
            }
            Self::Unknown { known, .. } => format!("Known are {}.", known.join(", ")),
            Self::Name { .. } => "Give a short name without control characters.".to_owned(),
            Self::Destination(_) => {
                "Write an alias of ~/.ssh/config, an address, or user@address.".to_owned()
            }
        };
        vec![hint]
    }

    /// The failure in the form that crosses borders.
    pub fn report(&self) -> ErrorReport {
        let report = ErrorReport::of(self.code(), self);
        self.hints()
            .into_iter()
            .fold(report, ErrorReport::with_hint)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Host, HostStore};

    fn host(name: &str) -> Host {
        Host {
            name: name.to_owned(),
            destination: "root@gpu-7.lab".to_owned(),
            port: Some(2207),
            ..Host::default()
        }
    }

    #[test]
    fn hosts_are_kept_by_name_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = HostStore::new(folder.path().join("labwright/hosts.toml"));
        assert!(store.list().unwrap().is_empty());
        store.add(host("gpu-8")).unwrap();
        store.add(host("gpu 7 ünï")).unwrap();
        let names: Vec<String> = store
            .list()
            .unwrap()
            .into_iter()
            .map(|host| host.name)
            .collect();
        assert_eq!(names, ["gpu 7 ünï", "gpu-8"]);
        assert_eq!(store.get("gpu-8").unwrap(), host("gpu-8"));
        assert_eq!(store.add(host("gpu-8")).unwrap_err().code(), "host_taken");
        store.remove("gpu-8").unwrap();
        assert_eq!(store.get("gpu-8").unwrap_err().code(), "host_unknown");
        assert_eq!(store.remove("gpu-8").unwrap_err().code(), "host_unknown");
    }

    #[test]
    fn a_damaged_file_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hosts.toml");
        std::fs::write(&file, "[[host]]\nname = \"a\"\npassword = \"x\"\n").unwrap();
        let store = HostStore::new(file.clone());
        assert_eq!(
            store.add(host("b")).unwrap_err().code(),
            "hosts_file_damaged"
        );
        assert!(std::fs::read_to_string(file).unwrap().contains("password"));
    }

    #[test]
    fn names_that_would_confuse_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = HostStore::new(folder.path().join("hosts.toml"));
        for name in ["", "-x", " a", "a\nb"] {
            assert_eq!(
                store.add(host(name)).unwrap_err().code(),
                "host_name_invalid"
            );
        }
        let destination = "-oProxyCommand=id".to_owned();
        let hostile = Host {
            destination,
            ..host("x")
        };
        assert_eq!(store.add(hostile).unwrap_err().code(), "host_name_invalid");
    }
}
