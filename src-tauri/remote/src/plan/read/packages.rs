//! The Python packages of a snapshot.
//!
//! The manager splits lines of `pip freeze` at ` @ `: a key is `name==version` with nothing behind it, or a name whose
//! value is an address, or a whole line such as `-e git+…`.

use serde_json::Value;

use super::super::model::{NodeSource, PlanNode};
use super::super::text::{listed, shown};
use super::items::Items;
use super::node;

const NAME: &str = "Python packages";

/// One node for all packages, if there are some, and what is to be said of those that were left out.
pub(super) fn read(pips: Items) -> (Option<PlanNode>, Option<String>) {
    let lines = pips.0.into_iter().map(|(key, value)| line(key, &value));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (local, packages): (Vec<String>, Vec<String>) = lines.partition(|line| is_local(line));
    let left_out = (!local.is_empty()).then(|| local_note(&local));
    if packages.is_empty() {
        return (None, left_out);
    }
    let mut node = node(NAME.to_owned(), NodeSource::Packages { packages });
    node.notes = package_notes(&node.source);
    (Some(node), left_out)
}

/// The requirement as pip takes it.
fn line(key: Option<String>, value: &Value) -> String {
    let value = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match key {
        Some(key) if value.is_empty() => key.trim().to_owned(),
        Some(key) => format!("{} @ {value}", key.trim()),
        None => value,
    }
}

/// Whether it stands on the machine of the snapshot.
fn is_local(line: &str) -> bool {
    let editable = line.strip_prefix("-e ").map(str::trim);
    let source = editable
        .or(line.split_once(" @ ").map(|(_, source)| source.trim()))
        .unwrap_or(line);
    let git = source.starts_with("git+");
    source.starts_with("file:")
        || source.starts_with("git+file:")
        || (editable.is_some() && !git && !source.contains("://"))
}

fn local_note(local: &[String]) -> String {
    let names: Vec<String> = local.iter().map(|line| shown(line)).collect();
    let names = listed(names.iter().map(String::as_str));
    format!(
        "Python packages that stood on the machine of the snapshot alone are left out: {names}."
    )
}

fn package_notes(source: &NodeSource) -> Vec<String> {
    let mut notes = vec![
        "All packages of the machine that the snapshot was taken on, at their versions.".to_owned(),
    ];
    let NodeSource::Packages { packages } = source else {
        return notes;
    };
    let built = packages.iter().filter(|package| is_special_build(package));
    let built: Vec<&str> = built.map(String::as_str).collect();
    if !built.is_empty() {
        let built = listed(built);
        notes.push(format!(
            "pip finds these builds only if the host knows the index that has them: {built}."
        ));
    }
    notes
}

/// `torch==2.4.1+cu121`: what follows the `+` is not on the usual index.
fn is_special_build(package: &str) -> bool {
    let version = package.split_once("==").map(|(_, version)| version);
    version.is_some_and(|version| version.contains('+'))
}
