//! Installs that are stopped: in every phase, with a connection and without one.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use labwright_jobs::{CancelReason, JobState, Outcome, StepOutcome};
use labwright_remote::install::RequestedNode;
use labwright_testbed::host::{Repository, Wire};

use crate::bench::{Watch, nodes_done, request, waits_for};
use crate::comfy::{Comfy, outcome};
use crate::far_side::{at_rest, events, job_folder};

/// What a cancelled install may take at most. It is measured anew if the machine was busy with something else.
const LIMIT: Duration = Duration::from_secs(2);
const ATTEMPTS: usize = 3;

/// An install that is slow.
async fn begun(comfy: &Comfy, nodes: Vec<RequestedNode>) -> Watch {
    Watch::of(&comfy.bench, request(&comfy.bench, &comfy.target, nodes)).await
}

/// Cancels it, and gives how long that took.
async fn cancelled(watch: &Watch) -> (JobState, Duration) {
    let ordered = Instant::now();
    watch.handle.cancel(CancelReason::User);
    let job = watch.ended().await;
    let took = ordered.elapsed();
    let by = CancelReason::User;
    assert_eq!(job.outcome, Some(Outcome::Cancelled { by }), "{job:#?}");
    (job, took)
}

async fn nothing_is_left(comfy: &Comfy) {
    at_rest(&comfy.bench, Duration::from_secs(5)).await;
    assert_eq!(comfy.partials(), Vec::<PathBuf>::new());
}

/// A step below a node runs.
fn runs(job: &JobState, name: &str) -> bool {
    let mut steps = job.steps.iter();
    steps.any(|step| step.name == name && step.started_at.is_some() && step.is_open())
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_are_stopped_within_two_seconds_and_what_was_done_stays() {
    let mut took = Vec::new();
    for _ in 0..ATTEMPTS {
        let comfy = Comfy::new();
        let wire = Wire::to(comfy.repositories.port());
        comfy.add(&Repository::named("light"));
        let mut nodes = vec![comfy.git("light")];
        nodes.extend(comfy.heavy(&wire, 6));
        wire.bytes_per_second(Some(50_000));
        let mut watch = begun(&comfy, nodes).await;
        let is_on = |job: &JobState| nodes_done(job) >= 1 && runs(job, "Receiving objects");
        watch.until("it clones", is_on).await;
        let (job, time) = cancelled(&watch).await;
        nothing_is_left(&comfy).await;
        assert_eq!(*outcome(&job, "light"), StepOutcome::Succeeded);
        assert_eq!(*outcome(&job, "heavy-5"), StepOutcome::Cancelled);
        let commit = comfy.repositories.commit("light", "main");
        assert_eq!(comfy.head("light"), commit);
        assert!(!comfy.target.join("heavy-0").exists());
        if time < LIMIT {
            return;
        }
        took.push(time);
    }
    panic!("it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pip_is_stopped_within_two_seconds() {
    let mut took = Vec::new();
    for _ in 0..ATTEMPTS {
        let comfy = Comfy::new();
        comfy.add(&Repository::named("slow").requirements("slow\n"));
        let mut watch = begun(&comfy, vec![comfy.git("slow")]).await;
        watch
            .until("pip runs", |job| runs(job, "Requirements"))
            .await;
        let (_, time) = cancelled(&watch).await;
        nothing_is_left(&comfy).await;
        assert!(!comfy.packages().contains(&"slow 1.0".to_owned()));
        if time < LIMIT {
            return;
        }
        took.push(time);
    }
    panic!("it took {took:?}");
}

/// An install through a wire that takes nobody in any more, while it clones.
async fn cut_off(comfy: &Comfy, to_host: &Wire, slow: &Wire) -> Watch {
    slow.bytes_per_second(Some(30_000));
    let access = comfy.bench.access_through(to_host);
    let request = request(&comfy.bench, &comfy.target, comfy.heavy(slow, 6));
    let mut watch = Watch::through(&access, request).await;
    let is_on = |job: &JobState| runs(job, "Receiving objects");
    watch.until("it clones", is_on).await;
    to_host.refuse();
    to_host.cut();
    let waits = |job: &JobState| waits_for(job, "trying again");
    watch.until("it waits", waits).await;
    watch
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_without_a_connection_is_stopped_when_there_is_one() {
    let comfy = Comfy::new();
    let (to_host, slow) = wires(&comfy);
    let watch = cut_off(&comfy, &to_host, &slow).await;
    watch.handle.cancel(CancelReason::User);
    tokio::time::sleep(Duration::from_secs(3)).await;
    to_host.accept();
    cancelled(&watch).await;
    nothing_is_left(&comfy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_stopped_is_lost_and_goes_on() {
    let comfy = Comfy::new();
    let (to_host, slow) = wires(&comfy);
    let watch = cut_off(&comfy, &to_host, &slow).await;
    watch.handle.cancel(CancelReason::User);
    let job = watch.ended().await;
    let Some(Outcome::Lost { why }) = &job.outcome else {
        panic!("{job:#?}");
    };
    assert!(
        why.contains("gpu-7 cannot be reached to stop the work"),
        "{why}"
    );
    slow.bytes_per_second(None);
    at_rest(&comfy.bench, Duration::from_secs(60)).await;
    let commit = comfy.repositories.commit("heavy-5", "main");
    assert_eq!(comfy.head("heavy-5"), commit, "the work went on");
}

fn wires(comfy: &Comfy) -> (Wire, Wire) {
    let to_host = Wire::to(comfy.bench.host.port());
    (to_host, Wire::to(comfy.repositories.port()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_at_once_never_works_unseen() {
    let comfy = Comfy::new();
    let nodes = vec![comfy.git("late")];
    comfy.add(&Repository::named("late").padding(3_000_000));
    for pause in [0, 100, 250, 400, 600] {
        let watch = begun(&comfy, nodes.clone()).await;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        watch.handle.cancel(CancelReason::User);
        let job = watch.ended().await;
        let ends = matches!(
            job.outcome,
            Some(Outcome::Cancelled { .. } | Outcome::Succeeded { .. })
        );
        assert!(ends, "{job:#?}");
        at_rest(&comfy.bench, Duration::from_secs(5)).await;
        let folder = job_folder(&comfy.bench, &job.id);
        assert!(!folder.exists() || folder.join("exit").exists());
        assert_eq!(comfy.partials(), Vec::<PathBuf>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_installs_on_one_host_follow_each_other() {
    let comfy = Comfy::new();
    let wire = Wire::to(comfy.repositories.port());
    wire.bytes_per_second(Some(50_000));
    let mut first = begun(&comfy, comfy.heavy(&wire, 2)).await;
    let clones = |job: &JobState| runs(job, "Receiving objects");
    first.until("it clones", clones).await;
    comfy.add(&Repository::named("second"));
    let mut second = begun(&comfy, vec![comfy.git("second")]).await;
    let words = format!(
        "another install on this host: the job {}",
        first.handle.id()
    );
    let waits = |job: &JobState| waits_for(job, &words);
    second.until("it waits for the first", waits).await;
    assert!(!comfy.target.join("second").exists());
    wire.bytes_per_second(None);
    let (one, other) = (first.followed().await, second.followed().await);
    for job in [&one, &other] {
        assert!(job.outcome.as_ref().unwrap().is_success(), "{job:#?}");
    }
    let at = |job: &JobState, kind: &str| {
        let events = events(&comfy.bench, &job.id);
        let event = events.iter().find(|event| event["type"] == kind);
        event.unwrap()["at"].as_u64().unwrap()
    };
    assert!(at(&other, "begun") <= at(&one, "finished"));
    assert!(at(&other, "prepared") >= at(&one, "finished"));
}
