//! A new node, written as the others are.

use super::new::{Child, Look, New, Word};
use super::script::{Holder, Script};
use super::syntax::{Piece, Quote, Shape};

/// The entry of a new node. Without `nodes` it is the whole section.
pub(super) fn node(script: &Script<'_>, nodes: Option<Holder<'_>>, wish: [&str; 3]) -> Child {
    let [name, kind, image] = wish;
    let entries = nodes.map_or(&[][..], |nodes| nodes.piece.entries());
    let quote = entries.last().map_or(Quote::Plain, |(key, _)| quote(key));
    let name = Word::new(name, quote);
    let body = Bodies { script, entries };
    let in_flow = nodes.is_some_and(|nodes| nodes.takes_flow());
    let body = body.like(in_flow, [("kind", kind), ("image", image)]);
    match nodes {
        Some(_) => Child::Entry(name, body),
        None => section(script, "nodes", |look| New::Map(vec![(name, body)], look)),
    }
}

/// A section of `topology` that is not there yet.
pub(super) fn section(script: &Script<'_>, key: &str, value: impl FnOnce(Look) -> New) -> Child {
    let top = script.top().ok();
    let first = top.and_then(|top| top.piece.entries().first());
    let quote = first.map_or(Quote::Plain, |(key, _)| quote(key));
    let look = Look::Block {
        indent: script.step(),
        gap: 2,
    };
    Child::Entry(Word::new(key, quote), value(look))
}

/// What the nodes say.
struct Bodies<'s> {
    script: &'s Script<'s>,
    entries: &'s [(Piece, Piece)],
}

impl Bodies<'_> {
    /// The same with other values. Those without a text are left out.
    fn like(&self, in_flow: bool, values: [(&str, &str); 2]) -> New {
        let known = self.entries.iter().rev();
        let mut known = known.filter(|(_, body)| !body.entries().is_empty());
        let like = known.next();
        let keys = like.and_then(|(_, body)| body.entries().first());
        let key_quote = keys.map_or(Quote::Plain, |(key, _)| quote(key));
        let entry = |(key, value): (&str, &str)| {
            let word = Word::new(value, self.quote_of(key));
            (Word::new(key, key_quote), New::Text(word))
        };
        let values = values.into_iter().filter(|(_, value)| !value.is_empty());
        let entries = values.map(entry).collect();
        New::Map(entries, self.look(in_flow, like))
    }

    fn look(&self, in_flow: bool, like: Option<&(Piece, Piece)>) -> Look {
        let script = self.script;
        let block = |indent| Look::Block { indent, gap: 2 };
        match like {
            Some((_, body)) if body.is_flow() => Look::Flow {
                spaced: is_spaced(script, body),
            },
            _ if in_flow => Look::Flow { spaced: false },
            Some((key, body)) => {
                let column = |piece: &Piece| script.lines.column(piece.span.start);
                let inner = body.entries().first().map(|(key, _)| column(key));
                let indent = inner.and_then(|inner| inner.checked_sub(column(key)));
                block(indent.filter(|indent| *indent > 0).unwrap_or(script.step()))
            }
            None => block(script.step()),
        }
    }

    /// The quotes that the value of a key has in the last node that has it.
    fn quote_of(&self, key: &str) -> Quote {
        let bodies = self
            .entries
            .iter()
            .rev()
            .flat_map(|(_, body)| body.entries());
        let mut values = bodies.filter(|(written, _)| is_key(self.script, written, key));
        let value = values.find_map(|(_, value)| match value.shape {
            Shape::Text(quote) => Some(quote),
            _ => None,
        });
        value.unwrap_or(Quote::Plain)
    }
}

/// Whether a key is written as this word.
pub(super) fn is_key(script: &Script<'_>, piece: &Piece, key: &str) -> bool {
    let inner = piece.inner(script.text);
    inner.and_then(|range| script.text.get(range)) == Some(key)
}

/// The quotes of a text.
pub(super) fn quote(piece: &Piece) -> Quote {
    match piece.shape {
        Shape::Text(quote) => quote,
        _ => Quote::Plain,
    }
}

/// Whether a blank stands behind the bracket of what is in brackets.
pub(super) fn is_spaced(script: &Script<'_>, piece: &Piece) -> bool {
    let written = script.text.get(piece.span.clone()).unwrap_or_default();
    let inside = written
        .find(['{', '['])
        .and_then(|at| written.get(at + 1..));
    inside.is_some_and(|inside| inside.starts_with(' '))
}
