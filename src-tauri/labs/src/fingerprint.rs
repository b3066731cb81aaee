//! Fingerprints that stay the same from one release to the next.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Hexadecimal digits: the same for what says the same, whatever order it is in and however many settings nobody made a
/// later release knows.
pub(crate) fn fingerprint(thing: &impl Serialize) -> String {
    // What is fingerprinted holds nothing that JSON has no words for.
    let value = serde_json::to_value(thing).unwrap_or_default();
    let mut text = String::new();
    write(&value, &mut text);
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// A setting that nobody made.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.values().all(is_unset),
        Value::String(text) => text.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// JSON with sorted keys, without what is unset.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let set = map.iter().filter(|(_, value)| !is_unset(value));
            let mut entries: Vec<_> = set.collect();
            entries.sort_by_key(|(key, _)| *key);
            for (key, value) in entries {
                text.extend([key.escape_debug().to_string().as_str(), "{"]);
                write(value, text);
                text.push('}');
            }
        }
        Value::Array(items) => {
            for item in items {
                text.push('[');
                write(item, text);
                text.push(']');
            }
        }
        other => text.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;
    use serde_json::json;

    #[test]
    fn what_says_the_same_has_the_same_and_anything_else_another() {
        let plain = fingerprint(&json!({"a": "x", "b": [1, 2]}));
        for same in [
            json!({"b": [1, 2], "a": "x"}),
            json!({"a": "x", "b": [1, 2], "new": null, "newer": {"c": []}, "newest": false, "d": ""}),
        ] {
            assert_eq!(fingerprint(&same), plain, "{same}");
        }
        let others = [
            json!({"a": "x", "b": [2, 1]}),
            json!({"a": "x", "b": [12]}),
            json!({"a": "x", "b": [[1, 2]]}),
            json!({"a": "x", "b": [1, 2], "c": 0}),
            json!({"a": "x{b}", "b": [1, 2]}),
            json!({"a": {"x": true}, "b": [1, 2]}),
        ];
        for other in others {
            assert_ne!(fingerprint(&other), plain, "{other}");
        }
    }
}
