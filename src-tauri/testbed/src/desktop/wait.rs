//! Waiting for a condition, never for a time.

use std::thread;
use std::time::{Duration, Instant};

/// How long a page or a program may take to do what is waited for, on a loaded machine.
pub const LIMIT: Duration = Duration::from_secs(20);

/// How long lies between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks until there is something, for `limit` at most; always once at least.
pub fn until<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        let found = look();
        if found.is_some() || Instant::now() >= deadline {
            return found;
        }
        thread::sleep(PAUSE);
    }
}
