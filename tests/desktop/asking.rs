//! What is not clear is asked, and what fails says what to do.

use labwright_testbed::archives::RootFs;

use crate::bench::Bench;

#[test]
fn a_name_that_is_taken_is_asked_about_and_can_be_moved() {
    let bench = Bench::new();
    let name = "vyos-1.4.0-amd64.tar";
    let first = bench.file(name, &RootFs::tiny().marker("first").tar());
    let window = bench.open_with(first.to_str().unwrap());
    bench.has(&window, "vyos:1.4.0", "first");

    let second = bench.file(name, &RootFs::tiny().marker("second").tar());
    bench.hand_over(&[&second]);
    window.wait_for_text("vyos:1.4.0 is the name of another image");
    assert_eq!(
        bench.marker("vyos:1.4.0"),
        "first",
        "nothing starts unasked"
    );
    // A real mouse: where the page moves under it, its click is lost.
    let (x, y, _, height) = window.find("dialog [role=radiogroup] label").rect();
    bench.display.click(x + 8.0, y + height / 2.0);
    window.click("dialog button", "Import 1 file");
    window.wait_for("the name to be moved", || {
        (bench.marker("vyos:1.4.0") == "second").then_some(())
    });
    window.wait_until_gone("dialog");
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn an_archive_that_is_cut_fails_with_what_to_do_next() {
    let bench = Bench::new();
    let whole = RootFs::tiny().padding(8 << 20).tar();
    let file = bench.file("vyos-1.4.0-amd64.tar", &whole[..whole.len() / 2]);
    let window = bench.open_with(file.to_str().unwrap());
    window.wait_for_text("images in Docker");
    window.press("Control+4");
    window.wait_for_text("1 failed");
    let said = window.find("[data-details]").text();
    assert!(said.contains("vyos-1.4.0-amd64.tar"), "{said}");
    assert!(said.contains("Download the file again"), "{said}");
    assert!(said.contains("Retry"), "{said}");
    assert!(bench.engine.images().is_empty());
}
