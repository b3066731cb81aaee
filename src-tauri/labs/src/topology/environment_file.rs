//! Files of variables, as `env-files` names them.
//!
//! The rules are those of the Go library godotenv, which containerlab uses: `NAME=value` or `NAME: value`, `export` before
//! it, comments, single quotes around a text that is taken as it is, double quotes around one with `\n` and the like, and
//! `$NAME` or `${NAME}` for a variable that stands above.

use std::collections::BTreeMap;
use thiserror::Error;

/// A file of variables that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvironmentFileError {
    /// A line is no variable.
    #[error("line {line} is no variable: `NAME=value` is expected")]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// A quote is not closed.
    #[error("a quote in line {line} is not closed")]
    Quote {
        /// The line, from 1.
        line: usize,
    },
}

/// Reads a file of variables.
pub fn read_environment_file(text: &str) -> Result<BTreeMap<String, String>, EnvironmentFileError> {
    let mut variables = BTreeMap::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let (first, _) = rest.split_once('\n').unwrap_or((rest, ""));
        let plain = first.trim();
        if plain.is_empty() || plain.starts_with('#') {
            rest = behind(rest, first.len() + 1, &mut line);
            continue;
        }
        let (name, start) = name(first).ok_or(EnvironmentFileError::Line { line })?;
        let (value, length) =
            value(&rest[start..], &variables).ok_or(EnvironmentFileError::Quote { line })?;
        variables.insert(name.to_owned(), value);
        rest = behind(rest, start + length, &mut line);
    }
    Ok(variables)
}

/// What stands behind so many bytes.
fn behind<'t>(text: &'t str, length: usize, line: &mut usize) -> &'t str {
    let (passed, rest) = text.split_at(length.min(text.len()));
    *line += passed.matches('\n').count();
    rest
}

/// The name at a line's beginning, and where its value begins.
fn name(line: &str) -> Option<(&str, usize)> {
    let indent = line.len() - line.trim_start().len();
    let body = line.trim_start();
    let export = body
        .strip_prefix("export")
        .filter(|rest| rest.starts_with(char::is_whitespace));
    let body = export.map_or(body, str::trim_start);
    let skipped = if export.is_some() {
        line.len() - body.len()
    } else {
        indent
    };
    let end = body.find(['=', ':'])?;
    let name = body[..end].trim();
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    (!name.is_empty() && name.chars().all(known)).then_some((name, skipped + end + 1))
}

/// The value at the beginning of a text, and how many bytes it takes with its line's end.
fn value(text: &str, variables: &BTreeMap<String, String>) -> Option<(String, usize)> {
    let body = text.trim_start_matches([' ', '\t']);
    let skipped = text.len() - body.len();
    let line_end = |from: usize| {
        text[from..]
            .find('\n')
            .map_or(text.len(), |end| from + end + 1)
    };
    let quote = body.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let Some(quote) = quote else {
        let end = line_end(0);
        let line = text[..end].trim();
        let comment = line.find(" #").or(line.starts_with('#').then_some(0));
        let line = comment.map_or(line, |at| line[..at].trim_end());
        return Some((expand(line, variables), end));
    };
    let inner = &body[1..];
    let close = closing(inner, quote)?;
    let value = match quote {
        '\'' => inner[..close].to_owned(),
        _ => expand(&unescape(&inner[..close]), variables),
    };
    Some((value, line_end(skipped + close + 2)))
}

fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' && quote == '"' {
            escaped = true;
        } else if character == quote {
            return Some(at);
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, false) => plain.push(character),
            (_, true) => match characters.next() {
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                // The dollar keeps its backslash, so that it begins no variable.
                Some('$') => plain.push_str("\\$"),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
        }
    }
    plain
}

/// Fills in variables; one that is not there is empty.
fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        if let Some(before) = before.strip_suffix('\\') {
            expanded.push_str(before);
            expanded.push('$');
            rest = after;
            continue;
        }
        expanded.push_str(before);
        let braced = after.strip_prefix('{');
        let inner = braced.unwrap_or(after);
        let end = inner
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(inner.len());
        let closed = braced.is_none() || inner[end..].starts_with('}');
        if end == 0 || !closed {
            expanded.push('$');
            rest = after;
            continue;
        }
        expanded.push_str(variables.get(&inner[..end]).map_or("", String::as_str));
        rest = &inner[end + usize::from(braced.is_some())..];
    }
    expanded.push_str(rest);
    expanded
}
