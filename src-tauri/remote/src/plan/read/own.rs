//! Labwright's own plans: TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::assembly::{Assembly, Place};
use super::super::check;
use super::super::model::{ImageSource, NodeSource};
use super::super::near::nearest;
use super::super::text::{Lines, shown, visible};
use super::table::Table;
use super::{node, other_requirements};

/// A kind of node: its word, its keys, and how they are read.
struct Kind {
    word: &'static str,
    keys: &'static [&'static str],
    read: fn(&str, &Table, &mut Assembly) -> Option<NodeSource>,
}

const KINDS: &[Kind] = &[
    Kind {
        word: "git",
        keys: &[
            "name",
            "kind",
            "url",
            "ref",
            "folder",
            "requirements",
            "packages",
        ],
        read: git,
    },
    Kind {
        word: "image",
        keys: &["name", "kind", "reference", "file", "from"],
        read: image,
    },
    Kind {
        word: "packages",
        keys: &["name", "kind", "packages"],
        read: packages,
    },
];
/// The only value of `from`.
const WORKSTATION: &str = "workstation";

/// Reads a plan into `plan`.
pub(in crate::plan) fn read(text: &str, plan: &mut Assembly) {
    let lines = &Lines::of(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map(|span| lines.line(span.start));
        plan.problem(line, visible(&error.message().replace('\n', "; ")));
    }
    if errors.is_empty() {
        document_of(document.get_ref(), lines, plan);
    }
}

fn document_of(document: &DeTable<'_>, lines: &Lines, plan: &mut Assembly) {
    let table = |members, called: &str, line| Table {
        members,
        called: called.to_owned(),
        line,
        lines,
    };
    let document = table(document, "the plan", 1);
    document.only(&["target", "node"], &[], plan);
    if let Some((line, value)) = document.get("target") {
        match value.get_ref() {
            DeValue::Table(inner) => target(&table(inner, "[target]", line), plan),
            _ => plan.problem(Some(line), "`target` must be a table: [target]"),
        }
    }
    let Some((line, value)) = document.get("node") else {
        return;
    };
    for node in nodes(line, value, plan) {
        let line = lines.line(node.span().start);
        match node.get_ref() {
            DeValue::Table(inner) => one_node(table(inner, "the node", line), plan),
            _ => plan.problem(Some(line), "a node must be a table: [[node]]"),
        }
    }
}

fn nodes<'v, 'i>(
    line: usize,
    value: &'v Spanned<DeValue<'i>>,
    plan: &mut Assembly,
) -> &'v [Spanned<DeValue<'i>>] {
    if let DeValue::Array(nodes) = value.get_ref() {
        return nodes;
    }
    plan.problem(Some(line), "nodes stand in double brackets: [[node]]");
    &[]
}

fn target(table: &Table, plan: &mut Assembly) {
    table.only(&["path", "venv"], &[], plan);
    let mut folder = |key: &'static str| {
        let text = table.text(key, plan)?;
        if let Some(finding) = check::finding(key, key, check::host_folder, &text) {
            plan.problem(
                Some(table.line_of(key)),
                format!("[target]: {}", finding.what),
            );
        }
        Some(text)
    };
    let (path, venv) = (folder("path"), folder("venv"));
    (plan.target, plan.venv) = (path, venv);
}

fn one_node(mut table: Table, plan: &mut Assembly) {
    let name = table.must("name", plan);
    if let Some(name) = &name {
        table.called = format!("node {}", shown(name));
    }
    let Some(kind) = table
        .must("kind", plan)
        .and_then(|word| kind(&word, &table, plan))
    else {
        return;
    };
    let others = KINDS.iter().flat_map(|other| other.keys).copied();
    table.only(kind.keys, &others.collect::<Vec<&str>>(), plan);
    let source = (kind.read)(name.as_deref().unwrap_or_default(), &table, plan);
    if let (Some(name), Some(source)) = (name, source) {
        let place = Place {
            line: Some(table.line),
            keys: table.lines_of(kind.keys),
        };
        plan.add(node(name, source), place);
    }
}

fn kind(word: &str, table: &Table, plan: &mut Assembly) -> Option<&'static Kind> {
    let words = || KINDS.iter().map(|kind| kind.word);
    let kind = KINDS.iter().find(|kind| kind.word == word);
    if kind.is_none() {
        let advice = match nearest(word, words()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of {}", words().collect::<Vec<_>>().join(", ")),
        };
        let what = format!(
            "{} has the kind {}, which is none; {advice}",
            table.called,
            shown(word)
        );
        plan.problem(Some(table.line_of("kind")), what);
    }
    kind
}

fn git(name: &str, table: &Table, plan: &mut Assembly) -> Option<NodeSource> {
    let url = table.must("url", plan);
    let folder = table.text("folder", plan);
    let reference = table.text("ref", plan);
    let requirements = other_requirements(table.text("requirements", plan));
    let packages = table.texts("packages", plan);
    Some(NodeSource::Git {
        url: url?,
        folder: folder.unwrap_or_else(|| name.to_owned()),
        reference,
        requirements,
        packages,
    })
}

fn packages(_: &str, table: &Table, plan: &mut Assembly) -> Option<NodeSource> {
    let before = plan.problems();
    let packages = table.texts("packages", plan);
    if packages.is_empty() && plan.problems() == before {
        let line = table.line_of("packages");
        plan.problem(Some(line), format!("{} names no packages", table.called));
    }
    (!packages.is_empty()).then_some(NodeSource::Packages { packages })
}

fn image(_: &str, table: &Table, plan: &mut Assembly) -> Option<NodeSource> {
    let reference = table.text("reference", plan);
    let file = table.text("file", plan);
    let from = table.text("from", plan);
    let image = match (reference, file, from.as_deref()) {
        (reference, Some(path), None) => ImageSource::File { path, reference },
        (Some(reference), None, None) => ImageSource::Registry { reference },
        (Some(reference), None, Some(WORKSTATION)) => ImageSource::Engine { reference },
        (_, _, Some(from)) if from != WORKSTATION => {
            let what = format!(
                "{}: `from` is {}, and can only be `{WORKSTATION}`",
                table.called,
                shown(from)
            );
            plan.problem(Some(table.line_of("from")), what);
            return None;
        }
        (_, file, from) => {
            let what = match (file, from) {
                (Some(_), _) => "has both `file` and `from`; choose one",
                (None, Some(_)) => "has `from`, but no `reference` that says which image",
                (None, None) => "has neither `reference` nor `file`",
            };
            plan.problem(Some(table.line), format!("{} {what}", table.called));
            return None;
        }
    };
    Some(NodeSource::Image { image })
}
