//! Errors as lines of text. Pure.

use labwright_jobs::ErrorReport;

use super::palette::Palette;
use super::text::printable_lines;

/// What failed, why, and what can be done: `error: …`, `because …`, `hint: …`.
///
/// `about` names what the error belongs to where several could have failed.
pub(crate) fn error_lines(
    error: &ErrorReport,
    about: Option<&str>,
    palette: Palette,
) -> Vec<String> {
    let message = match about {
        Some(about) => format!("{about}: {}", error.message),
        None => error.message.clone(),
    };
    let mut lines = labelled("error:", &message, |label| palette.bad(label).to_string());
    for cause in &error.chain {
        lines.extend(labelled("because", cause, |label| {
            palette.faint(label).to_string()
        }));
    }
    for hint in &error.hints {
        lines.extend(hint_lines(hint, palette));
    }
    lines
}

/// What can be done.
pub(crate) fn hint_lines(hint: &str, palette: Palette) -> Vec<String> {
    labelled("hint:", hint, |label| palette.good(label).to_string())
}

/// Something to know.
pub(crate) fn note_lines(note: &str, palette: Palette) -> Vec<String> {
    labelled("note:", note, |label| palette.active(label).to_string())
}

/// Something to look at.
pub(crate) fn warning_lines(warning: &str, palette: Palette) -> Vec<String> {
    labelled("warning:", warning, |label| {
        palette.warning(label).to_string()
    })
}

/// A label and a text whose further lines stand below its first.
fn labelled(label: &str, text: &str, colour: impl Fn(&str) -> String) -> Vec<String> {
    let indent = " ".repeat(label.len());
    let mut lines = printable_lines(text);
    if lines.is_empty() {
        lines.push(String::new());
    }
    let lines = lines.into_iter().enumerate();
    lines
        .map(|(index, line)| match index {
            0 => format!("{} {line}", colour(label)),
            _ => format!("{indent} {line}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use labwright_jobs::ErrorReport;

    use super::error_lines;
    use crate::view::Palette;

    #[test]
    fn every_part_of_an_error_is_shown() {
        let error = ErrorReport::new("engine_none", "no engine is running here")
            .with_cause("docker: permission denied")
            .with_cause("the socket\nis another user's \x1b[31m")
            .with_hint("Install one:\n  sudo apt-get update\n  sudo apt-get install -y docker.io")
            .with_hint("Or choose one with --engine.");
        let lines = error_lines(&error, Some("Import a.tar"), Palette::new(false));
        insta::assert_snapshot!(lines.join("\n"));
    }
}
