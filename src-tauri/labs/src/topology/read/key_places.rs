//! Where every key and list item of a file stands.

use crate::topology::yaml::{Data, Value};
use crate::topology::{KeyPlace, Place};

/// Where every key and list item stands, in the order of the file.
pub(super) fn key_places(root: &Value) -> Vec<KeyPlace> {
    let mut keys = Vec::new();
    collect(root, "", &mut keys);
    keys.sort_by_key(|key: &KeyPlace| key.key);
    keys
}

fn collect(value: &Value, path: &str, keys: &mut Vec<KeyPlace>) {
    let mut add = |path: String, key: Place, value: &Value| {
        keys.push(KeyPlace {
            path: path.clone(),
            key,
            value: value.place,
            end: value.end,
        });
        collect(value, &path, keys);
    };
    match &value.data {
        Data::Map(map) => {
            for entry in &map.entries {
                let dot = if path.is_empty() { "" } else { "." };
                add(
                    format!("{path}{dot}{}", entry.key),
                    entry.place,
                    &entry.value,
                );
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                add(format!("{path}[{index}]"), item.place, item);
            }
        }
        Data::Text { .. } => {}
    }
}
