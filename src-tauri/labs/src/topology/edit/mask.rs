//! A text whose variables are hidden, so that it can be looked at as YAML before they are filled in.

/// The text with every `${…}` made of letters, byte for byte as long as before. What the reader takes for a variable is
/// hidden, and nothing else: a `$$` is none, and comments are left alone.
pub(super) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if !line.contains("${") || line.trim_start().starts_with('#') {
            masked.push_str(line);
        } else {
            mask_line(line, &mut masked);
        }
    }
    masked
}

fn mask_line(line: &str, masked: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        masked.push_str(before);
        let length = variable(from);
        if length == 0 {
            let dollars = if from.starts_with("$$") { 2 } else { 1 };
            masked.push_str(&from[..dollars]);
            rest = &from[dollars..];
        } else {
            // Other characters keep their bytes, and can stand wherever letters can.
            masked.extend(from[..length].chars().map(letter));
            rest = &from[length..];
        }
    }
    masked.push_str(rest);
}

fn letter(character: char) -> char {
    if character.is_ascii() { 'x' } else { character }
}

/// How many bytes of a text that begins with a dollar are a variable in braces.
fn variable(text: &str) -> usize {
    let Some(inner) = text.strip_prefix("${") else {
        return 0;
    };
    let named = inner
        .chars()
        .next()
        .is_some_and(|first| (first == '_' || first.is_alphanumeric()) && !first.is_numeric());
    match inner.find('}') {
        Some(end) if named => end + 3,
        _ => 0,
    }
}
