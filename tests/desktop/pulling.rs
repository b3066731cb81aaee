//! From a registry to an image.

use std::time::Duration;

use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::{Gate, Registry, RegistryImage, Window};

use crate::bench::{Bench, PATIENCE};

const MIB: u64 = 1 << 20;

/// What the strip at the foot shows of the download: per cent.
const DOWNLOADED: &str = "const strip = document.querySelector('footer .strip');
    const bar = strip?.querySelector('[role=progressbar]');
    const step = strip?.querySelector('.step')?.textContent;
    return strip && [step ?? '', bar ? Number(bar.ariaValueNow) : -1];";

/// A registry behind a gate, with an image of four layers.
struct Shelf {
    registry: Registry,
    gate: Gate,
}

impl Shelf {
    fn new() -> Self {
        let registry = Registry::open();
        let gate = Gate::before(&registry);
        Self { registry, gate }
    }

    /// Puts an image onto it, and says what to type for it.
    fn put(&self, name: &str, mark: &str) -> String {
        let image = RegistryImage::new(name, "1").compression(Compression::None);
        let first = RootFs::tiny().marker(mark).padding(4 * MIB);
        let image = (1..4).fold(image.layer(&first), |image, number| {
            image.layer(&RootFs::empty().seed(number).padding(number * 4 * MIB))
        });
        image.push(&self.registry);
        self.gate.reference(&format!("{name}:1"))
    }
}

/// Asks for a pull by the keyboard alone.
fn pull(window: &Window, reference: &str) {
    window.press("Control+l");
    window.find("dialog input").write(reference);
    window.press("Enter");
    window.wait_until_gone("dialog");
}

#[test]
fn a_pull_from_the_wish_to_the_image() {
    let (bench, shelf) = (Bench::new(), Shelf::new());
    let reference = shelf.put("net/router", "pulled");
    shelf.gate.bytes_per_second(Some(8 * MIB));
    let window = bench.open();
    pull(&window, &reference);
    window.wait_for_text("of 4 layers");

    // Within a step the bar never runs backwards, and something of it is seen.
    let mut seen: Vec<i64> = Vec::new();
    window.wait_within(PATIENCE, "the end of the pull", || {
        let strip = window.run(DOWNLOADED, &[]);
        let Some(shown) = strip.as_array() else {
            return (!seen.is_empty()).then_some(());
        };
        let part = shown[1].as_i64().filter(|part| *part >= 0);
        seen.extend(part.filter(|_| shown[0] == "Download"));
        None
    });
    assert!(seen.is_sorted(), "{seen:?}");
    assert!(seen.first() < seen.last(), "{seen:?}");
    bench.has(&window, &reference, "pulled");

    // The sheet remembers it, and knows that it is there.
    window.press("Control+l");
    window.wait_for("the reference among those pulled before", || {
        let recent = window.text();
        (recent.contains(&reference) && recent.contains("Pull again")).then_some(())
    });
    bench.engine.exec_cli(&["rmi", &reference]);
    window.wait_for("the reference to be missing", || {
        let recent = window.text();
        recent.contains("not in Docker").then_some(())
    });
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn a_pull_that_failed_says_why_and_is_pulled_again_where_it_stands() {
    let (bench, shelf) = (Bench::new(), Shelf::new());
    let reference = shelf.gate.reference("net/late:1");
    let window = bench.open();
    pull(&window, &reference);
    window.wait_for_text(&format!("{reference} could not be pulled"));
    window.wait_for_text("Check the name and the tag.");

    shelf.put("net/late", "late");
    window.click("button", "Pull again");
    bench.has(&window, &reference, "late");
    window.wait_for("the failure to go", || {
        (!window.text().contains("could not be pulled")).then_some(())
    });
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn what_cannot_be_a_reference_is_said_before_anything_is_asked() {
    let bench = Bench::new();
    let window = bench.open();
    window.press("Control+l");
    window.find("dialog input").write("Alpine");
    window.wait_for_text("small letters");
    window.press("Enter");
    window.press("Escape");
    window.wait_until_gone("dialog");
    window.press("Control+4");
    window.wait_for_text("Nothing");
}

#[test]
fn a_pull_goes_on_while_the_page_is_loaded_again_and_can_be_cancelled() {
    let (bench, shelf) = (Bench::new(), Shelf::new());
    let reference = shelf.put("net/slow", "slow");
    shelf.gate.bytes_per_second(Some(2 * MIB));
    let window = bench.open();
    pull(&window, &reference);
    for _ in 0..3 {
        window.wait_for_text("of 4 layers");
        window.reload();
    }
    window.press("Control+l");
    window.click("dialog button", "Cancel");
    window.wait_for("the reference to be missing", || {
        let recent = window.text();
        recent.contains("not in Docker").then_some(())
    });
    assert!(bench.engine.images().is_empty());
}

#[test]
fn after_a_kill_the_image_is_missing_and_the_same_pull_brings_it() {
    let (bench, shelf) = (Bench::new(), Shelf::new());
    let reference = shelf.put("net/killed", "killed");
    shelf.gate.bytes_per_second(Some(4 * MIB));
    let window = bench.open();
    pull(&window, &reference);
    window.wait_for_text("of 4 layers");
    window.kill();
    assert!(window.ends_within(Duration::from_secs(10)));
    drop(window);

    shelf.gate.bytes_per_second(None);
    let window = bench.open();
    window.press("Control+l");
    window.wait_for("the reference to be missing", || {
        let recent = window.text();
        (recent.contains(&reference) && recent.contains("not in Docker")).then_some(())
    });
    window.click("dialog section button", "Pull");
    window.press("Escape");
    bench.has(&window, &reference, "killed");
}

#[test]
fn what_lw_pulls_is_shown_too() {
    let (bench, shelf) = (Bench::new(), Shelf::new());
    let reference = shelf.put("net/terminal", "terminal");
    shelf.gate.bytes_per_second(Some(4 * MIB));
    let window = bench.open();
    let mut lw = bench.lw(&["--quiet", "pull", &reference]).spawn().unwrap();
    window.wait_for_text("of 4 layers");
    assert!(lw.wait().unwrap().success());
    window.wait_for("the image in the table", || {
        let text = window.text();
        (text.contains("1 image in Docker") && text.contains(&reference)).then_some(())
    });
}
