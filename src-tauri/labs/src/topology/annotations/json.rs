//! JSON with places: what stands where, so that the rest can stay as it is.

use serde_json::Value;
use std::ops::Range;

/// How far what is inside stands right of its brackets.
const STEP: &str = "  ";

/// A value and its bytes.
#[derive(Debug)]
pub(super) struct Json {
    pub(super) span: Range<usize>,
    pub(super) shape: Shape,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Shape {
    Object(Vec<Entry>),
    Array(Vec<Json>),
    /// A text, a number, a truth or nothing.
    Leaf,
}

/// An entry of an object.
#[derive(Debug)]
pub(super) struct Entry {
    start: usize,
    key: String,
    value: Json,
}

impl Json {
    /// The value of a key; of the last one where it stands twice, as for everybody else.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Shape::Object(entries) = &self.shape else {
            return None;
        };
        let mut found = entries.iter().rev().filter(|entry| entry.key == key);
        found.next().map(|entry| &entry.value)
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.shape {
            Shape::Array(items) => items,
            Shape::Object(_) | Shape::Leaf => &[],
        }
    }

    pub(super) fn text(&self, text: &str) -> Option<String> {
        serde_json::from_str(text.get(self.span.clone())?).ok()
    }

    pub(super) fn number(&self, text: &str) -> Option<f64> {
        serde_json::from_str(text.get(self.span.clone())?).ok()
    }
}

/// What a text holds.
pub(super) fn parse(text: &str) -> Result<Json, serde_json::Error> {
    // This also says how deep values lie in each other at most.
    serde_json::from_str::<Value>(text)?;
    let mut scan = Scan { text, at: 0 };
    scan.value().ok_or_else(|| {
        let source = std::io::ErrorKind::UnexpectedEof;
        serde_json::Error::io(source.into())
    })
}

/// Goes through a text that is known to be JSON.
struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl Scan<'_> {
    fn value(&mut self) -> Option<Json> {
        let first = self.next()?;
        let start = self.at;
        let shape = match first {
            b'{' => Shape::Object(self.list(b'}', Self::entry)?),
            b'[' => Shape::Array(self.list(b']', Self::value)?),
            b'"' => {
                self.string()?;
                Shape::Leaf
            }
            _ => {
                let rest = self.text.get(start..)?;
                let ends = |c: char| c.is_whitespace() || ",]}".contains(c);
                self.at += rest.find(ends).unwrap_or(rest.len());
                Shape::Leaf
            }
        };
        let span = start..self.at;
        Some(Json { span, shape })
    }

    fn entry(&mut self) -> Option<Entry> {
        self.next()?;
        let start = self.at;
        self.string()?;
        let key = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
        self.next()?;
        self.at += 1;
        let value = self.value()?;
        Some(Entry { start, key, value })
    }

    /// What stands between brackets.
    fn list<T>(&mut self, end: u8, part: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut parts = Vec::new();
        self.at += 1;
        while self.next()? != end {
            parts.push(part(self)?);
            if self.next()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(parts)
    }

    fn string(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        loop {
            match *bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }
}

/// Puts a value behind the last one of a list, or with its key into an object: in lines if the others stand in lines.
pub(super) fn append(text: &mut String, holder: &Json, key: Option<&str>, value: &Value) {
    let last = match &holder.shape {
        Shape::Object(entries) => entries
            .last()
            .map(|entry| entry.start..entry.value.span.end),
        Shape::Array(items) => items.last().map(|item| item.span.clone()),
        Shape::Leaf => return,
    };
    let key = key.map(|key| format!("{}: ", Value::from(key)));
    let key = key.unwrap_or_default();
    let newline = newline(text);
    let Some(last) = last else {
        let base = indent(before(text, holder.span.start));
        let inner = format!("{base}{STEP}");
        let value = pretty(value, newline, &inner);
        let inside = format!("{newline}{inner}{key}{value}{newline}{base}");
        text.replace_range(holder.span.start + 1..holder.span.end - 1, &inside);
        return;
    };
    let before = before(text, last.start);
    let new = if indent(before) == before {
        let value = pretty(value, newline, before);
        format!(",{newline}{before}{key}{value}")
    } else {
        format!(", {key}{value}")
    };
    text.insert_str(last.end, &new);
}

/// Puts a value in the place of that of a key: in lines if the key begins one.
pub(super) fn replace(text: &mut String, old: &Json, value: &Value) {
    let before = before(text, old.span.start);
    let indent = indent(before);
    let new = if before[indent.len()..].starts_with('"') {
        pretty(value, newline(text), indent)
    } else {
        value.to_string()
    };
    text.replace_range(old.span.clone(), &new);
}

/// A value in lines of which all but the first are indented.
fn pretty(value: &Value, newline: &str, indent: &str) -> String {
    format!("{value:#}").replace('\n', &format!("{newline}{indent}"))
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// What stands before a byte in its line.
fn before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default()
}

/// The blanks that a line begins with.
fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}
