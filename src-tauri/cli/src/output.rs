//! The two streams that lw writes to.
//!
//! Results go to standard output, everything else to standard error. That standard error cannot be
//! written is no reason to stop; that standard output cannot be, is one.

use std::io::{self, Stderr, Stdout, Write};

use console::Term;

use crate::view::Palette;

/// What is assumed of a terminal that does not say how large it is: rows and columns.
const USUAL_SIZE: (usize, usize) = (24, 80);

/// Where a command says what it has to say.
#[derive(Debug)]
pub(crate) struct Output {
    colour: bool,
    /// Whether results go to standard error, because standard output carries something else.
    results_are_notes: bool,
    results: Stdout,
    notes: Stderr,
    result_terminal: Term,
    note_terminal: Term,
}

impl Output {
    /// `colour` says whether the user likes it; only terminals get it.
    pub(crate) fn new(colour: bool) -> Self {
        Self {
            colour,
            results_are_notes: false,
            results: io::stdout(),
            notes: io::stderr(),
            result_terminal: Term::stdout(),
            note_terminal: Term::stderr(),
        }
    }

    /// The same for a command whose standard output carries something else: its results go to
    /// standard error as well.
    pub(crate) fn without_results(&self) -> Self {
        Self {
            results_are_notes: true,
            result_terminal: Term::stderr(),
            ..Self::new(self.colour)
        }
    }

    /// Writes one line, or several, to standard output.
    pub(crate) fn result(&self, text: &str) -> io::Result<()> {
        if self.results_are_notes {
            self.note(text);
            return Ok(());
        }
        let mut stream = self.results.lock();
        stream.write_all(text.as_bytes())?;
        stream.write_all(b"\n")?;
        stream.flush()
    }

    /// Writes one line, or several, to standard error.
    pub(crate) fn note(&self, text: &str) {
        let mut stream = self.notes.lock();
        // There is nowhere left to say that this failed.
        let _written = writeln!(stream, "{text}");
    }

    /// How results are coloured.
    pub(crate) fn result_palette(&self) -> Palette {
        Palette::new(self.colour && self.result_terminal.is_term())
    }

    /// How notes are coloured.
    pub(crate) fn note_palette(&self) -> Palette {
        Palette::new(self.colour && self.note_terminal.is_term())
    }

    /// How many columns a table may have; no limit where it is not read on a terminal.
    pub(crate) fn result_width(&self) -> Option<usize> {
        if !self.result_terminal.is_term() {
            return None;
        }
        let (_, columns) = self.result_terminal.size_checked()?;
        // A terminal that does not know its width says 0.
        (columns > 0).then(|| usize::from(columns))
    }

    /// Writes to the terminal what moves the cursor as well.
    pub(crate) fn draw(&self, text: &str) {
        let mut stream = self.notes.lock();
        // As above.
        let _written = stream.write_all(text.as_bytes());
    }

    /// Whether progress can be drawn and drawn over.
    pub(crate) fn can_draw(&self) -> bool {
        let terminal = &self.note_terminal;
        // Windows must be asked to understand what moves the cursor; the question does that.
        let understands = !cfg!(windows) || terminal.features().colors_supported();
        terminal.is_term() && !console::is_dumb() && understands
    }

    /// Rows and columns of the terminal that is drawn on.
    pub(crate) fn screen_size(&self) -> (usize, usize) {
        let (height, width) = self.note_terminal.size_checked().unwrap_or_default();
        if height == 0 || width == 0 {
            return USUAL_SIZE;
        }
        (usize::from(height), usize::from(width))
    }
}
