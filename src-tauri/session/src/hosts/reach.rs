//! How hosts are reached from here: those that were added, and whatever ssh knows by a name.

use std::path::PathBuf;
use std::sync::Arc;

use labwright_engine::SshAddress;
use labwright_jobs::ErrorReport;
use labwright_remote::host::{Host, HostStore, StoreError};
use labwright_remote::ssh::{SshError, SystemSsh, Target, aliases};
use labwright_remote::{Access, Directory};

/// What is needed to reach a host.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The file of hosts.
    pub store: HostStore,
    /// The program.
    pub(crate) ssh: PathBuf,
    /// A folder of this user's, for sockets and for what lives for seconds.
    pub(crate) scratch: PathBuf,
    /// The user's home.
    pub(crate) home: Option<PathBuf>,
    /// The configuration that ssh was told to read, in place of the user's own.
    pub(crate) config: Option<PathBuf>,
}

impl Reach {
    /// The host of this name; where none was added, what ssh knows by it.
    pub fn find(&self, name: &str) -> Result<Host, StoreError> {
        match self.store.get(name) {
            Err(StoreError::Unknown { .. }) => {
                let host = self.described(name, name);
                Target::of(&host)?;
                Ok(host)
            }
            found => found,
        }
    }

    /// A host as ssh's configuration has it, before it is added.
    pub fn described(&self, name: &str, destination: &str) -> Host {
        Host {
            name: name.to_owned(),
            destination: destination.to_owned(),
            ssh_config: self.config.as_ref().map(|file| file.display().to_string()),
            ..Host::default()
        }
    }

    /// Access to a host. A configuration that ssh was told to read goes before the one that was noted.
    pub fn access(&self, host: &Host) -> Result<Access, StoreError> {
        let mut target = Target::of(host)?;
        if let Some(config) = &self.config {
            target.config = Some(config.clone());
        }
        Ok(self.reach(&host.name, target))
    }

    /// Access to what a job noted.
    pub fn reach(&self, host: &str, target: Target) -> Access {
        Access {
            transport: Arc::new(SystemSsh::new(
                self.ssh.clone(),
                Some(self.scratch.join("ssh")),
            )),
            host: host.to_owned(),
            target,
            home: self.home.clone(),
            scratch: self.scratch.clone(),
        }
    }

    /// Names that ssh's configuration knows and that were not added.
    pub fn suggestions(&self, known: &[Host]) -> Vec<String> {
        let usual = || Some(self.home.as_ref()?.join(".ssh").join("config"));
        let file = self.config.clone().or_else(usual);
        let names = file.map(|file| aliases(&file, self.home.as_deref()));
        let is_new = |name: &String| known.iter().all(|host| host.destination != *name);
        names
            .unwrap_or_default()
            .into_iter()
            .filter(is_new)
            .collect()
    }

    /// Makes the folder for what lives for seconds.
    pub fn make_scratch(&self) -> Result<(), ErrorReport> {
        std::fs::create_dir_all(&self.scratch).map_err(|source| {
            let path = self.scratch.display().to_string();
            SshError::Local { path, source }.report()
        })
    }
}

impl Directory for Reach {
    fn access(&self, address: &SshAddress) -> Result<Access, SshError> {
        let named = self.store.get(&address.target()).ok();
        let host = named.unwrap_or_else(|| {
            let user = address.user().map(|user| format!("{user}@"));
            let destination = format!("{}{}", user.unwrap_or_default(), address.host());
            Host {
                port: address.port(),
                ..self.described(&address.target(), &destination)
            }
        });
        match self.access(&host) {
            Ok(access) => Ok(access),
            Err(StoreError::Destination(error)) => Err(error.into()),
            Err(error) => Err(SshError::Configuration {
                host: host.name,
                said: error.to_string(),
            }),
        }
    }
}
