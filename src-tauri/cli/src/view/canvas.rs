//! The part of a terminal that is drawn over.
//!
//! The cursor stands below the frame, at the left. So the `^C` that a terminal itself writes when
//! the key is pressed is drawn over like everything else, and what others write begins on a line of
//! its own.

use std::fmt::Write as _;

use console::measure_text_width;

/// Clears from the cursor to the end of its line, or of the screen.
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// What is drawn at the moment.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    lines: Vec<String>,
}

impl Canvas {
    /// What to write so that a terminal of `width` columns shows `lines` in place of what was drawn
    /// before; nothing if they are the same.
    pub(crate) fn draw(&mut self, lines: Vec<String>, width: usize) -> String {
        if lines == self.lines {
            return String::new();
        }
        let mut text = self.home(width);
        for line in &lines {
            text.push_str(line);
            text.push_str(CLEAR_LINE);
            text.push_str("\r\n");
        }
        text.push_str(CLEAR_BELOW);
        self.lines = lines;
        text
    }

    /// What to write so that nothing of it is left. The next frame is drawn where the cursor is
    /// then.
    pub(crate) fn clear(&mut self, width: usize) -> String {
        let text = self.home(width) + CLEAR_BELOW;
        self.lines.clear();
        text
    }

    /// To the first column of the first line. A terminal that became narrower has wrapped the lines.
    fn home(&self, width: usize) -> String {
        let rows = |line: &String| measure_text_width(line).div_ceil(width.max(1)).max(1);
        let rows: usize = self.lines.iter().map(rows).sum();
        let mut text = "\r".to_owned();
        if rows > 0 {
            // Writing into a string cannot fail.
            let _written = write!(text, "\x1b[{rows}A");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use super::Canvas;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    fn terminal(rows: u16) -> vt100::Parser {
        let size = |count| NonZero::new(count).unwrap_or(NonZero::<u16>::MIN);
        vt100::Parser::new(size(rows), size(20), 0)
    }

    fn shown(terminal: &vt100::Parser) -> String {
        terminal.screen().contents()
    }

    #[test]
    fn a_frame_takes_the_place_of_the_one_before() {
        let mut terminal = terminal(8);
        let mut canvas = Canvas::default();
        terminal.process(b"$ lw import\r\n");
        for frame in [
            lines(&["one", "a line as wide as it", "three"]),
            lines(&["one", "short"]),
            lines(&["1", "2", "3", "4"]),
        ] {
            terminal.process(canvas.draw(frame.clone(), 20).as_bytes());
            let expected = format!("$ lw import\n{}", frame.join("\n"));
            assert_eq!(shown(&terminal), expected);
        }
        assert_eq!(canvas.draw(lines(&["1", "2", "3", "4"]), 20), "");
        terminal.process(canvas.clear(20).as_bytes());
        terminal.process(b"done\r\n");
        assert_eq!(shown(&terminal), "$ lw import\ndone");
    }

    #[test]
    fn what_the_terminal_writes_for_a_key_is_drawn_over() {
        let mut terminal = terminal(8);
        let mut canvas = Canvas::default();
        terminal.process(canvas.draw(lines(&["one", "two"]), 20).as_bytes());
        terminal.process(b"^C");
        terminal.process(canvas.clear(20).as_bytes());
        terminal.process(b"cancelling\r\n");
        terminal.process(canvas.draw(lines(&["one"]), 20).as_bytes());
        assert_eq!(shown(&terminal), "cancelling\none");
    }

    #[test]
    fn a_frame_at_the_foot_of_the_screen_scrolls_it_once() {
        let mut terminal = terminal(4);
        let mut canvas = Canvas::default();
        terminal.process(b"a\r\nb\r\nc\r\n");
        for count in ["1", "2", "3"] {
            let frame = lines(&[count, "two"]);
            terminal.process(canvas.draw(frame, 20).as_bytes());
        }
        assert_eq!(shown(&terminal), "c\n3\ntwo");
    }

    #[test]
    fn a_terminal_that_became_narrower_is_cleared_as_well() {
        let mut canvas = Canvas::default();
        canvas.draw(lines(&["0123456789", "", "漢字漢字"]), 10);
        assert_eq!(canvas.clear(4), "\r\x1b[6A\x1b[J");
    }
}
