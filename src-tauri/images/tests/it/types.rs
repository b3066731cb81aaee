//! The generated TypeScript is committed, and is that of the Rust types.

use std::path::PathBuf;

use labwright_images::recognition::KindEntry;
use labwright_images::{LibraryImage, Presence, Proposal, Taken};
use labwright_testbed::assert_committed;
use ts_rs::{Config, TS};

fn generated<T: TS + 'static>() -> (PathBuf, String) {
    let text = T::export_to_string(&Config::new()).unwrap();
    (T::output_path().unwrap(), text)
}

#[test]
fn the_committed_types_are_up_to_date() {
    assert_committed([
        generated::<KindEntry>(),
        generated::<LibraryImage>(),
        generated::<Presence>(),
        generated::<Proposal>(),
        generated::<Taken>(),
    ]);
}
