//! Leaving with an import running, and hearing of its end while looking elsewhere.

use std::path::Path;
use std::time::Duration;

use labwright_testbed::Window;
use labwright_testbed::archives::RootFs;
use labwright_testbed::desktop::until;
use labwright_testbed::servers::HttpServer;
use serde_json::{Value, json};

use crate::bench::{Bench, PATIENCE};

/// Presses a button of the question, a moment later: the driver hears nothing more of a page that is gone.
fn answer(window: &Window, button: &str) {
    window.wait_for_text(button);
    let press = "const all = [...document.querySelectorAll('dialog button')];
        const button = all.find((one) => one.textContent.trim() === arguments[0]);
        setTimeout(() => button.click(), 100);";
    window.run(press, &[json!(button)]);
}

#[test]
fn cancel_and_quit_ends_the_program_and_leaves_nothing() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open_with(file.to_str().unwrap());
    window.find("footer .strip");
    window.close();
    answer(&window, "Cancel jobs and quit");
    let ended = until(Duration::from_secs(10), || (!window.runs()).then_some(()));
    assert!(ended.is_some(), "the program still runs");
    assert!(
        bench.engine.images().is_empty(),
        "{:?}",
        bench.engine.images()
    );
    drop(window);

    let jobs = bench.lw(&["jobs", "--json"]).output().unwrap();
    let jobs = String::from_utf8(jobs.stdout).unwrap();
    let jobs: Value = serde_json::from_str(&jobs).unwrap();
    assert_eq!(jobs[0]["job"]["outcome"]["type"], "cancelled", "{jobs}");
}

#[test]
fn keep_running_imports_without_the_window_tells_the_end_and_goes() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open_with(file.to_str().unwrap());
    window.find("footer .strip");
    window.close();
    answer(&window, "Keep running");
    let ended = until(PATIENCE, || (!window.runs()).then_some(()));
    assert!(
        ended.is_some(),
        "the program stays though nothing runs any more"
    );
    assert_eq!(bench.marker("vyos:1.4.0"), "large");
    let told = bench.display.notifications();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].summary.contains("vyos-1.4.0-amd64.tar"), "{told:?}");
}

#[test]
fn the_end_of_an_import_is_told_while_another_window_is_in_front() {
    let bench = Bench::new();
    let window = bench.open();
    window.focus();
    let seen = bench.file("vyos-1.4.0-amd64.tar", &RootFs::tiny().marker("seen").tar());
    bench.hand_over(&[&seen]);
    bench.has(&window, "vyos:1.4.0", "seen");
    window.wait_for_text("vyos:1.4.0");
    assert_eq!(bench.display.notifications(), [], "the user looks at it");

    let unseen = bench.large();
    std::fs::rename(&unseen, unseen.with_file_name("vyos-1.4.1-amd64.tar")).unwrap();
    bench.hand_over(&[&unseen.with_file_name("vyos-1.4.1-amd64.tar")]);
    window.find("footer .strip");
    window.unfocus();
    bench.has(&window, "vyos:1.4.1", "large");
    let told = window.wait_for("the notification", || {
        let told = bench.display.notifications();
        (!told.is_empty()).then_some(told)
    });
    assert!(told[0].summary.contains("vyos-1.4.1-amd64.tar"), "{told:?}");
}

#[test]
fn the_tray_tells_how_many_jobs_run_brings_the_window_back_and_quits() {
    let bench = Bench::new();
    let window = bench.open();
    assert_eq!(
        bench.display.tray(),
        ["Open Labwright", "No jobs running", "Quit"]
    );
    // Slow enough for all that follows.
    let archive = RootFs::tiny().padding(200 << 20).tar();
    let server = HttpServer::bytes(archive).file_name("vyos-1.4.0-amd64.tar");
    let server = server.bytes_per_second(4 << 20).start();
    bench.hand_over(&[Path::new(&server.url())]);
    window.find("footer .strip");
    window.wait_for("the tray's count", || {
        (bench.display.tray()[1] == "1 job running").then_some(())
    });
    bench.display.choose_in_tray("Quit");
    window.wait_for_text("Quit Labwright");
    window.click("dialog button", "Stay");

    window.close();
    answer(&window, "Keep running");
    let title = "Labwright";
    let hidden = until(PATIENCE, || {
        bench.display.windows(title).is_empty().then_some(())
    });
    assert!(hidden.is_some(), "the window stays");
    bench.display.choose_in_tray("Open Labwright");
    let shown = until(PATIENCE, || {
        (!bench.display.windows(title).is_empty()).then_some(())
    });
    assert!(shown.is_some(), "the window does not come back");

    bench.display.choose_in_tray("Quit");
    answer(&window, "Cancel jobs and quit");
    let ended = until(PATIENCE, || (!window.runs()).then_some(()));
    assert!(ended.is_some(), "the program still runs");
}
