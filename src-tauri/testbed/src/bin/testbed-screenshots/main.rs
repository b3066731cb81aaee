//! Pictures of the real program: `script/screenshots` builds and runs it.
//!
//! `testbed-screenshots PROGRAM OUTFOLDER [--engine podman|classic|containerd|none] [--only VIEW]…`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod arguments;
mod views;

use std::env;
use std::process::ExitCode;

use labwright_testbed::{Display, Engine, Launch, Window};

use arguments::Arguments;
use views::{SIZES, Step, VIEWS, View};

fn main() -> ExitCode {
    let arguments = match Arguments::parse(env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("screenshots: {message}");
            return ExitCode::from(2);
        }
    };
    let engine = arguments.engine.map(Engine::private);
    let display = Display::new();
    let mut launch = Launch::new(&arguments.program).failures(&arguments.folder);
    if let Some(engine) = &engine {
        launch = launch.variable("LW_ENGINE", engine.address());
    }
    let window = launch.open(&display);
    for view in VIEWS.iter().filter(|view| arguments.wants(view.name)) {
        take(view, &window, &arguments);
    }
    ExitCode::SUCCESS
}

/// Takes a view in both themes and all sizes.
fn take(view: &View, window: &Window, arguments: &Arguments) {
    for (theme, dark) in [("light", false), ("dark", true)] {
        window.display().prefer_dark(dark);
        window.wait_for(&format!("the {theme} theme"), || {
            let matches = "return matchMedia('(prefers-color-scheme: dark)').matches";
            (window.run(matches, &[]) == dark).then_some(())
        });
        for (width, height) in SIZES {
            window.resize(width, height);
            // Every view begins where the program does.
            window.reload();
            view.steps.iter().for_each(|step| go(step, window));
            settle(window);
            let name = format!("{}-{theme}-{width}x{height}.png", view.name);
            let path = arguments.folder.join(name);
            window.picture().save(&path);
            println!("{}", path.display());
        }
    }
}

fn go(step: &Step, window: &Window) {
    match step {
        Step::Wait(css) => drop(window.find(css)),
        Step::Click(css) => window.find(css).click(),
        Step::Press(keys) => window.press(keys),
    }
}

/// Waits until fonts are there, nothing moves any more, and two frames have been drawn since.
fn settle(window: &Window) {
    let script = "const done = arguments[0];
        document.fonts.ready
            .then(() => Promise.allSettled(document.getAnimations()
                .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
                .map((animation) => animation.finished)))
            .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));";
    window.run_async(script, &[]);
    if window.text().trim().is_empty() {
        window.fail("the page is empty");
    }
}
