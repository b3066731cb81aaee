//! Changes of a text, by their bytes.

use std::ops::Range;

/// Changes of a text that do not touch each other.
#[derive(Default)]
pub(super) struct Splices {
    list: Vec<(Range<usize>, String)>,
}

impl Splices {
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.list.push((range, text.into()));
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    pub(super) fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// The text with all of them. None if they touch each other.
    pub(super) fn apply(mut self, text: &str) -> Option<String> {
        self.list.sort_by_key(|(range, _)| (range.start, range.end));
        let mut changed = String::with_capacity(text.len());
        let mut at = 0;
        for (range, new) in &self.list {
            changed.push_str(text.get(at..range.start)?);
            changed.push_str(new);
            at = range.end.max(range.start);
        }
        changed.push_str(text.get(at..)?);
        Some(changed)
    }
}
