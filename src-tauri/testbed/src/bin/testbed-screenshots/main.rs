//! Pictures of the real program: `script/screenshots` builds and runs it.
//!
//! `testbed-screenshots PROGRAM OUTFOLDER [--engine classic|containerd|podman] [--only VIEW]…`
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal, and test support: what cannot be made ready must stop it"
)]

mod arguments;
mod hosts;
mod labs;
mod stage;
mod views;

use std::env;
use std::process::ExitCode;

use labwright_testbed::Window;

use arguments::Arguments;
use stage::Stage;
use views::{SIZES, Scene, VIEWS, View};

fn main() -> ExitCode {
    let arguments = match Arguments::parse(env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("screenshots: {message}");
            return ExitCode::from(2);
        }
    };
    let mut stage = Stage::new(&arguments.program, &arguments.folder, arguments.engine);
    let wanted: Vec<&View> = VIEWS
        .iter()
        .filter(|view| arguments.wants(view.name))
        .collect();
    let needed = |scene: &Scene| wanted.iter().any(|view| scene.leads_to(view.scene));
    for scene in Scene::ALL.into_iter().filter(needed) {
        stage.enter(scene);
        for view in wanted.iter().filter(|view| view.scene == scene) {
            view.before.iter().for_each(|step| stage.go(step));
            take(view, &mut stage, &arguments);
            view.after.iter().for_each(|step| stage.go(step));
        }
    }
    ExitCode::SUCCESS
}

/// Takes a view in both themes and all sizes.
fn take(view: &View, stage: &mut Stage, arguments: &Arguments) {
    for (theme, dark) in [("light", false), ("dark", true)] {
        for (width, height) in SIZES {
            prepare(stage.window(), dark, (width, height));
            view.steps.iter().for_each(|step| stage.go(step));
            let window = stage.window();
            settle(window);
            let name = format!("{}-{theme}-{width}x{height}.png", view.name);
            let path = arguments.folder.join(name);
            window.picture().save(&path);
            println!("{}", path.display());
        }
    }
}

/// Every picture begins with the page as it is when the program begins.
fn prepare(window: &Window, dark: bool, (width, height): (i32, i32)) {
    window.display().prefer_dark(dark);
    window.wait_for("the theme", || {
        let matches = "return matchMedia('(prefers-color-scheme: dark)').matches";
        (window.run(matches, &[]) == dark).then_some(())
    });
    window.resize(width, height);
    window.reload();
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
