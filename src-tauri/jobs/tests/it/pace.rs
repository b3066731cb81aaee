//! Progress is merged, and nothing else is.

use std::time::Duration;

use labwright_jobs::{Change, Progress, StepId, Unit};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::bench::{Watcher, monitor, monitor_with, spec, submit};

/// Progress as it came, with the time it came at.
async fn progress(watcher: &mut Watcher) -> Vec<(Instant, StepId, Progress)> {
    let mut seen = Vec::new();
    loop {
        match watcher.next().await.change {
            Change::Progress { step, progress } => seen.push((Instant::now(), step, progress)),
            Change::Finished { .. } => return seen,
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ten_a_second_the_first_at_once_and_the_last_kept() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let began = Instant::now();
    let _job = submit(&monitor, spec("cEOS"), |context| async move {
        let steps = [0, 1, 2].map(|number| context.reporter.step(number.to_string()));
        for done in 1..=5000 {
            for step in &steps {
                step.progress(done, Some(5000), Unit::Bytes);
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(Value::Null)
    })
    .await;
    let seen = progress(&mut watcher).await;
    assert!(
        seen[0].0 - began < Duration::from_millis(5),
        "the first is not held back"
    );
    let running = &seen[..seen.len() - 3];
    for window in running.windows(11) {
        assert!(window[10].0 - window[0].0 >= Duration::from_secs(1));
    }
    assert!(
        running.len() >= 35,
        "they are not starved either: {}",
        running.len()
    );
    for step in [1, 2, 3].map(StepId) {
        let of_step: Vec<u64> = seen
            .iter()
            .filter(|(_, of, _)| *of == step)
            .map(|(_, _, progress)| progress.done)
            .collect();
        assert!(of_step.is_sorted());
        assert!(
            of_step.len() >= 10,
            "each step has its turn: {}",
            of_step.len()
        );
        assert_eq!(of_step.last(), Some(&5000));
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_of_four_steps_has_never_more_than_ten_in_a_second() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let _job = submit(&monitor, spec("cEOS"), |context| async move {
        let inspect = context.reporter.step("Inspect");
        let send = context.reporter.step("Send");
        let commit = context.reporter.step("Engine commit");
        inspect.progress(7, Some(7), Unit::Items);
        inspect.succeed();
        for done in 1..=3000 {
            send.progress(done, Some(3000), Unit::Bytes);
            sleep(Duration::from_millis(1)).await;
        }
        send.succeed();
        commit.start_clock();
        sleep(Duration::from_secs(3)).await;
        Ok(Value::Null)
    })
    .await;
    let seen = progress(&mut watcher).await;
    for window in seen.windows(11) {
        assert!(window[10].0 - window[0].0 >= Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_measured() {
    let monitor = monitor();
    let mut watcher = Watcher::new(&monitor).await;
    let _job = submit(&monitor, spec("cEOS"), |context| async move {
        let send = context.reporter.step("Send");
        for done in 0..10_000 {
            send.progress(done * 1000, None, Unit::Bytes);
            sleep(Duration::from_millis(1)).await;
        }
        Ok(Value::Null)
    })
    .await;
    let seen = progress(&mut watcher).await;
    assert_eq!(seen[0].2.rate, None);
    let rate = seen.last().unwrap().2.rate.unwrap();
    assert!((950_000..=1_050_000).contains(&rate), "{rate}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_subscriber_gets_one_gap_and_subscribes_again() {
    let options = labwright_jobs::MonitorOptions {
        subscriber_buffer: 3,
        ..labwright_jobs::MonitorOptions::default()
    };
    let monitor = monitor_with(options);
    let (_, mut slow) = monitor.subscribe().await;
    let job = submit(&monitor, spec("cEOS"), |context| async move {
        (0..10).for_each(|number| context.reporter.step(number.to_string()).succeed());
        Ok(Value::Null)
    })
    .await;
    job.outcome().await;
    for seq in 1..=3 {
        assert_eq!(slow.next().await.unwrap().unwrap().seq, seq);
    }
    assert_eq!(slow.next().await.unwrap().unwrap_err().after, 3);
    assert!(slow.next().await.is_none());
    let (snapshot, _) = monitor.subscribe().await;
    assert_eq!(snapshot.job(job.id()).unwrap().steps.len(), 10);
}
