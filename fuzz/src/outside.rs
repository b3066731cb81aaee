//! What is said of a file before it is decoded.

use crate::expectations::{Trickle, same};
use labwright_archive::{
    ArchiveFacts, Compression, InspectError, InspectLimits, foreign, inspect,
};
use std::io::Read;

/// Enough to look behind the first layers of every seed, and little enough to be quick on a bomb.
const LIMITS: InspectLimits = InspectLimits {
    decoded: 256 << 10,
    undecided: 256 << 10,
};

/// The first look must not depend on how its input arrives, and must agree with the sniffers.
pub(crate) fn check(data: &[u8]) {
    let whole = look(data);
    let trickled = look(Trickle::new(data));
    same("the first look", &whole, &trickled);
    match (foreign(data), whole) {
        (Some(named), Err(InspectError::Foreign(found))) => {
            same("the foreign kind", &named, &found);
        }
        (Some(named), other) => panic!("{named:?} was taken for {other:?}"),
        (None, Ok(facts)) => same(
            "the compression",
            &Compression::of(data),
            &Some(facts.compression),
        ),
        (None, Err(_)) => {}
    }
}

fn look(input: impl Read) -> Result<ArchiveFacts, InspectError> {
    let wanted = ["etc/os-release", "etc/swi-version"].map(str::to_owned);
    inspect(input, &wanted, LIMITS)
}
