//! A job from its beginning to its end.

use labwright_jobs::{Change, ErrorReport, Failure, Outcome, Reporter, StepOutcome, Unit};
use serde_json::{Value, json};

use crate::bench::{Watcher, monitor, spec, submit, succeeded};

#[tokio::test(start_paused = true)]
async fn a_job_tells_its_story_in_order() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let inspect = context.reporter.step("Inspect");
        let send = context.reporter.step("Send");
        inspect.start();
        inspect.succeed();
        send.start();
        send.progress(10, Some(10), Unit::Bytes);
        send.log("almost\nthere");
        send.succeed();
        Ok(json!({"reference": "ceos:4.35.1F"}))
    })
    .await;
    let outcome = watcher.until_finished(job.id()).await;
    assert_eq!(outcome, succeeded(json!({"reference": "ceos:4.35.1F"})));
    assert_eq!(job.outcome().await, outcome);
    insta::assert_snapshot!(watcher.story(job.id()).join("\n"), @r"
    queued
    started
    1 added: Inspect
    2 added: Send
    1 started
    1 succeeded
    2 started
    2 says almost
    2 says there
    2 at 10/10
    2 succeeded
    succeeded
    ");
    let seqs: Vec<u64> = watcher.seen.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=12).collect::<Vec<u64>>());
}

#[tokio::test(start_paused = true)]
async fn what_is_open_ends_like_the_job_and_children_before_their_parents() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let layers = context.reporter.step("Layers");
        let _verify = context.reporter.step("Verify");
        layers.child("a").progress(3, None, Unit::Items);
        let error = ErrorReport::new("disk_full", "no space left in the engine");
        Err::<Value, _>(Failure::Failed(error))
    })
    .await;
    assert!(matches!(job.outcome().await, Outcome::Failed { error } if error.code == "disk_full"));
    watcher.until_finished(job.id()).await;
    insta::assert_snapshot!(watcher.story(job.id()).join("\n"), @r"
    queued
    started
    1 added: Layers
    2 added: Verify
    3 added below 1: a
    1 started
    3 started
    3 at 3/?
    3 failed
    2 skipped
    1 failed
    failed
    ");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_ends_ends_what_is_below_it() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let layers = context.reporter.step("Layers");
        let (running, _pending) = (layers.child("a"), layers.child("b"));
        running.start();
        layers.succeed();
        layers.fail("too late");
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    let steps = &watcher.state.job(job.id()).unwrap().steps;
    let outcomes = steps.iter().map(|step| step.outcome.clone().unwrap());
    let why = "not needed".to_owned();
    assert_eq!(
        outcomes.collect::<Vec<_>>(),
        [
            StepOutcome::Succeeded,
            StepOutcome::Succeeded,
            StepOutcome::Skipped { why }
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn steps_stand_at_most_three_deep() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let deepest = context.reporter.step("1").child("2").child("3");
        let _beside = deepest.child("4").child("5");
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    let steps = &watcher.state.job(job.id()).unwrap().steps;
    let parents = steps.iter().map(|step| step.parent.map(|parent| parent.0));
    assert_eq!(
        parents.collect::<Vec<_>>(),
        [None, Some(1), Some(2), Some(2), Some(2)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_fails_its_job_and_nothing_else() {
    let monitor = monitor();
    let first = submit(&monitor, spec("bad"), |_| async { panic!("out of paper") }).await;
    let Outcome::Failed { error } = first.outcome().await else {
        panic!("it must fail");
    };
    assert_eq!(error.code, "internal");
    assert!(error.in_one_line().contains("out of paper"), "{error:?}");
    let second = submit(&monitor, spec("good"), |_| async { Ok(json!(1)) }).await;
    assert_eq!(second.outcome().await, succeeded(json!(1)));
}

#[tokio::test(start_paused = true)]
async fn work_may_report_from_any_thread_and_after_its_end() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let (late, kept) = tokio::sync::oneshot::channel();
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        let step = context.reporter.step("Decode");
        let worker = step.clone();
        let counted = std::thread::spawn(move || {
            (1..=1000).for_each(|done| worker.progress(done, Some(1000), Unit::Bytes));
        });
        counted.join().unwrap();
        late.send(step).unwrap();
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    let last = watcher.state.job(job.id()).unwrap().steps[0].progress;
    assert_eq!(last.unwrap().done, 1000);
    let step = kept.await.unwrap();
    step.log("too late");
    step.progress(2000, None, Unit::Bytes);
    let next = submit(&monitor, spec("next"), |_| async { Ok(Value::Null) }).await;
    watcher.until_finished(next.id()).await;
    assert!(matches!(
        watcher
            .seen
            .iter()
            .rfind(|event| event.job == *job.id())
            .unwrap()
            .change,
        Change::Finished { .. }
    ));
}

#[test]
fn a_null_reporter_takes_everything() {
    let step = Reporter::null().step("Decode").child("Block");
    step.start();
    step.start_clock();
    step.if_stalled("nobody");
    step.progress(1, None, Unit::Bytes);
    step.log("hello");
    step.succeed();
}

#[tokio::test(start_paused = true)]
async fn output_is_bounded_and_says_so() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let job = submit(&monitor, spec("noisy"), |context| async move {
        let step = context.reporter.step("Talk");
        (0..1500).for_each(|line| step.log(format!("line {line}")));
        step.log("x".repeat(100_000));
        Ok(Value::Null)
    })
    .await;
    watcher.until_finished(job.id()).await;
    let lines: Vec<String> = watcher
        .seen
        .iter()
        .filter_map(|event| match &event.change {
            Change::Log { line, .. } => Some(line.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(lines.len(), 1001);
    assert_eq!(lines.last().unwrap(), "501 more lines were left out");
    let state = watcher.state.job(job.id()).unwrap();
    assert_eq!((state.log.len(), state.log_dropped), (200, 801));
}
