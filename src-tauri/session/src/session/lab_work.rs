//! Work on labs: planned, deployed, destroyed, started and stopped, saved, rewired.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use labwright_engine::Engine;
use labwright_jobs::{ErrorReport, Failure, JobContext, JobSpec, JobState};
use labwright_labs::deploy::{DeployError, DeployJob, DeployRequest, OnFailure, read};
use labwright_labs::kinds::Kinds;
use labwright_labs::labels::volume_name;
use labwright_labs::links::{EndName, Impairments, LinkError, Links};
use labwright_labs::plan::{Bring, Obstacle, Plan, PlanStep, Planner, Why};
use labwright_labs::running::{
    DestroyJob, DestroyRequest, PowerAction, PowerJob, PowerRequest, RunningLab, SavedNode, lab,
    save,
};
use labwright_labs::survey::Survey;
use labwright_labs::topology::Topology;
use serde_json::Value;

use super::Session;
use crate::Started;
use crate::labs::configurations::{self, Written};
use crate::labs::{
    DeployWish, LabObstacle, LabPlan, LabPower, LinkImpairments, LinkWish, PlannedStep, PowerWish,
    SavedConfiguration, SavedConfigurations, SavedFiles, blocking,
};

impl Session {
    /// What a deployment would do, or what is in its way.
    pub async fn plan_lab(&self, wish: DeployWish) -> Result<LabPlan, ErrorReport> {
        let topology = self.topology(Path::new(&wish.file)).await?;
        let engine = self.engine()?;
        let reader = &self.shared.labs.reader;
        let survey = Survey::of(&engine, &topology, &reader.kinds).await;
        let survey = survey.map_err(|error| {
            let hints = error.hints().into_iter();
            let report = ErrorReport::of(error.code(), &error);
            hints.fold(report, ErrorReport::with_hint)
        })?;
        let planner = Planner {
            topology: &topology,
            kinds: &reader.kinds,
            survey: &survey,
            owner: &reader.surroundings.owner,
            bring: Bring {
                pull: wish.pull,
                archives: &wish.import,
                rules: &self.shared.rules.load().0,
            },
            anew: wish.anew,
        };
        Ok(match planner.plan() {
            Ok(plan) => planned(plan),
            Err(error) => LabPlan {
                steps: Vec::new(),
                kept: Vec::new(),
                notes: Vec::new(),
                obstacles: error.obstacles.into_iter().map(obstacle).collect(),
            },
        })
    }

    /// Deploys a lab.
    pub async fn deploy_lab(&self, wish: DeployWish) -> Result<Started, ErrorReport> {
        let file = PathBuf::from(&wish.file);
        let topology = self.topology(&file).await?;
        let engine = self.engine()?;
        if let Err(error) = self.shared.labs.add(vec![file.clone()]).await {
            tracing::warn!(error = error.message, "a lab is not remembered");
        }
        let request = DeployRequest {
            file,
            engine: engine.info().address.clone(),
            pull: wish.pull,
            import: wish.import,
            anew: wish.anew,
            on_failure: OnFailure::Usual,
            ready_within: None,
        };
        self.begin_deploy(engine, topology.name.as_str(), request)
            .await
    }

    /// Deploys what was asked for, now or before.
    pub(super) async fn begin_deploy(
        &self,
        engine: Engine,
        lab: &str,
        request: DeployRequest,
    ) -> Result<Started, ErrorReport> {
        let reader = &self.shared.labs.reader;
        let job = DeployJob {
            engine,
            places: Arc::clone(&self.shared.registries),
            kinds: Arc::clone(&reader.kinds),
            rules: self.shared.rules.load().0,
            surroundings: reader.surroundings.clone(),
            request,
        };
        self.begin_on_lab(job.spec(lab), |context| job.run(context))
            .await
    }

    /// Removes a lab; `keep_state` leaves what its nodes saved.
    pub async fn destroy_lab(&self, lab: &str, keep_state: bool) -> Result<Started, ErrorReport> {
        let engine = self.engine()?;
        let request = DestroyRequest {
            lab: lab.to_owned(),
            engine: engine.info().address.clone(),
            keep_state,
        };
        self.begin_destroy(engine, request).await
    }

    /// Removes what was asked for, now or before.
    pub(super) async fn begin_destroy(
        &self,
        engine: Engine,
        request: DestroyRequest,
    ) -> Result<Started, ErrorReport> {
        let job = DestroyJob { engine, request };
        self.begin_on_lab(job.spec(), |context| job.run(context))
            .await
    }

    /// Starts or stops nodes.
    pub async fn power_lab(&self, wish: PowerWish) -> Result<Started, ErrorReport> {
        let engine = self.engine()?;
        let there = lab(&engine, &wish.lab).await;
        let there = there.map_err(|error| error.report())?;
        there.chosen(&wish.nodes).map_err(|error| error.report())?;
        let request = PowerRequest {
            lab: wish.lab,
            nodes: wish.nodes,
            action: match wish.action {
                LabPower::Start => PowerAction::Start,
                LabPower::Stop => PowerAction::Stop,
                LabPower::Restart => PowerAction::Restart,
            },
            engine: engine.info().address.clone(),
        };
        self.begin_power(engine, request).await
    }

    /// Starts or stops what was asked for, now or before.
    pub(super) async fn begin_power(
        &self,
        engine: Engine,
        request: PowerRequest,
    ) -> Result<Started, ErrorReport> {
        let job = PowerJob {
            engine,
            kinds: Arc::clone(self.shared.labs.kinds()),
            request,
        };
        self.begin_on_lab(job.spec(), |context| job.run(context))
            .await
    }

    /// Lets nodes save their configurations; all of the lab, if none is given.
    pub async fn save_lab(
        &self,
        name: &str,
        nodes: &[String],
    ) -> Result<SavedConfigurations, ErrorReport> {
        let engine = self.engine()?;
        let there = lab(&engine, name).await;
        let there = there.map_err(|error| error.report())?;
        let saved = save(&engine, self.shared.labs.kinds(), &there, nodes).await;
        let saved = saved.map_err(|error| error.report())?;
        let kinds = self.shared.labs.kinds();
        let nodes = saved
            .nodes
            .iter()
            .map(|node| saved_where(&there, kinds, node));
        Ok(SavedConfigurations {
            nodes: nodes.collect(),
            failure: saved.failure(),
        })
    }

    /// The same, and writes the configurations into a folder. What is there is replaced only where that is wanted.
    pub async fn save_lab_into(
        &self,
        name: &str,
        nodes: &[String],
        folder: PathBuf,
        replace: bool,
    ) -> Result<SavedFiles, ErrorReport> {
        let engine = self.engine()?;
        let there = lab(&engine, name).await;
        let there = there.map_err(|error| error.report())?;
        let saved = save(&engine, self.shared.labs.kinds(), &there, nodes).await;
        let saved = saved.map_err(|error| error.report())?;
        let failure = saved.failure();
        let place = folder.clone();
        let writing = blocking(move || configurations::write(&saved.nodes, &place, replace));
        let Written {
            written,
            in_the_way,
        } = writing.await?.map_err(|error| error.report())?;
        Ok(SavedFiles {
            folder: folder.to_string_lossy().into_owned(),
            written,
            in_the_way,
            failure,
        })
    }

    /// Changes a link of a lab that is there.
    pub async fn change_link(&self, name: &str, wish: LinkWish) -> Result<(), ErrorReport> {
        let engine = self.engine()?;
        let there = lab(&engine, name).await;
        let there = there.map_err(|error| error.report())?;
        let links = Links::of(&engine, self.shared.labs.kinds(), &there);
        let changed = match links {
            Ok(links) => change(links, wish).await,
            Err(error) => Err(error),
        };
        changed.map_err(|error| error.report())
    }

    async fn topology(&self, file: &Path) -> Result<Topology, ErrorReport> {
        let reader = &self.shared.labs.reader;
        let topology = read(file, &reader.kinds, &reader.surroundings).await;
        topology.map_err(|error: DeployError| error.report())
    }

    /// Two pieces of work on a lab never run at once: who asks for another one than the one that runs is told of it.
    async fn begin_on_lab<W, F>(&self, spec: JobSpec, work: W) -> Result<Started, ErrorReport>
    where
        W: FnOnce(JobContext) -> F + Send + 'static,
        F: Future<Output = Result<Value, Failure>> + Send + 'static,
    {
        let (kind, request) = (spec.kind.clone(), spec.request.clone());
        let started = self.begin(spec, work).await?;
        if !started.resumed {
            return Ok(started);
        }
        let record = self.shared.monitor.history().get(started.job.as_str());
        let record = record.map_err(|error| error.report())?;
        if record.job.kind == kind && record.request == request {
            return Ok(started);
        }
        Err(busy(&record.job))
    }
}

/// Where a node's configuration lies: the kind's own volumes outlive the container.
fn saved_where(lab: &RunningLab, kinds: &Kinds, saved: &SavedNode) -> SavedConfiguration {
    let running = lab.node(&saved.node).ok();
    let kind = running.and_then(|node| kinds.get(&node.kind));
    let path = kind.and_then(|kind| kind.save.as_ref()?.file.clone());
    let path = path.unwrap_or_default();
    let volumes = kind.into_iter().flat_map(|kind| &kind.volumes);
    let mut volumes = volumes.filter(|volume| Path::new(&path).starts_with(&volume.path));
    let names = lab.name.parse().ok().zip(saved.node.parse().ok());
    let volume = volumes.next().zip(names);
    SavedConfiguration {
        node: saved.node.clone(),
        path,
        volume: volume.map_or_else(String::new, |(volume, (lab, node))| {
            volume_name(&lab, &node, &volume.purpose)
        }),
        bytes: saved.text.len() as u64,
    }
}

fn busy(job: &JobState) -> ErrorReport {
    let message = format!("“{}” runs already", job.title);
    ErrorReport::new("lab_busy", message)
        .with_hint("Wait for its end, or cancel it first.")
        .with_hint(format!("lw jobs cancel {} stops it.", job.id))
}

fn planned(plan: Plan) -> LabPlan {
    LabPlan {
        steps: plan.steps.iter().map(step).collect(),
        kept: plan.kept,
        notes: plan.notes,
        obstacles: Vec::new(),
    }
}

fn obstacle(obstacle: Obstacle) -> LabObstacle {
    LabObstacle {
        code: obstacle.code.to_owned(),
        node: obstacle.node,
        message: obstacle.message,
        hint: obstacle.hint,
    }
}

fn step(step: &PlanStep) -> PlannedStep {
    let for_nodes = |nodes: &[String]| format!("for {}", nodes.join(", "));
    let because = |why: &Why| why.to_string();
    let nothing = String::new;
    let (kind, object, why) = match step {
        PlanStep::Pull { reference, nodes } => ("pull", reference.clone(), for_nodes(nodes)),
        PlanStep::Import {
            reference, nodes, ..
        } => ("import", reference.clone(), for_nodes(nodes)),
        PlanStep::RemoveNode { node, why, .. } => ("remove_node", node.clone(), because(why)),
        PlanStep::CreateNetwork(network) => ("create_network", network.name.clone(), nothing()),
        PlanStep::CreatePatchbay { container } => ("create_patchbay", container.clone(), nothing()),
        PlanStep::ReplacePatchbay { container } => {
            let why = "it is of another version: all links go, and come again".to_owned();
            ("replace_patchbay", container.clone(), why)
        }
        PlanStep::CreateVolume { name } => ("create_volume", name.clone(), nothing()),
        PlanStep::CreateNode { node, why, .. } => ("create_node", node.clone(), because(why)),
        PlanStep::Wire { ports, links } => {
            ("wire", format!("{ports} ports, {links} links"), nothing())
        }
        PlanStep::StartNode { node } => ("start_node", node.clone(), nothing()),
        PlanStep::RunCommands { node } => {
            let why = "they have not run since it was started".to_owned();
            ("run_commands", node.clone(), why)
        }
    };
    PlannedStep {
        kind: kind.to_owned(),
        object,
        why,
        words: step.to_string(),
    }
}

async fn change(links: Links<'_>, wish: LinkWish) -> Result<(), LinkError> {
    let end = |text: &String| text.parse::<EndName>();
    match wish {
        LinkWish::Connect { ends: [one, other] } => {
            let (one, other) = (end(&one)?, end(&other)?);
            links.connect([&one, &other]).await.map(drop)
        }
        LinkWish::Disconnect { end: one } => links.disconnect(&end(&one)?).await.map(drop),
        LinkWish::Set { end: one, up } => links.set_up(&end(&one)?, up).await.map(drop),
        LinkWish::Impair {
            end: one,
            impairments,
        } => {
            let impairments = wire(&impairments);
            links.impair(&end(&one)?, impairments).await.map(drop)
        }
    }
}

fn wire(wish: &LinkImpairments) -> Impairments {
    Impairments {
        delay_us: wish.delay_us,
        jitter_us: wish.jitter_us,
        loss_ppm: wish.loss_ppm,
        corruption_ppm: wish.corruption_ppm,
        rate_bps: wish.rate_bps,
    }
}
