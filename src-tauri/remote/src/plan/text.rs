//! Text of a plan: where it stands in the file, and how it may stand in a message.

/// How much of a field a message shows.
const LONGEST_SHOWN: usize = 80;

/// Characters that one does not see, and those that change how others are seen: a message would lie with them in it.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The same with what is hidden made visible.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            visible.extend(c.escape_default());
        } else {
            visible.push(c);
        }
    }
    visible
}

/// A field as it may stand in a message: short, nothing hidden, and no login in it.
pub(super) fn shown(text: &str) -> String {
    let text = without_login(text);
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    let end = if start.len() < text.len() { "…" } else { "" };
    format!("`{}{end}`", visible(&start))
}

/// Words of a person, for a title: in one line.
pub(super) fn tidy(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !is_hidden(*c)).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    words.join(" ")
}

/// A list for a sentence, cut after the first ten.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 10;
    let words: Vec<&str> = words.into_iter().collect();
    let first = words[..words.len().min(MOST)].join(", ");
    match words.len().saturating_sub(MOST) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Takes out what may be a password: after a scheme, all up to the last `@`, since one may hold anything, and all
/// after a `?`.
fn without_login(text: &str) -> String {
    let mut parts = text.split("://");
    let mut safe = parts.next().unwrap_or_default().to_owned();
    if let Some((user, host)) = safe.split_once('@')
        && user.contains(':')
    {
        safe = format!("…@{host}");
    }
    for part in parts {
        let (login, address) = match part.rsplit_once('@') {
            Some((_, address)) => ("…@", address),
            None => ("", part),
        };
        let (address, query) = match address.split_once('?') {
            Some((address, _)) => (address, "?…"),
            None => (address, ""),
        };
        safe = format!("{safe}://{login}{address}{query}");
    }
    safe
}

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = ends.map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(starts).collect(),
        }
    }

    /// The line that a byte stands in, from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }
}
