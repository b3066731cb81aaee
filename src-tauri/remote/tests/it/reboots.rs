//! Hosts that are restarted and runners that are killed in the middle of an install.

use std::fs;
use std::time::{Duration, SystemTime};

use labwright_jobs::{JobState, Outcome, StepOutcome};
use labwright_testbed::host::Wire;

use crate::bench::{Watch, nodes_done, request};
use crate::comfy::{Comfy, outcome};
use crate::far_side::{at_rest, at_work};

/// An install of eight that is slow, and that far that two are done.
async fn begun(comfy: &Comfy, wire: &Wire) -> (Watch, usize) {
    let nodes = comfy.heavy(wire, 8);
    wire.bytes_per_second(Some(200_000));
    let request = request(&comfy.bench, &comfy.target, nodes);
    let mut watch = Watch::of(&comfy.bench, request).await;
    let two = |job: &JobState| nodes_done(job) >= 2;
    let done = nodes_done(&watch.until("two are done", two).await);
    wire.stall();
    (watch, done)
}

fn lost(job: &JobState) -> &str {
    match &job.outcome {
        Some(Outcome::Lost { why }) => why,
        other => panic!("{other:?}"),
    }
}

/// A retry does what is not done, and nothing else.
async fn done_by_a_retry(comfy: &Comfy, wire: &Wire, watch: &Watch, job: &JobState) {
    let made = |name: &str| -> SystemTime {
        let config = comfy.target.join(name).join(".git/config");
        fs::metadata(config).unwrap().modified().unwrap()
    };
    let is_done = |name: &&str| *outcome(job, name) == StepOutcome::Succeeded;
    let names: Vec<&str> = watch
        .request
        .nodes
        .iter()
        .map(|node| node.name.as_str())
        .collect();
    let done: Vec<&str> = names.iter().copied().filter(|name| is_done(name)).collect();
    assert!((2..8).contains(&done.len()), "{done:?}");
    let before: Vec<SystemTime> = done.iter().map(|name| made(name)).collect();

    wire.go_on();
    wire.bytes_per_second(None);
    let rest = watch.request.clone().for_the_rest(job);
    assert_eq!(rest.nodes.len(), 8 - done.len());
    let again = Watch::of(&comfy.bench, rest).await.ended().await;
    assert!(again.outcome.as_ref().unwrap().is_success(), "{again:#?}");
    let after: Vec<SystemTime> = done.iter().map(|name| made(name)).collect();
    assert_eq!(before, after, "what was there is as it was");
    for name in names {
        let commit = comfy.repositories.commit(name, "main");
        assert_eq!(comfy.head(name), commit);
    }
    assert_eq!(comfy.partials(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_host_is_told_and_a_retry_goes_on_from_there() {
    let comfy = Comfy::new();
    let wire = Wire::to(comfy.repositories.port());
    let (watch, done) = begun(&comfy, &wire).await;
    comfy.bench.host.reboot();
    let job = watch.ended().await;
    let why = lost(&job);
    assert!(why.starts_with("gpu-7 was restarted; "), "{why}");
    let said: usize = why.split(' ').find_map(|word| word.parse().ok()).unwrap();
    assert!(
        said >= done && why.ends_with("of 8 nodes were done by then"),
        "{why}"
    );
    assert_eq!(said, nodes_done(&job));
    done_by_a_retry(&comfy, &wire, &watch, &job).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_runner_is_told_and_takes_its_children_with_it() {
    let comfy = Comfy::new();
    let wire = Wire::to(comfy.repositories.port());
    let (watch, _) = begun(&comfy, &wire).await;
    let processes = at_work(&comfy.bench);
    let id = watch.handle.id().as_str();
    let is_runner = |command: &str| command.starts_with("sh ") && command.contains(id);
    let mut runner: Vec<_> = processes
        .into_iter()
        .filter(|process| is_runner(&process.command))
        .collect();
    runner.sort_by_key(|process| process.id);
    runner
        .first()
        .expect("the runner itself is the oldest")
        .kill();
    let job = watch.ended().await;
    let why = lost(&job);
    assert!(
        why.starts_with("the runner on gpu-7 ended without a word; "),
        "{why}"
    );
    at_rest(&comfy.bench, Duration::from_secs(8)).await;
    done_by_a_retry(&comfy, &wire, &watch, &job).await;
}
