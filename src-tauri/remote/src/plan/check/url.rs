//! What git is given to clone.

use ::url::Url;

use super::{LOGIN, not_an_option, plain};

/// Schemes, and whether a user's name is part of the address.
const SCHEMES: &[(&str, bool)] = &[
    ("https", false),
    ("http", false),
    ("ssh", true),
    ("git", false),
    ("file", false),
];
const NO_HOST: &str = "names no host";

/// A repository's address: a URL, `git@host:path`, or a path on the host.
pub(in crate::plan) fn url(text: &str) -> Result<(), String> {
    plain(text)?;
    not_an_option(text)?;
    if text.starts_with('/') {
        return Ok(());
    }
    if let Some(c) = text.chars().find(|c| c.is_whitespace() || *c == '\\') {
        return Err(format!("holds `{c}`, which no address has"));
    }
    if names_a_helper(text) {
        return Err("names a program that git would run".to_owned());
    }
    match text.split_once("://") {
        Some((scheme, _)) => with_scheme(scheme, text),
        None => with_colon(text),
    }
}

/// `ext::sh …` and the like (gitremote-helpers(7)).
fn names_a_helper(text: &str) -> bool {
    let helper = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
    text.trim_start_matches(helper).starts_with("::")
}

fn with_scheme(scheme: &str, text: &str) -> Result<(), String> {
    let known = SCHEMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(scheme));
    let Some((scheme, user)) = known else {
        return Err("has a scheme that is not https, http, ssh, git or file".to_owned());
    };
    let parsed = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if parsed.password().is_some() || !(*user || parsed.username().is_empty()) {
        return Err(LOGIN.to_owned());
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err("goes on after a `?` or `#`, which no repository's address does".to_owned());
    }
    authority(scheme, &parsed)?;
    repository(parsed.path())
}

/// git decodes `%2D` before it hands a host to ssh, so that nothing encoded may stand there.
fn authority(scheme: &str, parsed: &Url) -> Result<(), String> {
    word(parsed.username(), "user")?;
    match (scheme, parsed.host_str()) {
        ("file", None) => Ok(()),
        ("file", Some(_)) => Err("names a host, and a file's URL has none: file:///…".to_owned()),
        (_, Some(host)) => word(host, "host"),
        (_, None) => Err(NO_HOST.to_owned()),
    }
}

fn repository(path: &str) -> Result<(), String> {
    let encoded =
        |pair: &[u8]| matches!(pair, [b'%', b'0' | b'1', _]) || pair.eq_ignore_ascii_case(b"%7f");
    if path.as_bytes().windows(3).any(encoded) {
        return Err("holds an encoded control character".to_owned());
    }
    let name = path.trim_end_matches('/').rsplit('/').next();
    match name {
        None | Some("" | ".git" | "." | "..") => Err("names no repository".to_owned()),
        Some(_) => Ok(()),
    }
}

/// `git@host:path`, as scp has it.
fn with_colon(text: &str) -> Result<(), String> {
    let Some((user, rest)) = text.split_once('@') else {
        return Err(
            "is neither a URL, nor `git@host:path`, nor an absolute path on the host".to_owned(),
        );
    };
    if user.contains(':') {
        return Err(LOGIN.to_owned());
    }
    let bracket = rest.find(']').unwrap_or(0);
    let colon = rest[bracket..].find(':').map(|at| bracket + at);
    let Some(colon) = colon.filter(|colon| *colon > 0) else {
        return Err("has no path behind its host: `git@host:path`".to_owned());
    };
    if user.is_empty() {
        return Err("has nothing before its `@`".to_owned());
    }
    word(user, "user")?;
    word(&rest[..colon], "host")?;
    not_an_option(&rest[colon + 1..])?;
    repository(&rest[colon + 1..])
}

/// What ssh is given on its command line.
fn word(text: &str, what: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._~-[]:".contains(c);
    if text.starts_with('-') || !text.chars().all(allowed) {
        return Err(format!("has a {what} that is none"));
    }
    Ok(())
}
