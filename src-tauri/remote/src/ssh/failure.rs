//! What ssh's last words mean: a table over OpenSSH's messages.
//!
//! ssh exits with 255 whatever happened, so its words are all there is. They are those of OpenSSH's source, and the same
//! in every language, because it has no translations.

use super::error::SshError;

/// How many of ssh's last lines are kept.
const LINES_KEPT: usize = 16;

/// What a failure is called.
#[derive(Clone, Copy)]
enum Meaning {
    KeyChanged,
    KeyUnknown,
    Denied,
    Unreachable,
    Configuration,
}

/// What ssh says, and what it means; the first that is found counts.
const WORDS: &[(&str, Meaning)] = &[
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        Meaning::KeyChanged,
    ),
    ("REVOKED HOST KEY", Meaning::KeyChanged),
    ("key is known for", Meaning::KeyUnknown),
    ("Host key verification failed", Meaning::KeyUnknown),
    ("Permission denied", Meaning::Denied),
    ("Too many authentication failures", Meaning::Denied),
    ("No supported authentication methods", Meaning::Denied),
    ("Bad configuration option", Meaning::Configuration),
    ("terminating,", Meaning::Configuration),
    ("Bad owner or permissions on", Meaning::Configuration),
    ("Can't open user config file", Meaning::Configuration),
    ("Could not resolve hostname", Meaning::Unreachable),
    ("Connection refused", Meaning::Unreachable),
    ("Connection timed out", Meaning::Unreachable),
    ("Operation timed out", Meaning::Unreachable),
    ("No route to host", Meaning::Unreachable),
    ("Network is unreachable", Meaning::Unreachable),
    ("Connection closed by", Meaning::Unreachable),
    ("Connection reset by", Meaning::Unreachable),
    ("kex_exchange_identification", Meaning::Unreachable),
    ("banner exchange", Meaning::Unreachable),
    ("Timeout, server", Meaning::Unreachable),
    ("Connection to", Meaning::Unreachable),
];

/// Why a connection did not come to stand.
pub(super) fn not_connected(host: &str, said: &str) -> SshError {
    let host = host.to_owned();
    let meaning = WORDS.iter().find(|(words, _)| said.contains(words));
    let said = last_lines(said);
    match meaning.map(|(_, meaning)| *meaning) {
        Some(Meaning::KeyChanged) => SshError::KeyChanged { host, said },
        Some(Meaning::KeyUnknown) => SshError::KeyUnknown { host },
        Some(Meaning::Denied) => SshError::Denied { host, said },
        Some(Meaning::Configuration) => SshError::Configuration { host, said },
        Some(Meaning::Unreachable) => SshError::Unreachable { host, said },
        None => SshError::NoShell { host, said },
    }
}

/// The last lines of what was said, without blank ones and without ssh's frame of `@`.
pub(crate) fn last_lines(said: &str) -> String {
    let is_frame = |line: &str| line.chars().all(|character| character == '@');
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_frame(line))
        .collect();
    lines[lines.len().saturating_sub(LINES_KEPT)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::not_connected;

    #[test]
    fn what_ssh_says_becomes_what_can_be_done() {
        for (said, code) in [
            (
                "@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.",
                "host_key_changed",
            ),
            (
                "No ED25519 host key is known for [127.0.0.1]:2207 and you have requested strict checking.\nHost key verification failed.",
                "host_key_unknown",
            ),
            (
                "root@127.0.0.1: Permission denied (publickey).",
                "host_denied",
            ),
            (
                "ssh: Could not resolve hostname gpu-9: Name or service not known",
                "host_unreachable",
            ),
            (
                "ssh: connect to host 127.0.0.1 port 1: Connection refused",
                "host_unreachable",
            ),
            (
                "kex_exchange_identification: Connection closed by remote host",
                "host_unreachable",
            ),
            (
                "/tmp/c: line 1: Bad configuration option: foo\n/tmp/c: terminating, 1 bad configuration options",
                "ssh_configuration",
            ),
            ("This account is currently not available.", "host_no_shell"),
            ("", "host_no_shell"),
        ] {
            let error = not_connected("gpu-7", said);
            assert_eq!(error.code(), code, "{said}");
            assert!(!error.hints().is_empty());
        }
    }
}
