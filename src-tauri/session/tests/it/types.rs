//! The generated TypeScript is committed, and is that of the Rust types.

use std::path::PathBuf;

use labwright_session::{
    Closing, EngineProblem, EngineState, ImagesState, ImportWish, LogLevel, Notifications, Offer,
    OfferPhase, OfferedFile, Places, PullWish, ReferenceState, SelectedEngine, Settings,
    SettingsState, Started, Theme, UnreachableEngine, Verdict,
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
        generated::<Closing>(),
        generated::<EngineProblem>(),
        generated::<EngineState>(),
        generated::<ImagesState>(),
        generated::<ImportWish>(),
        generated::<LogLevel>(),
        generated::<Notifications>(),
        generated::<Offer>(),
        generated::<OfferPhase>(),
        generated::<OfferedFile>(),
        generated::<Places>(),
        generated::<PullWish>(),
        generated::<ReferenceState>(),
        generated::<SelectedEngine>(),
        generated::<Settings>(),
        generated::<SettingsState>(),
        generated::<Started>(),
        generated::<Theme>(),
        generated::<UnreachableEngine>(),
        generated::<Verdict>(),
    ]);
}
