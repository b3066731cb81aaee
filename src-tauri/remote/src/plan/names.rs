//! Names that follow from addresses, made unique.

use std::collections::{HashMap, HashSet};

/// The last part of a repository's address, without `.git`.
pub(super) fn of_repository(url: &str) -> Option<&str> {
    let (_, name) = parts(url)?;
    Some(name)
}

/// The part before it, which mostly tells whose it is.
pub(super) fn of_owner(url: &str) -> Option<&str> {
    let (rest, _) = parts(url)?;
    rest.rsplit(['/', ':']).find(|part| !part.is_empty())
}

fn parts(url: &str) -> Option<(&str, &str)> {
    let url = url.trim_end_matches('/');
    let url = url
        .strip_suffix(".git")
        .unwrap_or(url)
        .trim_end_matches('/');
    let (rest, name) = url.rsplit_once(['/', ':'])?;
    (!name.is_empty()).then_some((rest, name))
}

/// Two addresses of one repository have the same of this: a `/` or `.git` at the end and the case of the host do not
/// count.
pub(super) fn same_repository(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let url = url.strip_suffix(".git").unwrap_or(url);
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..]
        .find(['/', ':'])
        .map_or(url.len(), |at| host + at);
    format!("{}{}", url[..end].to_lowercase(), &url[end..])
}

/// The names that a plan has given so far.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The number that was tried last, so that thousands of the same name do not try each other's.
    last: HashMap<String, usize>,
}

impl Names {
    /// The wanted name if it is free, else one that says whose it is.
    pub(super) fn free(&mut self, wanted: &str, whose: &str) -> String {
        let told = format!("{wanted} ({whose})");
        for name in [wanted, &told] {
            if self.taken.insert(name.to_owned()) {
                return name.to_owned();
            }
        }
        let last = self.last.entry(told).or_insert(1);
        loop {
            *last += 1;
            let name = format!("{wanted} ({whose} {last})");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
