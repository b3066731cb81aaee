//! Twenty files at once.

use std::path::{Path, PathBuf};

use labwright_testbed::DragSource;
use labwright_testbed::archives::RootFs;

use crate::bench::{Bench, PATIENCE};

/// The rows of Activity: title and how it stands.
const ROWS: &str = "return [...document.querySelectorAll('[role=option]')]
    .map((row) => [row.querySelector('.title').textContent.trim(), row.querySelector('.state').textContent.trim()]);";

#[test]
fn twenty_files_dropped_at_once_all_arrive_and_a_second_page_sees_the_same() {
    let bench = Bench::new();
    let names: Vec<String> = (0..20).map(|number| format!("1.4.{number}")).collect();
    let file = |version: &String| {
        let archive = RootFs::tiny().marker(version).padding(1 << 20).tar();
        bench.file(&format!("vyos-{version}-amd64.tar"), &archive)
    };
    let files: Vec<PathBuf> = names.iter().map(file).collect();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let window = bench.open();
    window.press("Control+4");
    let drag = DragSource::new(&bench.display, &files);
    drag.hold_over(640, 400);
    window.wait_for_text("20 files");
    assert!(drag.let_go().accepted());
    window.wait_within(PATIENCE, "the end of all", || {
        window.text().contains("20 succeeded").then_some(())
    });
    for version in &names {
        assert_eq!(bench.marker(&format!("vyos:{version}")), *version);
    }

    // What the page made of the events is what another page is told whole.
    let seen = window.run(ROWS, &[]);
    assert!(seen.as_array().is_some_and(|rows| rows.len() > 5), "{seen}");
    window.reload();
    window.press("Control+4");
    window.wait_for_text("20 succeeded");
    assert_eq!(window.run(ROWS, &[]), seen);
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn what_lw_imports_is_seen_while_it_runs_and_can_be_cancelled() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open();
    let mut lw = bench
        .lw(&["import", file.to_str().unwrap(), "--quiet"])
        .spawn()
        .unwrap();
    window.press("Control+4");
    window.wait_for_text("Another program runs it");
    window.click("[data-details] button", "Cancel");
    assert_eq!(
        lw.wait().unwrap().code(),
        Some(3),
        "lw says that it was cancelled"
    );
    window.wait_for_text("1 cancelled");
    assert!(
        bench.engine.images().is_empty(),
        "{:?}",
        bench.engine.images()
    );
}
