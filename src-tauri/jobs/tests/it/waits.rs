//! What steps say that they wait for: told while it lasts, and no stall.

use std::time::Duration;

use labwright_jobs::{Change, Unit};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::bench::{Watcher, monitor, spec, submit};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test(start_paused = true)]
async fn it_is_told_while_it_lasts_and_is_no_stall() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("dc1"), |context| async move {
        let node = context.reporter.step("leaf1");
        node.wait("its turn to start", sleep(seconds(100))).await;
        node.progress(1, Some(2), Unit::Items);
        node.waits_for("its interfaces");
        sleep(seconds(1)).await;
        node.waits_for("its command line");
        node.log("booting");
        sleep(seconds(100)).await;
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    insta::assert_snapshot!(watcher.story(job.id()).join("\n"), @r"
    queued
    started
    1 added: leaf1
    1 started
    1 waits: its turn to start
    1 at 1/2
    1 waits: its interfaces
    1 says booting
    1 waits: its command line
    1 succeeded
    succeeded
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_over_at_once_is_not_told() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("dc1"), |context| async move {
        let node = context.reporter.step("leaf1");
        let short = Duration::from_millis(190);
        node.wait("the patchbay to find the node", sleep(short))
            .await;
        node.wait("the patchbay to find the node", sleep(short))
            .await;
        sleep(seconds(1)).await;
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    let waits = |change: &Change| matches!(change, Change::Waiting { .. });
    assert!(!watcher.seen.iter().any(|event| waits(&event.change)));
}

#[tokio::test(start_paused = true)]
async fn it_is_told_a_fifth_of_a_second_later_and_ends_a_stall_at_once() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("dc1"), |context| async move {
        let node = context.reporter.step("leaf1");
        node.start();
        sleep(seconds(40)).await;
        node.wait("its turn to start", sleep(seconds(1))).await;
        sleep(seconds(40)).await;
        node.wait("its turn to start", sleep(Duration::from_millis(10)))
            .await;
        let wait = sleep(seconds(9));
        node.wait("another node", wait).await;
        Ok(Value::Null)
    })
    .await;
    let began = Instant::now();
    watcher.until_finished(job.id()).await;
    let ended = began.elapsed();
    assert!(ended >= seconds(90), "{ended:?}");
    insta::assert_snapshot!(watcher.story(job.id()).join("\n"), @r"
    queued
    started
    1 added: leaf1
    1 started
    1 stalled: the next sign of progress
    1 waits: its turn to start
    1 goes on
    1 stalled: the next sign of progress
    1 waits: its turn to start
    1 waits: another node
    1 goes on
    1 succeeded
    succeeded
    ");
}
