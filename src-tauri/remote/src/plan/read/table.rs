//! A table of TOML, read key by key, with the line of each.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::assembly::Assembly;
use super::super::near::nearest;
use super::super::text::{Lines, shown};

/// A table of a plan, and what it is called in messages.
pub(super) struct Table<'t, 'i> {
    pub(super) members: &'t DeTable<'i>,
    pub(super) called: String,
    pub(super) line: usize,
    pub(super) lines: &'t Lines,
}

impl<'t, 'i> Table<'t, 'i> {
    /// A value, and the line of its key.
    pub(super) fn get(&self, wanted: &str) -> Option<(usize, &'t Spanned<DeValue<'i>>)> {
        let mut members = self.members.iter();
        let (key, value) = members.find(|(key, _)| key.get_ref() == wanted)?;
        Some((self.lines.line(key.span().start), value))
    }

    /// The line of a key, or of the table.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.get(key).map_or(self.line, |(line, _)| line)
    }

    /// The lines of the keys that are there.
    pub(super) fn lines_of(&self, keys: &[&'static str]) -> Vec<(&'static str, usize)> {
        let there = keys.iter().filter_map(|key| Some((*key, self.get(key)?.0)));
        there.collect()
    }

    /// A text, if it is there and one.
    pub(super) fn text(&self, key: &str, plan: &mut Assembly) -> Option<String> {
        let (line, value) = self.get(key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some(text.to_string());
        }
        let what = format!("{}: `{key}` must be a text in quotes", self.called);
        plan.problem(Some(line), what);
        None
    }

    /// A text that must be there.
    pub(super) fn must(&self, key: &str, plan: &mut Assembly) -> Option<String> {
        if self.get(key).is_none() {
            plan.problem(Some(self.line), format!("{} has no `{key}`", self.called));
        }
        self.text(key, plan)
    }

    /// A list of texts; empty if it is not there.
    pub(super) fn texts(&self, key: &str, plan: &mut Assembly) -> Vec<String> {
        let Some((line, value)) = self.get(key) else {
            return Vec::new();
        };
        let text = |value: &Spanned<DeValue<'_>>| value.get_ref().as_str().map(str::to_owned);
        let texts = value
            .get_ref()
            .as_array()
            .map(|list| list.iter().map(text).collect());
        if let Some(Some(texts)) = texts {
            return texts;
        }
        let what = format!(
            "{}: `{key}` must be a list of texts in quotes: [\"…\", \"…\"]",
            self.called
        );
        plan.problem(Some(line), what);
        Vec::new()
    }

    /// Says which keys are none of `keys`; `others` belong to something else.
    pub(super) fn only(&self, keys: &[&str], others: &[&str], plan: &mut Assembly) {
        for (key, _) in self.members {
            let line = self.lines.line(key.span().start);
            let key: &str = key.get_ref();
            if keys.contains(&key) {
                continue;
            }
            let near = nearest(key, keys.iter().copied()).filter(|_| !others.contains(&key));
            let advice = match near {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; it may have {}", keys.join(", ")),
            };
            plan.problem(
                Some(line),
                format!("{} has no key {}{advice}", self.called, shown(key)),
            );
        }
    }
}
