//! What a plan is, known by what stands in it.

use serde::de::IgnoredAny;

use super::error::PlanError;
use super::model::PlanFormat;
use super::read::csv::COLUMNS;
use super::text::shown;

/// No plan is larger: ComfyUI-Manager's list of everything has 3 MB.
const LARGEST: usize = 32 * 1024 * 1024;

/// The formats as far as one can tell them without reading: the two of ComfyUI-Manager are told apart by their keys.
pub(super) enum Outline {
    Json,
    Known(PlanFormat),
}

/// The text of a plan, without a byte order mark.
pub(super) fn text<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, PlanError> {
    if bytes.len() > LARGEST {
        return Err(PlanError::TooLarge {
            name: name.to_owned(),
            size: bytes.len(),
            limit: LARGEST,
        });
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let valid = &bytes[..error.valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        let name = name.to_owned();
        PlanError::NotText { name, line }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// What a text looks like.
pub(super) fn outline(name: &str, text: &str) -> Result<Outline, PlanError> {
    let name = name.to_owned();
    let Some(line) = first_line(text) else {
        return Err(PlanError::Empty { name });
    };
    if line.starts_with('{') {
        return Ok(Outline::Json);
    }
    if line.starts_with('[') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        let found = "it is JSON, but a list of things where an object is expected".to_owned();
        return Err(PlanError::UnknownFormat { name, found });
    }
    if is_header(line) {
        return Ok(Outline::Known(PlanFormat::Csv));
    }
    if line.starts_with('[') || line.contains('=') {
        return Ok(Outline::Known(PlanFormat::Own));
    }
    if line.contains(',') {
        return Ok(Outline::Known(PlanFormat::Csv));
    }
    let found = format!("it begins with {}", shown(line));
    Err(PlanError::UnknownFormat { name, found })
}

/// The first line that says something: comments look the same in TOML and in our CSV.
fn first_line(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether one of the columns that a table must have is there, whatever separates them.
fn is_header(line: &str) -> bool {
    let mut fields = line.split([',', ';', '\t']);
    fields.any(|field| {
        let field = field.trim().trim_matches('"');
        COLUMNS[..2]
            .iter()
            .any(|column| column.eq_ignore_ascii_case(field))
    })
}
