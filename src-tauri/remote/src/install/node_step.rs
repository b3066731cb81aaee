//! The step of one node, its phases, and git's own meters below it.

use labwright_jobs::{JobContext, JobState, Step, StepState, Unit};

use super::git_progress::{Meter, amounts, known, read};
use super::steps::NODES;
use super::words::{phase_name, phase_of, telling_line};
use crate::runner::Phase;

/// What the meters of submodules are called, before git's name of them.
const SUBMODULE: &str = "Submodule: ";

/// The step of one node.
pub(super) struct NodeStep {
    pub(super) step: Step,
    pub(super) runs: bool,
    pub(super) settled: bool,
    /// The phase that runs below it.
    phase: Option<(Phase, Step)>,
    /// git's meter that runs below it.
    meter: Option<(Meter, Step)>,
    /// git's meters so far: one that comes again is a submodule's.
    meters: Vec<&'static str>,
    /// What is wrong with it, as a verification says.
    pub(super) faults: Vec<String>,
}

impl NodeStep {
    pub(super) fn new(step: Step) -> Self {
        Self {
            step,
            runs: false,
            settled: false,
            phase: None,
            meter: None,
            meters: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(super) fn start(&mut self) {
        if !self.runs {
            self.runs = true;
            self.step.start();
        }
    }

    /// The step that moves.
    pub(super) fn leaf(&self) -> &Step {
        let meter = self.meter.as_ref().map(|(_, step)| step);
        let phase = self.phase.as_ref().map(|(_, step)| step);
        meter.or(phase).unwrap_or(&self.step)
    }

    /// The step of a phase: cloning has none of its own, but those of git's meters.
    pub(super) fn phase_step(&mut self, phase: Phase) -> Step {
        let Some(name) = phase_name(phase) else {
            return self.step.clone();
        };
        if let Some((running, step)) = &self.phase
            && *running == phase
        {
            return step.clone();
        }
        let step = self.step.child(name);
        self.phase = Some((phase, step.clone()));
        step
    }

    pub(super) fn end_phase(&mut self, phase: Phase, failed: Option<&str>) {
        if phase == Phase::Clone {
            match (failed, self.meter.take()) {
                (None, Some((_, step))) => step.succeed(),
                (Some(_), Some((_, step))) => step.fail("git stopped"),
                (_, None) => {}
            }
        }
        if let Some((ended, step)) = self.phase.take_if(|(running, _)| *running == phase) {
            let name = phase_name(ended).unwrap_or_default();
            match failed {
                None => step.succeed(),
                Some(text) => step.fail(telling_line(text).unwrap_or(name)),
            }
        }
    }

    pub(super) fn end_meter(&mut self) {
        if let Some((_, step)) = self.meter.take() {
            step.succeed();
        }
    }

    pub(super) fn advance(&mut self, phase: Phase, text: &str) {
        let Some(meter) = read(text) else {
            self.phase_step(phase).if_stalled(text);
            return;
        };
        let goes_on = self.meter.as_ref().is_some_and(|(last, _)| {
            last.name == meter.name && last.total == meter.total && last.done <= meter.done
        });
        if !goes_on {
            self.end_meter();
            let again = self.meters.contains(&meter.name);
            self.meters.push(meter.name);
            let name = if again {
                format!("{SUBMODULE}{}", meter.name)
            } else {
                meter.name.to_owned()
            };
            self.meter = Some((meter.clone(), self.step.child(name)));
        }
        if let Some((last, step)) = &mut self.meter {
            step.progress(meter.done, Some(meter.total), Unit::Items);
            if let Some(amounts) = amounts(text) {
                step.if_stalled(format!("git, after {amounts}"));
            }
            *last = meter;
        }
    }
}

/// The nodes of a job that was left, with what runs below each.
pub(super) fn again(context: &JobContext, state: &JobState) -> Vec<NodeStep> {
    let Some(nodes) = state.children(None).find(|step| step.name == NODES) else {
        return Vec::new();
    };
    let children = state.children(Some(nodes.id));
    let made = children.filter_map(|node| {
        let step = context.step_again(node.id)?;
        let mut made = NodeStep::new(step);
        made.settled = !node.is_open();
        made.runs = node.started_at.is_some();
        for below in state.children(Some(node.id)) {
            made.take_again(context, below);
        }
        Some(made)
    });
    made.collect()
}

impl NodeStep {
    fn take_again(&mut self, context: &JobContext, below: &StepState) {
        let meter = below.name.strip_prefix(SUBMODULE).unwrap_or(&below.name);
        let step = context.step_again(below.id).filter(|_| below.is_open());
        if let Some(name) = known(meter) {
            self.meters.push(name);
            if let (Some(step), Some(progress)) = (step, below.progress) {
                let total = progress.total.unwrap_or(progress.done);
                let done = progress.done;
                self.meter = Some((Meter { name, done, total }, step));
            }
        } else if let (Some(step), Some(phase)) = (step, phase_of(&below.name)) {
            self.phase = Some((phase, step));
        }
    }
}
