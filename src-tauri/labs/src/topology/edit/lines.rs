//! The lines of a text, by their numbers from 0.

/// The lines of a text. A line ends as it does for YAML: with LF, CR, or both.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let next = (0..bytes.len()).filter(ends).map(|at| at + 1);
        let next = next.filter(|start| *start < bytes.len());
        Self {
            text,
            starts: std::iter::once(0).chain(next).collect(),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that a byte is in.
    pub(super) fn of(&self, offset: usize) -> usize {
        let after = self.starts.partition_point(|start| *start <= offset);
        after.saturating_sub(1)
    }

    /// Where a line begins.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// Where the next line begins.
    pub(super) fn after(&self, line: usize) -> usize {
        self.start(line + 1)
    }

    /// Where a line ends, without what ends it.
    pub(super) fn end(&self, line: usize) -> usize {
        self.start(line) + self.body(line).len()
    }

    /// A line without what ends it.
    pub(super) fn body(&self, line: usize) -> &'t str {
        self.whole(line).trim_end_matches(['\r', '\n'])
    }

    /// What ends a line: nothing for the last one of a file without a newline at its end.
    pub(super) fn ending(&self, line: usize) -> &'t str {
        &self.whole(line)[self.body(line).len()..]
    }

    /// What ends lines here, or what ends the first one.
    pub(super) fn newline(&self, line: usize) -> &'t str {
        let endings = [self.ending(line), self.ending(0), "\n"];
        let first = endings.into_iter().find(|ending| !ending.is_empty());
        first.unwrap_or("\n")
    }

    /// How many characters stand before a byte in its line.
    pub(super) fn column(&self, offset: usize) -> usize {
        self.before(offset).chars().count()
    }

    /// What stands before a byte in its line.
    pub(super) fn before(&self, offset: usize) -> &'t str {
        let start = self.start(self.of(offset));
        self.text.get(start..offset).unwrap_or_default()
    }

    /// What stands behind a byte in its line.
    pub(super) fn behind(&self, offset: usize) -> &'t str {
        let end = self.end(self.of(offset));
        self.text.get(offset..end).unwrap_or_default()
    }

    pub(super) fn is_blank(&self, line: usize) -> bool {
        self.body(line).trim().is_empty()
    }

    /// Where in its line a comment begins that has the line for itself.
    pub(super) fn comment(&self, line: usize) -> Option<usize> {
        let body = self.body(line);
        let at = body.len() - body.trim_start().len();
        body[at..].starts_with('#').then_some(at)
    }

    fn whole(&self, line: usize) -> &'t str {
        let range = self.start(line)..self.after(line);
        self.text.get(range).unwrap_or_default()
    }
}

/// Whether nothing but a comment stands there.
pub(super) fn is_comment(text: &str) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with('#')
}
