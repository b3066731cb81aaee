//! Nothing is lost: pages that are loaded again, programs that are killed.

use std::time::Duration;

use labwright_testbed::Window;

use crate::bench::{Bench, PATIENCE};

#[test]
fn a_page_that_is_loaded_again_shows_the_import_where_it_is() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open_with(file.to_str().unwrap());
    for _ in 0..3 {
        window.find("footer .strip");
        window.reload();
    }
    bench.has(&window, "vyos:1.4.0", "large");
    window.press("Control+4");
    window.wait_for_text("vyos-1.4.0-amd64.tar");
    window.wait_within(PATIENCE, "the end", || {
        window.text().contains("1 succeeded").then_some(())
    });
}

#[test]
fn after_a_kill_the_job_is_interrupted_and_a_retry_brings_the_image() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open_with(file.to_str().unwrap());
    window.find("footer .strip");
    window.kill();
    assert!(window.ends_within(Duration::from_secs(10)));
    drop(window);

    let window = bench.open();
    window.press("Control+4");
    window.wait_for_text("interrupted");
    window.click("[data-details] button", "Retry");
    bench.has(&window, "vyos:1.4.0", "large");
}

#[test]
fn the_window_comes_back_in_the_size_and_theme_that_it_had() {
    let bench = Bench::new();
    let window = bench.open();
    window.press("Control+5");
    window.click("[role=radiogroup] label", "Dark");
    window.wait_for("the dark theme", || is_dark(&window));
    window.resize(1000, 700);
    window.close();
    assert!(window.ends_within(Duration::from_secs(10)));
    drop(window);

    let window = bench.open();
    let (_, _, width, height) = window.rect();
    assert_eq!((width, height), (1000, 700));
    window.wait_for("the dark theme", || is_dark(&window));
}

/// The page follows the setting, whatever the system prefers.
fn is_dark(window: &Window) -> Option<()> {
    let theme = window.run("return document.documentElement.dataset.theme", &[]);
    (theme == "dark").then_some(())
}
