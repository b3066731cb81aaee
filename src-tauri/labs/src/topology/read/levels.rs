//! Inheritance: what a node, its group, its kind and the defaults say of one key.

use super::fields::Found;
use super::problems::Problems;
use crate::topology::yaml::{Data, Mapping};
use std::collections::BTreeMap;

/// One of the places that a node's settings come from.
#[derive(Clone)]
pub(super) struct Level<'a> {
    /// "node `leaf1`", "kind `linux`", "the defaults".
    pub(super) owner: String,
    pub(super) map: &'a Mapping,
}

/// The levels of one node: the defaults, its kind, its group, itself.
pub(super) struct Levels<'a> {
    pub(super) levels: Vec<&'a Level<'a>>,
    pub(super) problems: &'a Problems,
}

impl<'a> Levels<'a> {
    /// What all levels say, the farthest first.
    pub(super) fn all(&self, key: &'a str) -> impl DoubleEndedIterator<Item = Found<'a>> {
        self.levels.iter().filter_map(move |level| {
            let value = level.map.get(key).filter(|value| !value.is_null())?;
            Some(Found {
                owner: &level.owner,
                key,
                value,
                problems: self.problems,
            })
        })
    }

    /// What the nearest level says that says something.
    pub(super) fn nearest(&self, key: &'a str) -> Option<Found<'a>> {
        self.all(key).rev().find(|found| match &found.value.data {
            Data::Text { text, .. } => !text.is_empty(),
            Data::List(items) => !items.is_empty(),
            Data::Map(_) => true,
        })
    }

    /// What the node itself says.
    pub(super) fn own(&self, key: &'a str) -> Option<Found<'a>> {
        let level = self.levels.last()?;
        let value = level.map.get(key).filter(|value| !value.is_null())?;
        Some(Found {
            owner: &level.owner,
            key,
            value,
            problems: self.problems,
        })
    }

    pub(super) fn text(&self, key: &'a str) -> Option<String> {
        self.nearest(key)?.text().map(str::to_owned)
    }

    pub(super) fn flag(&self, key: &'a str) -> Option<bool> {
        self.nearest(key)?.flag()
    }

    /// The items of all levels, each once, the farthest first.
    pub(super) fn merged_items(&self, key: &'a str) -> Vec<(Found<'a>, &'a str)> {
        let mut items: Vec<(Found<'a>, &'a str)> = Vec::new();
        for list in self.all(key) {
            for item in list.items() {
                let found = list.with(item);
                if let Some(text) = found
                    .text()
                    .filter(|text| !items.iter().any(|(_, have)| have == text))
                {
                    items.push((found, text));
                }
            }
        }
        items
    }

    pub(super) fn merged_texts(&self, key: &'a str) -> Vec<String> {
        self.merged_items(key)
            .into_iter()
            .map(|(_, text)| text.to_owned())
            .collect()
    }

    /// The pairs of all levels; the nearest goes before the others.
    pub(super) fn merged_pairs(&self, key: &'a str) -> BTreeMap<String, String> {
        let pairs = self.all(key).flat_map(|found| found.pairs());
        pairs
            .map(|(entry, text)| (entry.key.clone(), text))
            .collect()
    }
}
