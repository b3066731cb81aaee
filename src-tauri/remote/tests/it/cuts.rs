//! Connections that are cut, stalled and refused while an install works.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use labwright_jobs::{JobState, StepOutcome};
use labwright_remote::install::{InstallRequest, RequestedNode};
use labwright_testbed::host::{Repository, Wire};

use crate::again::{Again, essence, outcomes};
use crate::bench::{nodes_done, request, waits_for};
use crate::comfy::{Comfy, outcome};
use crate::far_side::{events, lines_shown, lines_told, told_in_order};
use crate::seed::Chance;

/// A plan of twelve: nine large ones, two with requirements, one of which cannot be installed, and one with a script.
pub(crate) struct Twelve {
    pub(crate) comfy: Comfy,
    /// What repositories come through.
    pub(crate) slow: Arc<Wire>,
    pub(crate) request: InstallRequest,
}

impl Twelve {
    pub(crate) fn new() -> Self {
        let comfy = Comfy::new();
        let slow = Arc::new(Wire::to(comfy.repositories.port()));
        let mut nodes = comfy.heavy(&slow, 9);
        let needs = Repository::named("needs").requirements("tiny==1.0\nother\n");
        let unbuilt = Repository::named("unbuilt").requirements("broken\n");
        let script = "for line in range(20): print('line', line)";
        let scripted = Repository::named("scripted").install_script(script);
        for (repository, name) in [
            (needs, "needs"),
            (unbuilt, "unbuilt"),
            (scripted, "scripted"),
        ] {
            comfy.add(&repository);
            nodes.push(comfy.git(name));
        }
        let request = request(&comfy.bench, &comfy.target, nodes);
        Self {
            comfy,
            slow,
            request,
        }
    }

    /// The job has all that the host's file has, once and in its order, and is as one that read it in one go.
    pub(crate) async fn check(&self, again: &Again, job: &JobState) {
        let events = events(&self.comfy.bench, &job.id);
        let names = |node: &RequestedNode| node.name.clone();
        let names: Vec<String> = self.request.nodes.iter().map(names).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let told = lines_told(&events, &names);
        assert!(told.len() > 30, "{told:?}");
        assert_eq!(lines_shown(job), told);
        for name in names {
            let failed = matches!(outcome(job, name), StepOutcome::Failed { .. });
            assert_eq!(failed, name == "unbuilt", "{name}");
        }
        let read = again.read(&self.comfy.bench.access(), &self.request).await;
        assert_eq!(essence(job), essence(&read));
    }
}

/// Cuts a wire so often, and stalls it now and then. Whatever else is slow is so until then.
fn disturb(wire: &Wire, slow: &Wire, times: usize) {
    let mut chance = Chance::new();
    for _ in 0..times {
        thread::sleep(chance.milliseconds(50, 800));
        if chance.one_in(5) {
            wire.stall();
            thread::sleep(chance.milliseconds(500, 3000));
            wire.go_on();
        }
        wire.cut();
    }
    slow.bytes_per_second(None);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_cuts_lose_nothing_and_double_nothing() {
    let twelve = Twelve::new();
    let wire = Arc::new(Wire::to(twelve.comfy.bench.host.port()));
    let access = twelve.comfy.bench.access_through(&wire);
    twelve.slow.bytes_per_second(Some(40_000));
    let again = Again::new(&access, &twelve.request).await;
    let mut watch = again.join(&access, &twelve.request).await;
    let disturbance = thread::spawn({
        let (wire, slow) = (Arc::clone(&wire), Arc::clone(&twelve.slow));
        move || disturb(&wire, &slow, 20)
    });
    let job = watch.followed().await;
    assert!(disturbance.is_finished(), "it outlived every cut");
    assert!(wire.connections() >= 5, "{}", wire.connections());
    told_in_order(&watch.seen, &job.id);
    twelve.check(&again, &job).await;

    let other = Twelve::new();
    let undisturbed = other.comfy.install(other.request.nodes.clone()).await;
    assert_eq!(outcomes(&undisturbed.ended().await), outcomes(&job));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minute_without_the_server_is_waited_for() {
    let twelve = Twelve::new();
    let access = twelve.comfy.bench.access();
    twelve.slow.bytes_per_second(Some(100_000));
    let again = Again::new(&access, &twelve.request).await;
    let mut watch = again.join(&access, &twelve.request).await;
    watch
        .until("a node is done", |job| nodes_done(job) > 0)
        .await;
    twelve.comfy.bench.host.stop();
    let waits = |job: &JobState| waits_for(job, "the connection to gpu-7: trying again in");
    watch.until("it waits", waits).await;
    let minute = tokio::time::sleep(Duration::from_mins(1));
    let ended_meanwhile = tokio::select! {
        () = minute => false,
        () = async { while watch.next().await.outcome.is_none() {} } => true,
    };
    assert!(!ended_meanwhile);
    twelve.comfy.bench.host.resume();
    let job = watch.followed().await;
    told_in_order(&watch.seen, &job.id);
    twelve.check(&again, &job).await;
}
