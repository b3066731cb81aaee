//! Requests that are never broken off. An engine goes on with what it was asked for when the one who asked is gone: what
//! is taken back before it is made would stay.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// More requests than there ever are at once.
const ALL: u32 = 1 << 20;

/// Requests that make something.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    /// Every request that is under way holds one permit.
    under_way: Arc<Semaphore>,
}

impl Default for Whole {
    fn default() -> Self {
        Self {
            under_way: Arc::new(Semaphore::new(ALL as usize)),
        }
    }
}

impl Whole {
    /// Does something that goes on to its end, even if nobody waits for it any more.
    pub(super) async fn run<T>(&self, request: impl Future<Output = T> + Send + 'static) -> T
    where
        T: Send + 'static,
    {
        let under_way = Arc::clone(&self.under_way).acquire_owned().await;
        let task = tokio::spawn(async move {
            let done = request.await;
            drop(under_way);
            done
        });
        match task.await.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(done) => done,
            Err(Ok(panic)) => resume_unwind(panic),
            // The runtime ends, and this with it.
            Err(Err(_)) => std::future::pending().await,
        }
    }

    /// Waits until nothing is under way.
    pub(super) async fn ended(&self) {
        drop(self.under_way.acquire_many(ALL).await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::sync::atomic::{AtomicBool, Ordering};
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn what_nobody_waits_for_goes_on_and_is_waited_for() {
        let (whole, done) = (Whole::default(), Arc::new(AtomicBool::new(false)));
        let (answer, answered) = oneshot::channel::<()>();
        let request = {
            let done = Arc::clone(&done);
            async move {
                let _answer = answered.await;
                done.store(true, Ordering::Relaxed);
            }
        };
        assert!(whole.run(request).now_or_never().is_none());
        assert!(whole.ended().now_or_never().is_none());
        drop(answer);
        whole.ended().await;
        assert!(done.load(Ordering::Relaxed));
    }
}
