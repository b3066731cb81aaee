//! Stopping jobs, with a reason.

use labwright_jobs::{CancelReason, Change, Outcome, SubmitError};
use serde_json::{Value, json};

use crate::bench::{Watcher, keyed, monitor, spec, submit, succeeded, until_cancelled};

fn cancelled(by: CancelReason) -> Outcome {
    Outcome::Cancelled { by }
}

#[tokio::test(start_paused = true)]
async fn a_running_job_hears_why_it_stops() {
    let monitor = monitor();
    let job = submit(&monitor, spec("cEOS"), until_cancelled).await;
    job.cancel(CancelReason::Interrupt);
    job.cancel(CancelReason::User);
    assert_eq!(job.outcome().await, cancelled(CancelReason::Interrupt));
}

#[tokio::test(start_paused = true)]
async fn the_monitor_cancels_by_name() {
    let monitor = monitor();
    let job = submit(&monitor, spec("cEOS"), until_cancelled).await;
    assert!(monitor.cancel(job.id(), CancelReason::User).await);
    assert_eq!(job.outcome().await, cancelled(CancelReason::User));
    assert!(!monitor.cancel(job.id(), CancelReason::User).await);
}

#[tokio::test(start_paused = true)]
async fn a_job_nobody_holds_stops() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), until_cancelled).await;
    let (id, second) = (job.id().clone(), job.clone());
    drop(job);
    drop(second);
    let outcome = watcher.until_finished(&id).await;
    assert_eq!(outcome, cancelled(CancelReason::HandleDropped));
}

#[tokio::test(start_paused = true)]
async fn a_job_somebody_else_holds_goes_on() {
    let monitor = monitor();
    let first = submit(&monitor, keyed("cEOS", "k"), until_cancelled).await;
    let second = monitor.submit(keyed("cEOS", "k"), until_cancelled).await;
    drop(first);
    let second = second.unwrap().handle;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    second.cancel(CancelReason::User);
    assert_eq!(second.outcome().await, cancelled(CancelReason::User));
}

#[tokio::test(start_paused = true)]
async fn a_detached_job_goes_on() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        Ok(json!(context.cancel.is_cancelled()))
    })
    .await;
    let (id, second) = (job.id().clone(), job.clone());
    job.detach();
    drop(second);
    assert_eq!(watcher.until_finished(&id).await, succeeded(json!(false)));
}

#[tokio::test(start_paused = true)]
async fn work_that_ended_before_it_heard_has_ended_well() {
    let monitor = monitor();
    let job = submit(&monitor, spec("deaf"), |context| async move {
        context.cancel.cancelled().await;
        Ok(Value::Null)
    })
    .await;
    job.cancel(CancelReason::User);
    assert_eq!(job.outcome().await, succeeded(Value::Null));
}

#[tokio::test(start_paused = true)]
async fn work_that_says_cancelled_uncancelled_has_a_fault() {
    let monitor = monitor();
    let work = |_| async { Err(labwright_jobs::Failure::Cancelled) };
    let job = submit(&monitor, spec("liar"), work).await;
    let outcome = job.outcome().await;
    assert!(matches!(outcome, Outcome::Failed { error } if error.code == "internal"));
}

#[tokio::test(start_paused = true)]
async fn shutdown_stops_everything_and_takes_nothing_more() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let one = submit(&monitor, spec("one"), until_cancelled).await;
    let two = submit(&monitor, spec("two"), until_cancelled).await;
    monitor.shutdown().await;
    assert_eq!(one.outcome().await, cancelled(CancelReason::Shutdown));
    assert_eq!(two.outcome().await, cancelled(CancelReason::Shutdown));
    let late = monitor.submit(spec("late"), until_cancelled).await;
    assert!(matches!(late, Err(SubmitError::Stopped)));
    watcher
        .until(|change| matches!(change, Change::Finished { .. }))
        .await;
    watcher
        .until(|change| matches!(change, Change::Finished { .. }))
        .await;
    assert!(watcher.state.jobs.iter().all(|job| !job.is_active()));
}
