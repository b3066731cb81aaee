//! Captures: what passes an end, as pcapng.

mod frame;
mod pcapng;
mod run;
mod socket;

pub(crate) use run::capture;
