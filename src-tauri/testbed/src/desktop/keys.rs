//! Names of keys, as the protocol writes them: <https://www.w3.org/TR/webdriver2/#keyboard-actions>.

/// Keys without a character, by the names that `KeyboardEvent.key` has.
const NAMED: [(&str, char); 29] = [
    ("Backspace", '\u{E003}'),
    ("Tab", '\u{E004}'),
    ("Enter", '\u{E007}'),
    ("Shift", '\u{E008}'),
    ("Control", '\u{E009}'),
    ("Alt", '\u{E00A}'),
    ("Escape", '\u{E00C}'),
    ("Space", ' '),
    ("PageUp", '\u{E00E}'),
    ("PageDown", '\u{E00F}'),
    ("End", '\u{E010}'),
    ("Home", '\u{E011}'),
    ("ArrowLeft", '\u{E012}'),
    ("ArrowUp", '\u{E013}'),
    ("ArrowRight", '\u{E014}'),
    ("ArrowDown", '\u{E015}'),
    ("Insert", '\u{E016}'),
    ("Delete", '\u{E017}'),
    ("F1", '\u{E031}'),
    ("F2", '\u{E032}'),
    ("F3", '\u{E033}'),
    ("F4", '\u{E034}'),
    ("F5", '\u{E035}'),
    ("F6", '\u{E036}'),
    ("F9", '\u{E039}'),
    ("F10", '\u{E03A}'),
    ("F11", '\u{E03B}'),
    ("F12", '\u{E03C}'),
    ("Meta", '\u{E03D}'),
];

/// The keys of a chord such as `Control+Shift+o`, in the order in which they are pressed.
pub(super) fn chord(text: &str) -> Vec<char> {
    // A plus alone is the key itself.
    if text == "+" {
        return vec!['+'];
    }
    text.split('+').map(key).collect()
}

fn key(name: &str) -> char {
    let named = NAMED.iter().find(|(known, _)| *known == name);
    let mut characters = name.chars();
    match (named, characters.next(), characters.next()) {
        (Some((_, code)), _, _) => *code,
        (None, Some(character), None) => character,
        _ => panic!("no key is called {name:?}"),
    }
}
