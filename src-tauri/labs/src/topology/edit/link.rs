//! A new link, written as the others are.

use super::new::{Child, Look, New, Word};
use super::node::{is_key, is_spaced, quote, section};
use super::script::{Holder, Script};
use super::syntax::{Piece, Quote, Shape};
use crate::topology::LinkForm;

/// How far an item stands right of its dash, where a text does not tell.
const GAP: usize = 2;

/// An end: the node and the port.
pub(super) type End<'e> = (&'e str, &'e str);

/// The item of a new link. Without `links` it is the whole section. `outside` tells that one of its ends is no node's,
/// which only the short form has.
pub(super) fn link(
    script: &Script<'_>,
    links: Option<Holder<'_>>,
    ends: [End<'_>; 2],
    outside: bool,
) -> Child {
    let items = links.map_or(&[][..], |links| links.piece.items());
    let in_flow = links.is_some_and(|links| links.takes_flow());
    let sample = Sample {
        script,
        items,
        in_flow,
    };
    let (value, gap) = sample.link(ends, outside);
    match links {
        Some(_) => Child::Item { value, gap },
        None => section(script, "links", |look| New::List(vec![value], look)),
    }
}

/// What the links look like.
struct Sample<'s> {
    script: &'s Script<'s>,
    items: &'s [Piece],
    in_flow: bool,
}

impl<'s> Sample<'s> {
    /// The new link, and how far it stands right of its dash.
    fn link(&self, ends: [End<'_>; 2], outside: bool) -> (New, usize) {
        let like = self.like();
        let item = like.map(|(item, _)| item).or(self.items.last());
        let item = item.filter(|item| !item.entries().is_empty());
        let gap = item.map_or(GAP, |item| self.gap(item));
        let first = like.and_then(|(_, list)| list.items().first());
        let long = first.filter(|first| !first.entries().is_empty());
        let entries = match long {
            Some(end) if !outside => self.long(ends, item, like, end),
            Some(_) => vec![self.endpoints(item, None, short(ends, None))],
            None => vec![self.endpoints(item, like, short(ends, first))],
        };
        let look = match item {
            Some(item) if item.is_flow() => Look::Flow {
                spaced: is_spaced(self.script, item),
            },
            _ if self.in_flow => Look::Flow { spaced: false },
            _ => Look::Block { indent: 0, gap },
        };
        (New::Map(entries, look), gap)
    }

    /// The key of the ends, as another link has it.
    fn endpoints(
        &self,
        item: Option<&Piece>,
        like: Option<(&Piece, &Piece)>,
        ends: Vec<New>,
    ) -> (Word, New) {
        let look = self.list_look(item, like.map(|(_, list)| list));
        (key(item, "endpoints"), New::List(ends, look))
    }

    /// The keys of a link with a type, in the order of another one.
    fn long(
        &self,
        ends: [End<'_>; 2],
        item: Option<&Piece>,
        like: Option<(&Piece, &Piece)>,
        end: &Piece,
    ) -> Vec<(Word, New)> {
        let ends = ends.map(|new| self.end(new, end));
        let at = |key: &str| item.and_then(|item| self.position(item, key));
        let kind = at("type").and_then(|at| item?.entries().get(at));
        let kind = kind.map_or(Quote::Plain, |(_, value)| quote(value));
        let kind = New::Text(Word::new("veth", kind));
        let mut entries = vec![
            (key(item, "type"), kind),
            self.endpoints(item, like, ends.into()),
        ];
        if at("endpoints") < at("type") {
            entries.reverse();
        }
        entries
    }

    /// The last link between two nodes, with its ends.
    fn like(&self) -> Option<(&'s Piece, &'s Piece)> {
        let links = self.script.topology.links.iter().rev();
        let links = links.filter(|link| matches!(link.form, LinkForm::Veth { .. }));
        let mut items = links.filter_map(|link| self.items.get(link.number - 1));
        items.find_map(|item| {
            let at = self.position(item, "endpoints")?;
            let (_, list) = &item.entries()[at];
            matches!(list.shape, Shape::List { .. }).then_some((item, list))
        })
    }

    fn position(&self, item: &Piece, key: &str) -> Option<usize> {
        let mut entries = item.entries().iter();
        entries.position(|(written, _)| is_key(self.script, written, key))
    }

    fn list_look(&self, item: Option<&Piece>, list: Option<&Piece>) -> Look {
        let Some(list) = list.filter(|list| !list.items().is_empty()) else {
            return Look::Flow { spaced: false };
        };
        if list.is_flow() {
            return Look::Flow {
                spaced: is_spaced(self.script, list),
            };
        }
        let lines = &self.script.lines;
        let first = list.items().first();
        let dash = first.and_then(|first| self.dash(first));
        let key = item.and_then(|item| item.entries().first());
        let key = key.map(|(key, _)| lines.column(key.span.start));
        let indent = dash
            .zip(key)
            .and_then(|(dash, key)| dash.checked_sub(key))
            .unwrap_or(0);
        let gap = first.map_or(GAP, |first| self.gap(first));
        Look::Block { indent, gap }
    }

    /// How far an item stands right of its dash.
    fn gap(&self, item: &Piece) -> usize {
        let column = self.script.lines.column(item.span.start);
        let gap = self.dash(item).and_then(|dash| column.checked_sub(dash));
        gap.unwrap_or(GAP)
    }

    /// The column of an item's dash, if it is in the item's line.
    fn dash(&self, item: &Piece) -> Option<usize> {
        let before = self.script.lines.before(item.span.start);
        let at = before.trim_end().strip_suffix('-')?.len();
        Some(before[..at].chars().count())
    }

    /// An end as a map, as another one is.
    fn end(&self, (node, port): End<'_>, like: &Piece) -> New {
        let word = |key: &str| {
            like.entries()
                .iter()
                .find(|(written, _)| is_key(self.script, written, key))
        };
        let entry = |key: &str, value: &str| {
            let (key_quote, value_quote) = word(key)
                .map_or((Quote::Plain, Quote::Plain), |(key, value)| {
                    (quote(key), quote(value))
                });
            let value = New::Text(Word::new(value, value_quote));
            (Word::new(key, key_quote), value)
        };
        let look = if like.is_flow() {
            Look::Flow {
                spaced: is_spaced(self.script, like),
            }
        } else {
            Look::Block {
                indent: 0,
                gap: GAP,
            }
        };
        New::Map(vec![entry("node", node), entry("interface", port)], look)
    }
}

/// A key in the quotes of another link's first.
fn key(item: Option<&Piece>, key: &str) -> Word {
    let first = item.and_then(|item| item.entries().first());
    Word::new(key, first.map_or(Quote::Plain, |(key, _)| quote(key)))
}

/// Ends as texts, in the quotes of another one.
fn short(ends: [End<'_>; 2], like: Option<&Piece>) -> Vec<New> {
    let quote = like.map_or(Quote::Double, |like| match like.shape {
        Shape::Text(quote) => quote,
        _ => Quote::Double,
    });
    let word = |(node, port): End<'_>| New::Text(Word::new(format!("{node}:{port}"), quote));
    ends.map(word).into()
}
