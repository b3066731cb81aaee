//! What tells one node's container from another, and what is told to the container about itself.

use super::Node;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Settings that are not the container's: they say when and how it is started, and what is done with it then.
const NOT_OF_THE_CONTAINER: [&str; 10] = [
    "image_pull_policy",
    "enforce_startup_config",
    "startup_delay",
    "exec",
    "stages",
    "certificate",
    "credentials",
    "position",
    "link_apply_mode",
    "config_vars",
];

impl Node {
    /// A hash of everything that the container is made of: hexadecimal digits, the same for the same settings in every
    /// release that knows the same ones, and another if the container must be made anew.
    ///
    /// What files hold that the settings only name is not part of it, nor are the ports: those come and go while the
    /// container runs.
    pub fn container_hash(&self) -> String {
        let mut settings = serde_json::to_value(&self.settings).unwrap_or_default();
        if let Value::Object(map) = &mut settings {
            map.retain(|key, value| {
                !NOT_OF_THE_CONTAINER.contains(&key.as_str()) && !is_unset(value)
            });
        }
        let mut text = format!("{}\n{}\n", self.container, self.kind);
        write(&settings, &mut text);
        hex::encode(Sha256::digest(text.as_bytes()))
    }
}

/// A setting that nobody made: it is left out, so that one that a later release adds changes no hash. What is false was
/// perhaps said on purpose.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.values().all(is_unset),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// JSON with sorted keys, whatever order the map has.
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

/// The variable that a label becomes in the node's environment: `graph-icon` is `CLAB_LABEL_GRAPH_ICON`.
///
/// As containerlab has it: `-`, `+`, `.` and `/` become `_`, and what else a variable cannot have is left out.
pub fn label_variable(label: &str) -> String {
    let character = |c: char| match c {
        '-' | '+' | '.' | '/' => Some('_'),
        c if c.is_ascii_alphanumeric() || c == '_' => Some(c.to_ascii_uppercase()),
        _ => None,
    };
    let name: String = label.chars().filter_map(character).collect();
    format!("CLAB_LABEL_{name}")
}
