//! Pulls from a real registry into the three real engines.

mod bench;
mod cancel;
mod faults;
mod refusals;
mod whole;
