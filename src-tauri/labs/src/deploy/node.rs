//! One node of a deployment: made, started, wired, booted, and given its commands.

use super::error::NodeCause;
use super::files;
use super::gates::Reached;
use super::shared::Shared;
use crate::boot::{Boot, BootError};
use crate::kinds::Kind;
use crate::plan::NodePlan;
use crate::topology::{
    Command, ExecPhase, ExecTarget, NetworkMode, Node, NodeName, Stage, StageName,
};
use labwright_engine::{ContainerDetail, ContainerId, EngineError, ExecSettings, Privileges};
use labwright_jobs::{Step, Unit};
use labwright_patchbay::{Answer, EndState, EndStatus, Request};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

/// How long the patchbay may take to find a node that was just started.
const WIRED_WITHIN: Duration = Duration::from_secs(30);
/// How often it is looked whether a node is healthy, or has ended, that others wait for.
const LOOK: Duration = Duration::from_millis(500);
/// How long at most between two checks of its health.
const LONGEST_CHECK: Duration = Duration::from_secs(5);

/// What a node does when it leaves a stage behind.
fn leaves(stage: StageName) -> &'static str {
    match stage {
        StageName::Create => "start",
        StageName::CreateLinks => "be wired",
        StageName::Configure => "be configured",
        StageName::Healthy => "be healthy",
        StageName::Exit => "end",
    }
}

/// One node on its way.
pub(super) struct NodeWork<'a> {
    pub(super) shared: &'a Shared,
    pub(super) plan: &'a NodePlan,
    pub(super) node: &'a Node,
    pub(super) kind: &'a Kind,
    /// Whether its container is made now.
    pub(super) is_new: bool,
    pub(super) step: Step,
}

/// A failure, and the step that it happened at.
pub(super) type Failed = (&'static str, NodeCause);

impl NodeWork<'_> {
    /// Makes its container, with its files.
    pub(super) async fn create(&self) -> Result<ContainerId, NodeCause> {
        let step = self.step.child("Create");
        step.start();
        let made = self.make(self.as_possible()).await;
        match &made {
            Ok(_) => step.succeed(),
            Err(error) => step.fail(error.to_string()),
        }
        made
    }

    async fn make(&self, privileges: Privileges) -> Result<ContainerId, NodeCause> {
        let mut settings = self.plan.container.clone();
        settings.privileges = privileges;
        let engine = &self.shared.engine;
        let made = {
            let engine = engine.clone();
            async move { engine.create_container(&settings).await }
        };
        let id = match self.shared.whole.run(made).await {
            Ok(id) => id,
            Err(error) => return Err(self.why_not_made(error).await),
        };
        files::put(engine, self.plan).await?;
        Ok(id)
    }

    /// An engine names an image that is gone by its id, which nobody knows.
    async fn why_not_made(&self, error: EngineError) -> NodeCause {
        let image = self.node.settings.image.as_deref().unwrap_or_default();
        let is_gone =
            error.is_missing() && matches!(self.shared.engine.inspect(image).await, Ok(None));
        if is_gone {
            let image = image.to_owned();
            return NodeCause::ImageGone { image };
        }
        error.into()
    }

    /// What it was to have, or the capabilities by name where this engine is known to refuse it.
    fn as_possible(&self) -> Privileges {
        let wanted = &self.plan.container.privileges;
        let refused = self.shared.privileged_refused.load(Ordering::Relaxed);
        if refused && *wanted == Privileges::Privileged {
            return Privileges::Added(self.plan.capabilities.clone());
        }
        wanted.clone()
    }

    /// Starts it, and goes on until it is ready.
    pub(super) async fn bring_up(&self) -> Result<(), Failed> {
        let at = |name: &'static str| move |cause| (name, cause);
        self.wait_turn().await.map_err(at("waiting"))?;
        self.start().await.map_err(at("starting"))?;
        self.reach(StageName::Create);
        self.wait_stage(&self.node.settings.stages.create_links)
            .await
            .map_err(at("waiting"))?;
        self.wire().await.map_err(at("wiring"))?;
        self.reach(StageName::CreateLinks);
        self.boot().await.map_err(at("booting"))?;
        self.wait_stage(&self.node.settings.stages.configure)
            .await
            .map_err(at("waiting"))?;
        self.first_boot().await.map_err(at("its first commands"))?;
        self.commands().await.map_err(at("its commands"))?;
        self.reach(StageName::Configure);
        self.later_stages().await.map_err(at("waiting"))
    }

    fn reach(&self, stage: StageName) {
        let name = self.node.name.as_str();
        self.shared.gates.reach(name, Reached::Stage(stage));
    }

    async fn wait_turn(&self) -> Result<(), NodeCause> {
        let stages = &self.node.settings.stages;
        self.wait_stage(&stages.create).await?;
        if let NetworkMode::Node(owner) = &self.node.settings.network_mode {
            self.wait_for(owner, StageName::Create).await?;
        }
        let delay = self.node.settings.startup_delay;
        if !delay.is_zero() {
            let what = format!("its startup-delay of {} s", delay.as_secs());
            self.step.wait(what, sleep(delay)).await;
        }
        let turn = self.shared.turns.start(&self.plan.kind);
        self.step.wait("its turn to start", turn).await;
        Ok(())
    }

    async fn wait_stage(&self, stage: &Stage) -> Result<(), NodeCause> {
        for wait in &stage.wait_for {
            self.wait_for(&wait.node, wait.stage).await?;
        }
        Ok(())
    }

    async fn wait_for(&self, node: &NodeName, stage: StageName) -> Result<(), NodeCause> {
        let what = format!("node {node} to {}", leaves(stage));
        let gate = self.shared.gates.wait(node, stage);
        if self.step.wait(what, gate).await {
            return Ok(());
        }
        Err(NodeCause::Other {
            other: node.to_string(),
        })
    }

    async fn start(&self) -> Result<(), NodeCause> {
        let step = self.step.child("Start");
        step.start();
        let _permit = self.shared.turns.engine().await;
        let started = self.start_as_possible(&step).await;
        match &started {
            Ok(()) => step.succeed(),
            Err(error) => step.fail(error.to_string()),
        }
        started
    }

    /// Some machines cannot give a container every privilege: it gets what its kind needs, by name, then.
    async fn start_as_possible(&self, step: &Step) -> Result<(), NodeCause> {
        let engine = &self.shared.engine;
        let name = &self.plan.container.name;
        let wants_all = self.plan.container.privileges == Privileges::Privileged;
        match engine.start_container(name).await {
            Err(error) if error.is_lack_of_capabilities() && wants_all => {
                let known = self.shared.privileged_refused.swap(true, Ordering::Relaxed);
                step.log("the engine cannot run it privileged: it gets all capabilities that the machine has, by name");
                if !known {
                    let note = "the engine cannot run privileged containers; nodes have all capabilities that its machine has";
                    self.shared.note(note.to_owned());
                }
                engine.remove_container(name).await?;
                let id = self
                    .make(Privileges::Added(self.plan.capabilities.clone()))
                    .await?;
                self.shared.replaced(&self.plan.name, &id);
                self.shared.rewire().await?;
                Ok(engine.start_container(name).await?)
            }
            started => Ok(started?),
        }
    }

    async fn wire(&self) -> Result<(), NodeCause> {
        let total = self.plan.record.ports.len() as u64;
        if total == 0 {
            return Ok(());
        }
        let step = self.step.child("Wire");
        step.start();
        let request = Request::Look {
            node: self.plan.name.clone(),
            within_ms: u32::try_from(WIRED_WITHIN.as_millis()).unwrap_or(u32::MAX),
        };
        let answer = self.shared.patchbay.ask(request);
        let answer = step.wait("the patchbay to find the node", answer).await?;
        let Answer::Looked { missing } = answer else {
            return Err(self.shared.patchbay.other_version().into());
        };
        step.progress(
            total - (missing.len() as u64).min(total),
            Some(total),
            Unit::Items,
        );
        if let Some(first) = missing.first() {
            let why = self.why(first).await?;
            step.fail(&why);
            return Err(NodeCause::Ports {
                missing: missing.len(),
                why,
            });
        }
        step.succeed();
        Ok(())
    }

    /// Why a port is missing. Where the node ended meanwhile, that is the reason.
    async fn why(&self, end: &EndStatus) -> Result<String, NodeCause> {
        self.boot_of().still_runs().await?;
        Ok(match &end.state {
            EndState::Failed { problem } => problem.to_string(),
            _ => format!(
                "{} was not found within {} s",
                end.end,
                WIRED_WITHIN.as_secs()
            ),
        })
    }

    fn boot_of(&self) -> Boot<'_> {
        Boot {
            engine: &self.shared.engine,
            container: &self.plan.container.name,
            kind: self.kind,
            within: self.shared.ready_within,
            may_end: self
                .shared
                .is_waited_for(self.node.name.as_str(), StageName::Exit),
            fresh: true,
        }
    }

    async fn boot(&self) -> Result<(), NodeCause> {
        Ok(self.boot_of().watch(&self.step).await?)
    }

    /// What its kind runs once, when it is ready for the first time.
    async fn first_boot(&self) -> Result<(), NodeCause> {
        if !self.is_new || self.kind.first_boot.is_empty() {
            return Ok(());
        }
        let step = self.step.child("First boot");
        step.start();
        for first in &self.kind.first_boot {
            let container = &self.plan.container.name;
            let missing = match &first.with_file {
                Some(file) => self
                    .shared
                    .engine
                    .get_files(container, file)
                    .await?
                    .is_none(),
                None => false,
            };
            if !missing {
                let command = Command {
                    text: first.command.join(" "),
                    words: first.command.clone(),
                };
                self.command(&command, &step).await?;
            }
        }
        step.succeed();
        Ok(())
    }

    async fn commands(&self) -> Result<(), NodeCause> {
        let settings = &self.node.settings;
        let stages = settings.stages.all();
        let of_stages = stages
            .iter()
            .filter(|(name, _)| *name <= StageName::Configure)
            .flat_map(|(_, stage)| &stage.exec)
            .filter(|exec| exec.target == ExecTarget::Container);
        let early = of_stages
            .clone()
            .filter(|exec| exec.phase == ExecPhase::OnEnter);
        let late = of_stages.filter(|exec| exec.phase == ExecPhase::OnExit);
        let all = early.map(|exec| &exec.command);
        let all = all
            .chain(&settings.exec)
            .chain(late.map(|exec| &exec.command));
        let all: Vec<_> = all.collect();
        if all.is_empty() {
            return Ok(());
        }
        let step = self.step.child("Commands");
        step.start();
        for (number, command) in all.iter().enumerate() {
            self.command(command, &step).await?;
            step.progress(number as u64 + 1, Some(all.len() as u64), Unit::Items);
        }
        step.succeed();
        Ok(())
    }

    async fn command(&self, command: &Command, step: &Step) -> Result<(), NodeCause> {
        let asked = ExecSettings {
            command: command.words.clone(),
            ..ExecSettings::default()
        };
        let engine = &self.shared.engine;
        let result = engine.run(&self.plan.container.name, &asked);
        let what = format!("`{}` to end", command.text);
        let result = step.wait(what, result).await?;
        let output = [result.out, result.error].concat();
        let output = String::from_utf8_lossy(&output).trim().to_owned();
        step.log(format!("{}: {output}", command.text));
        if result.exit_code == 0 {
            return Ok(());
        }
        let failed = NodeCause::Command {
            command: command.text.clone(),
            exit_code: result.exit_code,
            output: output.lines().last().unwrap_or_default().to_owned(),
        };
        step.fail(failed.to_string());
        Err(failed)
    }

    /// Stages that matter only to those who wait for them.
    async fn later_stages(&self) -> Result<(), NodeCause> {
        let name = self.node.name.as_str();
        if self.shared.is_waited_for(name, StageName::Healthy) {
            self.step.wait("it to be healthy", self.healthy()).await?;
            self.reach(StageName::Healthy);
        }
        if self.shared.is_waited_for(name, StageName::Exit) {
            self.step.wait("it to end", self.ended()).await?;
            self.reach(StageName::Exit);
        }
        Ok(())
    }

    async fn healthy(&self) -> Result<(), NodeCause> {
        let healthcheck = self.node.settings.healthcheck.as_ref();
        let pause = healthcheck.map_or(Duration::ZERO, |check| check.interval);
        loop {
            match self.detail().await?.health.as_deref() {
                Some("healthy") => return Ok(()),
                Some(_) => {}
                None => return Err(NodeCause::NoHealthcheck),
            }
            self.boot_of().still_runs().await?;
            let container = &self.plan.container.name;
            self.shared.engine.check_health(container).await?;
            sleep(pause.clamp(LOOK, LONGEST_CHECK)).await;
        }
    }

    async fn ended(&self) -> Result<(), NodeCause> {
        while self.detail().await?.pid.is_some() {
            sleep(LOOK).await;
        }
        Ok(())
    }

    async fn detail(&self) -> Result<ContainerDetail, NodeCause> {
        let container = &self.plan.container.name;
        let detail = self.shared.engine.container(container).await?;
        Ok(detail.ok_or(BootError::Gone)?)
    }
}
