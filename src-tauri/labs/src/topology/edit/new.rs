//! What is put into a text: values with the look that they are to have.

use super::syntax::Quote;
use crate::topology::Place;
use crate::topology::yaml::{self, Data, Entry, Mapping, Value};
use std::fmt::Write;

/// Something new.
#[derive(Debug, Clone)]
pub(super) enum New {
    Text(Word),
    List(Vec<New>, Look),
    Map(Vec<(Word, New)>, Look),
}

/// A text, and the quotes that it should have.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) quote: Quote,
}

/// How a list or a map is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    /// In brackets or braces.
    Flow {
        /// Whether blanks stand beside them.
        spaced: bool,
    },
    /// In lines.
    Block {
        /// How far they stand right of what they belong to.
        indent: usize,
        /// How far an item stands right of its dash.
        gap: usize,
    },
}

/// What is put into a list or a map.
#[derive(Debug, Clone)]
pub(super) enum Child {
    Entry(Word, New),
    Item {
        value: New,
        /// How far it stands right of its dash.
        gap: usize,
    },
}

impl Word {
    pub(super) fn new(text: impl Into<String>, quote: Quote) -> Self {
        let text = text.into();
        Self { text, quote }
    }

    /// As it is written: in its quotes, unless others are needed.
    pub(super) fn written(&self) -> String {
        let printable = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
        match self.quote {
            Quote::Plain if is_plain(&self.text) => self.text.clone(),
            Quote::Single if self.text.chars().all(printable) => {
                format!("'{}'", self.text.replace('\'', "''"))
            }
            _ => double_quoted(&self.text),
        }
    }
}

impl New {
    /// The same as the reader would have it.
    pub(super) fn value(&self, variable: &dyn Fn(&str) -> Option<String>) -> Value {
        let data = match self {
            Self::Text(word) => Data::Text {
                text: meaning(&word.text, variable),
                plain: false,
            },
            Self::List(items, _) => {
                Data::List(items.iter().map(|item| item.value(variable)).collect())
            }
            Self::Map(entries, _) => {
                let entry = |(key, value): &(Word, Self)| Entry {
                    key: key.text.clone(),
                    place: Place::default(),
                    value: value.value(variable),
                };
                let entries = entries.iter().map(entry).collect();
                Data::Map(Mapping { entries })
            }
        };
        Value {
            data,
            place: Place::default(),
            end: Place::default(),
        }
    }

    fn flow(&self) -> String {
        let joined = |parts: Vec<String>, spaced: bool| {
            let pad = if spaced && !parts.is_empty() { " " } else { "" };
            format!("{pad}{}{pad}", parts.join(", "))
        };
        let spaced = |look: &Look| matches!(look, Look::Flow { spaced: true });
        match self {
            Self::Text(word) => word.written(),
            Self::List(items, look) => {
                let items = items.iter().map(Self::flow).collect();
                format!("[{}]", joined(items, spaced(look)))
            }
            Self::Map(entries, look) => {
                let entry =
                    |(key, value): &(Word, Self)| format!("{}: {}", key.written(), value.flow());
                let entries = entries.iter().map(entry).collect();
                format!("{{{}}}", joined(entries, spaced(look)))
            }
        }
    }
}

impl Child {
    /// In braces or brackets.
    pub(super) fn flow(&self) -> String {
        match self {
            Self::Entry(key, value) => format!("{}: {}", key.written(), value.flow()),
            Self::Item { value, .. } => value.flow(),
        }
    }

    /// In lines, that begin in a column from 0.
    pub(super) fn lines(&self, column: usize) -> Vec<String> {
        match self {
            Self::Entry(key, value) => entry_lines(key, value, column),
            Self::Item { value, gap } => item_lines(value, *gap, column),
        }
    }
}

fn entry_lines(key: &Word, value: &New, column: usize) -> Vec<String> {
    let head = format!("{:column$}{}:", "", key.written());
    let mut lines: Vec<String> = match value {
        New::Map(entries, Look::Block { indent, .. }) if !entries.is_empty() => entries
            .iter()
            .flat_map(|(key, value)| entry_lines(key, value, column + indent))
            .collect(),
        New::List(items, Look::Block { indent, gap }) if !items.is_empty() => items
            .iter()
            .flat_map(|item| item_lines(item, *gap, column + indent))
            .collect(),
        _ => return vec![format!("{head} {}", value.flow())],
    };
    lines.insert(0, head);
    lines
}

fn item_lines(value: &New, gap: usize, column: usize) -> Vec<String> {
    let gap = gap.max(2);
    let dash = format!("{:column$}-{:width$}", "", "", width = gap - 1);
    match value {
        New::Map(entries, Look::Block { .. }) if !entries.is_empty() => {
            let lines = entries
                .iter()
                .flat_map(|(key, value)| entry_lines(key, value, column + gap));
            let mut lines: Vec<String> = lines.collect();
            if let Some(first) = lines.first_mut() {
                first.replace_range(..dash.len(), &dash);
            }
            lines
        }
        _ => vec![format!("{dash}{}", value.flow())],
    }
}

/// What the reader makes of a text with its variables filled in.
fn meaning(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    if !text.contains('$') {
        return text.to_owned();
    }
    let (value, _) = yaml::load(yaml::expand(&double_quoted(text), variable));
    match value.map(|value| value.data) {
        Some(Data::Text { text, .. }) => text,
        _ => text.to_owned(),
    }
}

/// Whether a text can stand without quotes anywhere, and is a text then for every reader: containerlab's takes `yes`,
/// `1e3` and `0x10` for something else.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan",
    ];
    let first = |c: char| c.is_ascii_alphabetic() || c == '/';
    let rest = |c: char| c.is_ascii_alphanumeric() || "/._-:@+|".contains(c);
    text.starts_with(first)
        && text.chars().all(rest)
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
                let _written = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
