//! Why the last stream failed: the client at the socket only sees that its connection is gone.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

/// A client hears within milliseconds that its connection is gone. What is older was another one's.
const RECENT: Duration = Duration::from_secs(2);

/// The failure of one stream.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    at: Instant,
    error: Arc<io::Error>,
}

impl Failure {
    pub(super) fn new(error: io::Error) -> Self {
        Self {
            at: Instant::now(),
            error: Arc::new(error),
        }
    }

    /// The reason for a connection that was found broken now.
    pub(super) fn reason(&self) -> Option<Arc<io::Error>> {
        (self.at.elapsed() < RECENT).then(|| Arc::clone(&self.error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_just_happened_is_a_reason() {
        let mut failure = Failure::new(io::Error::other("refused"));
        let text = failure.reason().map(|error| error.to_string());
        assert_eq!(text.as_deref(), Some("refused"));
        failure.at = failure.at.checked_sub(RECENT).unwrap_or(failure.at);
        assert!(failure.reason().is_none());
    }
}
