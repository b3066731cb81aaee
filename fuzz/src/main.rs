//! A libFuzzer target for everything that reads archives: a corpus file is an archive as a user would give it, so what
//! crashes here can be given to `lw import` as it is.
//!
//! Built and run by `script/fuzz`.
#![no_main]

mod expectations;
mod outside;
mod reading;
mod rewriting;
mod seeds;
mod tar_blocks;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::env;
use std::path::Path;

/// Where the seeds are written before the corpus is read.
const SEEDS: &str = "LABWRIGHT_FUZZ_SEEDS";

fuzz_target!(
    init: {
        if let Some(folder) = env::var_os(SEEDS) {
            seeds::write(Path::new(&folder));
        }
    },
    |data: &[u8]| {
        outside::check(data);
        let decoded = reading::check(data);
        rewriting::check(&decoded);
    }
);

// A mutation breaks the checksum of the header it hits, and then nothing behind it is read. Most are repaired.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let size = fuzzer_mutate(data, size, max_size);
    if !seed.is_multiple_of(8) {
        tar_blocks::repair(&mut data[..size]);
    }
    size
});
