//! Whom ssh is told to reach, and how.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::host::Host;

/// Seconds until a connection must stand.
const CONNECT_TIMEOUT: u32 = 10;
/// Seconds of silence after which ssh asks whether the other side is there, and how often it asks in vain.
const ALIVE: (u32, u32) = (5, 3);

/// A host as ssh is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// An alias of ssh's configuration, an address, or `user@address`.
    pub destination: String,
    /// The port, where the configuration does not say it.
    pub port: Option<u16>,
    /// The private key's file, where the configuration does not say it.
    pub identity: Option<PathBuf>,
    /// The configuration's file, in place of the user's own.
    pub config: Option<PathBuf>,
}

/// A text that cannot be a destination.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` cannot be a host: {why}")]
pub struct DestinationError {
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Target {
    /// What ssh knows by this name.
    pub fn new(destination: &str, config: Option<PathBuf>) -> Result<Self, DestinationError> {
        check(destination)?;
        Ok(Self {
            destination: destination.to_owned(),
            port: None,
            identity: None,
            config,
        })
    }

    /// A host that was added.
    pub fn of(host: &Host) -> Result<Self, DestinationError> {
        Ok(Self {
            port: host.port,
            identity: host.identity.as_ref().map(PathBuf::from),
            ..Self::new(
                &host.destination,
                host.ssh_config.as_ref().map(PathBuf::from),
            )?
        })
    }

    /// The options that every ssh of ours has, without the destination. Nobody sits in front of it: what would ask fails.
    pub(super) fn options(&self) -> Vec<OsString> {
        let mut options: Vec<OsString> = Vec::new();
        if let Some(config) = &self.config {
            options.extend(["-F".into(), config.into()]);
        }
        for option in [
            "BatchMode=yes".to_owned(),
            format!("ConnectTimeout={CONNECT_TIMEOUT}"),
            format!("ServerAliveInterval={}", ALIVE.0),
            format!("ServerAliveCountMax={}", ALIVE.1),
            "ForwardAgent=no".to_owned(),
            "ForwardX11=no".to_owned(),
            "ClearAllForwardings=yes".to_owned(),
            "RequestTTY=no".to_owned(),
            "RemoteCommand=none".to_owned(),
            "ForkAfterAuthentication=no".to_owned(),
            "StdinNull=no".to_owned(),
            "EscapeChar=none".to_owned(),
        ] {
            options.extend(["-o".into(), option.into()]);
        }
        if let Some(port) = self.port {
            options.extend(["-p".into(), port.to_string().into()]);
        }
        if let Some(identity) = &self.identity {
            options.extend(["-i".into(), identity.into()]);
        }
        options
    }
}

/// ssh takes what begins with a dash for an option, and hands what it is given on to programs of its configuration.
fn check(text: &str) -> Result<(), DestinationError> {
    let refused = |why| {
        Err(DestinationError {
            text: text.to_owned(),
            why,
        })
    };
    let is_strange = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || "'\"`$\\;&<>|(){}*?!#".contains(character)
    };
    let address = text.rsplit_once('@').map_or(text, |(_, address)| address);
    match text {
        "" => refused("it is empty"),
        _ if text.starts_with('-') || address.starts_with('-') => refused("it begins with a dash"),
        _ if address.is_empty() => refused("it has no address"),
        _ if text.contains(is_strange) => refused("it has a character that no host has"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn what_ssh_would_take_for_something_else_is_refused() {
        for text in [
            "",
            "-oProxyCommand=id",
            "me@-x",
            "me@",
            "a b",
            "$(id)",
            "a;b",
            "a\nb",
            "a`b`",
        ] {
            assert!(Target::new(text, None).is_err(), "{text}");
        }
        for text in [
            "gpu-7",
            "root@gpu-7.lab",
            "root@10.0.0.1",
            "me@fe80::1%eth0",
            "me@corp@jump",
        ] {
            assert!(Target::new(text, None).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_port_a_key_and_a_configuration_are_handed_on() {
        let target = Target {
            port: Some(2207),
            identity: Some("/home/ada/.ssh/lab key".into()),
            ..Target::new("gpu-7", Some("/etc/lab.conf".into())).unwrap_or_else(|_| unreachable!())
        };
        let options = target.options();
        assert_eq!(options[..2], ["-F", "/etc/lab.conf"]);
        assert_eq!(
            options[options.len() - 4..],
            ["-p", "2207", "-i", "/home/ada/.ssh/lab key"]
        );
    }
}
