//! TypeScript that is made from Rust types is committed, and must be theirs.

use std::fs;
use std::path::{Path, PathBuf};

/// Set to write the types instead of comparing them.
const UPDATE: &str = "LABWRIGHT_UPDATE_TYPES";

/// Compares each type's text with the committed file of its name, or writes it.
///
/// # Panics
///
/// Panics on the first that differs, or that has a number which JSON has not.
pub fn assert_committed(types: impl IntoIterator<Item = (PathBuf, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-ui/src/backend/generated");
    for (path, text) in types {
        let name = path.file_name().expect("a type is exported to a file");
        let path = folder.join(name);
        assert!(
            !text.contains("bigint"),
            "{} has a number JSON has not",
            path.display()
        );
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, text).expect("the folder of the generated types can be written to");
            continue;
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed,
            text,
            "{}: run again with {UPDATE}=1",
            path.display()
        );
    }
}
