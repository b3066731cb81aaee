//! Cancelling at any moment, and more pulls than run at once.

use super::bench::{Bench, image};
use labwright_jobs::{CancelReason, JobState, Outcome};
use labwright_testbed::Kind;
use std::time::{Duration, Instant};

const MIB: u64 = 1 << 20;

/// Cancels pulls of one image after more and more time, until one is through before.
async fn at_any_moment(kind: Kind) {
    let bench = Bench::new(kind).await;
    image("net/cancelled:1", &[4 * MIB, 12 * MIB]).push(&bench.registry);
    bench.gate.bytes_per_second(Some(16 * MIB));
    let mut wait = Duration::ZERO;
    loop {
        let handle = bench.submit(bench.request("net/cancelled:1")).await;
        tokio::time::sleep(wait).await;
        handle.cancel(CancelReason::User);
        let asked = Instant::now();
        let outcome = tokio::time::timeout(Duration::from_secs(2), handle.outcome()).await;
        let outcome = outcome.unwrap_or_else(|_| panic!("not gone after {:?}", asked.elapsed()));
        if outcome.is_success() {
            break;
        }
        let by = CancelReason::User;
        assert_eq!(outcome, Outcome::Cancelled { by }, "after {wait:?}");
        wait += Duration::from_millis(90);
    }
    assert!(bench.has("net/cancelled:1").await);
}

/// Twenty are asked for at once, three run, and all arrive.
async fn twenty_at_once(kind: Kind) {
    let bench = Bench::new(kind).await;
    let names: Vec<_> = (1..=20)
        .map(|number| format!("net/many:{number}"))
        .collect();
    for name in &names {
        image(name, &[MIB, MIB]).push(&bench.registry);
    }
    let mut handles = Vec::new();
    for name in &names {
        handles.push(bench.submit(bench.request(name)).await);
    }
    let (mut most, mut ended) = (0, 0);
    while ended < names.len() {
        let (snapshot, _) = bench.monitor.subscribe().await;
        let jobs = snapshot.jobs.iter();
        let runs = |job: &&JobState| job.started_at.is_some() && job.outcome.is_none();
        most = most.max(jobs.clone().filter(runs).count());
        ended = jobs.filter(|job| job.outcome.is_some()).count();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(most, 3);
    for (handle, name) in handles.iter().zip(&names) {
        let outcome = handle.outcome().await;
        assert!(outcome.is_success(), "{name}: {outcome:?}");
        assert!(bench.has(name).await);
    }
}

on_every_engine! { at_any_moment twenty_at_once }
