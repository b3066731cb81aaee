//! What pip is given.

use super::super::text::shown;
use super::{LOGIN, plain};

/// A requirement as pip takes it: a name with or without a version, `name @ URL`, a URL, or `-e` and one.
pub(in crate::plan) fn package(text: &str) -> Result<(), String> {
    plain(text)?;
    let requirement = text.strip_prefix("-e ").unwrap_or(text);
    let option = requirement
        .split_whitespace()
        .find(|word| word.starts_with('-'));
    if let Some(option) = option {
        return Err(format!(
            "holds the option {}; pip is given packages alone",
            shown(option)
        ));
    }
    requirement.split_whitespace().try_for_each(without_login)
}

/// A user's name alone is a login for everything but SSH, where it is part of the address.
fn without_login(word: &str) -> Result<(), String> {
    let Some((scheme, rest)) = word.split_once("://") else {
        return Ok(());
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let login = host.rsplit_once('@').map_or("", |(login, _)| login);
    let ssh = scheme.to_ascii_lowercase().ends_with("ssh");
    if login.is_empty() || (ssh && !login.contains(':')) {
        return Ok(());
    }
    Err(LOGIN.to_owned())
}
