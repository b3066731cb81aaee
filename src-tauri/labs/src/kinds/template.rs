//! Placeholders: `{node}` is filled in, `{?node}` becomes nothing, `[[ vrf {env.CLAB_MGMT_VRF}]]` is left out if something
//! in it is missing, and a line of a file is left out if something in it is missing.

use regex_lite::Regex;
use std::collections::BTreeMap;

/// What a placeholder looks like. Braces around anything else are just braces.
const PLACEHOLDER: &str = r"\{(\?)?([a-z][a-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)\}";
/// What is left out as a whole.
const OPTIONAL: &str = r"\[\[(.*?)\]\]";

/// What is filled in, by placeholder. What is not in it is missing.
pub(super) type Values = BTreeMap<String, String>;

/// The placeholders of a text.
pub(super) fn placeholders(text: &str) -> Vec<String> {
    let found = pattern(PLACEHOLDER).map(|pattern| {
        let names = pattern
            .captures_iter(text)
            .map(|groups| groups[2].to_owned());
        names.collect()
    });
    found.unwrap_or_default()
}

/// Fills in a single line. None if something in it is missing.
pub(super) fn fill(text: &str, values: &Values) -> Option<String> {
    let (optional, placeholder) = (pattern(OPTIONAL)?, pattern(PLACEHOLDER)?);
    let inner = |groups: &regex_lite::Captures<'_>| {
        replace(&placeholder, &groups[1], values).unwrap_or_default()
    };
    replace(&placeholder, &optional.replace_all(text, inner), values)
}

/// Fills in a file, and leaves out the lines in which something is missing.
pub(super) fn linewise(text: &str, values: &Values) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter_map(|line| fill(line, values)).collect()
}

/// Fills in words. A word that is one placeholder of `lists` becomes as many words as the list has.
pub(super) fn fill_words(
    words: &[String],
    values: &Values,
    lists: &BTreeMap<&str, Vec<String>>,
) -> Vec<String> {
    let word = |word: &String| {
        let name = word
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        match name.and_then(|name| lists.get(name)) {
            Some(list) => list.clone(),
            None => fill(word, values).into_iter().collect(),
        }
    };
    words.iter().flat_map(word).collect()
}

fn replace(placeholder: &Regex, text: &str, values: &Values) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut end = 0;
    for groups in placeholder.captures_iter(text) {
        let whole = groups.get(0)?;
        filled.push_str(&text[end..whole.start()]);
        let value = values.get(&groups[2])?;
        if groups.get(1).is_none() {
            filled.push_str(value);
        }
        end = whole.end();
    }
    filled.push_str(&text[end..]);
    Some(filled)
}

/// A pattern of this module. They are valid, which a test shows.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;

    fn values() -> Values {
        [
            ("node".to_owned(), "r1".to_owned()),
            ("env.A".to_owned(), "{node} $&".to_owned()),
        ]
        .into()
    }

    #[test]
    fn the_patterns_are_valid() {
        pattern(PLACEHOLDER).unwrap();
        pattern(OPTIONAL).unwrap();
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(fill("<{env.A}>", &values()).unwrap(), "<{node} $&>");
    }

    #[test]
    fn what_is_missing_takes_its_line_or_its_part_along() {
        let text = "hostname {node}\nvrf {env.B}\nroute[[ vrf {env.B}]] ::/0[[ from {node}]]\nsystem {\n}\n";
        assert_eq!(
            linewise(text, &values()),
            "hostname r1\nroute ::/0 from r1\nsystem {\n}\n"
        );
    }

    #[test]
    fn a_list_becomes_words() {
        let words = ["sh", "{all}", "-{node}"].map(str::to_owned);
        let lists = [("all", vec!["a b".to_owned(), "c".to_owned()])].into();
        assert_eq!(
            fill_words(&words, &values(), &lists),
            ["sh", "a b", "c", "-r1"]
        );
    }
}
