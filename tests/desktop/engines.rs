//! The engine goes and comes back.

use std::sync::Arc;

use labwright_testbed::archives::RootFs;

use crate::bench::Bench;

#[test]
fn that_the_engine_went_away_and_came_back_is_seen() {
    let bench = Bench::new();
    let window = bench.open();
    bench.engine.kill();
    window.wait_for_text("gone");
    let engine = Arc::clone(&bench.engine);
    std::thread::spawn(move || engine.start()).join().unwrap();
    window.wait_for("the engine to be back", || {
        let rail = window.find("nav .engine").text();
        (!rail.contains("gone")).then_some(())
    });
    let file = bench.file("frr-1.tar", &RootFs::tiny().marker("back").tar());
    bench.hand_over(&[&file]);
    window.wait_for_text("frr:1");
}
