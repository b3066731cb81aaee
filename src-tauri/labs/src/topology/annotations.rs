//! Where nodes stand in a drawing: `<file>.annotations.json` beside the topology.
//!
//! The file is that of containerlab's own tools (srl-labs/clab-ui 23ca1f5, which the VS Code extension
//! srl-labs/vscode-containerlab 0.26 draws with: `src/core/types/topology.ts` and `src/core/io/AnnotationsIO.ts`). It is
//! JSON, an object of lists and of `viewerSettings`, indented by two blanks and without a newline at its end:
//!
//! ```json
//! {
//!   "freeTextAnnotations": [],
//!   "groupStyleAnnotations": [],
//!   "networkNodeAnnotations": [{ "id": "host:eth1", "type": "host", "position": { "x": 147, "y": -21 } }],
//!   "nodeAnnotations": [{ "id": "leaf1", "interfacePattern": "e1-{n}", "position": { "x": 161, "y": 231 } }]
//! }
//! ```
//!
//! `id` is a node's name, `position` its place in the drawing's pixels, to the right and downwards; everything else of an
//! annotation is optional, also the position. Ends outside of the lab are `networkNodeAnnotations`; earlier releases put
//! bridges there too, which they still read (`NodeElementBuilder.ts`), and so does this.
//!
//! Only what must change does: numbers, names, and annotations that are added. All else stays byte for byte.

mod json;

use json::{Json, Shape};
use labwright_jobs::ErrorReport;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The lists that have nodes, those that new ones go into first.
const LISTS: [&str; 2] = ["nodeAnnotations", "networkNodeAnnotations"];

/// Where a node stands in a drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// The node.
    pub node: String,
    /// To the right, in pixels.
    pub x: f64,
    /// Downwards, in pixels.
    pub y: f64,
}

/// Why positions were not read or not written.
#[derive(Debug, Error)]
pub enum AnnotationsError {
    /// The file is there, but cannot be read.
    #[error("{} cannot be read", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is no JSON.
    #[error("{} is no JSON", file.display())]
    Json {
        /// The file.
        file: PathBuf,
        /// Line, column and what is wrong there.
        #[source]
        source: serde_json::Error,
    },
    /// It is JSON, but not that of annotations.
    #[error("{} has no annotations: {what} is expected", file.display())]
    Form {
        /// The file.
        file: PathBuf,
        /// What was expected.
        what: &'static str,
    },
    /// The new text could not be put in its place.
    #[error("{} cannot be written", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A position is no number.
    #[error("the position of node `{node}` is no number")]
    Number {
        /// The node.
        node: String,
    },
}

impl AnnotationsError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "annotations_unreadable",
            Self::Json { .. } | Self::Form { .. } => "annotations_invalid",
            Self::Write { .. } => "annotations_not_written",
            Self::Number { .. } => "annotations_position",
        }
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let report = ErrorReport::of(self.code(), self);
        match self {
            Self::Json { .. } | Self::Form { .. } => {
                report.with_hint("Correct it, or move it away: it is not overwritten as it is.")
            }
            Self::Read { .. } | Self::Write { .. } => {
                report.with_hint("See that the file and its folder belong to you.")
            }
            Self::Number { .. } => report,
        }
    }
}

/// The file of a topology's annotations.
pub fn annotations_file(topology: &Path) -> PathBuf {
    let mut name = OsString::from(topology);
    name.push(".annotations.json");
    name.into()
}

/// Where the nodes of a topology's file stand. None does where there are no annotations.
pub fn read_positions(topology: &Path) -> Result<Vec<Position>, AnnotationsError> {
    let file = annotations_file(topology);
    let Some(text) = read(&file)? else {
        return Ok(Vec::new());
    };
    let root = parse(&file, &text)?;
    let mut positions: Vec<Position> = Vec::new();
    for annotation in annotations(&root) {
        let position = position(&text, annotation);
        positions.extend(position.filter(|new| !positions.iter().any(|old| old.node == new.node)));
    }
    Ok(positions)
}

/// Writes where nodes of a topology's file stand now, whole or not at all. Those that are not given stay where they are.
pub fn write_positions(topology: &Path, changed: &[Position]) -> Result<(), AnnotationsError> {
    let wrong = |position: &&Position| !position.x.is_finite() || !position.y.is_finite();
    if let Some(Position { node, .. }) = changed.iter().find(wrong) {
        return Err(AnnotationsError::Number { node: node.clone() });
    }
    change(topology, |file, text| {
        let mut text = text.unwrap_or_else(|| "{}".to_owned());
        for position in changed {
            text = moved(file, text, position)?;
        }
        Ok(Some(text).filter(|_| !changed.is_empty()))
    })
}

/// Gives the annotations of a node its new name.
pub fn rename_annotated(topology: &Path, from: &str, to: &str) -> Result<(), AnnotationsError> {
    change(topology, |file, text| {
        let Some(mut text) = text else {
            return Ok(None);
        };
        let root = parse(file, &text)?;
        let ids = annotations(&root).filter_map(|annotation| annotation.get("id"));
        let ids = ids.filter(|id| id.text(&text).as_deref() == Some(from));
        let mut spans: Vec<Range<usize>> = ids.map(|id| id.span.clone()).collect();
        spans.sort_by_key(|span| span.start);
        for span in spans.into_iter().rev() {
            text.replace_range(span, &Value::from(to).to_string());
        }
        Ok(Some(text))
    })
}

/// Reads the file of annotations, and writes what `new` makes of it, if that is something else.
fn change(
    topology: &Path,
    new: impl FnOnce(&Path, Option<String>) -> Result<Option<String>, AnnotationsError>,
) -> Result<(), AnnotationsError> {
    let file = annotations_file(topology);
    let old = read(&file)?;
    match new(&file, old.clone())? {
        Some(text) if old.as_ref() != Some(&text) => write(&file, &text),
        _ => Ok(()),
    }
}

fn read(file: &Path) -> Result<Option<String>, AnnotationsError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(AnnotationsError::Read {
            file: file.to_owned(),
            source,
        }),
    }
}

/// Writes beside the file, and puts it in its place.
fn write(file: &Path, text: &str) -> Result<(), AnnotationsError> {
    let mut beside = OsString::from(file);
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, text).and_then(|()| {
        if let Ok(known) = fs::metadata(file) {
            fs::set_permissions(&beside, known.permissions())?;
        }
        fs::rename(&beside, file)
    });
    written.map_err(|source| {
        let _left_over = fs::remove_file(&beside);
        AnnotationsError::Write {
            file: file.to_owned(),
            source,
        }
    })
}

fn parse(file: &Path, text: &str) -> Result<Json, AnnotationsError> {
    let form = |what| AnnotationsError::Form {
        file: file.to_owned(),
        what,
    };
    let root = json::parse(text).map_err(|source| AnnotationsError::Json {
        file: file.to_owned(),
        source,
    })?;
    if !matches!(root.shape, Shape::Object(_)) {
        return Err(form("an object"));
    }
    let lists = LISTS.iter().filter_map(|list| root.get(list));
    for list in lists {
        let Shape::Array(items) = &list.shape else {
            return Err(form("a list of nodes"));
        };
        if items
            .iter()
            .any(|item| !matches!(item.shape, Shape::Object(_)))
        {
            return Err(form("a list of objects"));
        }
    }
    Ok(root)
}

/// All annotations of nodes.
fn annotations(root: &Json) -> impl Iterator<Item = &Json> {
    let lists = LISTS.iter().filter_map(|list| root.get(list));
    lists.flat_map(Json::items)
}

fn position(text: &str, annotation: &Json) -> Option<Position> {
    let position = annotation.get("position")?;
    Some(Position {
        node: annotation.get("id")?.text(text)?,
        x: position.get("x")?.number(text)?,
        y: position.get("y")?.number(text)?,
    })
}

/// The text with a node at its new position.
fn moved(file: &Path, mut text: String, new: &Position) -> Result<String, AnnotationsError> {
    let root = parse(file, &text)?;
    let of_node = |annotation: &&Json| {
        let id = annotation.get("id").and_then(|id| id.text(&text));
        id.as_deref() == Some(new.node.as_str())
    };
    let mut known: Vec<&Json> = annotations(&root).filter(of_node).collect();
    known.sort_by_key(|annotation| annotation.span.start);
    for annotation in known.iter().rev() {
        move_one(&mut text, annotation, new);
    }
    if known.is_empty() {
        let annotation = json!({ "id": new.node, "position": place(new) });
        match root.get(LISTS[0]) {
            Some(list) => json::append(&mut text, list, None, &annotation),
            None => json::append(&mut text, &root, Some(LISTS[0]), &json!([annotation])),
        }
    }
    Ok(text)
}

/// Changes the position of one annotation, which may have none yet.
fn move_one(text: &mut String, annotation: &Json, new: &Position) {
    let position = annotation.get("position");
    let numbers = position.and_then(|place| Some([place.get("x")?, place.get("y")?]));
    match (position, numbers) {
        (None, _) => json::append(text, annotation, Some("position"), &place(new)),
        (Some(position), None) => json::replace(text, position, &place(new)),
        (_, Some([x, y])) => {
            let mut numbers = [(x, new.x), (y, new.y)];
            numbers.sort_by_key(|(json, _)| json.span.start);
            for (json, number) in numbers.into_iter().rev() {
                if json.number(text) != Some(number) {
                    text.replace_range(json.span.clone(), &number.to_string());
                }
            }
        }
    }
}

fn place(position: &Position) -> Value {
    // Written by Rust whole numbers have no point, as they have none elsewhere.
    let number = |number: f64| serde_json::from_str::<Value>(&number.to_string());
    let [x, y] = [position.x, position.y].map(|value| number(value).unwrap_or_default());
    json!({ "x": x, "y": y })
}
