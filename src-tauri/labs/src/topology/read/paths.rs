//! Paths in a topology file: relative to it.

use super::context::Context;
use super::fields::Found;
use super::problems::shown;
use crate::topology::{Bind, Code, Content, Volume};
use std::path::{Component, Path, PathBuf};

impl Context<'_> {
    /// A path of the file as an absolute one, without `.` and `..`. `~` is the user's home, where it is known.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        let home = text
            .strip_prefix('~')
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let path = match (home, self.home) {
            (Some(rest), Some(home)) => home.join(rest.trim_start_matches('/')),
            _ => self.base.join(text),
        };
        clean(&path)
    }

    /// A file's content: a text with more than one line is itself, an address is to be fetched.
    pub(super) fn content(&self, text: &str) -> Content {
        let remote = [
            "http://", "https://", "s3://", "ftp://", "sftp://", "scp://",
        ];
        if text.contains('\n') {
            Content::Inline(text.to_owned())
        } else if remote.iter().any(|scheme| text.starts_with(scheme)) {
            Content::Url(text.to_owned())
        } else {
            Content::File(self.path(text))
        }
    }

    /// `host:node[:options]`.
    pub(super) fn bind(&self, found: Found<'_>, text: &str, node: &str) -> Option<Bind> {
        let parts: Vec<_> = text.split(':').collect();
        let (source, target, options) = match parts.as_slice() {
            [source, target] => (*source, *target, ""),
            [source, target, options] => (*source, *target, *options),
            [_] => {
                let message = format!(
                    "bind `{}` of {} has no path in the node",
                    shown(text),
                    found.owner
                );
                let hint =
                    "write `path-here:path-in-the-node`; a path alone is a volume, under `volumes`";
                self.problems.error_hint(
                    Code::InvalidValue,
                    found.place(),
                    message,
                    Some(hint.to_owned()),
                );
                return None;
            }
            _ => {
                return found.invalid("`path-here:path-in-the-node`, or with `:options` behind it");
            }
        };
        if source.is_empty() {
            return found.invalid("a path before the colon");
        }
        self.target(found, target)?;
        let source = self.path(&self.magic(source, node));
        Some(Bind {
            source,
            target: target.to_owned(),
            options: words(options),
        })
    }

    /// `[name:]path[:options]`.
    pub(super) fn volume(&self, found: Found<'_>, text: &str, node: &str) -> Option<Volume> {
        let parts: Vec<_> = text.split(':').collect();
        let (name, target, options) = match parts.as_slice() {
            [target] => (None, *target, ""),
            [name, target] => (Some(*name), *target, ""),
            [name, target, options] => (Some(*name), *target, *options),
            _ => return found.invalid("`name:path-in-the-node`, or with `:options` behind it"),
        };
        if name.is_some_and(|name| name.starts_with('/')) {
            return found.invalid("an engine's volume; a path of the host goes under `binds`");
        }
        self.target(found, target)?;
        let name = name.map(|name| self.magic(name, node));
        Some(Volume {
            name,
            target: target.to_owned(),
            options: words(options),
        })
    }

    fn target(&self, found: Found<'_>, target: &str) -> Option<()> {
        if target.starts_with('/') {
            return Some(());
        }
        let (key, owner) = (found.key, found.owner);
        let message = format!(
            "`{}` in `{key}` of {owner} is no absolute path in the node",
            shown(target)
        );
        let hint = "a path in the node begins with `/`".to_owned();
        self.problems
            .error_hint(Code::InvalidValue, found.place(), message, Some(hint));
        None
    }
}

fn words(options: &str) -> Vec<String> {
    options
        .split(',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A path without `.` and `..`, as it is written and not as links would have it.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}
