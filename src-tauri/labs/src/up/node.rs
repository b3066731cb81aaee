//! One node on its way up.

use super::done::Done;
use super::error::NodeCause;
use super::gates::{Gates, Reached};
use super::turns::Turns;
use super::way::Way;
use crate::boot::{Boot, BootError};
use crate::kinds::{FirstBoot, Kind, Kinds};
use crate::labels::NodeRecord;
use crate::patchbay::Patchbay;
use crate::topology::{Command, StageName, WaitFor};
use labwright_engine::{ContainerDetail, Engine, ExecSettings};
use labwright_jobs::{Step, Unit};
use labwright_patchbay::{Answer, EndState, EndStatus, Request};
use std::collections::BTreeSet;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::sleep;

/// How long the patchbay may take to find a node that was just started.
const WIRED_WITHIN: Duration = Duration::from_secs(30);
/// How often it is looked whether a node is healthy, or has ended, that others wait for.
const LOOK: Duration = Duration::from_millis(500);
/// How long at most between two checks of its health.
const LONGEST_CHECK: Duration = Duration::from_secs(5);

/// A failure, and the step that it happened at.
pub(crate) type Failed = (&'static str, NodeCause);

/// What starts a node. It is on the heap, since all nodes hold theirs at once.
pub(crate) type Start<'a> = Pin<Box<dyn Future<Output = Result<(), NodeCause>> + Send + 'a>>;

/// Where a node's way begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    /// It does not run: it waits for its turn, and is started.
    Stopped,
    /// It runs: it is looked at, and given what it was not given yet.
    Runs,
    /// It did what it was there for, and ended: others need not wait for it.
    Over,
}

/// What nodes share that are brought up together.
#[derive(Debug)]
pub(crate) struct Together {
    pub(crate) engine: Engine,
    pub(crate) patchbay: Patchbay,
    pub(crate) gates: Gates,
    pub(crate) turns: Turns,
    /// What they wait for of each other.
    waited_for: BTreeSet<WaitFor>,
    /// How long a node may take to boot; without an end if not given.
    within: Option<Duration>,
}

/// One node on its way up.
#[derive(Debug)]
pub(crate) struct NodeUp<'a> {
    pub(crate) together: &'a Together,
    pub(crate) name: &'a str,
    pub(crate) container: &'a str,
    /// None where this version does not know it: it is ready as soon as it runs.
    pub(crate) kind: Option<&'a Kind>,
    pub(crate) record: &'a NodeRecord,
    pub(crate) begins: Begins,
    pub(crate) step: &'a Step,
}

impl Together {
    /// For these nodes: their names, where they begin and their ways.
    pub(crate) fn new<'a>(
        (engine, patchbay): (&Engine, &Patchbay),
        kinds: &Kinds,
        nodes: impl Iterator<Item = (&'a str, Begins, &'a Way)> + Clone,
        within: Option<Duration>,
    ) -> Self {
        let staggers = kinds
            .all()
            .iter()
            .map(|kind| (kind.name.clone(), kind.stagger));
        let waits = nodes.clone().flat_map(|(_, begins, way)| -> Vec<WaitFor> {
            match begins {
                Begins::Stopped => way.waits().cloned().collect(),
                Begins::Runs => way.before_commands.clone(),
                Begins::Over => Vec::new(),
            }
        });
        Self {
            engine: engine.clone(),
            patchbay: patchbay.clone(),
            waited_for: waits.collect(),
            gates: Gates::new(nodes.map(|(name, ..)| name.to_owned())),
            turns: Turns::new(staggers),
            within,
        }
    }

    fn is_waited_for(&self, node: &str, stage: StageName) -> bool {
        let mut waits = self.waited_for.iter();
        waits.any(|wait| wait.node.as_str() == node && wait.stage == stage)
    }
}

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

impl NodeUp<'_> {
    /// Goes on until the node is ready; `start` is done when it is its turn, where it does not run. Who waits for it hears
    /// of every stage, and of a failure.
    pub(crate) async fn bring_up(&self, start: Start<'_>) -> Result<(), Failed> {
        self.step.start();
        let outcome = match self.begins {
            Begins::Over => Ok(()),
            Begins::Stopped | Begins::Runs => Box::pin(self.go(start)).await,
        };
        match &outcome {
            Ok(()) => {
                if self.begins == Begins::Over {
                    self.reach(StageName::Exit);
                }
                self.step.succeed();
            }
            Err((at, cause)) => {
                self.together.gates.reach(self.name, Reached::Failed);
                self.step.fail(format!("{at}: {cause}"));
            }
        }
        outcome
    }

    async fn go(&self, start: Start<'_>) -> Result<(), Failed> {
        let at = |name: &'static str| move |cause| (name, cause);
        let way = &self.record.way;
        if self.begins == Begins::Stopped {
            self.wait_turn().await.map_err(at("waiting"))?;
            self.start(start).await.map_err(at("starting"))?;
        }
        self.reach(StageName::Create);
        if self.begins == Begins::Stopped {
            let waited = self.wait_for_all(&way.before_wiring).await;
            waited.map_err(at("waiting"))?;
        }
        self.wire().await.map_err(at("wiring"))?;
        self.reach(StageName::CreateLinks);
        self.boot().await.map_err(at("booting"))?;
        self.configure().await?;
        self.reach(StageName::Configure);
        self.later_stages().await.map_err(at("waiting"))
    }

    fn reach(&self, stage: StageName) {
        self.together.gates.reach(self.name, Reached::Stage(stage));
    }

    async fn wait_turn(&self) -> Result<(), NodeCause> {
        let way = &self.record.way;
        self.wait_for_all(&way.before_start).await?;
        if let Some(owner) = &way.network_of {
            self.wait_for(owner, StageName::Create).await?;
        }
        if way.delay > 0 {
            let what = format!("its startup-delay of {} s", way.delay);
            let delay = sleep(Duration::from_secs(way.delay));
            self.step.wait(what, delay).await;
        }
        if let Some(kind) = self.kind {
            let turn = self.together.turns.start(&kind.name);
            self.step.wait("its turn to start", turn).await;
        }
        Ok(())
    }

    async fn wait_for_all(&self, waits: &[WaitFor]) -> Result<(), NodeCause> {
        for wait in waits {
            self.wait_for(wait.node.as_str(), wait.stage).await?;
        }
        Ok(())
    }

    async fn wait_for(&self, node: &str, stage: StageName) -> Result<(), NodeCause> {
        let what = format!("node {node} to {}", leaves(stage));
        let gate = self.together.gates.wait(node, stage);
        if self.step.wait(what, gate).await {
            return Ok(());
        }
        Err(NodeCause::Other {
            other: node.to_owned(),
        })
    }

    async fn start(&self, start: Start<'_>) -> Result<(), NodeCause> {
        let step = self.step.child("Start");
        step.start();
        let _permit = self.together.turns.engine().await;
        let started = start.await;
        match &started {
            Ok(()) => step.succeed(),
            Err(error) => step.fail(error.to_string()),
        }
        started
    }

    async fn wire(&self) -> Result<(), NodeCause> {
        let total = self.record.ports.len() as u64;
        if total == 0 {
            return Ok(());
        }
        let step = self.step.child("Wire");
        step.start();
        let request = Request::Look {
            node: self.name.to_owned(),
            within_ms: u32::try_from(WIRED_WITHIN.as_millis()).unwrap_or(u32::MAX),
        };
        let patchbay = &self.together.patchbay;
        let answer = patchbay.ask(request);
        let answer = step.wait("the patchbay to find the node", answer).await?;
        let Answer::Looked { missing } = answer else {
            return Err(patchbay.other_version().into());
        };
        let found = total - (missing.len() as u64).min(total);
        step.progress(found, Some(total), Unit::Items);
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
        if let Some(boot) = self.boot_of() {
            boot.still_runs().await?;
        }
        Ok(match &end.state {
            EndState::Failed { problem } => problem.to_string(),
            _ => format!(
                "{} was not found within {} s",
                end.end,
                WIRED_WITHIN.as_secs()
            ),
        })
    }

    fn boot_of(&self) -> Option<Boot<'_>> {
        Some(Boot {
            engine: &self.together.engine,
            container: self.container,
            kind: self.kind?,
            within: self.together.within,
            may_end: self.together.is_waited_for(self.name, StageName::Exit),
            fresh: self.begins == Begins::Stopped,
        })
    }

    async fn boot(&self) -> Result<(), NodeCause> {
        match self.boot_of() {
            Some(boot) => Ok(boot.watch(self.step).await?),
            None => Ok(()),
        }
    }

    /// Runs its commands, and those of its kind's first boot, unless that was done.
    async fn configure(&self) -> Result<(), Failed> {
        let at = |name: &'static str| move |cause| (name, cause);
        let way = &self.record.way;
        let first = self.kind.map_or(&[][..], |kind| &kind.first_boot);
        let mut due = None;
        if !first.is_empty() || !way.commands.is_empty() {
            let found = self.not_done().await;
            due = found.map_err(at("its commands"))?;
        }
        if self.begins == Begins::Runs && due.is_none() {
            return Ok(());
        }
        let waited = self.wait_for_all(&way.before_commands).await;
        waited.map_err(at("waiting"))?;
        let Some((done, detail)) = due else {
            return Ok(());
        };
        if !done.ever(&detail) {
            let ran = self.first_boot(first).await;
            ran.map_err(at("its first commands"))?;
        }
        self.commands().await.map_err(at("its commands"))?;
        if let Err(error) = Done::now(&detail).write(&self.together.engine).await {
            let what = "it could not be noted that its commands were run: the next deployment runs them again";
            self.step.log(format!("{what}: {error}"));
        }
        Ok(())
    }

    /// What was done, if that is not all.
    async fn not_done(&self) -> Result<Option<(Done, ContainerDetail)>, NodeCause> {
        let detail = self.detail().await?.ok_or(BootError::Gone)?;
        let done = Done::of(&self.together.engine, self.container).await?;
        Ok((!done.since_start(&detail)).then_some((done, detail)))
    }

    /// What its kind runs once, when it is ready for the first time.
    async fn first_boot(&self, all: &[FirstBoot]) -> Result<(), NodeCause> {
        if all.is_empty() {
            return Ok(());
        }
        let step = self.step.child("First boot");
        step.start();
        for first in all {
            let engine = &self.together.engine;
            let missing = match &first.with_file {
                Some(file) => engine.get_files(self.container, file).await?.is_none(),
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
        let all = &self.record.way.commands;
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
        let result = self.together.engine.run(self.container, &asked);
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
        if self.together.is_waited_for(self.name, StageName::Healthy) {
            self.step.wait("it to be healthy", self.healthy()).await?;
            self.reach(StageName::Healthy);
        }
        if self.together.is_waited_for(self.name, StageName::Exit) {
            self.step.wait("it to end", self.ended()).await?;
            self.reach(StageName::Exit);
        }
        Ok(())
    }

    async fn healthy(&self) -> Result<(), NodeCause> {
        let pause = Duration::from_millis(self.record.way.health_interval);
        loop {
            let detail = self.detail().await?.ok_or(BootError::Gone)?;
            match detail.health.as_deref() {
                Some("healthy") => return Ok(()),
                Some(_) => {}
                None => return Err(NodeCause::NoHealthcheck),
            }
            if let Some(boot) = self.boot_of() {
                boot.still_runs().await?;
            }
            let engine = &self.together.engine;
            engine.check_health(self.container).await?;
            sleep(pause.clamp(LOOK, LONGEST_CHECK)).await;
        }
    }

    /// A container that goes with its last process has ended, too.
    async fn ended(&self) -> Result<(), NodeCause> {
        while self.detail().await?.is_some_and(|it| it.pid.is_some()) {
            sleep(LOOK).await;
        }
        Ok(())
    }

    async fn detail(&self) -> Result<Option<ContainerDetail>, NodeCause> {
        Ok(self.together.engine.container(self.container).await?)
    }
}
