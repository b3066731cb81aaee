//! Text from elsewhere, made fit to be shown: file names, engines' answers.

use console::{measure_text_width, truncate_str};

/// The text without what could move the cursor, colour the screen or turn the reading direction
/// around. Each such character becomes a `�`, a tab a space.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' => ' ',
            character if character.is_control() || turns_direction(character) => '\u{fffd}',
            character => character,
        })
        .collect()
}

/// The same for text of several lines: the line ends stay.
pub(crate) fn printable_lines(text: &str) -> Vec<String> {
    text.lines().map(printable).collect()
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text, cut to `width` columns. Colours may be in it and do not count.
pub(crate) fn cut(text: &str, width: usize) -> String {
    truncate_str(text, width, "…").into_owned()
}

/// The text with spaces after it, up to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(measure_text_width(text));
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::{cut, pad, printable};

    #[test]
    fn what_would_write_elsewhere_is_shown_as_such() {
        assert_eq!(
            printable("a\x1b[2Jb\r\tc\u{202e}d\u{9b}"),
            "a�[2Jb� c�d�",
            "escapes, returns and direction marks are harmless"
        );
        assert_eq!(printable("Größe 漢字 ✓"), "Größe 漢字 ✓");
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(cut("漢字漢字", 5), "漢字…");
        assert_eq!(pad("漢字", 6), "漢字  ");
        assert_eq!(cut("short", 5), "short");
    }
}
