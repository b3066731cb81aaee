//! How a text is written: what stands where, in blocks or in braces, with which quotes.

use crate::topology::Place;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::ops::Range;

/// How deep values may lie in each other, as for the reader.
const DEEPEST: usize = 64;

/// A key, a value or an item, as it is written.
pub(super) struct Piece {
    /// Its bytes: from its anchor or tag, if it has one, to its last character.
    pub(super) span: Range<usize>,
    /// Where the reader says that it is.
    pub(super) place: Place,
    /// Whether it has an anchor or a tag.
    pub(super) marked: bool,
    pub(super) shape: Shape,
}

/// What a piece is.
pub(super) enum Shape {
    Text(Quote),
    /// A text in lines of its own, `|` or `>`.
    Block,
    /// Nothing at all: `key:`.
    Nothing,
    Alias,
    List {
        flow: bool,
        items: Vec<Piece>,
    },
    Map {
        flow: bool,
        entries: Vec<(Piece, Piece)>,
    },
}

/// What a text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// Nothing.
    Plain,
    /// `'`.
    Single,
    /// `"`.
    Double,
}

impl Quote {
    /// The bytes that it takes on each side.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Single | Self::Double => 1,
        }
    }
}

impl Piece {
    pub(super) fn entries(&self) -> &[(Piece, Piece)] {
        match &self.shape {
            Shape::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Piece] {
        match &self.shape {
            Shape::List { items, .. } => items,
            _ => &[],
        }
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(
            self.shape,
            Shape::Map { flow: true, .. } | Shape::List { flow: true, .. }
        )
    }

    /// The bytes of a text without its anchor, its tag and its quotes.
    pub(super) fn inner(&self, text: &str) -> Option<Range<usize>> {
        let Shape::Text(quote) = self.shape else {
            return None;
        };
        let start = behind_marks(text, self.span.start, self.marked) + quote.width();
        let end = self.span.end.checked_sub(quote.width())?;
        (start <= end).then_some(start..end)
    }
}

/// How a text is written whose variables are hidden. None if it is no YAML, or lies too deep in itself.
pub(super) fn read(text: &str) -> Option<Piece> {
    let mut reader = Reader {
        text,
        offsets: offsets(text),
        open: Vec::new(),
        root: None,
    };
    for next in Parser::new_from_str(text) {
        let (event, span) = next.ok()?;
        if matches!(event, Event::DocumentStart(_)) && reader.root.is_some() {
            break;
        }
        reader.take(&event, span)?;
    }
    reader.root
}

/// Where characters begin. None if each is one byte.
fn offsets(text: &str) -> Option<Vec<usize>> {
    let starts = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
    (!text.is_ascii()).then(|| starts().collect())
}

struct Reader<'t> {
    text: &'t str,
    offsets: Option<Vec<usize>>,
    open: Vec<Open>,
    root: Option<Piece>,
}

/// A list or map that is being read.
struct Open {
    start: usize,
    /// Behind its bracket, if it has one.
    inside: usize,
    place: Place,
    marked: bool,
    flow: bool,
    content: Content,
}

enum Content {
    List(Vec<Piece>),
    Map(Vec<(Piece, Piece)>, Option<Piece>),
}

impl Reader<'_> {
    /// None if it cannot be followed any more.
    fn take(&mut self, event: &Event<'_>, span: Span) -> Option<()> {
        let (start, end) = (
            self.offset(span.start.index()),
            self.offset(span.end.index()),
        );
        let place = place(span);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let marked = *anchor != 0 || tag.is_some();
                let (span, shape) = self.scalar(start..end, value.is_empty(), *style, marked)?;
                self.put(Piece {
                    span,
                    place,
                    marked,
                    shape,
                });
            }
            Event::Alias(_) => {
                let span = start..start + self.text.get(start..end)?.trim_end().len();
                let (marked, shape) = (false, Shape::Alias);
                self.put(Piece {
                    span,
                    place,
                    marked,
                    shape,
                });
            }
            Event::SequenceStart(anchor, tag) => {
                let marked = *anchor != 0 || tag.is_some();
                self.open(start, place, marked, '[', Content::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                let marked = *anchor != 0 || tag.is_some();
                self.open(start, place, marked, '{', Content::Map(Vec::new(), None))?;
            }
            Event::SequenceEnd => self.close(']')?,
            Event::MappingEnd => self.close('}')?,
            _ => {}
        }
        Some(())
    }

    fn scalar(
        &self,
        span: Range<usize>,
        empty: bool,
        style: ScalarStyle,
        marked: bool,
    ) -> Option<(Range<usize>, Shape)> {
        let start = span.start;
        // The parser's spans of quoted texts go on to what follows, and those of empty ones may lie on it.
        let quoted = |quote: Quote| {
            let end = quote_end(self.text, behind_marks(self.text, start, marked))?;
            Some((start..end, Shape::Text(quote)))
        };
        let trimmed = |text: &str| start..start + text.trim_end().len();
        match style {
            ScalarStyle::SingleQuoted => quoted(Quote::Single),
            ScalarStyle::DoubleQuoted => quoted(Quote::Double),
            ScalarStyle::Plain if empty && !marked => Some((start..start, Shape::Nothing)),
            ScalarStyle::Plain => {
                let shape = if empty {
                    Shape::Nothing
                } else {
                    Shape::Text(Quote::Plain)
                };
                Some((trimmed(self.text.get(span)?), shape))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                Some((trimmed(self.text.get(span)?), Shape::Block))
            }
        }
    }

    fn open(
        &mut self,
        start: usize,
        place: Place,
        marked: bool,
        bracket: char,
        content: Content,
    ) -> Option<()> {
        let at = behind_marks(self.text, start, marked);
        let flow = self.text.get(at..)?.starts_with(bracket);
        self.open.push(Open {
            start,
            inside: if flow { at + 1 } else { start },
            place,
            marked,
            flow,
            content,
        });
        (self.open.len() <= DEEPEST).then_some(())
    }

    fn close(&mut self, bracket: char) -> Option<()> {
        let open = self.open.pop()?;
        let last = match &open.content {
            Content::List(items) => items.last().map(|item| item.span.end),
            Content::Map(entries, _) => {
                let last = entries.last();
                last.map(|(key, value)| entry_end(self.text, key, value))
            }
        };
        let last = last.unwrap_or(open.inside);
        // The parser's own span is that of a comma, where one stands before the bracket.
        let end = if open.flow {
            bracket_end(self.text, last, bracket)?
        } else {
            last
        };
        let flow = open.flow;
        let shape = match open.content {
            Content::List(items) => Shape::List { flow, items },
            Content::Map(entries, _) => Shape::Map { flow, entries },
        };
        self.put(Piece {
            span: open.start..end.max(open.start),
            place: open.place,
            marked: open.marked,
            shape,
        });
        Some(())
    }

    fn put(&mut self, piece: Piece) {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(piece),
            Some(Content::List(items)) => items.push(piece),
            Some(Content::Map(entries, key)) => match key.take() {
                None => *key = Some(piece),
                Some(key) => entries.push((key, piece)),
            },
        }
    }

    /// The byte that a character begins with.
    fn offset(&self, character: usize) -> usize {
        match &self.offsets {
            None => character.min(self.text.len()),
            Some(offsets) => offsets.get(character).copied().unwrap_or(self.text.len()),
        }
    }
}

fn place(span: Span) -> Place {
    let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
    Place {
        line: number(span.start.line()),
        column: number(span.start.col() + 1),
    }
}

/// Where an entry of a map ends.
pub(super) fn entry_end(text: &str, key: &Piece, value: &Piece) -> usize {
    let colon = colon(text, key).unwrap_or(key.span.end);
    match value.shape {
        Shape::Nothing if !value.marked => colon,
        // A block of no lines: its mark is the last of the line.
        Shape::Block if value.span.is_empty() => {
            let rest = text.get(colon..).unwrap_or_default();
            colon + rest.find(['\r', '\n']).unwrap_or(rest.len())
        }
        _ => value.span.end.max(colon),
    }
}

/// Where the colon behind a key ends.
pub(super) fn colon(text: &str, key: &Piece) -> Option<usize> {
    let rest = text.get(key.span.end..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest[blanks..]
        .starts_with(':')
        .then_some(key.span.end + blanks + 1)
}

/// What stands at `at` or behind it that is neither blank nor a comment, an anchor or a tag. Without marks it is `at`.
pub(super) fn behind_marks(text: &str, at: usize, marked: bool) -> usize {
    const ENDS: [char; 9] = [' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'];
    if !marked {
        return at;
    }
    let mut at = behind_blanks(text, at);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if !rest.starts_with(['&', '!']) {
            return at;
        }
        at = behind_blanks(text, at + rest.find(ENDS).unwrap_or(rest.len()));
    }
}

/// What stands at `at` or behind it that is neither blank nor a comment.
fn behind_blanks(text: &str, at: usize) -> usize {
    let mut at = at;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let inner = rest.trim_start();
        at += rest.len() - inner.len();
        if !inner.starts_with('#') {
            return at;
        }
        at += inner.find(['\r', '\n']).unwrap_or(inner.len());
    }
}

/// Where a bracket ends that stands behind `at`, and perhaps behind a comma.
fn bracket_end(text: &str, at: usize, bracket: char) -> Option<usize> {
    let at = behind_blanks(text, at);
    let comma = text.get(at..)?.starts_with(',');
    let at = if comma {
        behind_blanks(text, at + 1)
    } else {
        at
    };
    text.get(at..)?.starts_with(bracket).then_some(at + 1)
}

/// Where a text in quotes ends that begins at `at`.
fn quote_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(at)?;
    let mut next = at + 1;
    loop {
        match *bytes.get(next)? {
            b'\\' if quote == b'"' => next += 2,
            byte if byte != quote => next += 1,
            _ if quote == b'\'' && bytes.get(next + 1) == Some(&quote) => next += 2,
            _ => return Some(next + 1),
        }
    }
}
