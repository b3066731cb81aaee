//! Medians, and what was aimed at.

use crate::round::Round;

/// The most resident memory, in MiB.
const PEAK: u64 = 256;
/// The first progress, in milliseconds from the start.
const FIRST_PROGRESS: u64 = 300;
/// Progress events in a second.
const PROGRESS: u64 = 10;

/// The middle one of some numbers, the upper one of two.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Says for all rounds on an engine what was aimed at, and whether it was met.
pub(crate) fn print_verdict(engine: &str, rounds: &[Round], ratio_wanted: f64) {
    let ratio = median(rounds.iter().map(Round::ratio));
    let met = verdict(ratio <= ratio_wanted);
    println!("{engine:<10}  {met}  median ratio {ratio:.3}, wanted {ratio_wanted:.2} or less");
    let largest = |of: fn(&Round) -> u64| rounds.iter().map(of).max().unwrap_or(u64::MAX);
    let (peak, first, progress) = (
        largest(Round::peak),
        largest(Round::first_progress),
        largest(Round::progress),
    );
    for (met, text) in [
        (
            peak < PEAK,
            format!("{peak} MiB resident, wanted less than {PEAK}"),
        ),
        (
            first <= FIRST_PROGRESS,
            format!("first progress after {first} ms, wanted {FIRST_PROGRESS} or less"),
        ),
        (
            progress <= PROGRESS,
            format!("{progress} progress events in a second, wanted {PROGRESS} or less"),
        ),
    ] {
        println!("{:<10}  {}  {text}", "", verdict(met));
    }
}

/// Whether what was aimed at was met.
pub(crate) fn verdict(met: bool) -> &'static str {
    if met { "met   " } else { "MISSED" }
}
