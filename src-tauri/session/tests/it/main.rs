//! A session on real engines: what a window would see.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what is wrong by panicking"
)]

mod desk;
mod engines;
mod images;
mod jobs;
mod lab;
mod lab_runs;
mod lab_streams;
mod labs;
mod offers;
mod settings;
mod types;
