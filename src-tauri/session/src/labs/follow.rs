//! Follows the patchbay of the lab that is open, and finds it again when it comes back.

use std::collections::BTreeMap;
use std::time::Duration;

use labwright_engine::Engine;
use labwright_jobs::ErrorReport;
use labwright_labs::links::{Counters, Follow, LinkError, Told, Wired};
use labwright_labs::running::RunningLab;
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};

use super::EndRate;

/// How often traffic is measured while somebody looks at it.
const MEASURED: Duration = Duration::from_secs(1);
/// How long a change waits for others, which come together.
const SETTLE: Duration = Duration::from_millis(50);
/// How long a patchbay that does not answer is left alone, first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What is heard of a patchbay.
#[derive(Debug)]
pub(super) enum Heard {
    /// How its ports and links stand.
    Wired(Wired),
    /// What passes them.
    Rates(Vec<EndRate>),
    /// It does not answer, and is asked again in a moment.
    Silent(ErrorReport),
}

/// A task that follows a patchbay. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Following {
    /// The engine's id and the lab's name.
    pub(super) of: (String, String),
    heard: mpsc::Receiver<Heard>,
    task: AbortHandle,
}

impl Drop for Following {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Following {
    /// Begins. `measured` says whether traffic is to be told.
    pub(super) fn begin(
        engine: &Engine,
        lab: &RunningLab,
        measured: watch::Receiver<bool>,
    ) -> Self {
        let (tell, heard) = mpsc::channel(4);
        let task = Follower {
            engine: engine.clone(),
            lab: lab.clone(),
            measured,
            tell,
        };
        Self {
            of: (engine.info().id.clone(), lab.name.clone()),
            heard,
            task: tokio::spawn(task.run()).abort_handle(),
        }
    }

    /// What is heard next. Nothing is lost where the caller does not wait for it.
    pub(super) async fn next(&mut self) -> Heard {
        match self.heard.recv().await {
            Some(heard) => heard,
            None => std::future::pending().await,
        }
    }
}

struct Follower {
    engine: Engine,
    lab: RunningLab,
    measured: watch::Receiver<bool>,
    tell: mpsc::Sender<Heard>,
}

impl Follower {
    async fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            let Err(error) = self.follow().await else {
                return;
            };
            if self.tell.send(Heard::Silent(error.report())).await.is_err() {
                return;
            }
            if begun.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Ends well when nobody listens any more.
    async fn follow(&mut self) -> Result<(), LinkError> {
        let mut counts = *self.measured.borrow_and_update();
        let mut meter = Meter::default();
        let mut patchbay = Follow::open(&self.engine, &self.lab, every(counts)).await?;
        let mut heard = Heard::Wired(patchbay.wired());
        loop {
            if self.tell.send(heard).await.is_err() {
                return Ok(());
            }
            heard = loop {
                tokio::select! {
                    told = patchbay.next() => match told? {
                        Told::Changed => {
                            sleep(SETTLE).await;
                            patchbay.catch_up();
                            break Heard::Wired(patchbay.wired());
                        }
                        Told::Counters(counters) if counts => {
                            if let Some(rates) = meter.rates(&counters, Instant::now()) {
                                break Heard::Rates(rates);
                            }
                        }
                        Told::Counters(_) => {}
                    },
                    changed = self.measured.changed() => {
                        if changed.is_err() {
                            return Ok(());
                        }
                        counts = *self.measured.borrow_and_update();
                        meter = Meter::default();
                        patchbay.count(every(counts)).await?;
                        break Heard::Wired(patchbay.wired());
                    }
                }
            };
        }
    }
}

fn every(counts: bool) -> Option<Duration> {
    counts.then_some(MEASURED)
}

/// Bytes that each end's node sent and was sent.
type Passed = BTreeMap<String, (u64, u64)>;

/// Makes rates of what has passed.
#[derive(Debug, Default)]
struct Meter {
    last: Option<Instant>,
    passed: Passed,
}

impl Meter {
    /// None before there are two measurements. An end that was made anew counts from nothing, and one that is not told of
    /// passed nothing.
    fn rates(&mut self, counters: &[Counters], now: Instant) -> Option<Vec<EndRate>> {
        let changed = counters.iter().map(|end| {
            let passed = (end.sent_bytes, end.received_bytes);
            (end.end.to_string(), passed)
        });
        let changed: Passed = changed.collect();
        let elapsed = self.last.replace(now).map(|then| now - then);
        let rates = changed.into_iter().filter_map(|(end, now)| {
            let then = self.passed.insert(end.clone(), now)?;
            let rate = |now: u64, then: u64| bits_per_second(now.checked_sub(then)?, elapsed?);
            let (sent_bps, received_bps) = (rate(now.0, then.0)?, rate(now.1, then.1)?);
            (sent_bps > 0 || received_bps > 0).then_some(EndRate {
                end,
                sent_bps,
                received_bps,
            })
        });
        let rates: Vec<EndRate> = rates.collect();
        elapsed.map(|_| rates)
    }
}

fn bits_per_second(bytes: u64, within: Duration) -> Option<u64> {
    let bits = u128::from(bytes) * 8 * 1_000_000;
    u64::try_from(bits.checked_div(within.as_micros())?).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn passed(sent: u64, received: u64) -> [Counters; 2] {
        let counters = |end: &str, sent_bytes, received_bytes| Counters {
            end: end.parse().unwrap(),
            sent_bytes,
            sent_frames: 0,
            received_bytes,
            received_frames: 0,
        };
        [counters("a:eth1", sent, received), counters("b:eth1", 7, 7)]
    }

    #[test]
    fn rates_are_made_of_two_measurements() {
        let (mut meter, begun) = (Meter::default(), Instant::now());
        assert_eq!(meter.rates(&passed(1000, 0), begun), None);
        let later = begun + Duration::from_millis(500);
        let rates = meter.rates(&passed(2000, 500), later).unwrap();
        let expected = EndRate {
            end: "a:eth1".to_owned(),
            sent_bps: 16_000,
            received_bps: 8000,
        };
        assert_eq!(rates, [expected], "what nothing passes is left out");
        // Its node was started again.
        let again = later + Duration::from_secs(1);
        assert_eq!(meter.rates(&passed(10, 10), again).unwrap(), []);
        // Nothing passed, and so nothing was told; then something did.
        let quiet = again + Duration::from_secs(1);
        assert_eq!(meter.rates(&[], quiet).unwrap(), []);
        let busy = meter.rates(&passed(1010, 10), quiet + Duration::from_secs(1));
        assert_eq!(busy.unwrap()[0].sent_bps, 8000);
    }
}
