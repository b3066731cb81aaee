//! `docker import FILE` against `lw import FILE`, of a file as large as Arista's cEOS, on each engine.

use labwright_testbed::Kind;
use labwright_testbed::archives::ceos_cached;

use crate::arguments::Arguments;
use crate::bench::{Bench, disk, size};
use crate::machine;
use crate::report::print_verdict;
use crate::round::Round;

/// The ratio that is aimed at: the seconds of `lw` by those of the engine's own import.
const fn wanted(kind: Kind) -> f64 {
    match kind {
        Kind::Classic => 0.85,
        Kind::Containerd => 0.50,
        Kind::Podman => 0.35,
    }
}

/// Measures on one engine after the other.
pub(crate) fn run(arguments: &Arguments) {
    let file = ceos_cached();
    println!("{}, {} MiB", file.display(), size(&file));
    let mut results = Vec::new();
    for kind in &arguments.engines {
        let bench = Bench::new(*kind, &arguments.program);
        println!(
            "\n{kind}, version {}, load {}",
            bench.version(),
            machine::load()
        );
        Round::print_head();
        let mut rounds = Vec::new();
        for number in 1..=arguments.rounds {
            let own = bench.own_import(&file, "bench/own:1");
            let lw = bench.lw_import(&file, "bench/lw:1", disk());
            let round = Round::new(own, lw);
            round.print(number);
            rounds.push(round);
        }
        results.push((*kind, rounds));
    }
    println!();
    for (kind, rounds) in &results {
        print_verdict(kind.name(), rounds, wanted(*kind));
    }
}
