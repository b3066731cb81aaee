//! A display, the real window on it, and drags onto it: what the tests of the desktop stand on.
//!
//! The program is the one beside this test's own (`cargo build` makes it); of its page nothing is taken for known but
//! that it has a title and a heading.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed step is a failed test"
)]

use std::env;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::time::Duration;

use labwright_testbed::desktop::{LIMIT, until};
use labwright_testbed::{Display, DragSource, Launch, Window};
use serde_json::json;

/// Sends a notification as a program does.
const NOTIFY: &str = r#"
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
name = "org.freedesktop.Notifications"
values = ("lw", 0, "", "Imported", "eos:4.35", ["open", "Open"], {}, -1)
call = GLib.Variant("(susssasa{sv}i)", values)
bus.call_sync(name, "/org/freedesktop/Notifications", name, "Notify", call, None, 0, -1, None)
"#;

/// The program lies where cargo puts it: one folder above its tests.
fn program() -> PathBuf {
    let own = env::current_exe().unwrap();
    let folder = own.parent().and_then(Path::parent).unwrap();
    let program = folder.join("labwright");
    assert!(
        program.exists(),
        "{} is missing: run `cargo build` first",
        program.display()
    );
    program
}

fn open(display: &Display) -> Window {
    // With an engine that is not there, none is started either: a Podman's service would outlive the program.
    let launch = Launch::new(program()).variable("LW_ENGINE", "unix:///no-such-folder/engine.sock");
    let window = launch.open(display);
    window.find("h1");
    window
}

fn prefers_dark(window: &Window) -> bool {
    let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
    window.run(script, &[]).as_bool().unwrap()
}

#[test]
fn a_display_has_a_home_of_its_own_and_ends_with_all_its_programs() {
    let display = Display::new();
    let other = Display::with_size(800, 600);
    assert_ne!(display.name(), other.name());
    assert_eq!(display.picture().size(), (1280, 900));
    assert_eq!(other.picture().size(), (800, 600));

    let output = display
        .command("sh")
        .args(["-c", "echo $HOME; env"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let home = display.home().display().to_string();
    assert!(text.starts_with(&home), "{text}");
    assert!(
        !text.contains("CARGO"),
        "variables of the test are not the program's"
    );

    let marker = format!("{home}/marker");
    let mut sleeper = display
        .command("sh")
        .args(["-c", "sleep 1000 & echo $! > \"$0\"; wait", &marker])
        .spawn()
        .unwrap();
    until(LIMIT, || Path::new(&marker).exists().then_some(())).expect("it starts");
    drop(display);
    assert!(
        !sleeper.wait().unwrap().success(),
        "it ended with the display"
    );
    assert!(!Path::new(&home).exists(), "{home} is still there");
}

#[test]
fn a_page_is_found_read_and_typed_into() {
    let display = Display::new();
    let window = open(&display);
    assert_eq!(window.title(), "Labwright");
    assert!(window.text().contains(&window.find("h1").text()));
    assert!(window.find_all("no-such-element").is_empty());

    // A field of the test's own: what the page has of them changes.
    window.run(
        "const field = document.createElement('input'); field.id = 'field'; document.body.prepend(field);
         field.addEventListener('keydown', (event) => { window.lastKey = `${event.ctrlKey} ${event.key}` })",
        &[],
    );
    let field = window.find("#field");
    field.click();
    field.write("eos:4.35");
    assert_eq!(field.property("value"), "eos:4.35");
    window.press("x");
    assert_eq!(field.property("value"), "eos:4.35x");
    window.press("Control+1");
    assert_eq!(window.run("return window.lastKey", &[]), "true 1");
    assert_eq!(field.attribute("id").as_deref(), Some("field"));
    assert_eq!(field.attribute("placeholder"), None);
    assert!(field.is_shown());
    window.run("arguments[0].hidden = true", &[field.reference()]);
    assert!(!field.is_shown());
    let sum = window.run_async(
        "arguments[2](arguments[0] + arguments[1])",
        &[json!(2), json!(3)],
    );
    assert_eq!(sum, 5);
    assert!(window.try_run("throw new Error('no')", &[]).is_err());

    window.run("console.error('it broke')", &[]);
    assert_eq!(window.errors(), ["console: it broke"]);
    window.reload();
    window.find("h1");
    window.wait_until_gone("#field");
    assert_eq!(window.errors(), Vec::<String>::new());
    assert_eq!(window.picture().size(), (1280, 800));
}

#[test]
fn a_failed_wait_shows_the_page_and_leaves_a_picture() {
    let display = Display::new();
    let folder = tempfile::tempdir().unwrap();
    let window = Launch::new(program())
        .failures(folder.path())
        .open(&display);
    let heading = window.find("h1").text();
    let look = || window.wait_within::<()>(Duration::ZERO, "what never comes", || None);
    let panicked = panic::catch_unwind(panic::AssertUnwindSafe(look)).unwrap_err();
    let message = panicked.downcast::<String>().unwrap();
    assert!(message.contains("what never comes"), "{message}");
    assert!(message.contains(&heading), "{message}");
    let picture = fs::read_dir(folder.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    assert!(message.contains(picture.to_str().unwrap()), "{message}");
}

#[test]
fn the_window_has_a_place_a_size_and_the_focus() {
    let display = Display::new();
    let window = open(&display);
    let (_, _, width, height) = window.rect();
    assert_eq!((width, height), (1280, 800));
    window.resize(900, 600);
    assert_eq!(window.picture().size(), (900, 600));
    let focused = |wanted: bool| {
        window.wait_for(&format!("the page's focus to be {wanted}"), || {
            (window.run("return document.hasFocus()", &[]) == wanted).then_some(())
        });
    };
    window.focus();
    focused(true);
    window.unfocus();
    focused(false);
}

#[test]
fn the_page_follows_the_desktop_to_dark_and_back() {
    let display = Display::new();
    display.prefer_dark(true);
    let window = open(&display);
    assert!(prefers_dark(&window), "it opens dark");
    display.prefer_dark(false);
    window.wait_for("a light page", || (!prefers_dark(&window)).then_some(()));
}

#[test]
fn the_program_is_killed_and_opened_again_on_the_same_display() {
    let display = Display::new();
    let window = open(&display);
    let processes = window.processes();
    let names: Vec<_> = processes
        .iter()
        .map(|process| process.name.as_str())
        .collect();
    assert_eq!(names[0], "labwright");
    assert!(names.contains(&"WebKitWebProces"), "{names:?}");
    for process in &processes {
        // WebKit starts helpers that end soon.
        if let (Some(memory), true) = (process.memory(), process.runs()) {
            assert!(memory > 1024, "{process:?}");
            assert!(process.cpu().is_some() && process.started().is_some());
        } else {
            assert_ne!(process.name, "labwright", "the program itself runs");
        }
    }
    window.kill();
    assert_eq!(window.processes(), []);
    drop(window);
    open(&display);
}

#[test]
fn the_title_bars_button_closes_the_window() {
    let display = Display::new();
    let window = open(&display);
    let processes = window.processes();
    window.close();
    let left = || processes.iter().filter(|process| process.runs());
    let ended = until(LIMIT, || (left().count() == 0).then_some(()));
    let left: Vec<_> = left().collect();
    assert!(ended.is_some(), "{left:?} still run:\n{}", window.log());
}

#[test]
fn notifications_are_written_down() {
    let display = Display::new();
    let status = display
        .command("/usr/bin/python3")
        .args(["-c", NOTIFY])
        .status()
        .unwrap();
    assert!(status.success());
    let notifications = display.notifications();
    assert_eq!(notifications.len(), 1);
    assert_eq!(
        (
            notifications[0].summary.as_str(),
            notifications[0].body.as_str()
        ),
        ("Imported", "eos:4.35")
    );
    assert_eq!(notifications[0].actions, ["open", "Open"]);
}

#[test]
fn files_are_dragged_over_the_window_dropped_carried_back_and_given_up() {
    let display = Display::new();
    let window = open(&display);
    let file = display.home().join("cEOS64-lab 1.tar.xz");
    fs::write(&file, "x").unwrap();
    let drag = DragSource::new(&display, &[&file]);

    drag.hold_over(640, 400);
    drag.wait_until_asked();
    assert!(drag.let_go().accepted(), "Tauri's window takes files");

    drag.hold_over(640, 400);
    drag.wait_until_asked();
    let end = drag.carry_back();
    assert!(!end.accepted() && end.asked > 0, "{end:?}");

    drag.hold_over(640, 400);
    drag.wait_until_asked();
    let end = drag.cancel();
    assert_eq!(end.failure.as_deref(), Some("user-cancelled"));
    assert!(window.ends_within(Duration::ZERO) || !window.text().is_empty());
}
