//! Changes of a topology's text: only the lines that must change do.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

#[path = "edits/annotations.rs"]
mod annotations;
#[path = "edits/diff.rs"]
mod diff;
#[path = "edits/hostile.rs"]
mod hostile;
#[path = "edits/refused.rs"]
mod refused;
#[path = "edits/small.rs"]
mod small;

use diff::diff;
use labwright_labs::kinds::Kinds;
use labwright_labs::topology::{
    ChosenLink, Edit, EditError, Origin, Topology, TopologyError, edit,
};
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::built_in().unwrap());

/// Every text of the folder `edits`.
const TEXTS: [&str; 30] = [
    "aliased",
    "anchors",
    "braces",
    "broken",
    "comments",
    "documents",
    "empty-brackets",
    "empty-nodes",
    "empty-topology",
    "extended",
    "extended-flow",
    "flow-nodes",
    "json",
    "merged",
    "no-newline",
    "no-newline-links",
    "not-indented",
    "null-bodies",
    "null-nodes",
    "odd-indent",
    "one-line",
    "one-row",
    "plain",
    "quoted",
    "scalars",
    "structure",
    "unknown",
    "variables",
    "waits",
    "windows",
];

fn text_of(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    std::fs::read_to_string(folder.join(format!("{name}.clab.yml"))).unwrap()
}

fn origin() -> Origin<'static> {
    Origin {
        file: Path::new("/labs/dc1/dc1.clab.yml"),
        kinds: &KINDS,
        git: None,
        home: None,
    }
}

fn variable(name: &str) -> Option<String> {
    match name {
        "VERSION" => Some("4.35.1F".to_owned()),
        "N" => Some("1".to_owned()),
        "NODES" => Some("r1: {kind: linux, image: a}\n    r2: {kind: linux, image: a}".to_owned()),
        "LINKS" => Some("{endpoints: [a:eth1, b:eth1]}, {endpoints: [a:eth2, b:eth2]}".to_owned()),
        _ => None,
    }
}

fn read(text: &str) -> Result<Topology, TopologyError> {
    Topology::parse(text, &origin(), &variable)
}

fn change(text: &str, wish: &Edit) -> Result<String, EditError> {
    edit(text, &origin(), &variable, wish)
}

fn add_node(name: &str) -> Edit {
    Edit::AddNode {
        name: name.to_owned(),
        kind: "linux".to_owned(),
        image: "debian:12".to_owned(),
    }
}

fn add_link(a: &str, b: &str) -> Edit {
    Edit::AddLink {
        ends: [a.to_owned(), b.to_owned()],
    }
}

fn rename(from: &str, to: &str) -> Edit {
    Edit::RenameNode {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

fn delete(nodes: &[&str]) -> Edit {
    Edit::Delete {
        nodes: nodes.iter().map(|node| (*node).to_owned()).collect(),
        links: Vec::new(),
    }
}

fn delete_links(numbers: impl IntoIterator<Item = u32>) -> Edit {
    let link = |number| ChosenLink { number, ends: None };
    Edit::Delete {
        nodes: Vec::new(),
        links: numbers.into_iter().map(link).collect(),
    }
}

/// One of every kind of change, at the beginning, at the end, and of everything.
fn edits_of(text: &str) -> Vec<Edit> {
    let (nodes, links) = match read(text) {
        Ok(topology) => {
            let names = topology.nodes.iter().map(|node| node.name.to_string());
            (
                names.collect(),
                u32::try_from(topology.links.len()).unwrap(),
            )
        }
        Err(_) => (vec!["a".to_owned(), "b".to_owned()], 1),
    };
    let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
    let mut edits = vec![add_node("new-1")];
    if let [first, .., last] = nodes.as_slice() {
        edits.push(add_link(
            &format!("{first}:eth17"),
            &format!("{last}:eth18"),
        ));
        edits.push(add_link(&format!("{first}:eth17"), "host:new-eth17"));
        edits.push(rename(first, "core-1"));
        edits.push(rename(last, "7"));
        edits.push(delete(&[first]));
        edits.push(delete(&[last]));
        edits.push(delete(&nodes[..nodes.len() - 1]));
        edits.push(delete(&nodes));
    }
    if links > 0 {
        edits.push(delete_links([1]));
    }
    if links > 1 {
        edits.push(delete_links([links]));
        edits.push(delete_links(1..=links));
    }
    edits
}

/// What comes of a change, or why nothing does.
fn shown(text: &str, wish: &Edit) -> String {
    match change(text, wish) {
        Ok(new) => diff(text, &new),
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &EditError) -> String {
    let report = error.report();
    let mut text = format!("{}: {report}\n", report.code);
    for hint in &report.hints {
        writeln!(text, "  {hint}").unwrap();
    }
    text
}

#[test]
fn only_the_lines_that_must_change_do() {
    insta::with_settings!({ snapshot_path => "edits/snapshots", prepend_module_to_snapshot => false }, {
        for name in TEXTS {
            let text = text_of(name);
            let mut all = String::new();
            for wish in edits_of(&text) {
                writeln!(all, "{wish}\n{}", shown(&text, &wish)).unwrap();
            }
            insta::assert_snapshot!(name, all);
        }
    });
}

#[test]
fn every_text_is_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter_map(|name| name.strip_suffix(".clab.yml").map(str::to_owned))
        .collect();
    names.sort();
    assert_eq!(names, TEXTS);
}

#[test]
fn what_is_put_in_can_be_taken_out_again() {
    for name in TEXTS {
        let text = text_of(name);
        let Ok(topology) = read(&text) else { continue };
        if topology.nodes.is_empty() {
            continue;
        }
        let Ok(with_node) = change(&text, &add_node("new-1")) else {
            continue;
        };
        let without = change(&with_node, &delete(&["new-1"])).unwrap();
        assert_eq!(without, text, "the node of {name}");
        let first = &topology.nodes[0].name;
        let wish = add_link("new-1:eth1", &format!("{first}:eth17"));
        let Ok(linked) = change(&with_node, &wish) else {
            continue;
        };
        let number = u32::try_from(topology.links.len() + 1).unwrap();
        let unlinked = change(&linked, &delete_links([number])).unwrap();
        if !topology.links.is_empty() {
            assert_eq!(unlinked, with_node, "the link of {name}");
        }
    }
}

#[test]
fn a_name_comes_back() {
    for name in TEXTS {
        let text = text_of(name);
        let Ok(topology) = read(&text) else { continue };
        for node in topology.nodes.iter().map(|node| node.name.as_str()) {
            let Ok(renamed) = change(&text, &rename(node, "core-1")) else {
                continue;
            };
            let back = change(&renamed, &rename("core-1", node)).unwrap();
            assert_eq!(back, text, "{node} of {name}");
        }
    }
}

#[test]
fn nothing_is_changed_where_nothing_is_asked_for() {
    let text = text_of("windows");
    for wish in [rename("pc1", "pc1"), delete(&[]), delete_links([])] {
        assert_eq!(change(&text, &wish).unwrap(), text);
    }
}

#[test]
fn a_mark_of_the_byte_order_stays() {
    let text = format!("\u{feff}{}", text_of("plain"));
    let new = change(&text, &rename("leaf1", "l")).unwrap();
    assert_eq!(new, text.replace("leaf1", "l"));
}
