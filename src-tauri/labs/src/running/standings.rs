//! How the nodes of all labs of an engine stand, kept: what did not change is not asked again.

use super::error::LabError;
use super::find::{RunningLab, RunningNode, labs};
use super::inspect::NodeState;
use super::standing::{Unmet, by_detail, by_unmet, is_asked, node_state, planned_ports, unmet};
use crate::kinds::Kinds;
use futures_util::{StreamExt, stream};
use labwright_engine::{ContainerDetail, ContainerStatus, Engine};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout_at};

/// How many containers are asked for at once.
const ASKED_AT_ONCE: usize = 8;
/// How many nodes are checked at once: each check is a program in a node that boots.
const CHECKED_AT_ONCE: usize = 4;
/// The first pause between two questions whether a node is ready, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// The longest while it lacks nothing but commands: perhaps nobody is about to give it those.
const LONGEST_FOR_COMMANDS: Duration = Duration::from_secs(30);
/// How long the first answers of checks are waited for.
const FIRST_ANSWERS: Duration = Duration::from_millis(1500);

/// What may have changed since the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Anything.
    Everything,
    /// These containers, by their ids, and none else.
    Containers(BTreeSet<String>),
}

/// A lab that is there, and how its nodes stand. Their ports are told as far as their containers know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabStanding {
    /// The lab.
    pub lab: RunningLab,
    /// How its nodes stand, in its order.
    pub nodes: Vec<NodeState>,
}

/// How the nodes of all labs of an engine stand.
#[derive(Debug)]
pub struct Standings {
    engine: Engine,
    kinds: Arc<Kinds>,
    labs: Vec<RunningLab>,
    /// By the containers' ids.
    known: BTreeMap<String, Known>,
    turns: Arc<Semaphore>,
    tell: mpsc::UnboundedSender<Verdict>,
    told: mpsc::UnboundedReceiver<Verdict>,
}

/// What is known of a container.
#[derive(Debug)]
struct Known {
    status: ContainerStatus,
    detail: Option<ContainerDetail>,
    /// What it lacks since it was started last; none where it lacks nothing.
    unmet: Option<Unmet>,
    checking: Option<Checking>,
}

/// A task that checks a node again and again. Dropping it ends it.
#[derive(Debug)]
struct Checking(AbortHandle);

impl Drop for Checking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What the checks of a node said.
#[derive(Debug)]
struct Verdict {
    container: String,
    started_at: String,
    unmet: Option<Unmet>,
}

impl Standings {
    /// Of an engine. Nothing is known before the first look.
    pub fn of(engine: Engine, kinds: Arc<Kinds>) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        Self {
            engine,
            kinds,
            labs: Vec::new(),
            known: BTreeMap::new(),
            turns: Arc::new(Semaphore::new(CHECKED_AT_ONCE)),
            tell,
            told,
        }
    }

    /// Looks again. What fails leaves all as it was.
    pub async fn look(&mut self, touched: &Touched) -> Result<(), LabError> {
        let labs = labs(&self.engine).await?;
        let details = self.details(&labs, touched).await?;
        for (id, detail) in details {
            self.learn(id, detail);
        }
        self.labs = labs;
        self.forget_others();
        self.check();
        Ok(())
    }

    /// Waits a moment for the first answers of checks, so that what is ready already is not told to boot.
    pub async fn first_answers(&mut self) {
        let patience = Instant::now() + FIRST_ANSWERS;
        let open = |known: &Known| known.checking.is_some() && known.unmet == Some(Unmet::Unasked);
        while self.known.values().any(open) {
            match timeout_at(patience, self.told.recv()).await {
                Ok(Some(verdict)) => drop(self.hear(verdict)),
                _ => return,
            }
        }
    }

    /// Waits until a node's checks say something new. Nothing is lost where the caller does not wait for it.
    pub async fn changed(&mut self) {
        loop {
            match self.told.recv().await {
                Some(verdict) => {
                    if self.hear(verdict) {
                        return;
                    }
                }
                // The sender is held beside it, and cannot have gone.
                None => std::future::pending().await,
            }
        }
    }

    /// All labs, by name, as they were seen last.
    pub fn labs(&self) -> Vec<LabStanding> {
        let standing = |lab: &RunningLab| LabStanding {
            nodes: lab.nodes.iter().map(|node| self.state(node)).collect(),
            lab: lab.clone(),
        };
        self.labs.iter().map(standing).collect()
    }

    fn state(&self, node: &RunningNode) -> NodeState {
        let known = self.known.get(&node.id);
        let detail = known.and_then(|known| known.detail.as_ref());
        let judged = by_detail(detail).unwrap_or_else(|| {
            let unasked = Some(&Unmet::Unasked);
            by_unmet(known.map_or(unasked, |known| known.unmet.as_ref()))
        });
        node_state(node, detail, judged, planned_ports(node))
    }

    /// Asks for those that are new, stand differently, or were touched.
    async fn details(
        &self,
        labs: &[RunningLab],
        touched: &Touched,
    ) -> Result<Vec<(String, Option<ContainerDetail>)>, LabError> {
        let is_touched = |id: &String| match touched {
            Touched::Everything => true,
            Touched::Containers(ids) => ids.contains(id),
        };
        let same = |node: &RunningNode| {
            let known = self.known.get(&node.id);
            known.is_some_and(|known| known.status == node.status && known.detail.is_some())
        };
        let nodes = labs.iter().flat_map(|lab| &lab.nodes);
        let asked = nodes.filter(|node| !same(node) || is_touched(&node.id));
        let asked = asked.map(|node| async {
            let detail = self.engine.container(&node.id).await;
            let detail = detail.map_err(|source| LabError::List {
                source: Box::new(source),
            });
            Ok::<_, LabError>((node.id.clone(), detail?))
        });
        let asked: Vec<_> = asked.collect();
        let mut answers = stream::iter(asked).buffer_unordered(ASKED_AT_ONCE);
        let mut details = Vec::new();
        while let Some(answer) = answers.next().await {
            details.push(answer?);
        }
        Ok(details)
    }

    /// What was checked of a container counts until it is started again.
    fn learn(&mut self, id: String, detail: Option<ContainerDetail>) {
        let started = |detail: Option<&ContainerDetail>| {
            let running = detail.filter(|detail| by_detail(Some(detail)).is_none());
            running.map(|detail| detail.started_at.clone())
        };
        let known = self.known.remove(&id);
        let before = known
            .as_ref()
            .and_then(|known| started(known.detail.as_ref()));
        let same = before.is_some() && before == started(detail.as_ref());
        let (unmet, checking) = match known {
            // Something happened in it: that may have been its commands.
            Some(known) if same && known.unmet == Some(Unmet::Commands) => (known.unmet, None),
            Some(known) if same => (known.unmet, known.checking),
            _ => (Some(Unmet::Unasked), None),
        };
        let status = detail
            .as_ref()
            .map_or(ContainerStatus::Removing, |detail| detail.status);
        let known = Known {
            status,
            detail,
            unmet,
            checking,
        };
        self.known.insert(id, known);
    }

    fn forget_others(&mut self) {
        let nodes = self.labs.iter().flat_map(|lab| &lab.nodes);
        let there: BTreeSet<&String> = nodes.map(|node| &node.id).collect();
        self.known.retain(|id, _| there.contains(id));
    }

    /// Begins to check those that run and are not checked yet.
    fn check(&mut self) {
        for node in self.labs.iter().flat_map(|lab| &lab.nodes) {
            let Some(known) = self.known.get_mut(&node.id) else {
                continue;
            };
            let detail = known.detail.as_ref();
            let Some(detail) = detail.filter(|detail| by_detail(Some(detail)).is_none()) else {
                continue;
            };
            if known.unmet.is_none() || known.checking.is_some() {
                continue;
            }
            if !is_asked(&self.kinds, node) {
                known.unmet = None;
                continue;
            }
            let checks = Checks {
                engine: self.engine.clone(),
                kinds: Arc::clone(&self.kinds),
                node: node.clone(),
                started_at: detail.started_at.clone(),
                turns: Arc::clone(&self.turns),
                tell: self.tell.clone(),
            };
            let task = tokio::spawn(checks.run());
            known.checking = Some(Checking(task.abort_handle()));
        }
    }

    /// Whether it is new.
    fn hear(&mut self, verdict: Verdict) -> bool {
        let Some(known) = self.known.get_mut(&verdict.container) else {
            return false;
        };
        let started_at = known.detail.as_ref().map(|detail| &detail.started_at);
        if started_at != Some(&verdict.started_at) {
            return false;
        }
        if verdict.unmet.is_none() {
            known.checking = None;
        }
        let new = known.unmet != verdict.unmet;
        known.unmet = verdict.unmet;
        new
    }
}

/// The checks of a node since it was started.
struct Checks {
    engine: Engine,
    kinds: Arc<Kinds>,
    node: RunningNode,
    started_at: String,
    turns: Arc<Semaphore>,
    tell: mpsc::UnboundedSender<Verdict>,
}

impl Checks {
    /// Runs until it lacks nothing.
    async fn run(self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let unmet = {
                // It is never closed.
                let _turn = self.turns.acquire().await;
                unmet(&self.engine, &self.kinds, &self.node, &self.started_at).await
            };
            let over = unmet.is_none();
            let longest = match unmet {
                Some(Unmet::Commands) => LONGEST_FOR_COMMANDS,
                _ => LONGEST_PAUSE,
            };
            let verdict = Verdict {
                container: self.node.id.clone(),
                started_at: self.started_at.clone(),
                unmet,
            };
            if self.tell.send(verdict).is_err() || over {
                return;
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }
}
