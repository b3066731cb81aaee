//! Nothing moves: shown, not failed.

use std::time::Duration;

use labwright_jobs::{Change, Unit};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::bench::{Watcher, monitor, spec, submit};

fn is_stall(change: &Change) -> bool {
    matches!(change, Change::Stalled { .. })
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test(start_paused = true)]
async fn a_step_that_does_not_move_is_shown_once_with_what_it_waits_for() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let send = context.reporter.step("Send");
        send.progress(1, None, Unit::Bytes);
        send.if_stalled("the engine to take more");
        sleep(seconds(300)).await;
        send.progress(2, None, Unit::Bytes);
        sleep(seconds(29)).await;
        send.progress(3, None, Unit::Bytes);
        send.if_stalled("the engine to answer");
        sleep(seconds(31)).await;
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    insta::assert_snapshot!(watcher.story(job.id()).join("\n"), @r"
    queued
    started
    1 added: Send
    1 started
    1 at 1/?
    1 stalled: the engine to take more
    1 at 2/?
    1 at 3/?
    1 stalled: the engine to answer
    1 succeeded
    succeeded
    ");
}

#[tokio::test(start_paused = true)]
async fn a_stall_is_shown_when_its_time_has_come_and_over_when_something_moves() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let step = context.reporter.step("Send");
        step.start();
        sleep(seconds(100)).await;
        step.log("here I am");
        sleep(seconds(5)).await;
        Ok(Value::Null)
    })
    .await;
    watcher
        .until(|change| matches!(change, Change::StepStarted { .. }))
        .await;
    let began = Instant::now();
    watcher.until(is_stall).await;
    let after = began.elapsed();
    assert!(after >= seconds(30) && after < seconds(31), "{after:?}");
    let stalled = |watcher: &Watcher| {
        watcher.state.job(job.id()).unwrap().steps[0]
            .stalled
            .clone()
    };
    assert_eq!(stalled(&watcher).unwrap(), "the next sign of progress");
    watcher
        .until(|change| matches!(change, Change::Log { .. }))
        .await;
    assert_eq!(stalled(&watcher), None);
}

#[tokio::test(start_paused = true)]
async fn a_clock_ticks_and_is_no_movement() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let commit = context.reporter.step("Engine commit");
        commit.if_stalled("the engine to unpack");
        commit.start_clock();
        sleep(Duration::from_millis(40_500)).await;
        Ok(Value::Null)
    })
    .await;
    watcher.until(is_stall).await;
    let step = |watcher: &Watcher| watcher.state.job(job.id()).unwrap().steps[0].clone();
    let at_stall = step(&watcher).progress.unwrap();
    assert_eq!(
        (at_stall.unit, at_stall.total, at_stall.rate),
        (Unit::Seconds, None, None)
    );
    assert!((29..=30).contains(&at_stall.done), "{at_stall:?}");
    for _ in 0..5 {
        watcher
            .until(|change| matches!(change, Change::Progress { .. }))
            .await;
    }
    assert!(
        step(&watcher).stalled.is_some(),
        "time passing is no movement"
    );
    watcher.until_finished(job.id()).await;
    let ticks = watcher.seen.iter();
    let ticks = ticks.filter(|event| matches!(event.change, Change::Progress { .. }));
    assert_eq!(ticks.count(), 41, "0 to 40 seconds");
    let stalls = watcher.seen.iter().filter(|event| is_stall(&event.change));
    assert_eq!(stalls.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_the_step_that_hangs_is_shown_not_the_one_above_it() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("frr"), |context| async move {
        let layers = context.reporter.step("Layers");
        let (lively, hanging) = (layers.child("a"), layers.child("b"));
        hanging.start();
        for done in 1..=50 {
            lively.progress(done, None, Unit::Bytes);
            sleep(seconds(1)).await;
        }
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    let stalls = watcher.story(job.id());
    let stalls: Vec<_> = stalls
        .iter()
        .filter(|line| line.contains("stalled"))
        .collect();
    assert_eq!(stalls, ["3 stalled: the next sign of progress"]);
}

#[tokio::test(start_paused = true)]
async fn output_that_is_left_out_is_movement_too() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("noisy"), |context| async move {
        let step = context.reporter.step("Talk");
        step.start();
        (0..1000).for_each(|_| step.log("word"));
        for _ in 0..10 {
            sleep(seconds(10)).await;
            step.log("word");
        }
        sleep(seconds(40)).await;
        step.log("word");
        sleep(seconds(1)).await;
        Ok(Value::Null)
    })
    .await;
    watcher.until(is_stall).await;
    watcher.until_finished(job.id()).await;
    let story = watcher.story(job.id());
    let after: Vec<_> = story
        .iter()
        .skip_while(|line| !line.contains("stalled"))
        .collect();
    assert_eq!(
        after,
        [
            "1 stalled: the next sign of progress",
            "1 says output goes on, 11 more lines were left out",
            "1 says 11 more lines were left out",
            "1 succeeded",
            "succeeded"
        ]
    );
}
