//! Watching ends when the jobs have, and stops them when it is stopped.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use labwright_jobs::{
    CancelReason, CancelToken, Change, ErrorReport, Failure, History, JobContext, JobEvent,
    JobHandle, JobSpec, JobState, Monitor, MonitorOptions, Outcome,
};
use serde_json::Value;
use tokio::time::timeout;

use super::{Watched, watch};
use crate::exit::Exit;
use crate::output::Output;
use crate::view::JobView;

/// Watching that takes longer does not end at all.
const LIMIT: Duration = Duration::from_secs(60);

/// Keeps what it is shown, cancels when a job has started, and can fail to write.
#[derive(Default)]
struct Recorder {
    events: Vec<JobEvent>,
    notes: Vec<String>,
    ends: Vec<Outcome>,
    stops: Option<CancelToken>,
    fails_with: Option<io::ErrorKind>,
}

impl JobView for Recorder {
    fn event(&mut self, _output: &Output, job: &JobState, event: &JobEvent) -> io::Result<()> {
        self.events.push(event.clone());
        self.ends.extend(job.outcome.clone());
        if let (Change::Started, Some(stop)) = (&event.change, &self.stops) {
            stop.cancel(CancelReason::Interrupt);
        }
        self.fails_with.map_or(Ok(()), |kind| Err(kind.into()))
    }

    fn note(&mut self, _output: &Output, text: &str) {
        self.notes.push(text.to_owned());
    }
}

/// What the work of a job does.
#[derive(Clone, Copy)]
enum Work {
    Succeeds,
    Fails,
    WaitsForCancel,
}

async fn does(work: Work, context: JobContext) -> Result<Value, Failure> {
    match work {
        Work::Succeeds => Ok(Value::Null),
        Work::Fails => Err(ErrorReport::new("broken", "it broke").into()),
        Work::WaitsForCancel => {
            context.cancel.cancelled().await;
            Err(Failure::Cancelled)
        }
    }
}

async fn submit(monitor: &Monitor, work: Work) -> JobHandle {
    let work = move |context| does(work, context);
    let submitted = monitor.submit(JobSpec::default(), work).await;
    submitted.unwrap().handle
}

struct Bench {
    monitor: Monitor,
    watched: Watched,
    stop: CancelToken,
}

impl Bench {
    async fn with(works: &[Work]) -> Self {
        let history = History::in_memory().unwrap();
        let monitor = Monitor::start(history, MonitorOptions::default());
        let (_, events) = monitor.subscribe().await;
        let mut handles = Vec::new();
        for work in works {
            handles.push(submit(&monitor, *work).await);
        }
        let watched = Watched {
            events,
            handles,
            elsewhere: BTreeSet::new(),
            joiner: None,
            leave_when_it_runs: false,
        };
        Self {
            monitor,
            watched,
            stop: CancelToken::new(),
        }
    }

    async fn watch(self, view: &mut Recorder) -> io::Result<Exit> {
        let output = Output::new(false);
        let watching = watch(&self.monitor, self.watched, view, &output, &self.stop);
        timeout(LIMIT, watching).await.unwrap()
    }
}

#[tokio::test]
async fn the_worst_end_is_the_exit_and_the_last_event_is_an_end() {
    let mut view = Recorder::default();
    let bench = Bench::with(&[Work::Fails, Work::Succeeds]).await;
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Failed);
    assert_eq!(view.ends.len(), 2);
    let last = &view.events.last().unwrap().change;
    assert!(matches!(last, Change::Finished { .. }), "{last:?}");
    let numbers = view.events.iter().map(|event| event.seq);
    assert!(numbers.eq(1..=view.events.len() as u64));
}

#[tokio::test]
async fn a_signal_cancels_the_jobs_and_their_ends_are_waited_for() {
    let bench = Bench::with(&[Work::WaitsForCancel, Work::WaitsForCancel]).await;
    let mut view = Recorder {
        stops: Some(bench.stop.clone()),
        ..Recorder::default()
    };
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Cancelled);
    let by = CancelReason::Interrupt;
    assert_eq!(
        view.ends,
        [Outcome::Cancelled { by }, Outcome::Cancelled { by }]
    );
    assert!(view.notes.concat().contains("again to leave at once"));
}

#[tokio::test]
async fn jobs_end_when_nobody_reads_any_more() {
    let bench = Bench::with(&[Work::WaitsForCancel]).await;
    let handle = bench.watched.handles.first().unwrap().clone();
    let mut view = Recorder {
        fails_with: Some(io::ErrorKind::BrokenPipe),
        ..Recorder::default()
    };
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Cancelled);
    assert_eq!(view.events.len(), 1, "nothing is written after the failure");
    let by = CancelReason::HandleDropped;
    assert_eq!(handle.outcome().await, Outcome::Cancelled { by });

    let bench = Bench::with(&[Work::Succeeds]).await;
    view.fails_with = Some(io::ErrorKind::StorageFull);
    let error = bench.watch(&mut view).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

/// A second monitor of the same history stands for another process.
#[tokio::test]
async fn a_job_of_another_process_is_followed_to_its_end() {
    let mut bench = Bench::with(&[]).await;
    let history = bench.monitor.history().clone();
    let elsewhere = Monitor::start(history, MonitorOptions::default());
    let job = submit(&elsewhere, Work::Fails).await;
    bench.watched.elsewhere.insert(job.id().clone());
    let mut view = Recorder::default();
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Failed);
    assert_eq!(view.ends, [job.outcome().await]);
}

#[tokio::test]
async fn a_signal_leaves_a_job_of_another_process_alone() {
    let mut bench = Bench::with(&[]).await;
    let history = bench.monitor.history().clone();
    let elsewhere = Monitor::start(history.clone(), MonitorOptions::default());
    let job = submit(&elsewhere, Work::WaitsForCancel).await;
    bench.watched.elsewhere.insert(job.id().clone());
    let mut view = Recorder {
        stops: Some(bench.stop.clone()),
        ..Recorder::default()
    };
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Cancelled);
    let hint = format!("lw jobs cancel {}", job.id());
    assert!(view.notes.concat().contains(&hint), "{:?}", view.notes);
    assert!(history.get(job.id().as_str()).unwrap().job.is_active());
}

/// Work on a host as these tests have it: left when its process is about to end, cancelled when the user says so.
async fn goes_on(context: JobContext) -> Result<Value, Failure> {
    context.reporter.step("Connect").succeed();
    context.reporter.step("Prepare").succeed();
    context.checkpoint(Value::Null);
    match context.cancel.cancelled().await {
        CancelReason::Shutdown | CancelReason::HandleDropped => Err(Failure::Left),
        _ => Err(Failure::Cancelled),
    }
}

fn on_host() -> JobSpec {
    JobSpec {
        kind: "install".to_owned(),
        subject: Some("gpu-7".to_owned()),
        ..JobSpec::default()
    }
}

async fn with_work_on_a_host() -> Bench {
    let mut bench = Bench::with(&[]).await;
    let submitted = bench.monitor.submit_durable(on_host(), goes_on).await;
    bench.watched.handles.push(submitted.unwrap().handle);
    bench
}

#[tokio::test]
async fn work_on_a_host_is_left_when_the_program_has_to_end() {
    for reason in [CancelReason::Shutdown, CancelReason::HandleDropped] {
        let bench = with_work_on_a_host().await;
        let history = bench.monitor.history().clone();
        let id = bench.watched.handles.first().unwrap().id().clone();
        bench.stop.cancel(reason);
        let mut view = Recorder::default();
        assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Cancelled);
        assert!(view.ends.is_empty(), "{:?}", view.ends);
        let hint = format!("lw jobs attach {id}");
        assert!(view.notes.concat().contains(&hint), "{:?}", view.notes);
        assert!(history.get(id.as_str()).unwrap().job.is_active());
    }
}

#[tokio::test]
async fn work_on_a_host_is_stopped_by_the_user() {
    let bench = with_work_on_a_host().await;
    bench.stop.cancel(CancelReason::Interrupt);
    let mut view = Recorder::default();
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Cancelled);
    let by = CancelReason::Interrupt;
    assert_eq!(view.ends, [Outcome::Cancelled { by }]);
}

#[tokio::test]
async fn who_wants_to_leave_leaves_as_soon_as_the_work_goes_on_by_itself() {
    let mut bench = with_work_on_a_host().await;
    bench.watched.leave_when_it_runs = true;
    let mut view = Recorder::default();
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Succeeded);
    let notes = view.notes.concat();
    assert!(notes.contains("the work goes on on gpu-7"), "{notes}");
}

#[tokio::test]
async fn work_of_another_process_that_goes_on_by_itself_is_left_to_it() {
    let mut bench = Bench::with(&[]).await;
    let history = bench.monitor.history().clone();
    let elsewhere = Monitor::start(history, MonitorOptions::default());
    let submitted = elsewhere.submit_durable(on_host(), goes_on).await;
    let handle = submitted.unwrap().handle;
    bench.watched.elsewhere.insert(handle.id().clone());
    bench.watched.leave_when_it_runs = true;
    let mut view = Recorder::default();
    assert_eq!(bench.watch(&mut view).await.unwrap(), Exit::Succeeded);
    assert!(view.notes.concat().contains("lw jobs attach"));
}
