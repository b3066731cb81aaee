//! Waiting for states. The limit is generous: what has not come by then never will.

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(200);

/// What `look` finds, as soon as it finds something; until then it says what it sees.
#[track_caller]
pub(crate) fn until<T, E: Debug>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        match look() {
            Ok(found) => return found,
            Err(seen) if Instant::now() > deadline => panic!("waited in vain for {what}: {seen:?}"),
            Err(_) => thread::sleep(PAUSE),
        }
    }
}
