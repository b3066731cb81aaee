//! Removing a lab: everything that its labels say.

use super::error::{LabError, PartError};
use super::find::{RunningLab, RunningNode, lab};
use crate::labels;
use crate::topology::LabName;
use futures_util::StreamExt;
use futures_util::stream;
use labwright_engine::{ContainerSummary, Engine, EngineError, NetworkDetail};
use labwright_jobs::{Failure, JobContext, JobSpec, Step, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

const KIND: &str = "destroy";
/// How many containers are removed at once.
const AT_ONCE: usize = 4;

/// What is asked for. It is kept in the history for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestroyRequest {
    /// The lab.
    pub lab: String,
    /// The engine's address.
    pub engine: String,
    /// Whether the nodes' state stays, for the next deployment.
    #[serde(default)]
    pub keep_state: bool,
}

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestroyResult {
    /// The lab.
    pub lab: String,
    /// Containers.
    pub containers: Vec<String>,
    /// Volumes.
    pub volumes: Vec<String>,
    /// Networks.
    pub networks: Vec<String>,
}

/// A removal that can be run.
#[derive(Debug, Clone)]
pub struct DestroyJob {
    /// The engine.
    pub engine: Engine,
    /// What is asked for.
    pub request: DestroyRequest,
}

impl DestroyJob {
    /// What the monitor needs to know of it.
    pub fn spec(&self) -> JobSpec {
        super::spec(
            KIND,
            format!("Destroy {} on {}", self.request.lab, self.engine.title()),
            &self.engine,
            &self.request.lab,
            serde_json::to_value(&self.request).unwrap_or(Value::Null),
        )
    }

    /// Does it. The result is a [`DestroyResult`].
    pub async fn run(self, context: JobContext) -> Result<Value, Failure> {
        let done = tokio::select! {
            done = self.destroy(&context) => done,
            _ = context.cancel.cancelled() => Err(LabError::Cancelled),
        };
        Ok(serde_json::to_value(done?).unwrap_or_default())
    }

    /// Goes on over errors, and tells all of them.
    async fn destroy(&self, context: &JobContext) -> Result<DestroyResult, LabError> {
        let nodes = context.reporter.step("Nodes");
        let links = context.reporter.step("Links");
        let rest = context.reporter.step("Volumes and network");
        let mut result = DestroyResult {
            lab: self.request.lab.clone(),
            ..DestroyResult::default()
        };
        let mut failed = Vec::new();
        nodes.start();
        let there = self.found().await?;
        if let Some(lab) = &there {
            lab.if_ours()?;
            // Podman removes no container whose network another one shares.
            let (guests, owners): (Vec<_>, Vec<_>) = lab
                .nodes
                .iter()
                .partition(|node| node.record.way.network_of.is_some());
            let names = |nodes: Vec<&'_ RunningNode>| -> Vec<String> {
                nodes.iter().map(|node| node.container.clone()).collect()
            };
            let groups = [names(guests), names(owners)];
            self.containers(&groups, &nodes, &mut result, &mut failed)
                .await;
        }
        nodes.succeed();
        links.start();
        if let Some(lab) = there.iter().find(|lab| lab.patchbay.is_some())
            && let Ok(name) = lab.name.parse::<LabName>()
        {
            let patchbay = labels::patchbay_name(&name);
            self.containers(&[vec![patchbay]], &links, &mut result, &mut failed)
                .await;
        }
        links.succeed();
        rest.start();
        self.volumes(&mut result, &mut failed).await?;
        let used = there.map(|lab| lab.networks).unwrap_or_default();
        self.networks(&used, &mut result, &mut failed).await?;
        if failed.is_empty() {
            rest.succeed();
            return Ok(result);
        }
        rest.fail(format!("{} parts could not be removed", failed.len()));
        Err(LabError::Parts {
            lab: self.request.lab.clone(),
            action: "removing",
            failed,
        })
    }

    /// A lab of which only volumes or its network are left has no containers.
    async fn found(&self) -> Result<Option<RunningLab>, LabError> {
        match lab(&self.engine, &self.request.lab).await {
            Ok(lab) => Ok(Some(lab)),
            Err(error @ LabError::Unknown { .. }) => {
                let left = self.engine.volumes_with_label(&self.label()).await;
                let left = left.map_err(|source| self.failed("listing volumes", source))?;
                let own = format!("{}={}", labels::NETWORK, self.request.lab);
                let networks = self.engine.networks_with_label(&own).await;
                let networks =
                    networks.map_err(|source| self.failed("listing networks", source))?;
                if left.is_empty() && networks.is_empty() {
                    Err(error)
                } else {
                    Ok(None)
                }
            }
            Err(error) => Err(error),
        }
    }

    fn label(&self) -> String {
        format!("{}={}", labels::LAB, self.request.lab)
    }

    fn failed(&self, action: &'static str, source: EngineError) -> LabError {
        LabError::Engine {
            lab: self.request.lab.clone(),
            action,
            source: Box::new(source),
        }
    }

    /// Removes one group after the other.
    async fn containers(
        &self,
        groups: &[Vec<String>],
        step: &Step,
        result: &mut DestroyResult,
        failed: &mut Vec<(String, PartError)>,
    ) {
        let total = groups.iter().map(|group| group.len() as u64).sum();
        let mut done = 0;
        for group in groups {
            let removals = group
                .iter()
                .map(|name| async move { (name, self.engine.remove_container(name).await) });
            let removals: Vec<_> = removals.collect();
            let mut removals = stream::iter(removals).buffer_unordered(AT_ONCE);
            while let Some((name, removed)) = removals.next().await {
                done += 1;
                step.progress(done, Some(total), Unit::Items);
                match removed {
                    Ok(()) => result.containers.push(name.clone()),
                    Err(error) => failed.push((format!("container {name}"), error.into())),
                }
            }
        }
        result.containers.sort();
    }

    async fn volumes(
        &self,
        result: &mut DestroyResult,
        failed: &mut Vec<(String, PartError)>,
    ) -> Result<(), LabError> {
        if self.request.keep_state {
            return Ok(());
        }
        let volumes = self.engine.volumes_with_label(&self.label()).await;
        for volume in volumes.map_err(|source| self.failed("listing volumes", source))? {
            match self.engine.remove_volume(&volume.name).await {
                Ok(()) => result.volumes.push(volume.name),
                Err(error) => failed.push((format!("volume {}", volume.name), error.into())),
            }
        }
        Ok(())
    }

    /// A management network goes with the last lab that used it: with the last container, running or not. One that this
    /// lab neither made nor used is left alone: another lab may be about to use it.
    async fn networks(
        &self,
        used: &BTreeSet<String>,
        result: &mut DestroyResult,
        failed: &mut Vec<(String, PartError)>,
    ) -> Result<(), LabError> {
        let engine = &self.engine;
        let networks = engine.networks_with_label(labels::NETWORK).await;
        let networks = networks.map_err(|source| self.failed("listing networks", source))?;
        let own = |network: &NetworkDetail| {
            let made_by = network.labels.get(labels::NETWORK);
            made_by == Some(&self.request.lab) || used.contains(&network.name)
        };
        for network in networks.into_iter().filter(own) {
            let unused = is_unused(engine, &network.name).await;
            if !unused.map_err(|source| self.failed("looking at networks", source))? {
                continue;
            }
            match engine.remove_network(&network.name).await {
                Ok(()) => result.networks.push(network.name),
                Err(error) => failed.push((format!("network {}", network.name), error.into())),
            }
        }
        Ok(())
    }
}

/// Whether no lab needs a management network, running or not, and nothing else is in it.
pub(crate) async fn is_unused(engine: &Engine, network: &str) -> Result<bool, EngineError> {
    let labs = engine.containers_with_label(labels::LAB).await?;
    let needs = |container: &ContainerSummary| {
        container.labels.get(labels::BRIDGE).map(String::as_str) == Some(network)
    };
    if labs.iter().any(needs) {
        return Ok(false);
    }
    let detail = engine.network(network).await?;
    Ok(detail.is_some_and(|detail| detail.containers.is_empty()))
}
