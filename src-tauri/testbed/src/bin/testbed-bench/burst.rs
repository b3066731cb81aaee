//! What the page does when far more happens at once than anybody can read.

use labwright_testbed::{Display, Engine, Window};
use serde_json::{Value, json};

use crate::arguments::Arguments;

/// How many events come at once, and of how many jobs that run.
const EVENTS: usize = 100_000;
const RUNNING: usize = 40;

/// How many jobs the history has by then.
const PAST: usize = 500;

/// What the page is handed, and how it is watched.
const BURST: &str = include_str!("burst.js");

/// The longest time between two frames of each view, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Burst {
    pub(crate) images: f64,
    pub(crate) activity: f64,
}

/// Gives the history its jobs: imports of files that are not there, by the `lw` beside the program.
pub(crate) fn fill_history(arguments: &Arguments, engine: &Engine, display: &Display) {
    let files = (1..=PAST).map(|number| format!("/nowhere/router-{number}.tar"));
    let ended = display
        .command(arguments.program.with_file_name("lw"))
        .args(["--engine", &engine.address(), "--quiet", "import"])
        .args(files)
        .output()
        .expect("lw is beside the program");
    assert_eq!(
        ended.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

/// Bursts once in each of the two views that follow jobs.
pub(crate) fn measure(window: &Window) -> Burst {
    let in_view = |keys: &str| {
        window.press(keys);
        let answer = window.run_async(BURST, &[json!(EVENTS), json!(RUNNING)]);
        let longest = answer.get("longest").and_then(Value::as_f64);
        longest.unwrap_or_else(|| panic!("the page took no burst: {answer}"))
    };
    Burst {
        images: in_view("Control+2"),
        activity: in_view("Control+3"),
    }
}
