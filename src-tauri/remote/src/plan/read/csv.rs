//! `Name,RepoUrl,Subfolder,RequirementsFile`.
//!
//! `Subfolder` is the whole folder below the target, and without one the folder is called like the node: so does the
//! installer that the format comes from (`UmeAiRT/ComfyUI-Auto_installer`, `Install-ComfyUI.ps1`).

use ::csv::{Position, ReaderBuilder, StringRecord};

use super::super::assembly::{Assembly, Place};
use super::super::model::NodeSource;
use super::super::near::nearest;
use super::super::text::{Lines, listed, shown};
use super::{node, other_requirements};

/// The columns, those first that must be there.
pub(in crate::plan) const COLUMNS: [&str; 4] = ["Name", "RepoUrl", "Subfolder", "RequirementsFile"];
const MUST: usize = 2;

/// Where each of `COLUMNS` stands.
type Places = [Option<usize>; 4];

/// Reads a table into `plan`.
pub(in crate::plan) fn read(text: &str, plan: &mut Assembly) {
    let mut records = records(text, plan).into_iter();
    let Some((line, header)) = records.next() else {
        return;
    };
    let Some(places) = columns(line, &header, plan) else {
        return;
    };
    for (line, record) in records {
        row(line, &record, header.len(), &places, plan);
    }
}

/// The rows that hold something, with their lines.
fn records(text: &str, plan: &mut Assembly) -> Vec<(usize, StringRecord)> {
    let lines = Lines::of(text);
    let mut reader = ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).comment(Some(b'#'));
    let mut records = Vec::new();
    let mut last = 0;
    for record in reader.from_reader(text.as_bytes()).into_records() {
        match record {
            Ok(record) => {
                last = start(text, record.position().map_or(0, Position::byte));
                records.push((lines.line(last), record));
            }
            Err(error) => plan.problem(None, error.to_string()),
        }
    }
    if text[last..].matches('"').count() % 2 == 1 {
        plan.problem(
            Some(lines.line(last)),
            "a quote that begins here is never closed",
        );
    }
    records.retain(|(_, record)| record.iter().any(|field| !field.trim().is_empty()));
    records
}

/// Where a row begins: the reader stands before the blank lines and comments above it.
fn start(text: &str, byte: u64) -> usize {
    let mut at = usize::try_from(byte).unwrap_or(0).min(text.len());
    loop {
        let rest = text[at..].trim_start_matches(['\r', '\n']);
        at = text.len() - rest.len();
        if !rest.starts_with('#') {
            return at;
        }
        at += rest.find('\n').unwrap_or(rest.len());
    }
}

/// Finds the columns, and says which ones are missing or not known.
fn columns(line: usize, header: &StringRecord, plan: &mut Assembly) -> Option<Places> {
    let names: Vec<&str> = header.iter().map(str::trim).collect();
    if let [one] = names[..]
        && one.contains([';', '\t'])
    {
        plan.problem(Some(line), "the columns must be separated by commas");
        return None;
    }
    let place = |column: &str| {
        let mut names = names.iter();
        names.position(|name| column.eq_ignore_ascii_case(name))
    };
    let places = COLUMNS.map(place);
    let spare = other_columns(&names, &places);
    let must = COLUMNS.iter().zip(places).take(MUST);
    let missing: Vec<&str> = must
        .filter(|(_, place)| place.is_none())
        .map(|(column, _)| *column)
        .collect();
    for column in &missing {
        plan.problem(Some(line), missing_column(column, &spare));
    }
    note_unread(&spare, plan);
    missing.is_empty().then_some(places)
}

fn missing_column(column: &str, spare: &[&str]) -> String {
    let near = nearest(column, spare.iter().copied());
    let near = near.map(|near| format!("; is {} meant?", shown(near)));
    format!(
        "the table has no column `{column}`{}",
        near.unwrap_or_default()
    )
}

fn note_unread(spare: &[&str], plan: &mut Assembly) {
    let named = spare.iter().filter(|name| !name.is_empty());
    let named: Vec<String> = named.map(|name| shown(name)).collect();
    if !named.is_empty() {
        let named = listed(named.iter().map(String::as_str));
        plan.note(format!(
            "Columns that mean nothing to Labwright were not read: {named}."
        ));
    }
}

fn other_columns<'n>(names: &[&'n str], places: &Places) -> Vec<&'n str> {
    let other = names
        .iter()
        .enumerate()
        .filter(|(at, _)| !places.contains(&Some(*at)));
    other.map(|(_, name)| *name).collect()
}

fn row(line: usize, record: &StringRecord, width: usize, places: &Places, plan: &mut Assembly) {
    if record
        .iter()
        .skip(width)
        .any(|field| !field.trim().is_empty())
    {
        let what = format!(
            "{} fields, and the table has {width} columns; a field with a comma stands in quotes",
            record.len()
        );
        return plan.problem(Some(line), what);
    }
    let field = |column: usize| {
        let text = record.get(places[column]?)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let (Some(name), Some(url)) = (field(0), field(1)) else {
        let missing: Vec<&str> = (0..MUST)
            .filter(|column| field(*column).is_none())
            .map(|column| COLUMNS[column])
            .collect();
        let what = format!("the row has no {}", missing.join(" and no "));
        return plan.problem(Some(line), what);
    };
    let source = NodeSource::Git {
        url,
        folder: field(2).unwrap_or_else(|| name.clone()),
        reference: None,
        requirements: other_requirements(field(3)),
        packages: Vec::new(),
    };
    plan.add(node(name, source), Place::at(line));
}
