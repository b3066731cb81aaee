//! The generated TypeScript is committed, and is that of the Rust types.

use std::{
    fs,
    path::{Path, PathBuf},
};

use labwright_engine::{
    EngineEvent, EngineInfo, EngineKind, Health, ImageDetail, ImageId, ImageReference,
    ImageSummary, Origin, Store, WayOut,
};
use ts_rs::{Config, TS};

/// Set to write the types instead of comparing them.
const UPDATE: &str = "LABWRIGHT_UPDATE_TYPES";

fn generated<T: TS + 'static>() -> (PathBuf, String) {
    let text = T::export_to_string(&Config::new()).unwrap();
    let name = T::output_path().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-ui/src/backend/generated");
    (folder.join(name.file_name().unwrap()), text)
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test runner hands nothing else to a test"
)]
fn the_committed_types_are_up_to_date() {
    let types = [
        generated::<EngineEvent>(),
        generated::<EngineInfo>(),
        generated::<EngineKind>(),
        generated::<Health>(),
        generated::<ImageDetail>(),
        generated::<ImageId>(),
        generated::<ImageReference>(),
        generated::<ImageSummary>(),
        generated::<Origin>(),
        generated::<Store>(),
        generated::<WayOut>(),
    ];
    for (path, text) in types {
        assert!(
            !text.contains("bigint"),
            "{} has a number JSON has not",
            path.display()
        );
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, text).unwrap();
        } else {
            let committed = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(
                committed,
                text,
                "{}: run again with {UPDATE}=1",
                path.display()
            );
        }
    }
}
