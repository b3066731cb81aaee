//! Processes of ours that end without a word while an install works, each followed by another one.

use std::time::Duration;

use labwright_remote::Access;
use tokio::runtime::Runtime;

use crate::again::{Again, essence};
use crate::cuts::Twelve;
use crate::seed::Chance;

fn runtime() -> Runtime {
    Runtime::new().unwrap()
}

/// A process that follows the job for a while and is gone: nothing of it is asked to end.
fn live_and_die(twelve: &Twelve, again: &Again, access: &Access, span: Duration) {
    let life = runtime();
    life.block_on(async {
        let mut watch = again.join(access, &twelve.request).await;
        watch.handle.clone().detach();
        let follow = async { while watch.next().await.outcome.is_none() {} };
        let ended = tokio::time::timeout(span, follow).await;
        assert!(ended.is_err(), "it outlives every process but the last");
    });
    // Whatever it is at is dropped where it stands.
    life.shutdown_timeout(Duration::from_secs(10));
}

#[test]
fn ten_processes_that_are_killed_lose_nothing_and_double_nothing() {
    let twelve = Twelve::new();
    let access = twelve.comfy.bench.access();
    twelve.slow.bytes_per_second(Some(40_000));
    let first = runtime();
    let again = first.block_on(Again::new(&access, &twelve.request));
    let mut chance = Chance::new();
    for _ in 0..10 {
        live_and_die(&twelve, &again, &access, chance.milliseconds(50, 2000));
    }
    twelve.slow.bytes_per_second(None);
    let last = runtime();
    last.block_on(async {
        let mut watch = again.join(&access, &twelve.request).await;
        let job = watch.followed().await;
        twelve.check(&again, &job).await;
        let written = watch.ended().await;
        assert_eq!(essence(&written), essence(&job));
    });
}
