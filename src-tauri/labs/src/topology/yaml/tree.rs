//! The tree that a YAML text becomes.

use crate::topology::Place;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(in crate::topology) struct Value {
    pub(in crate::topology) data: Data,
    /// Where it begins.
    pub(in crate::topology) place: Place,
    /// Where it ends.
    pub(in crate::topology) end: Place,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(in crate::topology) enum Data {
    /// A text. `plain` is one without quotes, which could also be a number, a truth or nothing.
    Text { text: String, plain: bool },
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(Mapping),
}

/// A map in the order of the file.
#[derive(Debug, Clone, Default)]
pub(in crate::topology) struct Mapping {
    pub(in crate::topology) entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(in crate::topology) struct Entry {
    pub(in crate::topology) key: String,
    /// Where the key begins.
    pub(in crate::topology) place: Place,
    pub(in crate::topology) value: Value,
}

impl Mapping {
    pub(in crate::topology) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(in crate::topology) fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }
}

impl Value {
    /// Whether nothing stands there: `key:`, `~`, `null`.
    pub(in crate::topology) fn is_null(&self) -> bool {
        match &self.data {
            Data::Text { text, plain } => {
                *plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            Data::List(_) | Data::Map(_) => false,
        }
    }

    /// What it is, for people.
    pub(in crate::topology) fn noun(&self) -> &'static str {
        match &self.data {
            Data::Text { .. } if self.is_null() => "nothing",
            Data::Text { .. } => "a text",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
        }
    }
}
