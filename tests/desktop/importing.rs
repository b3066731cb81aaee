//! From a file to an image.

use std::time::Duration;

use labwright_testbed::DragSource;
use labwright_testbed::archives::RootFs;

use crate::bench::{Bench, PATIENCE};

/// What the strip at the foot shows: per cent of the step, and the words.
const STRIP: &str = "const strip = document.querySelector('footer .strip');
    const bar = strip?.querySelector('[role=progressbar]');
    return strip && [strip.querySelector('.step')?.textContent ?? '', bar ? Number(bar.ariaValueNow) : -1];";

#[test]
fn a_file_dragged_from_another_program_is_named_and_then_imported() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open();
    let drag = DragSource::new(&bench.display, &[&file]);
    drag.hold_over(640, 400);
    window.wait_for_text("Drop to import into Docker");
    window.wait_for_text("VyOS 1.4.0");
    window.wait_for_text("vyos:1.4.0");
    assert!(
        bench.engine.images().is_empty(),
        "nothing starts before the drop"
    );
    assert!(drag.let_go().accepted());

    // Within a step the bar never runs backwards, and something of it is seen.
    let mut seen: Vec<(String, i64)> = Vec::new();
    window.wait_within(PATIENCE, "the end of the import", || {
        let strip = window.run(STRIP, &[]);
        let Some(shown) = strip.as_array() else {
            return (!seen.is_empty()).then_some(());
        };
        let step = shown[0].as_str().unwrap_or_default().to_owned();
        seen.push((step, shown[1].as_i64().unwrap_or(-1)));
        None
    });
    let sent = seen
        .iter()
        .filter(|(step, part)| step == "Send" && *part >= 0);
    let parts: Vec<i64> = sent.map(|(_, part)| *part).collect();
    assert!(parts.is_sorted(), "{parts:?}");
    assert!(parts.first() < parts.last(), "{seen:?}");

    bench.has(&window, "vyos:1.4.0", "large");
    window.find("[role=row] [title='vyos:1.4.0'], [role=row]");
    window.wait_for_text("vyos:1.4.0");
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn a_drag_that_goes_away_leaves_nothing() {
    let bench = Bench::new();
    let file = bench.file("vyos-1.4.0-amd64.tar", &RootFs::tiny().tar());
    let window = bench.open();
    let drag = DragSource::new(&bench.display, &[&file]);
    drag.hold_over(640, 400);
    window.wait_for_text("Drop to import into Docker");
    drag.carry_back();
    window.wait_until_gone(".veil");
    assert!(bench.engine.images().is_empty());
}

#[test]
fn what_is_no_image_is_left_out_with_the_reason() {
    let bench = Bench::new();
    let page = bench.file(
        "cEOS64-lab-4.35.1F.tar.xz",
        b"<!DOCTYPE html><html><title>Login</title></html>",
    );
    let window = bench.open();
    let drag = DragSource::new(&bench.display, &[&page]);
    drag.hold_over(640, 400);
    window.wait_for_text("left out");
    assert!(drag.let_go().accepted());
    window.wait_for_text("Nothing here can be imported");
    window
        .find("[role=dialog] button.main, dialog button.main")
        .click();
    window.wait_until_gone(".veil, dialog");
}

#[test]
fn a_file_on_the_command_line_is_imported() {
    let bench = Bench::new();
    let file = bench.file(
        "vyos-1.4.0-amd64.tar",
        &RootFs::tiny().marker("given").tar(),
    );
    let window = bench.open_with(file.to_str().unwrap());
    bench.has(&window, "vyos:1.4.0", "given");
    window.wait_for_text("vyos:1.4.0");
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let bench = Bench::new();
    let file = bench.large();
    let window = bench.open_with(file.to_str().unwrap());
    window.click_first("footer .strip");
    window.click("[data-details] button", "Cancel");
    window.wait_within(Duration::from_secs(10), "the job's end", || {
        window.text().contains("cancelled").then_some(())
    });
    assert!(
        bench.engine.images().is_empty(),
        "{:?}",
        bench.engine.images()
    );
}

#[test]
fn a_path_that_is_pasted_is_imported_and_the_reference_can_be_copied() {
    let bench = Bench::new();
    let file = bench.file(
        "vyos-1.4.0-amd64.tar",
        &RootFs::tiny().marker("pasted").tar(),
    );
    let window = bench.open();
    window.focus();
    let clip = bench.display.copy(file.to_str().unwrap());
    bench.display.strike("ctrl+v");
    bench.has(&window, "vyos:1.4.0", "pasted");
    drop(clip);

    window.press("Control+4");
    window.click("[data-details] button", "Copy reference");
    window.wait_for("the reference on the clipboard", || {
        (bench.display.clipboard() == "vyos:1.4.0").then_some(())
    });
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn a_folder_is_searched_for_archives_and_images_made_elsewhere_appear() {
    let bench = Bench::new();
    std::fs::create_dir(bench.display.home().join("images")).unwrap();
    for (name, mark) in [
        ("images/vyos-1.4.0-amd64.tar", "one"),
        ("images/frr-9.1.tar", "two"),
    ] {
        bench.file(name, &RootFs::tiny().marker(mark).tar());
    }
    bench.file("images/readme.txt", b"two images");
    let folder = bench.display.home().join("images");
    let window = bench.open_with(folder.to_str().unwrap());
    bench.has(&window, "vyos:1.4.0", "one");
    bench.has(&window, "frr:9.1", "two");

    bench
        .engine
        .exec_cli(&["tag", "frr:9.1", "lab/router:elsewhere"]);
    window.wait_for_text("lab/router:elsewhere");
    bench.engine.exec_cli(&["rmi", "lab/router:elsewhere"]);
    window.wait_for("the row to vanish", || {
        (!window.text().contains("lab/router:elsewhere")).then_some(())
    });
}
