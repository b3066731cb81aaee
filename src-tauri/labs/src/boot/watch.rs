//! Waiting until a node is ready, and saying what it waits for.

use super::error::BootError;
use super::signs::Signs;
use crate::kinds::{Check, Kind};
use futures_util::StreamExt;
use labwright_engine::{
    ContainerDetail, ContainerStatus, Engine, ExecSettings, LogSettings, OutputStream,
};
use labwright_jobs::Step;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// The first pause between two questions whether a node is ready, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// How often, and how many times, it is looked whether a node that was started again ends again.
const AGAIN: Duration = Duration::from_millis(100);
const LOOKS: u32 = 20;
/// How long a check may take: a command line that is not up yet can hang.
const CHECK: Duration = Duration::from_secs(20);
/// What a node waits for of which no stage is known.
const CHECKS: &str = "its readiness checks";

/// A node that boots.
#[derive(Debug)]
pub(crate) struct Boot<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) container: &'a str,
    pub(crate) kind: &'a Kind,
    /// How long it may take; without an end if not given.
    pub(crate) within: Option<Duration>,
    /// Whether its end is no failure: somebody waits for that.
    pub(crate) may_end: bool,
    /// Whether it was started just now: then the engine can have started it again only because it ended.
    pub(crate) fresh: bool,
}

impl Boot<'_> {
    /// Waits until the node is ready. Its stages are steps below `node`, and what it waits for is said there.
    pub(crate) async fn watch(&self, node: &Step) -> Result<(), BootError> {
        if self.kind.stages.is_empty() && self.kind.readiness.checks.is_empty() {
            return self.still_runs().await;
        }
        if self.kind.stages.is_empty() {
            node.waits_for(CHECKS);
        }
        let steps: Vec<Step> = self
            .kind
            .stages
            .iter()
            .map(|stage| node.child(&*stage.name))
            .collect();
        let mut shown = Shown {
            steps,
            over: 0,
            begun: None,
            slow_after: self.slow_after(),
        };
        let mut signs = Signs::new(self.kind);
        let outcome = self.follow(&mut signs, &mut shown).await;
        match &outcome {
            Ok(()) => shown.all_over(),
            Err(error) => shown.failed(error),
        }
        outcome
    }

    /// Fails where the node does not run any more.
    pub(crate) async fn still_runs(&self) -> Result<(), BootError> {
        self.runs(&Signs::new(self.kind)).await
    }

    async fn follow(&self, signs: &mut Signs<'_>, shown: &mut Shown) -> Result<(), BootError> {
        let begun = Instant::now();
        let mut output = Some(self.output(true).await?);
        let mut pause = FIRST_PAUSE;
        let mut next_check = begun;
        let deadline = self.within.map(|within| begun + within);
        loop {
            shown.advance(signs);
            tokio::select! {
                piece = next(&mut output) => match piece {
                    Some(Ok(piece)) => signs.read(piece.bytes())?,
                    // The container ended, or starts again: it is looked at below.
                    Some(Err(_)) | None => output = None,
                },
                () = sleep_until(next_check) => {
                    if self.is_ready().await {
                        return Ok(());
                    }
                    self.runs(signs).await?;
                    if output.is_none() {
                        output = Some(self.output(true).await?);
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    next_check = Instant::now() + pause;
                    shown.say_slow(begun.elapsed());
                }
                () = until(deadline) => return Err(late(begun, signs)),
            }
        }
    }

    fn slow_after(&self) -> Option<Duration> {
        Some(self.kind.readiness.usual).filter(|usual| !usual.is_zero())
    }

    async fn detail(&self) -> Result<ContainerDetail, BootError> {
        let detail = self.engine.container(self.container).await;
        detail.map_err(unknown)?.ok_or(BootError::Gone)
    }

    /// What it has printed since it was started last, and prints.
    async fn output(&self, follow: bool) -> Result<OutputStream, BootError> {
        let detail = self.detail().await?;
        let since = detail.started_at.parse::<jiff::Timestamp>().ok();
        let settings = LogSettings {
            follow,
            since: since
                .map(jiff::Timestamp::as_second)
                .filter(|since| *since > 0),
            ..LogSettings::default()
        };
        self.engine
            .logs(self.container, settings)
            .await
            .map_err(unknown)
    }

    /// Whether all its checks succeed. What cannot be run does not.
    async fn is_ready(&self) -> bool {
        let checks = &self.kind.readiness.checks;
        for check in checks {
            if !passes(self.engine, self.container, check).await {
                return false;
            }
        }
        !checks.is_empty()
    }

    /// Fails where the node does not run any more.
    async fn runs(&self, signs: &Signs<'_>) -> Result<(), BootError> {
        if self.may_end {
            return Ok(());
        }
        let mut detail = self.detail().await?;
        // An engine that starts it again and again makes it no better. Only once it ends again it tells how it ended.
        let restarts = if self.fresh { detail.restarts } else { 0 };
        for _ in 0..LOOKS {
            if restarts == 0 || has_ended(&detail) {
                break;
            }
            sleep(AGAIN).await;
            detail = self.detail().await?;
        }
        if !has_ended(&detail) && restarts == 0 {
            return Ok(());
        }
        let mut lines = signs.last();
        if lines.is_empty() {
            lines = last_lines(self.engine, self.container).await;
        }
        if !has_ended(&detail) {
            return Err(BootError::Restarted { restarts, lines });
        }
        Err(BootError::Ended {
            exit_code: detail.exit_code,
            out_of_memory: detail.out_of_memory,
            lines,
        })
    }
}

fn has_ended(detail: &ContainerDetail) -> bool {
    use ContainerStatus::{Dead, Exited, Restarting};
    matches!(detail.status, Exited | Dead | Restarting)
}

/// The sign in what a node has printed since it was started last that it will not come up, if there is one.
pub(crate) async fn bad_sign(engine: &Engine, container: &str, kind: &Kind) -> Option<BootError> {
    let boot = Boot {
        engine,
        container,
        kind,
        within: None,
        may_end: false,
        fresh: false,
    };
    let mut output = boot.output(false).await.ok()?;
    let mut signs = Signs::new(kind);
    while let Some(Ok(piece)) = output.next().await {
        if let Err(sign) = signs.read(piece.bytes()) {
            return Some(sign);
        }
    }
    None
}

/// Whether a check succeeds.
pub(crate) async fn passes(engine: &Engine, container: &str, check: &Check) -> bool {
    let settings = ExecSettings {
        command: check.command.clone(),
        ..ExecSettings::default()
    };
    let run = timeout(CHECK, engine.run(container, &settings)).await;
    matches!(run, Ok(Ok(result)) if result.exit_code == 0
        && String::from_utf8_lossy(&result.out).contains(&check.expect))
}

/// What a node printed last.
pub(crate) async fn last_lines(engine: &Engine, container: &str) -> Vec<String> {
    let settings = LogSettings {
        last: Some(u32::try_from(super::error::LINES).unwrap_or(u32::MAX)),
        ..LogSettings::default()
    };
    let Ok(mut output) = engine.logs(container, settings).await else {
        return Vec::new();
    };
    let mut text = Vec::new();
    while let Some(Ok(piece)) = output.next().await {
        text.extend_from_slice(piece.bytes());
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines = text.lines().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

fn late(begun: Instant, signs: &Signs<'_>) -> BootError {
    let waiting_for = signs.stage().map_or(CHECKS, |stage| &stage.waiting_for);
    BootError::Late {
        seconds: begun.elapsed().as_secs(),
        waiting_for: waiting_for.to_owned(),
        lines: signs.last(),
    }
}

/// The next piece; never, where there is nothing to read from.
async fn next(
    output: &mut Option<OutputStream>,
) -> Option<Result<labwright_engine::Output, labwright_engine::EngineError>> {
    match output {
        Some(output) => output.next().await,
        None => std::future::pending().await,
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => sleep(Duration::MAX).await,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unknown(error: labwright_engine::EngineError) -> BootError {
    BootError::Engine {
        why: labwright_jobs::ErrorReport::of("engine", &error).in_one_line(),
    }
}

/// The stages as steps.
struct Shown {
    steps: Vec<Step>,
    over: usize,
    /// The stage that was shown to have begun last.
    begun: Option<usize>,
    /// After how long it is said that it takes longer than usual.
    slow_after: Option<Duration>,
}

impl Shown {
    /// Ends the steps of stages that are over, and begins the next.
    fn advance(&mut self, signs: &Signs<'_>) {
        while self.over < signs.over() {
            if let Some(step) = self.steps.get(self.over) {
                step.succeed();
            }
            self.over += 1;
        }
        if self.begun.replace(self.over) == Some(self.over) {
            return;
        }
        if let (Some(step), Some(stage)) = (self.steps.get(self.over), signs.stage()) {
            step.start_clock();
            step.waits_for(&*stage.waiting_for);
        }
    }

    fn say_slow(&mut self, after: Duration) {
        if self.slow_after.is_some_and(|usual| after > usual)
            && let Some(step) = self.steps.get(self.over)
        {
            self.slow_after = None;
            step.log("it takes longer than such nodes usually do");
        }
    }

    fn all_over(&self) {
        for step in self.steps.iter().skip(self.over) {
            step.succeed();
        }
    }

    fn failed(&self, error: &BootError) {
        if let Some(step) = self.steps.get(self.over) {
            step.fail(error.to_string());
        }
    }
}
