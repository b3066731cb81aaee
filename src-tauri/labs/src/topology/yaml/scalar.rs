//! What unquoted texts are, as Go's YAML library reads them (yaml.v2, which containerlab uses): YAML 1.1 where anything
//! goes, but the text as it was written wherever a text is wanted.

use super::{Data, Value};
use serde_json::{Map, Number, Value as Json};

/// The truth that a text is, if it is one.
pub(in crate::topology) fn as_bool(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(false)
        }
        _ => None,
    }
}

/// A value whose meaning nobody here knows.
pub(in crate::topology) fn as_json(value: &Value) -> Json {
    match &value.data {
        Data::Text { .. } if value.is_null() => Json::Null,
        Data::Text { text, plain: true } => plain(text),
        Data::Text { text, plain: false } => Json::String(text.clone()),
        Data::List(items) => Json::Array(items.iter().map(as_json).collect()),
        Data::Map(map) => {
            let entries = map
                .entries
                .iter()
                .map(|entry| (entry.key.clone(), as_json(&entry.value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn plain(text: &str) -> Json {
    let number = || integer(text).map(Number::from).or_else(|| float(text));
    match as_bool(text) {
        Some(truth) => Json::Bool(truth),
        None => number().map_or_else(|| Json::String(text.to_owned()), Json::Number),
    }
}

/// As Go's `strconv.ParseInt` does with base 0: `0x1f`, `0b101`, `0o17`, `017`, and underscores.
fn integer(text: &str) -> Option<i64> {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let numeric = digits.starts_with(|c: char| c.is_digit(radix));
    i64::from_str_radix(&format!("{sign}{digits}"), radix)
        .ok()
        .filter(|_| numeric)
}

fn float(text: &str) -> Option<Number> {
    let first = text.trim_start_matches(['-', '+']).chars().next()?;
    let numeric = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E' | '_'));
    let starts = first.is_ascii_digit() || first == '.';
    let value = text
        .replace('_', "")
        .parse::<f64>()
        .ok()
        .filter(|_| numeric && starts)?;
    Number::from_f64(value)
}
