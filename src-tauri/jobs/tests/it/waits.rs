//! What steps say that they wait for: told while it lasts, and no stall.

use std::time::Duration;

use labwright_jobs::{Step, Unit};
use serde_json::Value;
use tokio::time::sleep;

use crate::bench::{Watcher, monitor, spec, submit};

/// What happens to a job with one step, and this work on it.
async fn story<W, F>(work: W) -> Vec<String>
where
    W: FnOnce(Step) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("dc1"), |context| async move {
        work(context.reporter.step("leaf1")).await;
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    watcher.story(job.id())
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test(start_paused = true)]
async fn it_is_told_while_it_lasts_and_is_no_stall() {
    let story = story(|node| async move {
        node.wait("its turn to start", sleep(seconds(100))).await;
        node.progress(1, Some(2), Unit::Items);
        node.waits_for("its interfaces");
        sleep(seconds(1)).await;
        node.waits_for("its command line");
        node.log("booting");
        sleep(seconds(100)).await;
    })
    .await;
    insta::assert_snapshot!(story.join("\n"), @r"
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
    let story = story(|node| async move {
        let short = Duration::from_millis(190);
        node.wait("the patchbay to find the node", sleep(short))
            .await;
        node.wait("the patchbay to find the node", sleep(short))
            .await;
        sleep(seconds(1)).await;
    })
    .await;
    assert!(!story.iter().any(|line| line.contains("wait")), "{story:?}");
}

#[tokio::test(start_paused = true)]
async fn it_is_told_a_fifth_of_a_second_later_and_ends_a_stall_at_once() {
    let story = story(|node| async move {
        node.start();
        sleep(seconds(40)).await;
        node.wait("its turn to start", sleep(seconds(1))).await;
        sleep(seconds(40)).await;
        node.wait("its turn to start", sleep(Duration::from_millis(10)))
            .await;
        let wait = sleep(seconds(9));
        node.wait("another node", wait).await;
    })
    .await;
    insta::assert_snapshot!(story.join("\n"), @r"
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
