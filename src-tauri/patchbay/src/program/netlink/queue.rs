//! Impairments: the queue of an interface, netem or, for a rate alone, tbf (`linux/pkt_sched.h`).

use labwright_patchbay::Impairments;
use netlink_packet_core::DefaultNla;
use netlink_packet_route::tc::{TcAttribute, TcHandle, TcMessage};
use nix::libc;

use super::{Request, redirect::at};

/// `TCA_OPTIONS`.
const OPTIONS: u16 = 2;

/// How many frames netem holds at most: what comes in 200 ms at a gigabit a second in frames of 1500 bytes. tc's 1000 would
/// be a loss of its own, and nothing holds a sender back that sends more.
const NETEM_LIMIT: u32 = 20_000;

/// How long tbf lets frames wait before it drops them, in milliseconds.
const TBF_WAIT: u64 = 50;

/// The least tbf lets through in one go, in bytes: more than the largest frame of a lab, since it drops what is larger,
/// and little, since all of it passes at once when the link was quiet. What is to be cut into frames it cuts itself.
const TBF_BURST: u64 = 16 << 10;

/// Puts a queue that does what is wanted in the place of the one there is. `impairments` must not be none.
pub(crate) fn queue(index: u32, impairments: &Impairments) -> Request {
    let (kind, options) = if impairments.needs_netem() {
        ("netem", netem(impairments))
    } else {
        ("tbf", tbf(impairments.rate_bps / 8))
    };
    let mut message = root(index);
    message.header.handle.major = 1;
    message.attributes = vec![
        TcAttribute::Kind(kind.to_owned()),
        TcAttribute::Other(DefaultNla::new(OPTIONS, options)),
    ];
    Request::replace(libc::RTM_NEWQDISC, &message)
}

/// Takes the queue of an interface away.
pub(crate) fn no_queue(index: u32) -> Request {
    Request::change(libc::RTM_DELQDISC, &root(index))
}

fn root(index: u32) -> TcMessage {
    let mut message = at(index);
    message.header.parent = TcHandle::ROOT;
    message
}

/// `struct tc_netem_qopt`, and behind it attributes for what it has no field for.
fn netem(impairments: &Impairments) -> Vec<u8> {
    const CORRUPT: u16 = 4;
    const RATE: u16 = 6;
    const RATE64: u16 = 8;
    const LATENCY64: u16 = 10;
    const JITTER64: u16 = 11;
    let loss = share(impairments.loss_ppm);
    let mut bytes = words(&[0, NETEM_LIMIT, loss, 0, 0, 0]);
    let mut attribute = |kind: u16, value: Vec<u8>| append(&mut bytes, kind, &value);
    let nanoseconds = |us: u32| (i64::from(us) * 1000).to_ne_bytes().to_vec();
    attribute(LATENCY64, nanoseconds(impairments.delay_us));
    attribute(JITTER64, nanoseconds(impairments.jitter_us));
    attribute(CORRUPT, words(&[share(impairments.corruption_ppm), 0]));
    // Also where there is none: a queue that is changed keeps the rate that it is not told.
    let bytes_per_second = impairments.rate_bps / 8;
    let short = u32::try_from(bytes_per_second).unwrap_or(u32::MAX);
    attribute(RATE, words(&[short, 0, 0, 0]));
    attribute(RATE64, bytes_per_second.to_ne_bytes().to_vec());
    bytes
}

/// Parts of a million as netem counts: parts of `u32::MAX`.
fn share(ppm: u32) -> u32 {
    let parts = u64::from(ppm) * u64::from(u32::MAX) / 1_000_000;
    u32::try_from(parts).unwrap_or(u32::MAX)
}

/// `TCA_TBF_PARMS` with `struct tc_tbf_qopt`, the rate in 64 bits and the burst in bytes.
fn tbf(bytes_per_second: u64) -> Vec<u8> {
    const PARMS: u16 = 1;
    const RATE64: u16 = 4;
    const BURST: u16 = 6;
    let short = u32::try_from(bytes_per_second).unwrap_or(u32::MAX);
    let burst = TBF_BURST.max(bytes_per_second / 250);
    let limit = burst + bytes_per_second * TBF_WAIT / 1000;
    let clamped = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    // Both `struct tc_ratespec` (cell_log, linklayer, overhead, cell_align, mpu, rate): that of the rate with linklayer
    // Ethernet, without which the kernel asks for a table of times; that of the peak empty. Then limit, buffer and mtu.
    let parameters = [
        words(&[u32::from_ne_bytes([0, 1, 0, 0]), 0, short]),
        words(&[0, 0, 0]),
        words(&[clamped(limit), 0, 0]),
    ];
    let mut bytes = Vec::new();
    append(&mut bytes, PARMS, &parameters.concat());
    append(&mut bytes, RATE64, &bytes_per_second.to_ne_bytes());
    append(&mut bytes, BURST, &words(&[clamped(burst)]));
    bytes
}

fn words(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_ne_bytes())
        .collect()
}

/// Every value here is a multiple of four bytes long, so none needs padding.
fn append(bytes: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(value.len() + 4).unwrap_or(u16::MAX);
    bytes.extend(length.to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(value);
}
