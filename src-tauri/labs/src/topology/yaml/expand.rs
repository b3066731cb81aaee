//! Variables in a topology file: `$NAME`, `${NAME}`, `${NAME:-text}` and the like, before anything is read as YAML.
//!
//! The rules are containerlab's (the module hellt/envsubst 0.2.0, called so that it keeps what it does not know): a
//! variable that is not set, or empty, and has no default stays as it is written; `$1` and `${1}` are not variables; `$$`
//! is a dollar; a default is taken as it stands, unless it is one variable and nothing else. Unlike there, comments are
//! left alone, and an empty default is an empty text.

use super::places::{Piece, Places};
use crate::topology::{Code, Problem, Severity};

/// A text with its variables filled in.
pub(super) struct Expanded {
    pub(super) text: String,
    pub(super) places: Places,
    pub(super) problems: Vec<Problem>,
}

/// Fills in the variables of a text.
pub(in crate::topology) fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Source {
    let expanded = Expansion::new(text, lookup).run();
    Source(expanded)
}

/// An expanded text that can be loaded.
pub(in crate::topology) struct Source(pub(super) Expanded);

struct Expansion<'a> {
    file: &'a str,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    text: String,
    /// Characters in `text`.
    length: usize,
    pieces: Vec<Piece>,
    /// Where problems are, in characters of the file, with what is wrong.
    found: Vec<(usize, Severity, Code, String, Option<String>)>,
}

impl<'a> Expansion<'a> {
    fn new(file: &'a str, lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let text = String::with_capacity(file.len());
        Self {
            file,
            lookup,
            text,
            length: 0,
            pieces: Vec::new(),
            found: Vec::new(),
        }
    }

    fn run(mut self) -> Expanded {
        let mut position = 0;
        for line in self.file.split_inclusive('\n') {
            let characters = line.chars().count();
            if !line.contains('$') || line.trim_start().starts_with('#') {
                self.keep(line, position);
            } else {
                self.line(line, position);
            }
            position += characters;
        }
        let changed = self.pieces.iter().any(|piece| piece.expanded);
        let places = if changed {
            Places::new(self.file, &self.text, std::mem::take(&mut self.pieces))
        } else {
            Places::unchanged()
        };
        let of_file = Places::new(
            self.file,
            self.file,
            vec![Piece {
                at: 0,
                from: 0,
                expanded: false,
            }],
        );
        let problems = self
            .found
            .into_iter()
            .map(|(at, severity, code, message, suggestion)| Problem {
                severity,
                code,
                place: of_file.of(1, at),
                other: None,
                message,
                suggestion,
            });
        Expanded {
            problems: problems.collect(),
            text: self.text,
            places,
        }
    }

    /// One line with a dollar in it.
    fn line(&mut self, line: &str, start: usize) {
        let mut rest = line;
        let mut position = start;
        while let Some((before, after)) = rest.split_once('$') {
            self.keep(before, position);
            position += before.chars().count();
            let taken = self.dollar(after, position);
            position += 1 + after[..taken].chars().count();
            rest = &after[taken..];
        }
        self.keep(rest, position);
    }

    /// What stands behind a dollar. Returns how many bytes of it belong to the variable.
    fn dollar(&mut self, after: &str, position: usize) -> usize {
        match after.chars().next() {
            Some('$') => {
                self.replace("$", position);
                1
            }
            Some('{') => self.braces(after, position),
            Some(first) if is_name(first) && !first.is_numeric() => {
                let length = name_length(after);
                self.bare(&after[..length], position);
                length
            }
            _ => {
                self.keep("$", position);
                0
            }
        }
    }

    fn bare(&mut self, name: &str, position: usize) {
        match self.value(name) {
            Some(value) => self.replace(&value, position),
            None => self.keep(&format!("${name}"), position),
        }
    }

    fn braces(&mut self, after: &str, position: usize) -> usize {
        let inner = &after[1..];
        let length = name_length(inner);
        let numbered = inner.chars().next().is_some_and(char::is_numeric);
        if length == 0 || numbered {
            self.keep("$", position);
            return 0;
        }
        let Some(end) = inner.find('}') else {
            let message = format!("`${{{}` has no closing brace on its line", &inner[..length]);
            let hint = "close it, or write `$$` for a dollar".to_owned();
            self.found
                .push((position, Severity::Error, Code::Syntax, message, Some(hint)));
            self.keep("$", position);
            return 0;
        };
        let (name, operation) = (&inner[..length], &inner[length..end]);
        if let Some(value) = self.substitute(name, operation) {
            self.replace(&value, position);
            return end + 2;
        }
        let message = format!("variable `{name}` is not set, so `${{{name}}}` stays as it is");
        let hint = format!("set it, or give a default: `${{{name}:=…}}`");
        self.found.push((
            position,
            Severity::Warning,
            Code::UnsetVariable,
            message,
            Some(hint),
        ));
        self.keep(&format!("${{{}}}", &inner[..end]), position);
        end + 2
    }

    /// What `${NAME<operation>}` becomes; none if it stays.
    fn substitute(&self, name: &str, operation: &str) -> Option<String> {
        let set = (self.lookup)(name);
        let default = |from| self.default_text(&operation[from..]);
        match operation {
            operation if operation.starts_with(":-") || operation.starts_with(":=") => {
                Some(self.value(name).unwrap_or_else(|| default(2)))
            }
            operation if operation.starts_with(":+") => {
                Some(set.map_or_else(String::new, |_| default(2)))
            }
            operation if operation.starts_with('+') => {
                Some(set.map_or_else(String::new, |_| default(1)))
            }
            operation if operation.starts_with(['-', '=']) => {
                Some(set.unwrap_or_else(|| default(1)))
            }
            _ => self.value(name),
        }
    }

    fn default_text(&self, text: &str) -> String {
        let variable = text
            .strip_prefix('$')
            .filter(|name| name_length(name) == name.len());
        let value = variable.and_then(|name| self.value(name));
        value.unwrap_or_else(|| text.to_owned())
    }

    fn value(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    fn keep(&mut self, text: &str, from: usize) {
        self.push(text, from, false);
    }

    fn replace(&mut self, text: &str, from: usize) {
        self.push(text, from, true);
    }

    fn push(&mut self, text: &str, from: usize, expanded: bool) {
        if !text.is_empty() || expanded {
            self.pieces.push(Piece {
                at: self.length,
                from,
                expanded,
            });
        }
        self.text.push_str(text);
        self.length += text.chars().count();
    }
}

fn is_name(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn name_length(text: &str) -> usize {
    text.find(|character| !is_name(character))
        .unwrap_or(text.len())
}
