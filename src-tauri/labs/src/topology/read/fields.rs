//! Maps with known keys, and values of the type that is wanted.

use super::keys::RENAMED;
use super::problems::{Problems, shown};
use crate::topology::yaml::{Data, Entry, Mapping, Value, as_bool};
use crate::topology::{Code, Place};

/// Something of the file with who it belongs to, for messages.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    /// "node `leaf1`", "kind `linux`", "the defaults".
    pub(super) owner: &'a str,
    pub(super) key: &'a str,
    pub(super) value: &'a Value,
    pub(super) problems: &'a Problems,
}

impl<'a> Found<'a> {
    pub(super) fn place(&self) -> Place {
        self.value.place
    }

    /// The same owner and key with another value: an item of a list.
    pub(super) fn with(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }

    /// The key of a map that this is. None if it is not there or nothing.
    pub(super) fn child(self, key: &'a str) -> Option<Self> {
        let Data::Map(map) = &self.value.data else {
            return None;
        };
        let value = map.get(key).filter(|value| !value.is_null())?;
        Some(Self { key, value, ..self })
    }

    pub(super) fn map(&self) -> Option<&'a Mapping> {
        match &self.value.data {
            Data::Map(map) => Some(map),
            _ if self.value.is_null() => None,
            _ => self.wrong_type("a map"),
        }
    }

    /// The map, with a warning for each key that is not known.
    pub(super) fn map_of(&self, known: &[&str]) -> Option<&'a Mapping> {
        let map = self.map()?;
        let owner = format!("`{}` of {}", self.key, self.owner);
        unknown_keys(map, known, &owner, self.problems);
        Some(map)
    }

    pub(super) fn items(&self) -> &'a [Value] {
        match &self.value.data {
            Data::List(items) => items,
            _ if self.value.is_null() => &[],
            _ => {
                let _: Option<()> = self.wrong_type("a list");
                &[]
            }
        }
    }

    /// The text as it was written. None if nothing stands there.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.text_as("a text")
    }

    /// The same, of a text that is called something else.
    fn text_as(&self, noun: &str) -> Option<&'a str> {
        match &self.value.data {
            Data::Text { text, .. } => (!self.value.is_null() && !text.is_empty()).then_some(text),
            _ => self.wrong_type(noun),
        }
    }

    /// Whether it is the empty text.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.value.data, Data::Text { text, .. } if text.is_empty())
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let text = self.text_as("true or false")?;
        as_bool(text).or_else(|| self.invalid("true or false"))
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, most: u64) -> Option<u64> {
        let text = self.text_as("a number")?;
        let count = text
            .replace('_', "")
            .parse()
            .ok()
            .filter(|count| *count <= most);
        count.or_else(|| self.invalid(&format!("a whole number from 0 to {most}")))
    }

    pub(super) fn small(&self) -> Option<u32> {
        self.count(u32::MAX.into())
            .and_then(|count| u32::try_from(count).ok())
    }

    /// The texts of a list.
    pub(super) fn texts(&self) -> Vec<&'a str> {
        self.items()
            .iter()
            .filter_map(|item| self.with(item).text())
            .collect()
    }

    /// The texts of a map, with its keys.
    pub(super) fn pairs(&self) -> Vec<(&'a Entry, String)> {
        let entries = self
            .map()
            .map(|map| map.entries.as_slice())
            .unwrap_or_default();
        let pair = |entry: &'a Entry| {
            let text = match &entry.value.data {
                Data::Text { .. } if entry.value.is_null() => "",
                Data::Text { text, .. } => text,
                _ => Found {
                    key: &entry.key,
                    value: &entry.value,
                    ..*self
                }
                .wrong_type("a text")?,
            };
            Some((entry, text.to_owned()))
        };
        entries.iter().filter_map(pair).collect()
    }

    /// One of a few words, in any case.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let wanted = text.trim().to_ascii_lowercase();
        let found = choices.iter().find(|(word, _)| *word == wanted);
        found.map(|(_, choice)| *choice).or_else(|| {
            let words: Vec<_> = choices
                .iter()
                .map(|(word, _)| format!("`{word}`"))
                .collect();
            let hint = self
                .problems
                .did_you_mean(text, choices.iter().map(|(word, _)| *word));
            let message = format!("`{}` of {} is `{}`", self.key, self.owner, shown(text));
            let hint = hint.unwrap_or_else(|| format!("it takes {}", words.join(", ")));
            self.problems
                .error_hint(Code::InvalidValue, self.place(), message, Some(hint));
            None
        })
    }

    /// Says that the value is not what the key takes.
    pub(super) fn invalid<T>(&self, wanted: &str) -> Option<T> {
        let text = match &self.value.data {
            Data::Text { text, .. } => shown(text),
            _ => self.value.noun().to_owned(),
        };
        let message = format!("`{}` of {} is `{text}`", self.key, self.owner);
        let hint = Some(format!("it takes {wanted}"));
        self.problems
            .error_hint(Code::InvalidValue, self.place(), message, hint);
        None
    }

    pub(super) fn wrong_type<T>(&self, wanted: &str) -> Option<T> {
        let noun = self.value.noun();
        let message = format!(
            "`{}` of {} takes {wanted}, not {noun}",
            self.key, self.owner
        );
        self.problems.error(Code::WrongType, self.place(), message);
        None
    }
}

/// Warns of each key that is not known.
pub(super) fn unknown_keys(map: &Mapping, known: &[&str], owner: &str, problems: &Problems) {
    for entry in map
        .entries
        .iter()
        .filter(|entry| !known.contains(&entry.key.as_str()))
    {
        let key = shown(&entry.key);
        if let Some((old, new)) = RENAMED.iter().find(|(old, _)| *old == entry.key) {
            let message = format!("key `{old}` of {owner} is an old name");
            let hint = Some(format!("write `{new}`"));
            problems.warning(Code::DeprecatedKey, entry.place, message, hint);
        } else {
            let hint = problems.did_you_mean(&entry.key, known.iter().copied());
            let message = format!("key `{key}` of {owner} is not known, and has no effect");
            problems.warning(Code::UnknownKey, entry.place, message, hint);
        }
    }
}
