//! From YAML events to a tree: aliases are copied, merge keys merged, double keys reported.

use super::expand::Source;
use super::places::Places;
use super::{Data, Entry, Mapping, Value};
use crate::topology::{Code, MOST_PROBLEMS, Place, Problem, Severity};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use std::collections::HashMap;

/// Values that a file may have, its aliases written out. A lab of 1,000 nodes and 4,000 links has some 50,000.
const MOST_VALUES: usize = 1_000_000;
/// How many bytes of a text weigh as much as a value of its own.
const BYTES_OF_A_VALUE: usize = 256;
/// How deep values may lie in each other.
const DEEPEST: usize = 64;

/// What a text holds: nothing if it is no YAML or has no document.
pub(in crate::topology) fn load(source: Source) -> (Option<Value>, Vec<Problem>) {
    let mut loader = Loader {
        problems: source.0.problems,
        places: source.0.places,
        ..Loader::default()
    };
    let mut parser = Parser::new_from_str(&source.0.text);
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => loader.take(event, span),
            Err(error) => loader.syntax(&error),
        }
        if loader.over {
            break;
        }
    }
    (loader.root, loader.problems)
}

#[derive(Default)]
struct Loader {
    places: Places,
    problems: Vec<Problem>,
    open: Vec<Open>,
    /// What anchors stand for, with the values in it; none while it is being read.
    anchors: HashMap<usize, Option<(Value, usize)>>,
    values: usize,
    root: Option<Value>,
    over: bool,
}

/// A list or map that is being read.
struct Open {
    anchor: usize,
    place: Place,
    /// How many values there were when it began.
    values: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map {
        map: Mapping,
        keys: HashMap<String, Place>,
        merged: Vec<Value>,
        key: Option<(String, Place)>,
    },
}

impl Loader {
    fn take(&mut self, event: Event<'_>, span: Span) {
        let place = self.places.of(span.start.line(), span.start.col());
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let end = self.places.of(span.end.line(), span.end.col());
                let weight = 1 + text.len() / BYTES_OF_A_VALUE;
                let data = Data::Text {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                };
                self.finish(Value { data, place, end }, anchor, weight);
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, place, Content::List(Vec::new())),
            Event::MappingStart(anchor, _) => self.open(anchor, place, empty_map()),
            Event::SequenceEnd | Event::MappingEnd => {
                let end = self.places.of(span.end.line(), span.end.col());
                self.close(end);
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::DocumentStart(_) if self.root.is_some() => {
                let message = "the file has a second document, which is not read".to_owned();
                self.problem(Severity::Warning, Code::NoEffect, place, message);
                self.over = true;
            }
            _ => {}
        }
    }

    fn open(&mut self, anchor: usize, place: Place, content: Content) {
        if self.open.len() >= DEEPEST {
            self.too_large(
                place,
                format!("values lie more than {DEEPEST} deep in each other"),
            );
        }
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open {
            anchor,
            place,
            values: self.values,
            content,
        });
    }

    fn close(&mut self, end: Place) {
        let Some(Open {
            anchor,
            place,
            values,
            content,
        }) = self.open.pop()
        else {
            return;
        };
        let data = match content {
            Content::List(items) => Data::List(items),
            Content::Map {
                map, keys, merged, ..
            } => Data::Map(self.merge(map, keys, merged)),
        };
        let count = self.values - values + 1;
        self.finish(Value { data, place, end }, anchor, count);
    }

    /// A value is complete. `count` is how many values it is, itself included.
    fn finish(&mut self, value: Value, anchor: usize, count: usize) {
        self.values += if matches!(value.data, Data::Text { .. }) {
            count
        } else {
            1
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Some((value.clone(), count)));
            self.values += count;
        }
        if self.values > MOST_VALUES {
            self.too_large(
                value.place,
                format!("the file has more than {MOST_VALUES} values"),
            );
        } else {
            self.put(value);
        }
    }

    fn alias(&mut self, anchor: usize, place: Place) {
        match self.anchors.get(&anchor) {
            Some(Some((value, count))) if self.values + count <= MOST_VALUES => {
                let (value, count) = (value.clone(), *count);
                self.values += count;
                self.put(value);
            }
            Some(Some(_)) => {
                let message =
                    format!("with its aliases the file has more than {MOST_VALUES} values");
                self.too_large(place, message);
            }
            _ => {
                let message = "an alias stands inside of what it stands for".to_owned();
                self.problem(Severity::Error, Code::Syntax, place, message);
                self.over = true;
            }
        }
    }

    fn put(&mut self, value: Value) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return;
        };
        match &mut open.content {
            Content::List(items) => items.push(value),
            Content::Map {
                key: key @ None, ..
            } => match value.data {
                Data::Text { text, .. } => *key = Some((text, value.place)),
                Data::List(_) | Data::Map(_) => {
                    *key = Some((String::new(), value.place));
                    let message = format!("a key is {}; only a text can be one", value.noun());
                    self.problem(Severity::Error, Code::WrongType, value.place, message);
                }
            },
            Content::Map {
                map,
                keys,
                merged,
                key,
            } => {
                let Some((key, place)) = key.take() else {
                    return;
                };
                if key == "<<" {
                    merged.push(value);
                } else if let Some(first) = keys.get(&key) {
                    let first = *first;
                    self.duplicate(&key, place, first);
                } else {
                    keys.insert(key.clone(), place);
                    map.entries.push(Entry { key, place, value });
                }
            }
        }
    }

    fn duplicate(&mut self, key: &str, place: Place, first: Place) {
        self.push(Problem {
            severity: Severity::Error,
            code: Code::DuplicateKey,
            place,
            other: Some(first),
            message: format!(
                "key `{}` stands twice, first in line {}",
                key.escape_debug(),
                first.line
            ),
            suggestion: Some("remove one of them".to_owned()),
        });
    }

    /// Adds what merge keys bring: what the map has itself goes before it, and the first of a list before the others.
    fn merge(
        &mut self,
        mut map: Mapping,
        mut keys: HashMap<String, Place>,
        merged: Vec<Value>,
    ) -> Mapping {
        let sources = merged.into_iter().flat_map(|value| match value.data {
            Data::List(items) => items,
            _ => vec![value],
        });
        for source in sources.collect::<Vec<_>>() {
            let Data::Map(source) = source.data else {
                let message = format!("`<<` takes a map or a list of maps, not {}", source.noun());
                self.problem(Severity::Error, Code::WrongType, source.place, message);
                continue;
            };
            let new = |entry: &Entry| keys.insert(entry.key.clone(), entry.place).is_none();
            map.entries.extend(source.entries.into_iter().filter(new));
        }
        map
    }

    fn syntax(&mut self, error: &ScanError) {
        let place = self.places.of(error.marker().line(), error.marker().col());
        let message = format!("this is no YAML: {}", error.info());
        self.problem(Severity::Error, Code::Syntax, place, message);
        self.root = None;
        self.over = true;
    }

    fn too_large(&mut self, place: Place, message: String) {
        self.problem(Severity::Error, Code::TooLarge, place, message);
        self.root = None;
        self.over = true;
    }

    fn problem(&mut self, severity: Severity, code: Code, place: Place, message: String) {
        self.push(Problem {
            severity,
            code,
            place,
            other: None,
            message,
            suggestion: None,
        });
    }

    fn push(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

fn empty_map() -> Content {
    Content::Map {
        map: Mapping::default(),
        keys: HashMap::new(),
        merged: Vec::new(),
        key: None,
    }
}
