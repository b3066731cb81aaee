//! Why a text is not even looked at.

use super::problems::Problems;
use crate::topology::{Code, Place};
use std::path::Path;

/// Bytes of a file that are read. A lab of 1,000 nodes and 4,000 links has some 400,000.
const MOST_BYTES: usize = 4 << 20;

/// Says why a text is not even looked at.
pub(super) fn unreadable(text: &str, file: &Path, problems: &Problems) -> bool {
    let start = Place { line: 1, column: 1 };
    if text.len() > MOST_BYTES {
        let message = format!("the file has {} bytes; {MOST_BYTES} are read", text.len());
        problems.error(Code::TooLarge, start, message);
        return true;
    }
    let named = file
        .extension()
        .is_some_and(|extension| extension == "gotmpl");
    if let Some(place) = template(text).or(named.then_some(start)) {
        let message = "the file is a Go template, which is not read here".to_owned();
        let hint = "`containerlab deploy --export-rendered FILE.clab.yml` writes it as YAML; open that file";
        problems.error_hint(Code::Template, place, message, Some(hint.to_owned()));
        return true;
    }
    odd_characters(text, problems)
}

/// Where the first action of a Go template stands, `{{ … }}`. Comments are not looked at.
fn template(text: &str) -> Option<Place> {
    let lines = text.lines().enumerate();
    let mut lines = lines.filter(|(_, line)| !line.trim_start().starts_with('#'));
    lines.find_map(|(index, line)| {
        let at = line.find("{{").filter(|at| line[*at..].contains("}}"))?;
        Some(place_in(line, index, at))
    })
}

/// Characters that no YAML has, and marks that show a text in another order than it is read.
fn odd_characters(text: &str, problems: &Problems) -> bool {
    let mut found = false;
    for (index, line) in text.split('\n').enumerate() {
        if line.is_ascii()
            && !line
                .bytes()
                .any(|byte| byte.is_ascii_control() && byte != b'\t')
        {
            continue;
        }
        for (at, character) in line.char_indices() {
            let place = || place_in(line, index, at);
            let code = u32::from(character);
            if character.is_control() && !matches!(character, '\t' | '\r' | '\u{85}') {
                let message = format!("character U+{code:04X} cannot stand in a topology file");
                problems.error_hint(Code::Syntax, place(), message, Some("remove it".to_owned()));
                found = true;
            } else if matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                let message = format!(
                    "character U+{code:04X} shows the text behind it in another order than it is read"
                );
                problems.warning(
                    Code::InvalidValue,
                    place(),
                    message,
                    Some("remove it".to_owned()),
                );
            }
        }
    }
    found
}

fn place_in(line: &str, index: usize, at: usize) -> Place {
    let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
    Place {
        line: number(index + 1),
        column: number(line[..at].chars().count() + 1),
    }
}
