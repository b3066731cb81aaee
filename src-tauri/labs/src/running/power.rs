//! Starting and stopping the nodes of a lab that is there.

use super::error::{LabError, PartError};
use super::find::{RunningLab, RunningNode, lab};
use crate::kinds::Kinds;
use crate::patchbay::Patchbay;
use crate::patchbay::container::{self, Ensured};
use crate::plan::count;
use crate::topology::LabName;
use crate::up::{Begins, NodeUp, Together};
use futures_util::{StreamExt, stream};
use labwright_engine::{ContainerStatus, Engine};
use labwright_jobs::{Failure, JobContext, JobSpec, PART, Step, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// How many nodes are worked on at once.
const AT_ONCE: usize = 4;
/// Up to so many nodes a title names.
const NAMED: usize = 4;

/// What is to be done to nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerAction {
    /// Start those that do not run.
    Start,
    /// Stop those that run.
    Stop,
    /// Both.
    Restart,
}

/// What is asked for. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerRequest {
    /// The lab.
    pub lab: String,
    /// The nodes; all, if none is given.
    #[serde(default)]
    pub nodes: Vec<String>,
    /// What is done to them.
    pub action: PowerAction,
    /// The engine's address.
    pub engine: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerResult {
    /// The lab.
    pub lab: String,
    /// The nodes that it was done to.
    pub nodes: Vec<String>,
}

/// Something that can be done.
#[derive(Debug, Clone)]
pub struct PowerJob {
    /// The engine.
    pub engine: Engine,
    /// The kinds of node.
    pub kinds: Arc<Kinds>,
    /// What is asked for.
    pub request: PowerRequest,
}

impl PowerAction {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Start => ("start", "Start"),
            Self::Stop => ("stop", "Stop"),
            Self::Restart => ("restart", "Restart"),
        }
    }
}

impl PowerJob {
    /// What the monitor needs to know of it. A single node can be worked on beside others, but not beside its lab.
    pub fn spec(&self) -> JobSpec {
        let PowerRequest { lab, nodes, .. } = &self.request;
        let (kind, word) = self.request.action.words();
        let what = match nodes.as_slice() {
            [] => lab.clone(),
            nodes if nodes.len() > NAMED => format!("{} nodes of {lab}", nodes.len()),
            nodes => format!("{} of {lab}", nodes.join(", ")),
        };
        let object = match nodes.as_slice() {
            [node] => format!("{lab}{PART}{node}"),
            _ => lab.clone(),
        };
        let mut spec = super::spec(
            kind,
            format!("{word} {what} on {}", self.engine.title()),
            &self.engine,
            &object,
            serde_json::to_value(&self.request).unwrap_or(Value::Null),
        );
        spec.subject = Some(lab.clone());
        spec
    }

    /// Does it. The result is a [`PowerResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        let done = tokio::select! {
            done = self.act(&context) => done,
            _ = context.cancel.cancelled() => Err(LabError::Cancelled),
        };
        Ok(serde_json::to_value(done?).unwrap_or_default())
    }

    async fn act(&self, context: &JobContext) -> Result<PowerResult, LabError> {
        let step = context.reporter.step("Nodes");
        step.start();
        let there = lab(&self.engine, &self.request.lab).await?;
        there.if_ours()?;
        let name: Option<LabName> = there.name.parse().ok();
        let chosen = self.with_guests(&there)?;
        let mut failed = Vec::new();
        let stopped: Vec<_> = chosen.iter().copied().filter(Chosen::stops).collect();
        let started = if self.request.action == PowerAction::Stop {
            0
        } else {
            chosen.len()
        };
        let total = (stopped.len() + started) as u64;
        self.stop(&stopped, total, &step, &mut failed).await;
        if let (true, Some(name)) = (self.request.action != PowerAction::Stop, name) {
            let ensured = container::ensure(&self.engine, &name, &there.file, false).await?;
            if ensured == Ensured::Replaced {
                step.log("the patchbay was of another version, and was replaced: all links went, and came again");
            }
            let patchbay = Patchbay::open(&self.engine, &name).await?;
            let together = self.together(&chosen, &patchbay);
            self.start(
                &chosen,
                &together,
                (stopped.len() as u64, total),
                &step,
                &mut failed,
            )
            .await;
        }
        if !failed.is_empty() {
            step.fail(format!("{} failed", count(failed.len(), "node")));
            return Err(LabError::Parts {
                lab: there.name.clone(),
                action: self.request.action.words().0,
                failed,
            });
        }
        step.succeed();
        Ok(PowerResult {
            lab: there.name.clone(),
            nodes: chosen.iter().map(|it| it.node.name.clone()).collect(),
        })
    }

    /// The nodes that were asked for, and those that share the network of one that is started: theirs is gone.
    fn with_guests<'a>(&self, lab: &'a RunningLab) -> Result<Vec<Chosen<'a>>, LabError> {
        let action = self.request.action;
        let asked = lab.chosen(&self.request.nodes)?;
        let starts = |node: &RunningNode| match action {
            PowerAction::Start => node.status != ContainerStatus::Running,
            PowerAction::Stop => false,
            PowerAction::Restart => true,
        };
        let is_guest = |node: &RunningNode| {
            let owner = node.record.way.network_of.as_deref();
            asked
                .iter()
                .any(|other| Some(other.name.as_str()) == owner && starts(other))
        };
        let mut chosen = Vec::new();
        for node in &lab.nodes {
            let runs = node.status == ContainerStatus::Running;
            let asked = asked.iter().any(|other| other.name == node.name);
            let guest = runs && is_guest(node);
            if !asked && !guest {
                continue;
            }
            chosen.push(Chosen {
                node,
                work: match action {
                    PowerAction::Stop => Work::Stop,
                    PowerAction::Restart => Work::Restart,
                    PowerAction::Start if guest => Work::Restart,
                    PowerAction::Start if runs => Work::Look,
                    PowerAction::Start => Work::Start,
                },
            });
        }
        Ok(chosen)
    }

    async fn stop(
        &self,
        nodes: &[Chosen<'_>],
        total: u64,
        step: &Step,
        failed: &mut Vec<(String, PartError)>,
    ) {
        let stops = nodes.iter().map(|Chosen { node, .. }| async move {
            let below = step.child(format!("Stop {}", node.name));
            below.start_clock();
            let stopped = self.engine.stop_container(&node.container, None);
            let stopped = below.wait("its processes to end", stopped).await;
            match &stopped {
                Ok(()) => below.succeed(),
                Err(error) => below.fail(error.to_string()),
            }
            (node, stopped)
        });
        let stops: Vec<_> = stops.collect();
        let mut stops = stream::iter(stops).buffer_unordered(AT_ONCE);
        let mut done = 0;
        while let Some((node, stopped)) = stops.next().await {
            done += 1;
            step.progress(done, Some(total), Unit::Items);
            if let Err(error) = stopped {
                failed.push((node.name.clone(), error.into()));
            }
        }
    }

    fn together(&self, nodes: &[Chosen<'_>], patchbay: &Patchbay) -> Together {
        let ways = nodes
            .iter()
            .map(|it| (it.node.name.as_str(), it.begins(), &it.node.record.way));
        Together::new((&self.engine, patchbay), &self.kinds, ways, None)
    }

    async fn start(
        &self,
        nodes: &[Chosen<'_>],
        together: &Together,
        (before, total): (u64, u64),
        step: &Step,
        failed: &mut Vec<(String, PartError)>,
    ) {
        let starts = nodes.iter().map(|chosen| {
            let node = chosen.node;
            let below = step.child(node.name.as_str());
            async move {
                let up = NodeUp {
                    together,
                    name: &node.name,
                    container: &node.container,
                    kind: self.kinds.get(&node.kind),
                    record: &node.record,
                    begins: chosen.begins(),
                    step: &below,
                };
                let start = async { Ok(self.engine.start_container(&node.container).await?) };
                (node, up.bring_up(Box::pin(start)).await)
            }
        });
        let starts: Vec<_> = starts.collect();
        let limit = starts.len().max(1);
        let mut starts = stream::iter(starts).buffer_unordered(limit);
        let mut done = before;
        while let Some((node, started)) = starts.next().await {
            done += 1;
            step.progress(done, Some(total), Unit::Items);
            if let Err((_, cause)) = started {
                failed.push((node.name.clone(), cause.into()));
            }
        }
    }
}

/// A node, and what is done to it.
#[derive(Debug, Clone, Copy)]
struct Chosen<'a> {
    node: &'a RunningNode,
    work: Work,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Stop,
    Start,
    Restart,
    /// It runs already: it is only waited for.
    Look,
}

impl Chosen<'_> {
    fn stops(&self) -> bool {
        matches!(self.work, Work::Stop | Work::Restart)
    }

    fn begins(&self) -> Begins {
        if self.work == Work::Look {
            Begins::Runs
        } else {
            Begins::Stopped
        }
    }
}
