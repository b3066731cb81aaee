//! How soon what happens on a host is seen here, over a line with a round trip of 200 ms.
//!
//! A script there prints the time twice a second, and what a clone makes has a time too: both are compared with when the
//! event of the job came. That is one clock, since the host is this machine. A busy machine makes all of it slower, so it
//! may try three times.

use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use labwright_jobs::Change;
use labwright_testbed::host::{Repository, Wire};

use crate::bench::{Watch, request};
use crate::comfy::Comfy;

/// Until the first sign of life, and until each change is seen.
const FIRST: Duration = Duration::from_secs(1);
const EACH: Duration = Duration::from_secs(2);
const ATTEMPTS: usize = 3;

const CLOCK: &str = "\
import time
for _ in range(8):
    print('it is', time.time_ns(), flush=True)
    time.sleep(0.5)
";

/// What was measured of one install.
#[derive(Debug, Default)]
struct Measured {
    /// From the order to the first step that begins.
    first: Duration,
    /// From a line that was printed there to its event here.
    lines: Vec<Duration>,
    /// From the end of the clone, when its folder got its name, to the event that its script runs.
    cloned: Duration,
}

impl Measured {
    async fn of(comfy: &Comfy, name: &str) -> Self {
        comfy.add(&Repository::named(name).install_script(CLOCK));
        let wire = Wire::to(comfy.bench.host.port());
        wire.delay(Duration::from_millis(100));
        let access = comfy.bench.access_through(&wire);
        let request = request(&comfy.bench, &comfy.target, vec![comfy.git(name)]);
        let mut measured = Self::default();
        let ordered = Instant::now();
        let mut watch = Watch::through(&access, request).await;
        while watch.next().await.outcome.is_none() {
            let change = watch.seen.last().unwrap().change.clone();
            measured.hear(comfy, &watch, &change, ordered);
        }
        measured
    }

    fn hear(&mut self, comfy: &Comfy, watch: &Watch, change: &Change, ordered: Instant) {
        match change {
            Change::StepStarted { .. } if self.first.is_zero() => self.first = ordered.elapsed(),
            Change::StepStarted { step } => {
                let step = watch.state().step(*step).unwrap();
                if step.name == "Install script" {
                    // The name was given with `rename`, which changes the folder around it.
                    let named = fs::metadata(&comfy.target).unwrap().modified().unwrap();
                    self.cloned = named.elapsed().unwrap();
                }
            }
            Change::Log { line, .. } => {
                if let Some(printed) = line.strip_prefix("it is ") {
                    let printed = Duration::from_nanos(printed.parse().unwrap());
                    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                    self.lines.push(now.saturating_sub(printed));
                }
            }
            _ => {}
        }
    }

    fn is_soon_enough(&self) -> bool {
        assert_eq!(self.lines.len(), 8, "{self:?}");
        assert!(!self.cloned.is_zero() && !self.first.is_zero(), "{self:?}");
        let each = self.lines.iter().chain([&self.cloned]).max().unwrap();
        self.first < FIRST && *each < EACH
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_far_away_is_seen_soon() {
    let comfy = Comfy::new();
    let mut all = Vec::new();
    for attempt in 0..ATTEMPTS {
        let measured = Measured::of(&comfy, &format!("clock-{attempt}")).await;
        if measured.is_soon_enough() {
            return;
        }
        all.push(measured);
    }
    panic!("{all:#?}");
}
