//! Paths on the host: below the target, inside a repository, and the target itself.

use super::{not_an_option, plain};

/// Room for `.partial` is left below what file systems allow.
const LONGEST_PART: usize = 240;

/// A node's folder, relative to the target.
pub(super) fn folder(text: &str) -> Result<(), String> {
    inner_path(text)?;
    if text.split('/').any(|part| part.ends_with(".partial")) {
        return Err("ends in `.partial`, as clones do that are not whole".to_owned());
    }
    Ok(())
}

/// A path that stays inside the folder that it begins in.
pub(in crate::plan) fn inner_path(text: &str) -> Result<(), String> {
    plain(text)?;
    if text.starts_with('/') {
        return Err("is absolute, and must be relative".to_owned());
    }
    if text.contains('\\') {
        return Err(r"holds `\`; write `/` between folders".to_owned());
    }
    text.split('/').try_for_each(part)
}

fn part(part: &str) -> Result<(), String> {
    not_an_option(part)?;
    match part {
        "" => return Err("has an empty part".to_owned()),
        "." | ".." => return Err(format!("has the part `{part}`, and must stay where it is")),
        _ => {}
    }
    if part.eq_ignore_ascii_case(".git") {
        return Err("has the part `.git`, which belongs to git".to_owned());
    }
    if part.len() > LONGEST_PART {
        return Err(format!("has a part longer than {LONGEST_PART} bytes"));
    }
    Ok(())
}

/// A folder of the host: absolute, or below the home.
pub(in crate::plan) fn host_folder(text: &str) -> Result<(), String> {
    plain(text)?;
    let below = text.strip_prefix("~/").or_else(|| text.strip_prefix('/'));
    let Some(below) = below else {
        return Err("must be absolute, or begin with `~/`".to_owned());
    };
    if below.split('/').any(|part| part == "..") {
        return Err("has the part `..`".to_owned());
    }
    Ok(())
}
