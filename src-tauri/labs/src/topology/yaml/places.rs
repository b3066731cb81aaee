//! From places in the expanded text back to places in the file.

use crate::topology::Place;

/// Where the pieces of an expanded text come from.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Where lines of the expanded text begin, in characters.
    lines: Vec<usize>,
    /// Pieces in order: where each begins in the expanded text, and in the file.
    pieces: Vec<Piece>,
    /// Where lines of the file begin, in characters.
    file_lines: Vec<usize>,
}

/// A stretch of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Where it begins in the expanded text, in characters.
    pub(super) at: usize,
    /// Where it begins in the file, in characters.
    pub(super) from: usize,
    /// Whether it is what a variable became: all of it stands where the variable does.
    pub(super) expanded: bool,
}

impl Places {
    /// Of a text in which nothing was expanded.
    pub(super) fn unchanged() -> Self {
        Self::default()
    }

    pub(super) fn new(file: &str, expanded: &str, pieces: Vec<Piece>) -> Self {
        Self {
            lines: line_starts(expanded),
            pieces,
            file_lines: line_starts(file),
        }
    }

    /// The place in the file of a line (from 1) and column (from 0) of the expanded text.
    pub(super) fn of(&self, line: usize, column: usize) -> Place {
        if self.pieces.is_empty() {
            return place(line, column + 1);
        }
        let start = self.lines.get(line.saturating_sub(1)).or(self.lines.last());
        let position = start.copied().unwrap_or_default() + column;
        let index = self.pieces.partition_point(|piece| piece.at <= position);
        let Some(piece) = self.pieces.get(index.saturating_sub(1)) else {
            return place(line, column + 1);
        };
        let offset = if piece.expanded {
            0
        } else {
            position.saturating_sub(piece.at)
        };
        let position = piece.from + offset;
        let line = self.file_lines.partition_point(|start| *start <= position);
        let start = self
            .file_lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        place(line, position - start + 1)
    }
}

fn place(line: usize, column: usize) -> Place {
    let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
    Place {
        line: number(line),
        column: number(column),
    }
}

/// Where lines begin, in characters. A line ends as it does for YAML: with LF, CR, or both.
fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, character)) = characters.next() {
        let both = character == '\r' && characters.peek().is_some_and(|(_, next)| *next == '\n');
        if matches!(character, '\r' | '\n') && !both {
            starts.push(index + 1);
        }
    }
    starts
}
