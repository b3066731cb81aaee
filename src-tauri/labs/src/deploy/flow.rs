//! A deployment from its file to its last node.

use super::error::{DeployError, NodeError};
use super::images::bring;
use super::node::NodeWork;
use super::read::read;
use super::remotes::remotes;
use super::request::{DeployJob, DeployResult, DeployedNode, OnFailure};
use super::shared::Shared;
use super::undo::undo;
use super::whole::Whole;
use crate::patchbay::{Patchbay, container};
use crate::plan::{Bring, NodePlan, Plan, PlanStep, Planner, Surroundings, Undo, count};
use crate::survey::Survey;
use crate::topology::{NetworkMode, SubnetChoice, Topology};
use crate::up::{Failed, Together};
use futures_util::future::join_all;
use labwright_engine::EngineError;
use labwright_jobs::{Failure, JobContext, Step, Unit};
use serde_json::Value;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Does the deployment. What it made goes again, if it fails in a way that leaves nothing to look at.
pub(super) async fn run(job: DeployJob, context: JobContext) -> Result<Value, Failure> {
    let deploy = Deploy {
        job,
        context,
        lab: OnceLock::new(),
        made: Mutex::new(Vec::new()),
        whole: Whole::default(),
    };
    match deploy.deploy().await {
        Ok(result) => Ok(serde_json::to_value(result).unwrap_or_default()),
        Err(error) => {
            let left = if deploy.takes_back(&error) {
                deploy.take_back().await
            } else {
                0
            };
            let mut failure = error.into();
            if let (Failure::Failed(report), Some(lab), 1..) =
                (&mut failure, deploy.lab.get(), left)
            {
                report.hints.push(format!(
                    "{left} of its parts could not be removed: lw lab destroy {lab} removes them."
                ));
            }
            Err(failure)
        }
    }
}

struct Deploy {
    job: DeployJob,
    context: JobContext,
    /// The lab's name, as soon as its file was read.
    lab: OnceLock<String>,
    /// What was made, in its order. Held for moments only.
    made: Mutex<Vec<Undo>>,
    whole: Whole,
}

/// The steps at the top.
struct Steps {
    check: Step,
    network: Step,
    patchbay: Step,
    create: Step,
    nodes: Step,
}

impl Deploy {
    fn takes_back(&self, error: &DeployError) -> bool {
        match self.job.request.on_failure {
            OnFailure::Undo => true,
            OnFailure::Keep => false,
            OnFailure::Usual => !error.leaves_it_running(),
        }
    }

    /// Removes what was made; how many parts could not be removed.
    async fn take_back(&self) -> usize {
        let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        if made.is_empty() {
            return 0;
        }
        let step = self.context.reporter.step("Take back");
        step.start();
        let what = "the engine to make what it was asked for";
        step.wait(what, self.whole.ended()).await;
        undo(&self.job.engine, made, &step).await
    }

    /// Notes what is about to be made: what is half made goes, too.
    fn makes(&self, step: &PlanStep) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.extend(step.undo());
    }

    async fn deploy(&self) -> Result<DeployResult, DeployError> {
        let reporter = &self.context.reporter;
        let steps = Steps {
            check: reporter.step("Check"),
            network: reporter.step("Prepare"),
            patchbay: reporter.step("Patchbay"),
            create: reporter.step("Create"),
            nodes: reporter.step("Nodes"),
        };
        // Each on the heap, as it holds what all of its steps need.
        let checked = Box::pin(self.check(&steps.check));
        let (topology, plan) = self.unless_cancelled(checked).await?;
        // An import clears up after itself when it is cancelled: it is not dropped.
        let brought = Box::pin(bring(&self.job, &self.context, &topology, &plan)).await?;
        let made = Box::pin(self.make(&steps, topology, (!brought).then_some(plan)));
        self.unless_cancelled(made).await
    }

    async fn unless_cancelled<T>(
        &self,
        work: impl Future<Output = Result<T, DeployError>>,
    ) -> Result<T, DeployError> {
        tokio::select! {
            outcome = work => outcome,
            _ = self.context.cancel.cancelled() => Err(DeployError::Cancelled),
        }
    }

    /// Reads the file, and plans.
    async fn check(&self, step: &Step) -> Result<(Topology, Plan), DeployError> {
        step.start();
        let request = &self.job.request;
        let topology = read(&request.file, &self.job.kinds, &self.job.surroundings).await?;
        let lab = self.lab.get_or_init(|| topology.name.to_string());
        self.context.reporter.subject(lab.clone());
        let plan = self.plan(&topology).await?;
        step.succeed();
        Ok((topology, plan))
    }

    /// Makes the lab; without a plan it is planned again.
    async fn make(
        &self,
        steps: &Steps,
        topology: Topology,
        plan: Option<Plan>,
    ) -> Result<DeployResult, DeployError> {
        let plan = match plan {
            Some(plan) => plan,
            None => self.plan(&topology).await?,
        };
        let plan = self.prepare(&topology, plan, &steps.network).await?;
        steps.patchbay.start();
        let patchbay = self.patchbay(&topology, &plan).await?;
        steps.patchbay.succeed();
        let shared = self.shared(topology, patchbay, &plan).await?;
        let works = works(&shared, &plan, &steps.nodes);
        self.create(&shared, &plan, &works, &steps.create).await?;
        self.bring_up(&shared, works, &steps.nodes).await?;
        Ok(result(&shared, &plan))
    }

    async fn plan(&self, topology: &Topology) -> Result<Plan, DeployError> {
        let survey = Survey::of(&self.job.engine, topology, &self.job.kinds);
        let survey = survey
            .await
            .map_err(at(topology, "looking at the engine"))?;
        let planner = Planner {
            topology,
            kinds: &self.job.kinds,
            survey: &survey,
            owner: &self.job.surroundings.owner,
            bring: Bring {
                pull: self.job.request.pull,
                archives: &self.job.request.import,
                rules: &self.job.rules,
            },
            anew: self.job.request.anew,
        };
        Ok(planner.plan()?)
    }

    /// Removes what must go, and makes the network and the volumes. Where the engine chose the subnet, it is known only
    /// then, and the addresses are planned again.
    async fn prepare(
        &self,
        topology: &Topology,
        plan: Plan,
        step: &Step,
    ) -> Result<Plan, DeployError> {
        step.start();
        let engine = &self.job.engine;
        let removals = |guests: bool| {
            plan.steps.iter().filter_map(move |step| match step {
                PlanStep::RemoveNode {
                    container, guest, ..
                } if *guest == guests => Some(engine.remove_container(container)),
                _ => None,
            })
        };
        // Podman removes no container whose network another one shares.
        for guests in [true, false] {
            for removed in join_all(removals(guests)).await {
                removed.map_err(at(topology, "removing nodes"))?;
            }
        }
        let mut chosen = false;
        for planned in &plan.steps {
            match planned {
                PlanStep::CreateNetwork(network) => {
                    self.makes(planned);
                    let made = {
                        let (engine, network) = (engine.clone(), network.clone());
                        async move { engine.create_network(&network).await }
                    };
                    let made = self.whole.run(made).await;
                    made.map_err(at(topology, "making the management network"))?;
                    chosen = topology.management.ipv4.subnet == SubnetChoice::Auto;
                }
                PlanStep::CreateVolume { name } => {
                    self.makes(planned);
                    let labels = crate::labels::common(&topology.name, crate::labels::Role::State);
                    let made = {
                        let (engine, name) = (engine.clone(), name.clone());
                        async move { engine.create_volume(&name, &labels).await }
                    };
                    let made = self.whole.run(made).await;
                    made.map_err(at(topology, "making volumes"))?;
                }
                _ => {}
            }
        }
        step.succeed();
        if chosen {
            return self.plan(topology).await;
        }
        Ok(plan)
    }

    async fn patchbay(&self, topology: &Topology, plan: &Plan) -> Result<Patchbay, DeployError> {
        for planned in &plan.steps {
            if let PlanStep::CreatePatchbay { .. } = planned {
                self.makes(planned);
            }
        }
        let wiring = |source| DeployError::Wiring {
            lab: topology.name.to_string(),
            source,
        };
        let engine = &self.job.engine;
        let made = {
            let (engine, lab) = (engine.clone(), topology.name.clone());
            let file = topology.file.to_string_lossy().into_owned();
            let replaces = |step: &PlanStep| matches!(step, PlanStep::ReplacePatchbay { .. });
            let anew = plan.steps.iter().any(replaces);
            async move { container::ensure(&engine, &lab, &file, anew).await }
        };
        self.whole.run(made).await.map_err(wiring)?;
        Patchbay::open(engine, &topology.name).await.map_err(wiring)
    }

    async fn shared(
        &self,
        topology: Topology,
        patchbay: Patchbay,
        plan: &Plan,
    ) -> Result<Shared, DeployError> {
        let engine = &self.job.engine;
        let label = crate::labels::of_lab(&topology.name);
        let there = engine.containers_with_label(&label).await;
        let there = there.map_err(at(&topology, "looking at the nodes"))?;
        let network = engine.network(&topology.management.network).await;
        let network = network.map_err(at(&topology, "looking at the network"))?;
        let kept = there.iter().filter_map(|container| {
            let name = container.labels.get(crate::labels::NODE)?;
            plan.node(name)
                .map(|_| (name.clone(), container.id.to_string()))
        });
        let mut notes = plan.notes.clone();
        let around = Surroundings {
            containers: kept.collect(),
            bridge: network.and_then(|network| network.bridge),
            remotes: remotes(&topology, &mut notes).await,
        };
        let kinds = &self.job.kinds;
        let ways = plan.nodes.iter().map(|node| {
            (
                node.name.as_str(),
                plan.begins(&node.name),
                &node.record.way,
            )
        });
        let within = self.job.request.ready_within();
        Ok(Shared {
            together: Together::new((engine, &patchbay), kinds, ways, within),
            whole: self.whole.clone(),
            kinds: Arc::clone(kinds),
            privileged_refused: AtomicBool::new(plan.refuses_privileged),
            around: Mutex::new(around),
            notes: Mutex::new(notes),
            topology,
        })
    }

    /// Makes all containers, those that share another's network last, and tells the patchbay of them.
    async fn create(
        &self,
        shared: &Shared,
        plan: &Plan,
        works: &[NodeWork<'_>],
        step: &Step,
    ) -> Result<(), DeployError> {
        step.start();
        let is_new = |work: &&NodeWork<'_>| {
            plan.steps.iter().any(
                |step| matches!(step, PlanStep::CreateNode { node, .. } if *node == work.plan.name),
            )
        };
        let is_guest =
            |work: &&NodeWork<'_>| matches!(work.node.settings.network_mode, NetworkMode::Node(_));
        let (later, first): (Vec<_>, Vec<_>) = works.iter().filter(is_new).partition(is_guest);
        let total = (first.len() + later.len()) as u64;
        let mut done = 0;
        for some in [first, later] {
            for (planned, work) in plan
                .steps
                .iter()
                .flat_map(|step| some.iter().map(move |work| (step, work)))
            {
                if matches!(planned, PlanStep::CreateNode { node, .. } if *node == work.plan.name) {
                    self.makes(planned);
                }
            }
            let made = some.iter().map(|work| async move {
                let _permit = shared.together.turns.engine().await;
                (work, work.create().await)
            });
            let mut failed = Vec::new();
            for (work, made) in join_all(made).await {
                match made {
                    Ok(id) => shared.replaced(&work.plan.name, &id),
                    Err(cause) => failed.push(node_error(work, ("creating", cause))),
                }
                done += 1;
                step.progress(done, Some(total), Unit::Items);
            }
            if !failed.is_empty() {
                return Err(nodes(shared, failed));
            }
        }
        let wired = shared.rewire().await;
        wired.map_err(|source| DeployError::Wiring {
            lab: shared.topology.name.to_string(),
            source,
        })?;
        step.succeed();
        Ok(())
    }

    async fn bring_up(
        &self,
        shared: &Shared,
        works: Vec<NodeWork<'_>>,
        step: &Step,
    ) -> Result<(), DeployError> {
        step.start();
        let total = works.len() as u64;
        let done = std::sync::atomic::AtomicU64::new(0);
        let up = works.iter().map(|work| {
            let done = &done;
            async move {
                let outcome = work.bring_up().await;
                let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                step.progress(done, Some(total), Unit::Items);
                outcome.map_err(|failed| node_error(work, failed))
            }
        });
        let failed: Vec<NodeError> = join_all(up)
            .await
            .into_iter()
            .filter_map(Result::err)
            .collect();
        if failed.is_empty() {
            step.succeed();
            return Ok(());
        }
        step.fail(format!(
            "{} of {} failed",
            failed.len(),
            count(works.len(), "node")
        ));
        Err(nodes(shared, failed))
    }
}

/// All nodes: those that run already are looked at.
fn works<'a>(shared: &'a Shared, plan: &'a Plan, step: &Step) -> Vec<NodeWork<'a>> {
    let nodes = plan.nodes.iter();
    nodes
        .filter_map(|node| {
            Some(NodeWork {
                shared,
                node: shared.topology.node(&node.name)?,
                kind: shared.kinds.get(&node.kind)?,
                begins: plan.begins(&node.name),
                step: step.child(node.name.as_str()),
                plan: node,
            })
        })
        .collect()
}

fn result(shared: &Shared, plan: &Plan) -> DeployResult {
    let shown = |address: Option<String>| address.unwrap_or_default();
    let node = |node: &NodePlan| DeployedNode {
        name: node.name.clone(),
        kind: node.kind.clone(),
        container: node.container.name.clone(),
        ipv4: shown(node.record.ipv4.map(|address| address.to_string())),
        ipv6: shown(node.record.ipv6.map(|address| address.to_string())),
        kept: plan.kept.contains(&node.name),
    };
    let removed = plan.steps.iter().filter_map(|step| match step {
        PlanStep::RemoveNode {
            node,
            why: crate::plan::Why::Gone,
            ..
        } => Some(node.clone()),
        _ => None,
    });
    let around = shared.around.lock().unwrap_or_else(PoisonError::into_inner);
    let wiring = crate::plan::wiring(&shared.topology, &shared.kinds, &around);
    let notes = shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
    DeployResult {
        lab: plan.lab.clone(),
        nodes: plan.nodes.iter().map(node).collect(),
        links: wiring.links.len(),
        removed: removed.collect(),
        notes: notes.clone(),
    }
}

fn node_error(work: &NodeWork<'_>, (step, cause): Failed) -> NodeError {
    NodeError {
        node: work.plan.name.clone(),
        step,
        cause,
    }
}

fn nodes(shared: &Shared, failed: Vec<NodeError>) -> DeployError {
    DeployError::Nodes {
        lab: shared.topology.name.to_string(),
        failed,
    }
}

fn at(topology: &Topology, step: &'static str) -> impl Fn(EngineError) -> DeployError {
    let lab = topology.name.to_string();
    move |source| DeployError::Engine {
        lab: lab.clone(),
        step: step.to_owned(),
        source: Box::new(source),
    }
}
