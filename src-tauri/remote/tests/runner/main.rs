//! The runner, as it is sent to hosts: the real script, under the shells that hosts have, with real repositories, a real
//! Python environment and a package index in a folder. No network.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bench;
mod job;
mod plan;
mod python;
mod report;
mod repository;

mod cancel;
mod examine;
mod full_disk;
mod hostile;
mod images;
mod install;
mod pins;
mod progress;
mod refusal;
mod turn;
mod verify;
