//! Whatever producers do, in whatever order, everybody sees the same in the end.

use std::collections::BTreeMap;
use std::time::Duration;

use labwright_jobs::{
    CancelReason, Change, ErrorReport, Failure, Gap, JobContext, JobEvent, JobId, JobSpec, Monitor,
    MonitorOptions, Snapshot, Step, StepId, Unit,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::bench::{monitor_with, spec};

/// One thing that a producer does.
#[derive(Clone, Debug)]
enum Deed {
    Step,
    Child,
    Start,
    Clock,
    Progress(u64, Option<u64>, Unit),
    Log,
    Finish(bool),
    Pause(u64),
}

/// How a job ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Well,
    Badly,
    Panicking,
    Cancelled,
}

fn deed() -> impl Strategy<Value = Deed> {
    let unit = prop_oneof![4 => Just(Unit::Bytes), 1 => Just(Unit::Items)];
    let total = proptest::option::of(0..1000_u64);
    prop_oneof![
        3 => Just(Deed::Step),
        2 => Just(Deed::Child),
        3 => Just(Deed::Start),
        1 => Just(Deed::Clock),
        20 => (0..1000_u64, total, unit).prop_map(|(done, total, unit)| Deed::Progress(done, total, unit)),
        2 => Just(Deed::Log),
        4 => any::<bool>().prop_map(Deed::Finish),
        8 => prop_oneof![4 => 0..50_u64, 1 => Just(31_000_u64)].prop_map(Deed::Pause),
    ]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        4 => Just(End::Well),
        1 => Just(End::Badly),
        1 => Just(End::Panicking),
        1 => Just(End::Cancelled),
    ]
}

#[derive(Clone, Debug)]
struct Plan {
    producers: Vec<Vec<Deed>>,
    end: End,
    queue: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    (vec(vec(deed(), 0..40), 1..4), end(), any::<bool>()).prop_map(|(producers, end, queue)| Plan {
        producers,
        end,
        queue,
    })
}

async fn produce(context: JobContext, deeds: Vec<Deed>) {
    let mut step: Step = context.reporter.step("first");
    for deed in deeds {
        match deed {
            Deed::Step => step = context.reporter.step("step"),
            Deed::Child => step = step.child("child"),
            Deed::Start => step.start(),
            Deed::Clock => step.start_clock(),
            Deed::Progress(done, total, unit) => step.progress(done, total, unit),
            Deed::Log => step.log("line"),
            Deed::Finish(true) => step.succeed(),
            Deed::Finish(false) => step.fail("no"),
            Deed::Pause(milliseconds) => sleep(Duration::from_millis(milliseconds)).await,
        }
        tokio::task::yield_now().await;
    }
}

async fn work(context: JobContext, plan: Plan) -> Result<Value, Failure> {
    let producers = plan.producers.into_iter();
    let producers = producers.map(|deeds| tokio::spawn(produce(context.clone(), deeds)));
    for producer in producers.collect::<Vec<_>>() {
        producer.await.unwrap();
    }
    match plan.end {
        End::Well => Ok(Value::Null),
        End::Badly => Err(ErrorReport::new("bad", "it went badly").into()),
        End::Panicking => std::panic::resume_unwind(Box::new("on purpose")),
        End::Cancelled => {
            context.cancel.cancel(CancelReason::User);
            Err(Failure::Cancelled)
        }
    }
}

/// Watches until the end; begins late, asks again after a gap, and is as slow as it is told.
async fn watch(
    monitor: Monitor,
    late: u64,
    slow: u64,
    jobs: usize,
) -> (Snapshot, Vec<(Instant, JobEvent)>) {
    sleep(Duration::from_millis(late)).await;
    let (mut state, mut events) = monitor.subscribe().await;
    let mut seen = Vec::new();
    while state.jobs.iter().filter(|job| !job.is_active()).count() < jobs {
        match events.next().await.unwrap() {
            Ok(event) => {
                state.apply(&event).unwrap();
                seen.push((Instant::now(), event));
            }
            Err(Gap { after }) => {
                assert_eq!(after, state.seq);
                (state, events) = monitor.subscribe().await;
                seen.clear();
            }
        }
        if slow > 0 {
            sleep(Duration::from_millis(slow)).await;
        }
    }
    (state, seen)
}

async fn run(plans: Vec<Plan>, late: u64) {
    let patient = 1 << 20;
    let roomy = monitor_with(MonitorOptions {
        subscriber_buffer: patient,
        ..MonitorOptions::default()
    });
    everybody_sees_the_same(&roomy, &plans, late, 0).await;
    let tight = monitor_with(MonitorOptions {
        subscriber_buffer: 2,
        ..MonitorOptions::default()
    });
    everybody_sees_the_same(&tight, &plans, late, 1).await;
}

async fn everybody_sees_the_same(monitor: &Monitor, plans: &[Plan], late: u64, slow: u64) {
    let watcher = |late, slow| tokio::spawn(watch(monitor.clone(), late, slow, plans.len()));
    let watchers = [
        watcher(0, slow),
        watcher(late, slow),
        watcher(late * 7, slow),
    ];
    tokio::task::yield_now().await;
    let mut handles = Vec::new();
    for plan in plans.iter().cloned() {
        let spec = JobSpec {
            queue: plan.queue.then(|| "imports".to_owned()),
            ..spec("job")
        };
        let submitted = monitor.submit(spec, |context| work(context, plan)).await;
        handles.push(submitted.unwrap().handle);
    }
    for handle in &handles {
        handle.outcome().await;
    }
    let (own, _) = monitor.subscribe().await;
    for (index, watcher) in watchers.into_iter().enumerate() {
        let (state, seen) = watcher.await.unwrap();
        assert_eq!(state, own, "watcher {index}");
        if index == 0 && slow == 0 {
            check_stream(&seen, plans.len());
        }
    }
}

/// What must hold of all events from the first to the last.
fn check_stream(seen: &[(Instant, JobEvent)], jobs: usize) {
    let seqs = seen.iter().map(|(_, event)| event.seq);
    assert!(seqs.eq(1..=seen.len() as u64), "no number is missing");
    let mut by_job: BTreeMap<JobId, Vec<(Instant, Change)>> = BTreeMap::new();
    for (at, event) in seen {
        let of_job = by_job.entry(event.job.clone()).or_default();
        of_job.push((*at, event.change.clone()));
    }
    assert_eq!(by_job.len(), jobs);
    for changes in by_job.values() {
        check_job(changes);
    }
}

fn check_job(changes: &[(Instant, Change)]) {
    let ends = changes
        .iter()
        .filter(|(_, it)| matches!(it, Change::Finished { .. }));
    assert_eq!(ends.count(), 1);
    assert!(matches!(changes.last().unwrap().1, Change::Finished { .. }));
    let mut last: BTreeMap<StepId, (Unit, u64)> = BTreeMap::new();
    let mut running = Vec::new();
    for (index, (at, change)) in changes.iter().enumerate() {
        let Change::Progress { step, progress } = change else {
            continue;
        };
        let (unit, done) = last.get(step).copied().unwrap_or((progress.unit, 0));
        assert!(unit != progress.unit || done <= progress.done);
        last.insert(*step, (progress.unit, progress.done));
        if !is_last_of_step(*step, &changes[index + 1..]) {
            running.push(*at);
        }
    }
    for window in running.windows(11) {
        assert!(window[10] - window[0] >= Duration::from_secs(1));
    }
}

/// Whether the step ends at once: its last progress is not held back.
fn is_last_of_step(step: StepId, rest: &[(Instant, Change)]) -> bool {
    let of_step = rest.iter().find(|(_, it)| it.step() == Some(step));
    matches!(of_step, Some((_, Change::StepFinished { .. })))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_ends_in_the_same_state(
        plans in vec(plan(), 1..4),
        late in 0..3000_u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(run(plans, late));
    }
}
