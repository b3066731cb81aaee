//! Where an engine is that is reached through SSH.

use std::fmt;

use super::AddressError;

/// What comes before the host in an address.
const SCHEME: &str = "ssh://";
/// What means something to a shell or a URL, and is in no name of a user or a host. Names may be put into commands by
/// the user's own SSH configuration (`%h`, `%r`), so OpenSSH refuses most of them too.
const FORBIDDEN: &str = "'`\"$\\;&<>|(){}?#*!^,";

/// A host with an engine, as it is given to `ssh`: an alias of its configuration, or `USER@HOST:PORT`; and the engine's
/// socket there, if it is not the usual one.
///
/// Nothing in it begins with `-`, and no part of it holds a blank, a control character or a shell's special character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SshAddress {
    user: Option<String>,
    host: String,
    port: Option<u16>,
    socket: Option<String>,
}

impl SshAddress {
    /// Reads what comes after `ssh://`.
    pub(super) fn read(rest: &str) -> Result<Self, AddressError> {
        let refused = |why| AddressError::Ssh {
            address: format!("{SCHEME}{rest}"),
            why,
        };
        let (target, socket) = match rest.find('/') {
            Some(at) => (&rest[..at], socket(&rest[at..]).map_err(refused)?),
            None => (rest, None),
        };
        let (user, place) = match target.rsplit_once('@') {
            Some((user, place)) => (Some(name(user).map_err(refused)?), place),
            None => (None, target),
        };
        if user.as_deref().is_some_and(|user| user.contains(':')) {
            return Err(refused("a password cannot be part of it"));
        }
        let (host, port) = host_and_port(place).map_err(refused)?;
        Ok(Self {
            user,
            host,
            port,
            socket,
        })
    }

    /// The user to log in as; `ssh` decides without one.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// An alias, a name or an address, without the brackets of IPv6.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; `ssh` decides without one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The absolute path of the engine's socket on that host; the usual one without it.
    pub fn socket(&self) -> Option<&str> {
        self.socket.as_deref()
    }

    /// User, host and port as they are written in an address, without `ssh://` and without a socket.
    pub fn target(&self) -> String {
        let user = self.user.as_ref().map(|user| format!("{user}@"));
        let port = self.port.map(|port| format!(":{port}"));
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        [user.unwrap_or_default(), host, port.unwrap_or_default()].concat()
    }
}

impl fmt::Display for SshAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let socket = self.socket.as_deref().unwrap_or_default();
        write!(out, "{SCHEME}{}{socket}", self.target())
    }
}

/// A slash alone names no socket.
fn socket(path: &str) -> Result<Option<String>, &'static str> {
    if path == "/" {
        return Ok(None);
    }
    if path.ends_with('/') || path.contains("//") {
        return Err("its path is not that of a socket");
    }
    clean(path).map(Some)
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), &'static str> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']').ok_or("a bracket is not closed")?;
            let port = rest.strip_prefix(':');
            if port.is_none() && !rest.is_empty() {
                return Err("there is something between the host and the port");
            }
            (host, port)
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let port = port.map(number).transpose()?;
    Ok((name(host)?, port))
}

fn number(port: &str) -> Result<u16, &'static str> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|port| digits && *port > 0);
    port.ok_or("its port is not a number from 1 to 65535")
}

/// The name of a user or of a host.
fn name(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return Err("a name is missing");
    }
    if text.starts_with('-') {
        return Err("a name must not begin with -");
    }
    if text.contains(['[', ']']) {
        return Err("a bracket is in the wrong place");
    }
    clean(text)
}

fn clean(text: &str) -> Result<String, &'static str> {
    let bad = |it: char| it.is_whitespace() || it.is_control() || FORBIDDEN.contains(it);
    if text.contains(bad) {
        return Err("it has a blank or another character that no host is called with");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::*;

    use super::*;
    use crate::EngineAddress;

    type Parts<'a> = (Option<&'a str>, &'a str, Option<u16>, Option<&'a str>);

    fn parts(address: &SshAddress) -> Parts<'_> {
        (
            address.user(),
            address.host(),
            address.port(),
            address.socket(),
        )
    }

    #[test]
    fn hosts_are_kept_as_they_were_given() {
        for (text, expected) in [
            ("gpu-7", (None, "gpu-7", None, None)),
            ("root@gpu-7:2207", (Some("root"), "gpu-7", Some(2207), None)),
            (
                "me@lab.example.net",
                (Some("me"), "lab.example.net", None, None),
            ),
            ("[fe80::1%eth0]:22", (None, "fe80::1%eth0", Some(22), None)),
            ("me@corp@lab", (Some("me@corp"), "lab", None, None)),
            (
                "lab/run/user/1000/podman/podman.sock",
                (None, "lab", None, Some("/run/user/1000/podman/podman.sock")),
            ),
        ] {
            let address = SshAddress::read(text).unwrap();
            assert_eq!(parts(&address), expected, "{text}");
            assert_eq!(address.to_string(), format!("ssh://{text}"));
        }
        let lonely = SshAddress::read("lab/").unwrap();
        assert_eq!(lonely.to_string(), "ssh://lab");
    }

    #[test]
    fn what_ssh_could_take_for_something_else_is_refused() {
        for text in [
            "",
            "/",
            "@lab",
            "me@",
            "-oProxyCommand=x",
            "me@-lab",
            "-l@lab",
            "my lab",
            "lab\n",
            "lab\u{7}",
            "lab:",
            "lab:0",
            "lab:+22",
            "lab:65536",
            "lab:22:22",
            "me:secret@lab",
            "[::1",
            "[::1]x",
            "::1",
            "lab$(id)",
            "lab;id",
            "lab`id`",
            "lab?x",
            "lab/run/docker sock",
            "lab/run/",
            "lab//run/docker.sock",
        ] {
            let error = SshAddress::read(text).unwrap_err();
            assert_eq!(error.code(), "engine_address_ssh", "{text:?}");
            assert!(!error.hints().is_empty());
        }
    }

    proptest! {
        /// Whatever is accepted means the same when it is read again, and holds nothing that is an option or a command.
        #[test]
        fn what_is_accepted_is_harmless(text in "\\PC{0,12}|[-a-z@:/\\[\\]0-9. %]{0,16}") {
            if let Ok(address) = SshAddress::read(&text) {
                let again: EngineAddress = address.to_string().parse().unwrap();
                prop_assert_eq!(again, EngineAddress::Ssh(address.clone()));
                let target = address.target();
                for part in [target.as_str(), address.host(), address.user().unwrap_or("x")] {
                    prop_assert!(!part.starts_with('-') && !part.is_empty());
                    prop_assert!(!part.contains(|it: char| it.is_whitespace() || it.is_control()));
                }
            }
        }
    }
}
