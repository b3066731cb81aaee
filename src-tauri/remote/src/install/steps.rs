//! What an install reports: the nodes, their phases, and git's own meters.

use labwright_jobs::{JobContext, Step, Unit};

use super::node_step::{NodeStep, again};
use super::request::{InstallMode, InstallRequest};
use super::words::{failure, phase_name};
use crate::runner::{NodeOutcome, Phase, PhaseState, Requirement, What};

/// Why a node that stood there already is skipped.
pub(super) const PRESENT: &str = "already installed";

const CONNECT: &str = "Connect";
const PREPARE: &str = "Prepare";
/// The step above the nodes.
pub(super) const NODES: &str = "Nodes";
const VERIFY: &str = "Verify dependencies";

/// The steps of an install.
pub(super) struct Steps {
    mode: InstallMode,
    pub(super) connect: Step,
    pub(super) prepare: Step,
    nodes: Step,
    each: Vec<NodeStep>,
    /// Where the runner's nodes stand among all.
    far: Vec<usize>,
    verify: Step,
    settled: usize,
}

impl Steps {
    /// The steps, new ones or those that the job had when it was left.
    pub(super) fn of(context: &JobContext, request: &InstallRequest) -> Self {
        let far = request.far_nodes().map(|(index, _)| index).collect();
        let earlier = context.earlier.as_ref().map(|earlier| &earlier.state);
        let known = earlier.filter(|state| !state.steps.is_empty());
        let top = |name: &str| {
            let step = known.and_then(|state| state.children(None).find(|step| step.name == name));
            let step = step.and_then(|step| context.step_again(step.id));
            step.unwrap_or_else(|| context.reporter.step(name))
        };
        let connect = top(CONNECT);
        let prepare = top(PREPARE);
        let nodes = top(NODES);
        let each: Vec<NodeStep> = match known {
            Some(state) => again(context, state),
            None => request
                .nodes
                .iter()
                .map(|node| NodeStep::new(nodes.child(&node.name)))
                .collect(),
        };
        Self {
            mode: request.mode,
            settled: each.iter().filter(|node| node.settled).count(),
            connect,
            prepare,
            nodes,
            each,
            far,
            verify: top(VERIFY),
        }
    }

    /// The step of a node, by its place in the request.
    pub(super) fn node(&self, index: usize) -> Option<Step> {
        self.each.get(index).map(|node| node.step.clone())
    }

    /// Whether a node is done.
    pub(super) fn is_settled(&self, index: usize) -> bool {
        self.each.get(index).is_none_or(|node| node.settled)
    }

    /// The connection is gone: all that runs waits for it.
    pub(super) fn wait(&self, what: &str) {
        for step in self.running() {
            step.waits_for(what);
        }
    }

    /// It is back.
    pub(super) fn go_on(&self) {
        for step in self.running() {
            step.goes_on();
        }
    }

    fn running(&self) -> Vec<&Step> {
        let running = self.each.iter().filter(|node| node.runs && !node.settled);
        let leaves: Vec<&Step> = running.map(NodeStep::leaf).collect();
        if leaves.is_empty() {
            vec![&self.nodes]
        } else {
            leaves
        }
    }

    /// Reports what happened on the host.
    pub(super) fn report(&mut self, what: &What) {
        match what {
            What::Waiting { job } => {
                let what = format!("another install on this host: the job {job}");
                self.prepare.waits_for(what);
            }
            What::Prepared { .. } => self.prepared(what),
            What::Phase {
                node,
                phase,
                state,
                text,
                ..
            } => self.phase(*node, *phase, *state, text),
            What::Progress { node, phase, text } => {
                if let Some(node) = self.far(*node) {
                    node.advance(*phase, text);
                }
            }
            What::Line { node, phase, text } => {
                if let Some(node) = self.far(*node) {
                    node.phase_step(*phase).log(text);
                }
            }
            What::Node {
                node,
                outcome,
                code,
                text,
                ..
            } => self.settle_far(*node, *outcome, code, text),
            What::Head { .. } | What::Finding { .. } | What::Conflict { .. } => self.found(what),
            What::Checked { .. } => self.checked(),
            What::Begun
            | What::Refused { .. }
            | What::Standing { .. }
            | What::Finished { .. }
            | What::Other => {}
        }
    }

    fn far(&mut self, number: usize) -> Option<&mut NodeStep> {
        let index = *self.far.get(number.checked_sub(1)?)?;
        self.each.get_mut(index)
    }

    fn prepared(&self, what: &What) {
        let What::Prepared {
            target,
            git,
            python,
            engine,
            free,
        } = what
        else {
            return;
        };
        let named =
            |name: &str, version: &str| (!version.is_empty()).then(|| format!("{name} {version}"));
        let free = u64::try_from(*free)
            .ok()
            .map(|free| format!("{} free", kibibytes(free)));
        let parts = [
            named("git", git),
            named("python", python),
            Some(engine.clone()).filter(|engine| !engine.is_empty()),
            free,
            Some(target.clone()).filter(|target| !target.is_empty()),
        ];
        let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.prepare.goes_on();
        self.prepare.log(line);
        self.prepare.succeed();
    }

    fn phase(&mut self, number: usize, phase: Phase, state: PhaseState, text: &str) {
        let verifies = self.mode == InstallMode::Verify;
        let nodes = self.nodes.clone();
        let Some(node) = self.far(number).filter(|node| !node.settled) else {
            return;
        };
        match state {
            PhaseState::Started => {
                nodes.start();
                node.start();
                if phase_name(phase).is_some() && !verifies {
                    node.phase_step(phase).start();
                }
            }
            PhaseState::Succeeded | PhaseState::Skipped => node.end_phase(phase, None),
            PhaseState::Failed => node.end_phase(phase, Some(text)),
        }
    }

    fn settle_far(&mut self, number: usize, outcome: NodeOutcome, code: &str, text: &str) {
        let Some(index) = number
            .checked_sub(1)
            .and_then(|at| self.far.get(at))
            .copied()
        else {
            return;
        };
        let failed = failure(code, text);
        match outcome {
            NodeOutcome::Failed => {
                if let Some(node) = self.each.get(index) {
                    node.step.log(text);
                }
                self.settle(index, Err(failed));
            }
            NodeOutcome::Cancelled => {
                if let Some(node) = self.each.get_mut(index) {
                    node.settled = true;
                    node.step.finish(labwright_jobs::StepOutcome::Cancelled);
                }
            }
            NodeOutcome::Present if self.mode == InstallMode::Install => {
                if let Some(node) = self.each.get_mut(index) {
                    node.settled = true;
                    node.end_meter();
                    node.step.skip(PRESENT);
                }
                self.count();
            }
            NodeOutcome::Present | NodeOutcome::Installed | NodeOutcome::Updated => {
                self.settle(index, Ok(()));
            }
        }
    }

    /// A node is done.
    pub(super) fn settle(&mut self, index: usize, outcome: Result<(), String>) {
        let Some(node) = self.each.get_mut(index).filter(|node| !node.settled) else {
            return;
        };
        node.settled = true;
        node.end_meter();
        match outcome {
            Ok(()) => node.step.succeed(),
            Err(why) => node.step.fail(why),
        }
        self.count();
    }

    fn count(&mut self) {
        self.settled += 1;
        let (done, total) = (self.settled as u64, self.each.len() as u64);
        self.nodes.progress(done, Some(total), Unit::Items);
        if self.settled == self.each.len() {
            self.nodes.succeed();
        }
    }

    /// What the verification found: said where it is wrong, and remembered of the node.
    fn found(&mut self, what: &What) {
        self.verify.start();
        if let What::Conflict { text, .. } = what {
            self.verify.log(text);
        }
        let verifies = self.mode == InstallMode::Verify;
        let (nodes, verify) = (self.nodes.clone(), self.verify.clone());
        let Some((number, fault)) = fault(what) else {
            return;
        };
        let Some(node) = self.far(number) else {
            return;
        };
        if verifies {
            nodes.start();
            node.start();
        }
        if let Some(fault) = fault {
            let said = if verifies { &node.step } else { &verify };
            said.log(&fault);
            node.faults.push(fault);
        }
    }

    /// What the verification found and said before the job was left.
    pub(super) fn recall(&mut self, what: &What) {
        if let Some((number, Some(fault))) = fault(what)
            && let Some(node) = self.far(number)
        {
            node.faults.push(fault);
        }
    }

    /// All was looked at: a verification's nodes are done.
    fn checked(&mut self) {
        if self.mode == InstallMode::Verify {
            for index in 0..self.each.len() {
                let faults = self.each.get(index).map(|node| node.faults.clone());
                let outcome = match faults.unwrap_or_default().as_slice() {
                    [] => Ok(()),
                    [only] => Err(only.clone()),
                    [first, rest @ ..] => Err(format!("{first}, and {} more", rest.len())),
                };
                self.settle(index, outcome);
            }
        }
        self.verify.succeed();
    }
}

/// Which node the verification speaks of, and what is wrong with it if anything is.
fn fault(what: &What) -> Option<(usize, Option<String>)> {
    match what {
        What::Head {
            node, state, found, ..
        } => Some((*node, super::words::head_fault(*state, found))),
        What::Finding {
            node,
            requirement,
            state,
            found,
            ..
        } => Some((*node, requirement_fault(requirement, *state, found))),
        _ => None,
    }
}

fn requirement_fault(requirement: &str, state: Requirement, found: &str) -> Option<String> {
    match state {
        Requirement::Mismatch => Some(format!("{requirement}: {found} is installed")),
        Requirement::Missing => Some(format!("{requirement}: not installed")),
        Requirement::Unparseable => Some(format!("{requirement}: not understood")),
        Requirement::Satisfied | Requirement::Unknown | Requirement::NotNeeded => None,
    }
}

/// 1024 bytes each, as people read them.
fn kibibytes(amount: u64) -> String {
    const GIBI: u64 = 1024 * 1024;
    match amount {
        0..1024 => format!("{amount} KiB"),
        1024..GIBI => format!("{} MiB", amount / 1024),
        _ => format!("{} GiB", amount / GIBI),
    }
}
