//! An install from its beginning, or from where it was left, to its end.

use std::pin::pin;
use std::time::Duration;

use labwright_jobs::{CancelReason, ErrorReport, Failure, JobContext};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::error::InstallError;
use super::ledger::{InstallSummary, Ledger, NodeReport, NodeResult};
use super::link::{Unlinked, connect};
use super::request::{InstallJob, InstallMode};
use super::sending::send;
use super::steps::Steps;
use super::words::failure;
use crate::runner::{Event, FarNode, FarPlan, Follower, News, NodeOutcome, Started, cancel, start};
use crate::ssh::{Connection, SshError};

/// How long a runner that was told to stop may take to say that it did.
const FAREWELL: Duration = Duration::from_secs(15);

/// How long a host that cannot be reached is tried before a cancelled install counts as lost.
const LAST_ATTEMPTS: Duration = Duration::from_secs(20);

/// Between two of these attempts.
const ATTEMPT_PAUSE: Duration = Duration::from_secs(1);

/// Does the install.
pub(super) async fn run(job: InstallJob, context: JobContext) -> Result<Value, Failure> {
    let mut install = Install::new(job, context);
    let ended = install.work().await;
    install.conclude(ended)
}

/// How the work on the host ended.
enum End {
    /// The runner said so.
    Said(String),
    /// There is no runner any more, and it said nothing.
    Lost(String),
    /// It never began, or cannot be followed.
    Failed(InstallError),
    /// The program ends, and the work goes on.
    Left,
    /// It was cancelled before there was anything to cancel.
    Cancelled,
}

struct Install {
    job: InstallJob,
    context: JobContext,
    ledger: Ledger,
    steps: Steps,
    /// Whether a runner may be there: it was asked to start, by this process or an earlier one.
    may_run: bool,
    /// When whoever cancelled it stops waiting for the runner's last word.
    farewell: Option<Instant>,
}

impl Install {
    fn new(job: InstallJob, context: JobContext) -> Self {
        let mut steps = Steps::of(&context, &job.request);
        let earlier = context.earlier.as_ref();
        let kept =
            earlier.and_then(|earlier| serde_json::from_value(earlier.checkpoint.clone()).ok());
        let far = job.request.far_nodes().count();
        let ledger = kept.unwrap_or_else(|| Ledger::new(far));
        ledger.found().for_each(|what| steps.recall(&what));
        let install = Self {
            ledger,
            may_run: earlier.is_some(),
            job,
            context,
            steps,
            farewell: None,
        };
        install.checkpoint();
        install
    }

    /// Everything that was reported is in the ledger, and the other way round.
    fn checkpoint(&self) {
        if let Ok(kept) = serde_json::to_value(&self.ledger) {
            self.context.checkpoint(kept);
        }
    }

    async fn work(&mut self) -> End {
        self.steps.connect.start();
        let started = self.ledger.started || self.context.earlier.is_some();
        let first = connect(&self.job, &self.context, &self.steps, started).await;
        let mut connection = match first {
            Ok(connection) => connection,
            Err(unlinked) => return self.unlinked(unlinked).await,
        };
        self.steps.connect.succeed();
        self.send_all().await;
        if self.job.request.far_nodes().next().is_none() {
            return End::Said("succeeded".to_owned());
        }
        loop {
            match self.over(&connection).await {
                Ok(end) => return end,
                Err(error) if error.may_pass() || self.goes_on_after(&error) => {
                    tracing::info!(error = %error, "the connection of an install is gone");
                }
                Err(error) => return End::Failed(error.into()),
            }
            drop(connection);
            // A host that lets us in and cuts us off at once is not asked without a pause.
            sleep(ATTEMPT_PAUSE).await;
            connection = match connect(&self.job, &self.context, &self.steps, true).await {
                Ok(connection) => connection,
                Err(unlinked) => return self.unlinked(unlinked).await,
            };
        }
    }

    /// Whether the work there goes on whatever this says: all but that the host does not do what it is told.
    fn goes_on_after(&self, error: &SshError) -> bool {
        self.ledger.started && !matches!(error, SshError::Script { .. })
    }

    /// There is no connection, and nobody waits for one any more.
    async fn unlinked(&mut self, unlinked: Unlinked) -> End {
        match unlinked {
            Unlinked::Failed(error) => End::Failed(error.into()),
            Unlinked::Stopped(CancelReason::Shutdown | CancelReason::HandleDropped) => End::Left,
            Unlinked::Stopped(_) if !self.may_run => End::Cancelled,
            Unlinked::Stopped(_) => self.stop_unseen().await,
        }
    }

    /// Tries for a while to reach the host, so that the work there ends.
    async fn stop_unseen(&mut self) -> End {
        let host = self.job.request.host.clone();
        self.steps
            .wait(&format!("{host}, to stop what still runs there"));
        let deadline = Instant::now() + LAST_ATTEMPTS;
        while Instant::now() < deadline {
            let (transport, target) = (&self.job.transport, &self.job.request.target);
            let opening = Connection::open(transport.clone(), &host, target.clone());
            if let Ok(Ok(connection)) = timeout_at(deadline, opening).await
                && let Ok(end) = self.over(&connection).await
            {
                return end;
            }
            sleep(ATTEMPT_PAUSE).await;
        }
        End::Lost(format!(
            "{host} cannot be reached to stop the work there; it may go on"
        ))
    }

    /// Works over a connection until the end, or until it breaks.
    async fn over(&mut self, connection: &Connection) -> Result<End, SshError> {
        self.steps.prepare.start();
        if !self.ledger.started && !self.context.cancel.is_cancelled() {
            self.may_run = true;
            match self.started(connection).await? {
                Ok(Started::Running) => {}
                Ok(Started::Refused { code, text }) => {
                    return Ok(End::Failed(self.refused(code, text)));
                }
                Err(end) => return Ok(end),
            }
            self.ledger.started = true;
            self.checkpoint();
        }
        let follower = Follower::begin(connection, &self.context.job, self.ledger.offset);
        let mut follower = follower.await?;
        loop {
            let news = match self.next(connection, &mut follower).await? {
                Ok(news) => news,
                Err(end) => return Ok(end),
            };
            match news {
                News::Lines(lines) => {
                    if let Err(error) = self.take(&lines) {
                        return Ok(End::Failed(error));
                    }
                }
                News::Exit(word) => return Ok(self.said(word)),
                News::Lost(why) => return Ok(self.lost(&why)),
            }
        }
    }

    /// Starts the runner; or the end, if somebody wants one meanwhile. A start that is under way is awaited even by who
    /// cancels: left alone it could begin after nobody looks any more.
    async fn started(&self, connection: &Connection) -> Result<Result<Started, End>, SshError> {
        let mut starting = pin!(self.start(connection));
        let reason = tokio::select! {
            started = &mut starting => return started.map(Ok),
            reason = self.context.cancel.cancelled() => reason,
        };
        if matches!(reason, CancelReason::Shutdown | CancelReason::HandleDropped) {
            return Ok(Err(End::Left));
        }
        match timeout(FAREWELL, starting).await {
            Ok(started) => started.map(Ok),
            Err(_) => Ok(Err(End::Lost(
                "the host does not say whether the work began; it may go on".to_owned(),
            ))),
        }
    }

    async fn start(&self, connection: &Connection) -> Result<Started, SshError> {
        let request = &self.job.request;
        let nodes = request.far_nodes().map(|(_, node)| FarNode {
            name: &node.name,
            source: &node.source,
            replace: node.replace,
        });
        let plan = FarPlan {
            mode: request.mode.far(),
            target: &request.folder,
            venv: request.venv.as_deref().unwrap_or_default(),
            jobs: request.jobs,
            nodes: nodes.collect(),
        };
        start(connection, &self.context.job, &plan).await
    }

    /// What comes next; or the end, if somebody wants one.
    async fn next(
        &mut self,
        connection: &Connection,
        follower: &mut Follower,
    ) -> Result<Result<News, End>, SshError> {
        if let Some(farewell) = self.farewell {
            return match timeout_at(farewell, follower.next()).await {
                Ok(news) => news.map(Ok),
                Err(_) => Ok(Err(End::Lost(
                    "the runner was told to stop, and did not say that it did".to_owned(),
                ))),
            };
        }
        let reason = tokio::select! {
            news = follower.next() => return news.map(Ok),
            reason = self.context.cancel.cancelled() => reason,
        };
        if matches!(reason, CancelReason::Shutdown | CancelReason::HandleDropped) {
            return Ok(Err(End::Left));
        }
        cancel(connection, &self.context.job).await?;
        self.farewell = Some(Instant::now() + FAREWELL);
        Ok(Ok(News::Lines(Vec::new())))
    }

    /// Takes whole lines over, and notes where reading stands.
    fn take(&mut self, lines: &[Vec<u8>]) -> Result<(), InstallError> {
        let host = || self.job.request.host.clone();
        for line in lines {
            let event: Event =
                serde_json::from_slice(line).map_err(|error| InstallError::Damaged {
                    host: host(),
                    why: format!("{error}: {}", String::from_utf8_lossy(line)),
                })?;
            if self.ledger.take(&event).map_err(|gap| (gap, host()))? {
                self.steps.report(&event.what);
            }
            self.ledger.offset += line.len() as u64 + 1;
        }
        if !lines.is_empty() {
            self.checkpoint();
        }
        Ok(())
    }

    fn said(&self, word: String) -> End {
        match &self.ledger.refused {
            Some((code, text)) => End::Failed(self.refused(code.clone(), text.clone())),
            None => End::Said(word),
        }
    }

    fn refused(&self, code: String, said: String) -> InstallError {
        InstallError::Refused {
            host: self.job.request.host.clone(),
            code,
            said,
        }
    }

    fn lost(&self, why: &str) -> End {
        if why == "gone" && !self.ledger.started {
            return End::Cancelled;
        }
        let host = &self.job.request.host;
        let why = match why {
            "restarted" => format!("{host} was restarted"),
            "gone" => format!("what the runner had written on {host} is gone"),
            _ => format!("the runner on {host} ended without a word"),
        };
        let (done, total) = (self.ledger.done(), self.ledger.nodes.len());
        End::Lost(format!("{why}; {done} of {total} nodes were done by then"))
    }

    /// Sends what is sent from here, one after the other.
    async fn send_all(&mut self) {
        let nodes: Vec<usize> = self
            .job
            .request
            .sent_nodes()
            .map(|(index, _)| index)
            .collect();
        for index in nodes {
            let node = &self.job.request.nodes[index];
            let Some(step) = self
                .steps
                .node(index)
                .filter(|_| !self.steps.is_settled(index))
            else {
                continue;
            };
            let outcome = match send(&self.job, &self.context, node, &step).await {
                Ok(()) => Ok(()),
                Err(Failure::Failed(report)) => Err(report.in_one_line()),
                Err(Failure::Lost(why)) => Err(why),
                Err(Failure::Cancelled | Failure::Left) => return,
            };
            self.steps.settle(index, outcome.clone());
            self.ledger.sent.push((index, outcome));
            self.checkpoint();
        }
    }

    fn conclude(self, end: End) -> Result<Value, Failure> {
        match end {
            End::Left => Err(Failure::Left),
            End::Cancelled => Err(Failure::Cancelled),
            End::Lost(why) => Err(Failure::Lost(why)),
            End::Failed(error) => Err(Failure::Failed(error.report())),
            End::Said(word) if word == "cancelled" && self.context.cancel.is_cancelled() => {
                Err(Failure::Cancelled)
            }
            End::Said(word) if word == "cancelled" => {
                let host = self.job.request.host;
                Err(Failure::Failed(InstallError::Stopped { host }.report()))
            }
            End::Said(_) => self.result(),
        }
    }

    fn result(self) -> Result<Value, Failure> {
        let request = &self.job.request;
        let failed = self.failed();
        if !failed.is_empty() {
            let error = InstallError::Nodes {
                host: request.host.clone(),
                total: request.nodes.len(),
                done: match request.mode {
                    InstallMode::Install => "installed",
                    InstallMode::Repair => "repaired",
                    InstallMode::Verify => "verified",
                },
                failed,
            };
            return Err(Failure::Failed(error.report()));
        }
        let summary = self.summary();
        serde_json::to_value(summary)
            .map_err(|error| Failure::Failed(ErrorReport::of("internal", &error)))
    }

    /// The nodes that failed, each with the reason.
    fn failed(&self) -> Vec<String> {
        let nodes = &self.job.request.nodes;
        let far = self.job.request.far_nodes().zip(&self.ledger.nodes);
        let far = far.filter_map(|((_, node), settled)| {
            let settled = settled.as_ref()?;
            let why = failure(&settled.code, &settled.text);
            (settled.outcome == NodeOutcome::Failed).then(|| format!("{}: {why}", node.name))
        });
        let sent = self.ledger.sent.iter().filter_map(|(index, outcome)| {
            let why = outcome.as_ref().err()?;
            Some(format!("{}: {why}", nodes[*index].name))
        });
        far.chain(sent).collect()
    }

    fn summary(&self) -> InstallSummary {
        let names: Vec<&str> = self
            .job
            .request
            .far_nodes()
            .map(|(_, node)| node.name.as_str())
            .collect();
        let mut summary = self.ledger.summary(&names);
        summary.plan = self.job.request.origin();
        let nodes = &self.job.request.nodes;
        summary
            .nodes
            .extend(self.ledger.sent.iter().map(|(index, _)| NodeReport {
                name: nodes[*index].name.clone(),
                outcome: Some(NodeResult::Installed),
                ..NodeReport::default()
            }));
        summary
    }
}
