//! Single flight and queues.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use labwright_jobs::{CancelReason, Change, JobSpec, Monitor, Outcome, PART};
use serde_json::{Value, json};

use crate::bench::{Watcher, keyed, monitor, spec, submit, succeeded, until_cancelled};

fn queued(title: &str, queue: &str) -> JobSpec {
    JobSpec {
        queue: Some(queue.to_owned()),
        ..spec(title)
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_key_gives_the_job_that_runs() {
    let monitor = monitor();
    let first = submit(&monitor, keyed("cEOS", "engine/ceos"), until_cancelled).await;
    let other = submit(&monitor, keyed("cEOS", "engine/other"), until_cancelled).await;
    let again = monitor
        .submit(keyed("cEOS", "engine/ceos"), |_| async {
            panic!("run twice")
        })
        .await
        .unwrap();
    assert!(again.resumed);
    assert_eq!(again.handle.id(), first.id());
    assert_ne!(other.id(), first.id());
}

#[tokio::test(start_paused = true)]
async fn a_part_is_not_worked_on_beside_its_whole() {
    let monitor = monitor();
    let part = |name: &str| keyed(name, &format!("lab{PART}{name}"));
    let leaf1 = submit(&monitor, part("leaf1"), until_cancelled).await;
    let leaf2 = submit(&monitor, part("leaf2"), until_cancelled).await;
    let leaf11 = submit(&monitor, part("leaf11"), until_cancelled).await;
    assert!(leaf1.id() != leaf2.id() && leaf1.id() != leaf11.id());
    let whole = monitor.submit(keyed("lab", "lab"), until_cancelled).await;
    assert!(whole.unwrap().resumed);
    let other = submit(&monitor, keyed("lab2", "lab2"), until_cancelled).await;
    let part = monitor
        .submit(keyed("node", &format!("lab2{PART}leaf1")), until_cancelled)
        .await;
    assert_eq!(part.unwrap().handle.id(), other.id());
}

#[tokio::test(start_paused = true)]
async fn requests_at_the_same_moment_give_one_job() {
    let monitor = monitor();
    let request = || monitor.submit(keyed("cEOS", "k"), until_cancelled);
    let (one, two, three) = tokio::join!(request(), request(), request());
    let all = [one.unwrap(), two.unwrap(), three.unwrap()];
    assert_eq!(all.iter().filter(|it| it.resumed).count(), 2);
    assert!(all.iter().all(|it| it.handle.id() == all[0].handle.id()));
}

#[tokio::test(start_paused = true)]
async fn a_key_is_free_again_after_the_end() {
    let monitor = monitor();
    let first = submit(&monitor, keyed("cEOS", "k"), |_| async { Ok(json!(1)) }).await;
    first.outcome().await;
    let second = submit(&monitor, keyed("cEOS", "k"), |_| async { Ok(json!(2)) }).await;
    assert_eq!(second.outcome().await, succeeded(json!(2)));
}

#[tokio::test(start_paused = true)]
async fn a_request_follows_a_job_that_is_about_to_stop() {
    let monitor = monitor();
    let stopping = submit(&monitor, keyed("old", "k"), |context| async move {
        let outcome = until_cancelled(context).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        outcome
    })
    .await;
    stopping.cancel(CancelReason::User);
    let next = submit(&monitor, keyed("new", "k"), |_| async { Ok(json!("new")) }).await;
    assert_ne!(next.id(), stopping.id());
    assert_eq!(next.outcome().await, succeeded(json!("new")));
}

#[tokio::test(start_paused = true)]
async fn a_queue_lets_as_many_run_as_it_may() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut jobs = Vec::new();
    for number in 0..5 {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        let spec = queued(&number.to_string(), "imports");
        let job = submit(&monitor, spec, |_| async move {
            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(5)).await;
            running.fetch_sub(1, Ordering::SeqCst);
            Ok(Value::Null)
        });
        jobs.push(job.await);
    }
    for job in &jobs {
        job.outcome().await;
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
    watcher.until_finished(jobs[4].id()).await;
    let starts = watcher.seen.iter();
    let starts = starts.filter(|event| matches!(event.change, Change::Started));
    let order: Vec<_> = starts.map(|event| event.job.clone()).collect();
    let asked: Vec<_> = jobs.iter().map(|job| job.id().clone()).collect();
    assert_eq!(order, asked, "first come, first served");
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_not_named_takes_one_at_a_time() {
    let monitor = monitor();
    let first = submit(&monitor, queued("one", "lab ring"), until_cancelled).await;
    let second = submit(&monitor, queued("two", "lab ring"), until_cancelled).await;
    let elsewhere = submit(&monitor, queued("three", "lab star"), |_| async {
        Ok(json!(3))
    });
    assert_eq!(elsewhere.await.outcome().await, succeeded(json!(3)));
    let (snapshot, _) = monitor.subscribe().await;
    assert!(!snapshot.job(first.id()).unwrap().is_queued());
    assert!(snapshot.job(second.id()).unwrap().is_queued());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_waits_can_be_cancelled_and_never_starts() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let first = submit(&monitor, queued("one", "q"), until_cancelled).await;
    let second = submit(&monitor, queued("two", "q"), |_| async {
        panic!("started")
    })
    .await;
    second.cancel(CancelReason::User);
    let by = CancelReason::User;
    assert_eq!(second.outcome().await, Outcome::Cancelled { by });
    watcher.until_finished(second.id()).await;
    assert_eq!(watcher.story(second.id()), ["queued", "cancelled"]);
    first.cancel(CancelReason::User);
    first.outcome().await;
}

#[tokio::test(start_paused = true)]
async fn a_queue_can_be_made_wider_and_narrower_while_jobs_wait() {
    let monitor = monitor();
    let mut jobs = Vec::new();
    for name in ["one", "two", "three", "four"] {
        jobs.push(submit(&monitor, queued(name, "imports"), until_cancelled).await);
    }
    assert_eq!(started(&monitor).await, 2);
    monitor.set_queue_limit("imports", 3);
    assert_eq!(started(&monitor).await, 3);
    monitor.set_queue_limit("imports", 1);
    assert_eq!(started(&monitor).await, 3, "what runs goes on");
    for job in &jobs[..2] {
        job.cancel(CancelReason::User);
        job.outcome().await;
    }
    assert_eq!(started(&monitor).await, 3, "two of them ended, one runs");
}

async fn started(monitor: &Monitor) -> usize {
    let (snapshot, _) = monitor.subscribe().await;
    let started = snapshot.jobs.iter().filter(|job| job.started_at.is_some());
    started.count()
}

#[tokio::test(start_paused = true)]
async fn what_a_queued_job_works_on_is_known_before_its_turn() {
    let monitor = monitor();
    let (_snapshot, mut events) = monitor.subscribe().await;
    let spec = JobSpec {
        subject: Some("router:1".to_owned()),
        ..spec("Pull router:1")
    };
    let handle = submit(&monitor, spec, |_| async { Ok(Value::Null) }).await;
    handle.outcome().await;
    let mut told = Vec::new();
    while told.len() < 3 {
        told.push(events.next().await.unwrap().unwrap().change);
    }
    let subject = "router:1".to_owned();
    assert!(matches!(told[0], Change::Queued { .. }), "{told:?}");
    assert_eq!(told[1], Change::Subject { subject });
    assert_eq!(told[2], Change::Started);
}
