//! Cancellation with a reason.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use crate::CancelReason;

/// Tells work that it should stop, and why. Clones are the same token.
///
/// The first reason wins. A child is cancelled with its parent, but not the reverse.
#[derive(Clone, Debug, Default)]
pub struct CancelToken {
    signal: CancellationToken,
    reason: Arc<OnceLock<CancelReason>>,
    parent: Option<Arc<CancelToken>>,
}

impl CancelToken {
    /// A token that nobody cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels it and its children. Only the first call has an effect.
    pub fn cancel(&self, reason: CancelReason) {
        if !self.is_cancelled() {
            // Set before the signal: whoever sees the signal finds a reason.
            let _already_cancelled = self.reason.set(reason);
            self.signal.cancel();
        }
    }

    /// Whether it or its parent was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.signal.is_cancelled()
    }

    /// Why it was cancelled; none while it is not.
    pub fn reason(&self) -> Option<CancelReason> {
        let own = self.reason.get().copied();
        own.or_else(|| self.parent.as_ref().and_then(|parent| parent.reason()))
    }

    /// Waits until it is cancelled. Can be dropped and called again at will.
    pub async fn cancelled(&self) -> CancelReason {
        self.signal.cancelled().await;
        self.settled_reason()
    }

    #[expect(
        clippy::expect_used,
        reason = "the reason is set before the signal, here or in the parent"
    )]
    fn settled_reason(&self) -> CancelReason {
        self.reason().expect("a cancelled token has a reason")
    }

    /// A token that is cancelled with this one, and can be cancelled alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self {
            signal: self.signal.child_token(),
            reason: Arc::default(),
            parent: Some(Arc::new(self.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CancelToken;
    use crate::CancelReason;

    #[tokio::test]
    async fn the_first_reason_wins() {
        let token = CancelToken::new();
        assert_eq!(token.reason(), None);
        token.cancel(CancelReason::Interrupt);
        token.cancel(CancelReason::User);
        assert_eq!(token.cancelled().await, CancelReason::Interrupt);
    }

    #[tokio::test]
    async fn a_child_follows_its_parent_and_not_the_reverse() {
        let parent = CancelToken::new();
        let (follower, rebel) = (parent.child(), parent.child());
        rebel.cancel(CancelReason::HandleDropped);
        assert!(!parent.is_cancelled());
        parent.cancel(CancelReason::Shutdown);
        assert_eq!(follower.cancelled().await, CancelReason::Shutdown);
        assert_eq!(rebel.cancelled().await, CancelReason::HandleDropped);
    }
}
