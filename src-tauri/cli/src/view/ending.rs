//! How a job ended, as lines of text. Pure.

use labwright_jobs::{JobState, Outcome};
use serde::Deserialize;

use super::errors::{error_lines, hint_lines, note_lines, warning_lines};
use super::installs::{self, install_lines};
use super::labs::{lab_lines, lab_name};
use super::palette::Palette;
use super::text::printable;
use super::transfers::{self, transferred};
use super::units;

/// How many digits of a job's name are shown: the time's, which differ for all jobs of a process.
pub(crate) const SHORT_ID: usize = 12;

/// What imports and pulls say of the image that they brought.
#[derive(Deserialize)]
struct Brought {
    references: Vec<String>,
    image_id: String,
    size: u64,
    architecture: String,
    /// Of an import.
    kind: Option<String>,
    /// Of an import.
    version: Option<String>,
    /// Of a pull.
    layers: Option<usize>,
    /// Of a pull: bytes.
    downloaded: Option<u64>,
    engine: String,
    already_there: bool,
    warnings: Vec<String>,
    untagged: Option<String>,
}

/// What is there now: nothing unless the job succeeded.
pub(crate) fn result_lines(job: &JobState, palette: Palette) -> Vec<String> {
    let Some(Outcome::Succeeded { result }) = &job.outcome else {
        return Vec::new();
    };
    let lines = transferred(job, palette).or_else(|| lab_lines(job, palette));
    if let Some(lines) = lines.or_else(|| install_lines(job, palette)) {
        return lines;
    }
    match brought(job, result) {
        Some(result) => vec![sentence(job, &result, palette)],
        None => vec![format!(
            "{}: {}",
            printable(&job.title),
            palette.good("done")
        )],
    }
}

/// What to look at, or what went wrong. `several` says whether more jobs than this one are shown.
pub(crate) fn problem_lines(job: &JobState, several: bool, palette: Palette) -> Vec<String> {
    let Some(outcome) = &job.outcome else {
        return Vec::new();
    };
    let mut lines = match outcome {
        Outcome::Succeeded { result } => {
            return brought(job, result).map_or_else(
                || {
                    [
                        transfers::remarks(job, palette),
                        installs::remarks(job, palette),
                    ]
                    .concat()
                },
                |result| remarks(&result, palette),
            );
        }
        Outcome::Failed { error } => {
            error_lines(error, several.then_some(job.title.as_str()), palette)
        }
        Outcome::Cancelled { by } => {
            let cancelled = palette.warning(format!("{by}"));
            vec![format!("{}: {cancelled}", printable(&job.title))]
        }
        Outcome::Lost { why } => {
            let lost = palette.bad(format!("lost: {}", printable(why)));
            vec![format!("{}: {lost}", printable(&job.title))]
        }
    };
    let id: String = job.id.as_str().chars().take(SHORT_ID).collect();
    let next =
        format!("lw jobs retry {id} does it again, lw jobs show {id} shows its steps and its log.");
    lines.extend(hint_lines(&next, palette));
    lines
}

/// What an import or pull ended with, for who reads nothing else: the reference, or the id of an image
/// without one.
pub(crate) fn reference(job: &JobState) -> Option<String> {
    let Some(Outcome::Succeeded { result }) = &job.outcome else {
        return None;
    };
    let Some(result) = brought(job, result) else {
        let transferred = transfers::reference(job);
        return transferred
            .or_else(|| lab_name(job))
            .or_else(|| installs::faults_alone(job));
    };
    let references = result.references.iter().map(|name| printable(name));
    let names: Vec<String> = references.collect();
    if names.is_empty() {
        return Some(result.image_id);
    }
    Some(names.join("\n"))
}

fn brought(job: &JobState, result: &serde_json::Value) -> Option<Brought> {
    let brings = ["import", "pull"].contains(&job.kind.as_str());
    brings.then(|| Brought::deserialize(result).ok())?
}

fn sentence(job: &JobState, result: &Brought, palette: Palette) -> String {
    let names = if result.references.is_empty() {
        short_image_id(&result.image_id)
    } else {
        result.references.join(", ")
    };
    let verb = match (result.references.len() > 1, result.already_there) {
        (false, false) => "is in",
        (true, false) => "are in",
        (false, true) => "was already in",
        (true, true) => "were already in",
    };
    let what = [result.kind.as_deref(), result.version.as_deref()];
    let what: Vec<&str> = what.into_iter().flatten().collect();
    let downloaded = result.downloaded.filter(|bytes| *bytes > 0);
    let took = job.started_at.zip(job.finished_at);
    let facts = [
        (!what.is_empty()).then(|| printable(&what.join(" "))),
        Some(printable(&result.architecture)),
        Some(units::bytes(result.size)),
        result.layers.map(layers),
        downloaded.map(|bytes| format!("{} downloaded", units::bytes(bytes))),
        took.map(|(start, end)| units::duration(end.millis() - start.millis())),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    format!(
        "{} {verb} {}: {}",
        palette.good(printable(&names)),
        printable(&result.engine),
        facts.join(", ")
    )
}

fn layers(count: usize) -> String {
    let what = if count == 1 { "layer" } else { "layers" };
    format!("{count} {what}")
}

fn remarks(result: &Brought, palette: Palette) -> Vec<String> {
    let warnings = result.warnings.iter();
    let mut lines: Vec<String> = warnings
        .flat_map(|warning| warning_lines(warning, palette))
        .collect();
    if let Some(image) = &result.untagged {
        let image = short_image_id(image);
        let note = format!("the image that had this name before, {image}, is kept without it");
        lines.extend(note_lines(&note, palette));
    }
    lines
}

/// The first digits of an image's id, as engines show it.
pub(crate) fn short_image_id(id: &str) -> String {
    let digits = id.strip_prefix("sha256:").unwrap_or(id);
    digits.chars().take(12).collect()
}

#[cfg(test)]
mod tests;
