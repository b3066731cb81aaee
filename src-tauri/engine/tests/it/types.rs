//! The generated TypeScript is committed, and is that of the Rust types.

use std::path::PathBuf;

use labwright_engine::{
    EngineEvent, EngineInfo, EngineKind, Health, ImageDetail, ImageId, ImageReference,
    ImageSummary, Origin, Store, WayOut,
};
use labwright_testbed::assert_committed;
use ts_rs::{Config, TS};

fn generated<T: TS + 'static>() -> (PathBuf, String) {
    let text = T::export_to_string(&Config::new()).unwrap();
    (T::output_path().unwrap(), text)
}

#[test]
fn the_committed_types_are_up_to_date() {
    assert_committed([
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
    ]);
}
