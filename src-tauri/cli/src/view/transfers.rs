//! How a save or a copy ended, as lines of text. Pure.

use labwright_images::{CopyResult, SaveResult};
use labwright_jobs::{JobState, Outcome};
use serde::de::DeserializeOwned;

use super::ending::short_image_id;
use super::errors::{note_lines, warning_lines};
use super::palette::Palette;
use super::text::printable;
use super::units;

/// The result of a job of this kind, if it succeeded.
fn result<T: DeserializeOwned>(job: &JobState, kind: &str) -> Option<T> {
    match &job.outcome {
        Some(Outcome::Succeeded { result }) if job.kind == kind => {
            serde_json::from_value(result.clone()).ok()
        }
        _ => None,
    }
}

/// What is there now, if the job saved or copied.
pub(super) fn transferred(job: &JobState, palette: Palette) -> Option<Vec<String>> {
    let saved = result(job, "save").map(|result| saved(job, &result, palette));
    saved.or_else(|| result(job, "copy").map(|result| copied(job, &result, palette)))
}

fn saved(job: &JobState, result: &SaveResult, palette: Palette) -> Vec<String> {
    let names = printable(&result.references.join(", "));
    let engine = printable(&result.engine);
    let what = match &result.file {
        Some(file) => {
            let file = palette.good(printable(file));
            format!("{file} holds {names} from {engine}")
        }
        None => format!("{} from {engine} was written", palette.good(names)),
    };
    let packing = result.packing.to_string();
    let facts = [Some(units::bytes(result.size)), Some(packing), took(job)];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    vec![
        format!("{what}: {}", facts.join(", ")),
        format!("SHA-256 {}", result.sha256),
    ]
}

fn copied(job: &JobState, result: &CopyResult, palette: Palette) -> Vec<String> {
    let (from, engine) = (printable(&result.from), printable(&result.engine));
    let sent = result.images.iter().filter(|image| !image.already_there);
    let only = (sent.count() == 1).then(|| took(job)).flatten();
    let lines = result.images.iter().map(|image| {
        let name = palette.good(printable(&image.reference));
        let size = units::bytes(image.size);
        if image.already_there {
            return format!("{name} was already in {engine}: {size}");
        }
        let facts = [Some(size), Some(format!("from {from}")), only.clone()];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        format!("{name} is in {engine}: {}", facts.join(", "))
    });
    lines.collect()
}

fn took(job: &JobState) -> Option<String> {
    let (start, end) = job.started_at.zip(job.finished_at)?;
    Some(units::duration(end.millis() - start.millis()))
}

/// What to look at after a copy.
pub(super) fn remarks(job: &JobState, palette: Palette) -> Vec<String> {
    let Some(result) = result::<CopyResult>(job, "copy") else {
        return Vec::new();
    };
    let warnings = result.warnings.iter();
    let mut lines: Vec<String> = warnings
        .flat_map(|warning| warning_lines(warning, palette))
        .collect();
    for image in &result.images {
        if let Some(before) = &image.untagged {
            let before = short_image_id(before);
            let name = &image.reference;
            let note = format!("the image that was {name} before, {before}, is kept without it");
            lines.extend(note_lines(&note, palette));
        }
    }
    lines
}

/// What a save or a copy ended with, for who reads nothing else: what `sha256sum --check` reads, or
/// the references.
pub(super) fn reference(job: &JobState) -> Option<String> {
    if let Some(result) = result::<SaveResult>(job, "save") {
        let file = result.file.as_deref().unwrap_or("-");
        return Some(format!("{}  {}", result.sha256, printable(file)));
    }
    let result = result::<CopyResult>(job, "copy")?;
    let names = result
        .images
        .iter()
        .map(|image| printable(&image.reference));
    Some(names.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests;
