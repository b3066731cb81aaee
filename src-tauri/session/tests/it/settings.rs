//! Settings of a session.

use labwright_session::{Closing, Session, Settings, Theme};

use crate::desk::Desk;

#[tokio::test]
async fn a_change_is_kept_and_pushed() {
    let desk = Desk::without_engine();
    let session = desk.session().await;
    let mut pushed = session.settings();
    pushed.borrow_and_update();
    let changed = Settings {
        theme: Theme::Dark,
        closing: Closing::Keep,
        imports_at_once: 1,
        ..Settings::default()
    };
    session.change_settings(changed.clone()).unwrap();
    assert!(pushed.has_changed().unwrap());
    assert_eq!(pushed.borrow().settings, changed);

    let next = Session::open(desk.environment(&[])).unwrap();
    assert_eq!(next.settings().borrow().settings, changed);
}

#[tokio::test]
async fn a_change_that_cannot_be_kept_is_none() {
    let desk = Desk::without_engine();
    let session = desk.session().await;
    // A file where the folder would be.
    desk.file("config", b"");
    let changed = Settings {
        theme: Theme::Dark,
        ..Settings::default()
    };
    let error = session.change_settings(changed).unwrap_err();
    assert_eq!(error.code, "settings_write");
    assert_eq!(session.settings().borrow().settings, Settings::default());
}

#[tokio::test]
async fn ones_own_kinds_are_used_or_why_not() {
    let desk = Desk::without_engine();
    let session = desk.session().await;
    let file = session.own_kinds().unwrap();
    session.reload_rules();
    let state = session.settings().borrow().clone();
    assert_eq!(state.kinds_error, None, "the example is valid");
    assert!(!state.kinds.iter().any(|kind| kind.own));

    let own =
        "[[kind]]\nname = \"labhost\"\ntitle = \"Lab host\"\nreference = \"labhost:{version}\"\n";
    std::fs::write(&file, own).unwrap();
    session.reload_rules();
    let state = session.settings().borrow().clone();
    let first = &state.kinds[0];
    assert_eq!((first.name.as_str(), first.own), ("labhost", true));

    std::fs::write(&file, "[[kind]\n").unwrap();
    session.reload_rules();
    let state = session.settings().borrow().clone();
    assert_eq!(state.kinds_error.unwrap().code, "recognition_rules");
    assert!(!state.kinds.is_empty(), "those that come with it are used");
}
