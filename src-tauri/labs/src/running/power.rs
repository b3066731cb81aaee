//! Starting and stopping the nodes of a lab that is there.

use super::error::{LabError, PartError};
use super::find::{RunningNode, lab};
use crate::boot::Boot;
use crate::kinds::Kinds;
use crate::patchbay::{Patchbay, container};
use crate::topology::LabName;
use futures_util::{StreamExt, stream};
use labwright_engine::{ContainerStatus, Engine};
use labwright_jobs::{Failure, JobContext, JobSpec, Step, Unit};
use labwright_patchbay::{Answer, EndState, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How many nodes are worked on at once.
const AT_ONCE: usize = 4;
/// How long the patchbay may take to find a node.
const WIRED_WITHIN_MS: u32 = 30_000;

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
    /// What the monitor needs to know of it. A single node can be worked on beside others.
    pub fn spec(&self) -> JobSpec {
        let PowerRequest { lab, nodes, .. } = &self.request;
        let (kind, word) = self.request.action.words();
        let what = match nodes.as_slice() {
            [] => lab.clone(),
            nodes => format!("{} of {lab}", nodes.join(", ")),
        };
        let object = match nodes.as_slice() {
            [] => lab.clone(),
            nodes => format!("{lab}:{}", nodes.join(",")),
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
        let chosen = there.chosen(&self.request.nodes)?;
        let mut failed = Vec::new();
        if self.request.action != PowerAction::Start {
            self.stop(&chosen, &step, &mut failed).await;
        }
        if let (true, Some(name)) = (self.request.action != PowerAction::Stop, name) {
            container::ensure(&self.engine, &name, &there.file).await?;
            let patchbay = Patchbay::open(&self.engine, &name).await?;
            self.start(&chosen, &patchbay, &step, &mut failed).await;
        }
        if !failed.is_empty() {
            step.fail(format!("{} nodes failed", failed.len()));
            return Err(LabError::Parts {
                lab: there.name.clone(),
                action: self.request.action.words().0,
                failed,
            });
        }
        step.succeed();
        Ok(PowerResult {
            lab: there.name.clone(),
            nodes: chosen.iter().map(|node| node.name.clone()).collect(),
        })
    }

    async fn stop(
        &self,
        nodes: &[&RunningNode],
        step: &Step,
        failed: &mut Vec<(String, PartError)>,
    ) {
        let total = nodes.len() as u64;
        let stops = nodes.iter().map(|node| async move {
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
            step.progress(done, Some(total * self.phases()), Unit::Items);
            if let Err(error) = stopped {
                failed.push((node.name.clone(), error.into()));
            }
        }
    }

    fn phases(&self) -> u64 {
        if self.request.action == PowerAction::Restart {
            2
        } else {
            1
        }
    }

    async fn start(
        &self,
        nodes: &[&RunningNode],
        patchbay: &Patchbay,
        step: &Step,
        failed: &mut Vec<(String, PartError)>,
    ) {
        let total = nodes.len() as u64;
        let before = if self.phases() == 2 { total } else { 0 };
        let mut of_kind: BTreeMap<&str, u32> = BTreeMap::new();
        let starts = nodes.iter().map(|node| {
            let number = of_kind.entry(node.kind.as_str()).or_default();
            let apart = self
                .kinds
                .get(&node.kind)
                .map_or(Duration::ZERO, |kind| kind.stagger);
            let delay = apart * *number;
            *number += u32::from(self.starts(node));
            async move {
                let below = step.child(node.name.as_str());
                below.start();
                let started = self.start_one(node, delay, patchbay, &below).await;
                match &started {
                    Ok(()) => below.succeed(),
                    Err(error) => below.fail(error.to_string()),
                }
                (node, started)
            }
        });
        let starts: Vec<_> = starts.collect();
        let limit = starts.len().max(1);
        let mut starts = stream::iter(starts).buffer_unordered(limit);
        let mut done = before;
        while let Some((node, started)) = starts.next().await {
            done += 1;
            step.progress(done, Some(total * self.phases()), Unit::Items);
            if let Err(error) = started {
                failed.push((node.name.clone(), error));
            }
        }
    }

    /// Whether a node is started: one that runs already is only waited for.
    fn starts(&self, node: &RunningNode) -> bool {
        node.status != ContainerStatus::Running || self.request.action == PowerAction::Restart
    }

    async fn start_one(
        &self,
        node: &RunningNode,
        delay: Duration,
        patchbay: &Patchbay,
        step: &Step,
    ) -> Result<(), PartError> {
        let starts = self.starts(node);
        if starts {
            step.wait("its turn to start", sleep(delay)).await;
            self.engine.start_container(&node.container).await?;
        }
        if !node.record.ports.is_empty() {
            let request = Request::Look {
                node: node.name.clone(),
                within_ms: WIRED_WITHIN_MS,
            };
            let answer = patchbay.ask(request);
            let answer = step.wait("the patchbay to find the node", answer).await?;
            if let Answer::Looked { missing } = answer
                && let Some(end) = missing.first()
            {
                return Err(PartError::NotWired {
                    end: end.end.to_string(),
                    why: match &end.state {
                        EndState::Failed { problem } => problem.to_string(),
                        _ => format!("it was not found within {} s", WIRED_WITHIN_MS / 1000),
                    },
                });
            }
        }
        let Some(kind) = self.kinds.get(&node.kind) else {
            return Ok(());
        };
        let boot = Boot {
            engine: &self.engine,
            container: &node.container,
            kind,
            within: None,
            may_end: false,
            fresh: starts,
        };
        Ok(boot.watch(step).await?)
    }
}
