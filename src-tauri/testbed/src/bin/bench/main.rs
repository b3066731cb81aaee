//! `lw import FILE` against each engine's own import, in turn, on an archive of cEOS's size.
//!
//! Prints seconds, ratios, the time to the first progress event, the largest number of progress events in any second,
//! and the peak of resident memory. It is a measurement, not a test: it fails only if something does not run.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a program that prints figures, and ends with a message where it cannot go on"
)]

mod measure;

use labwright_testbed::archives::ceos_cached;
use labwright_testbed::{Engine, Kind};
use measure::{Imported, our_import, own_import};
use std::path::{Path, PathBuf};

/// Rounds per engine.
const ROUNDS: usize = 3;

/// The largest ratio that is good enough.
fn target(kind: Kind) -> f64 {
    match kind {
        Kind::Classic => 0.85,
        Kind::Containerd => 0.50,
        Kind::Podman => 0.35,
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(
        arguments
            .next()
            .expect("the first argument is the path of lw"),
    );
    let wanted: Vec<String> = arguments.collect();
    let archive = ceos_cached();
    println!(
        "archive  {} · {} bytes",
        archive.display(),
        std::fs::metadata(&archive)
            .expect("the archive is there")
            .len()
    );
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load     {}", load.trim());
    println!(
        "{:<22} {:>8} {:>8} {:>7}  {:>10} {:>12} {:>9}",
        "engine", "its own", "lw", "ratio", "first", "events/s", "memory"
    );
    for kind in Kind::ALL {
        if wanted.is_empty() || wanted.iter().any(|name| *name == kind.to_string()) {
            compare(kind, &program, &archive);
        }
    }
}

fn compare(kind: Kind, program: &Path, archive: &Path) {
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let engine = Engine::private(kind);
        let own = own_import(&engine, archive).as_secs_f64();
        drop(engine);
        let engine = Engine::private(kind);
        let ours = our_import(&engine, program, archive);
        let ratio = ours.seconds() / own;
        ratios.push(ratio);
        show(&kind.to_string(), own, &ours, ratio);
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    let verdict = if median <= target(kind) {
        "met"
    } else {
        "MISSED"
    };
    println!(
        "{kind}: median ratio {median:.2}, target {:.2}: {verdict}\n",
        target(kind)
    );
}

fn show(name: &str, own: f64, ours: &Imported, ratio: f64) {
    println!(
        "{name:<22} {own:>6.1} s {:>6.1} s {ratio:>7.2}  {:>7} ms {:>12} {:>5} MiB",
        ours.seconds(),
        ours.first_progress.as_millis(),
        ours.most_events,
        ours.peak_memory >> 10,
    );
}
