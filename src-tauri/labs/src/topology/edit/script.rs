//! A topology's text with what it means and how it is written.

use super::error::Doubt;
use super::lines::Lines;
use super::mask::mask;
use super::syntax::{self, Piece, Shape};
use crate::topology::yaml::{self, Data, Entry, Mapping, Value};
use crate::topology::{Place, Topology};
use std::collections::HashMap;
use std::ops::Range;

/// How far entries stand right of their key, where a text does not tell.
const STEP: usize = 2;

/// A topology's text with what it means and how it is written.
pub(super) struct Script<'t> {
    pub(super) text: &'t str,
    /// The text with its variables hidden, byte for byte as long.
    pub(super) masked: String,
    pub(super) lines: Lines<'t>,
    /// What it means, as YAML.
    pub(super) tree: Value,
    /// What it means, as a topology.
    pub(super) topology: Topology,
    /// How it is written.
    root: Piece,
}

/// A key with its value, both as they are written and as they are meant.
#[derive(Clone, Copy)]
pub(super) struct Holder<'s> {
    pub(super) key: &'s Piece,
    pub(super) piece: &'s Piece,
    pub(super) entry: &'s Entry,
    /// Whether it stands in braces.
    pub(super) in_flow: bool,
}

impl Holder<'_> {
    /// Whether what is put into it stands in braces. Empty ones are opened, unless they stand in braces themselves.
    pub(super) fn takes_flow(&self) -> bool {
        let empty = self.piece.entries().is_empty() && self.piece.items().is_empty();
        self.in_flow || (self.piece.is_flow() && !empty)
    }

    /// The number from 0 of an entry of a map, which must be written there.
    pub(super) fn number(&self, key: &str) -> Result<usize, Doubt> {
        let known = match &self.entry.value.data {
            Data::Map(map) => map.entry(key),
            Data::Text { .. } | Data::List(_) => None,
        };
        let mut written = self.piece.entries().iter();
        let number =
            known.and_then(|entry| written.position(|(written, _)| written.place == entry.place));
        number.ok_or_else(|| elsewhere(self.piece, key))
    }
}

impl<'t> Script<'t> {
    pub(super) fn read(
        text: &'t str,
        topology: Topology,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Doubt> {
        let masked = mask(text);
        let (tree, _) = yaml::load(yaml::expand(text, variable));
        let root = syntax::read(&masked);
        let (Some(tree), Some(root)) = (tree, root) else {
            return Err(Doubt::Variables);
        };
        Ok(Self {
            text,
            masked,
            lines: Lines::new(text),
            tree,
            topology,
            root,
        })
    }

    /// The key `topology`.
    pub(super) fn top(&self) -> Result<Holder<'_>, Doubt> {
        let found = holder(&self.tree, &self.root, "topology")?;
        found.ok_or_else(|| Doubt::shared("topology"))
    }

    /// A key of `topology`, if it is there.
    pub(super) fn section(&self, key: &str) -> Result<Option<Holder<'_>>, Doubt> {
        let top = self.top()?;
        holder(&top.entry.value, top.piece, key)
    }

    /// How far entries stand right of their key here.
    pub(super) fn step(&self) -> usize {
        let step = self.top().ok().and_then(|top| self.indent(top));
        step.unwrap_or(STEP)
    }

    /// How far the entries of a key's map stand right of it, if they stand in lines.
    fn indent(&self, holder: Holder<'_>) -> Option<usize> {
        let (first, _) = holder.piece.entries().first()?;
        if holder.piece.is_flow() {
            return None;
        }
        let (own, inner) = (holder.key.span.start, first.span.start);
        let indent = self
            .lines
            .column(inner)
            .checked_sub(self.lines.column(own))?;
        (indent > 0).then_some(indent)
    }

    /// What stands between the brackets of what has some.
    pub(super) fn inside(&self, piece: &Piece) -> Range<usize> {
        let open = syntax::behind_marks(&self.masked, piece.span.start, piece.marked);
        open + 1..piece.span.end.saturating_sub(1)
    }

    /// The entries of a map or the items of a list, an item with its dash.
    pub(super) fn children(&self, holder: Holder<'_>) -> Result<Vec<Range<usize>>, Doubt> {
        let entry = |(key, value): &(Piece, Piece)| {
            key.span.start..syntax::entry_end(&self.masked, key, value)
        };
        match &holder.piece.shape {
            Shape::Map { entries, .. } => Ok(entries.iter().map(entry).collect()),
            Shape::List { flow: true, items } => {
                Ok(items.iter().map(|item| item.span.clone()).collect())
            }
            Shape::List { items, .. } => {
                let from = syntax::colon(&self.masked, holder.key);
                self.dashed(items, from.unwrap_or(holder.key.span.end))
            }
            _ => Err(elsewhere(holder.piece, &holder.entry.key)),
        }
    }

    /// Items with their dashes, of a list that begins behind `from`.
    fn dashed(&self, items: &[Piece], from: usize) -> Result<Vec<Range<usize>>, Doubt> {
        let mut from = from;
        let mut children = Vec::new();
        for item in items {
            let dash = syntax::behind_marks(&self.masked, from, true);
            if !self
                .text
                .get(dash..)
                .is_some_and(|rest| rest.starts_with('-'))
            {
                return Err(Doubt::Layout {
                    line: self.lines.of(dash) + 1,
                });
            }
            from = item.span.end.max(dash + 1);
            children.push(dash..from);
        }
        Ok(children)
    }

    /// All texts that are written somewhere, by where the reader says that they are.
    pub(super) fn texts(&self) -> HashMap<Place, &Piece> {
        let mut texts = HashMap::new();
        collect(&self.root, &mut texts);
        texts
    }

    /// Whether something is written once and used elsewhere too.
    pub(super) fn shares(&self) -> bool {
        shares(&self.root)
    }

    /// The last line of what stands in lines up to `line`, with comments below it that stand farther right than
    /// `column`. What begins in the line `bound` is not looked at.
    pub(super) fn last_line(&self, line: usize, column: usize, bound: usize) -> usize {
        let mut last = line;
        for next in line + 1..bound.min(self.lines.count()) {
            if self.lines.comment(next).is_some_and(|at| at > column) {
                last = next;
            } else if !self.lines.is_blank(next) {
                break;
            }
        }
        last
    }
}

/// Why something is not written where it is meant.
pub(super) fn elsewhere(piece: &Piece, object: &str) -> Doubt {
    match piece.shape {
        // What reads like a text is a list or a map when its variables are filled in.
        Shape::Text(_) | Shape::Nothing => Doubt::Variables,
        _ => Doubt::shared(object),
    }
}

/// A key of a map, if it is there. It must be written in the map itself.
fn holder<'s>(value: &'s Value, piece: &'s Piece, key: &str) -> Result<Option<Holder<'s>>, Doubt> {
    let Data::Map(Mapping { entries: known }) = &value.data else {
        return Err(Doubt::shared(key));
    };
    let Some(entry) = known.iter().find(|entry| entry.key == key) else {
        return Ok(None);
    };
    let mut written = piece.entries().iter();
    let found = written.find(|(written, _)| written.place == entry.place);
    let (key, inner) = found.ok_or_else(|| elsewhere(piece, key))?;
    Ok(Some(Holder {
        key,
        piece: inner,
        entry,
        in_flow: piece.is_flow(),
    }))
}

fn collect<'p>(piece: &'p Piece, texts: &mut HashMap<Place, &'p Piece>) {
    if let Shape::Text(_) = piece.shape {
        texts.insert(piece.place, piece);
    }
    for (key, value) in piece.entries() {
        collect(key, texts);
        collect(value, texts);
    }
    for item in piece.items() {
        collect(item, texts);
    }
}

fn shares(piece: &Piece) -> bool {
    let entries = piece.entries().iter();
    matches!(piece.shape, Shape::Alias)
        || entries.flat_map(|(key, value)| [key, value]).any(shares)
        || piece.items().iter().any(shares)
}
