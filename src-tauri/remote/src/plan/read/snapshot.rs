//! A snapshot of ComfyUI-Manager: what stood on a machine, with commits.
//!
//! What it holds is from the manager's `get_current_snapshot` and `get_installed_pip_packages` (`manager_core.py`).

use serde_json::Value;

use super::super::assembly::{Assembly, Place};
use super::super::model::{NodeSource, PlanNode};
use super::super::names::{self, Names};
use super::super::text::shown;
use super::items::text;
use super::json::Document;
use super::node;
use super::packages;

/// Reads a snapshot into `plan`.
pub(super) fn read(snapshot: Document, plan: &mut Assembly) {
    let mut names = Names::default();
    let mut add = |mut node: PlanNode, whose: &str| {
        node.name = names.free(&node.name, whose);
        plan.add(node, Place::default());
    };
    for (url, pin) in snapshot.git_custom_nodes.unwrap_or_default().0 {
        let url = url.unwrap_or_default();
        add(
            repository(url.trim(), &pin),
            names::of_owner(url.trim()).unwrap_or("git"),
        );
    }
    let (packages, left_out) = packages::read(snapshot.pips.unwrap_or_default());
    if let Some(packages) = packages {
        add(packages, "pip");
    }
    for (id, version) in snapshot.cnr_custom_nodes.unwrap_or_default().0 {
        add(registered(&id.unwrap_or_default(), &version), "registry");
    }
    for (_, file) in snapshot.file_custom_nodes.unwrap_or_default().0 {
        add(single_file(&file), "file");
    }
    if let Some(note) = left_out {
        plan.note(note);
    }
    if let Some(commit) = text(snapshot.comfyui.as_ref()) {
        plan.note(format!(
            "ComfyUI itself was at {}; Labwright does not change it.",
            shown(commit)
        ));
    }
}

/// The manager writes the key `null` for a repository without a remote, the hash `unknown` for one without a commit,
/// and leaves a line break behind hashes that it read from a file.
fn repository(url: &str, pin: &Value) -> PlanNode {
    if url.is_empty() || url == "null" {
        let mut node = node("repository without address".to_owned(), NodeSource::Other);
        node.obstacle = Some("The snapshot does not say where it came from.".to_owned());
        return disabled(node, pin);
    }
    let name = names::of_repository(url).unwrap_or(url);
    let commit = text(pin.get("hash")).filter(|hash| *hash != "unknown");
    let source = NodeSource::Git {
        url: url.to_owned(),
        folder: name.to_owned(),
        reference: commit.map(str::to_owned),
        requirements: None,
        packages: Vec::new(),
    };
    let mut node = node(name.to_owned(), source);
    if commit.is_none() {
        node.notes
            .push("The snapshot names no commit: the newest is installed.".to_owned());
    }
    disabled(node, pin)
}

fn disabled(mut node: PlanNode, pin: &Value) -> PlanNode {
    if pin.get("disabled").and_then(Value::as_bool) == Some(true) {
        node.chosen = false;
        node.notes
            .push("It was disabled when the snapshot was taken.".to_owned());
    }
    node
}

fn registered(id: &str, version: &Value) -> PlanNode {
    let version = text(Some(version)).map(|version| format!(", version {}", shown(version)));
    let mut node = node(id.to_owned(), NodeSource::Other);
    node.obstacle = Some(format!(
        "It came from the Comfy registry{}, and the snapshot does not say where its repository is. Find the repository at \
         registry.comfy.org, and install it with a plan of your own.",
        version.unwrap_or_default()
    ));
    node
}

fn single_file(file: &Value) -> PlanNode {
    let name = text(file.get("filename"))
        .or(text(Some(file)))
        .unwrap_or("file without name");
    let mut node = node(name.to_owned(), NodeSource::Other);
    node.obstacle = Some(
        "It is a single file that the snapshot does not hold; copy it to the host yourself."
            .to_owned(),
    );
    disabled(node, file)
}
