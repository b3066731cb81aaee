//! Chance that can be had again: a seed that a failed test shows.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Numbers that look random: splitmix64.
pub(crate) struct Chance(u64);

impl Chance {
    /// From a seed that is new in each run.
    #[expect(
        clippy::print_stderr,
        reason = "whoever reads a failure needs the seed"
    )]
    pub(crate) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = u64::from(now.subsec_nanos()) ^ now.as_secs();
        eprintln!("the seed is {seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A while of at least so many milliseconds, and less than so many.
    pub(crate) fn milliseconds(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.next() % (to - from))
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }
}
