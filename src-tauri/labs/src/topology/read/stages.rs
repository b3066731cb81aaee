//! `stages`: what a node waits for, and what it runs on its way up.

use super::context::Context;
use super::fields::Found;
use super::keys;
use super::levels::Levels;
use crate::topology::{Code, ExecPhase, ExecTarget, Stage, StageExec, StageName, Stages, WaitFor};

/// The names of stages.
pub(super) const NAMES: [(&str, StageName); 5] = [
    ("create", StageName::Create),
    ("create-links", StageName::CreateLinks),
    ("configure", StageName::Configure),
    ("healthy", StageName::Healthy),
    ("exit", StageName::Exit),
];
const PHASES: [(&str, ExecPhase); 2] = [
    ("on-enter", ExecPhase::OnEnter),
    ("on-exit", ExecPhase::OnExit),
];
const TARGETS: [(&str, ExecTarget); 2] = [
    ("container", ExecTarget::Container),
    ("host", ExecTarget::Host),
];

/// The stages of a node: those of all its levels, the farthest first.
pub(super) fn stages(levels: &Levels<'_>, context: &Context<'_>, node: &str) -> Stages {
    let mut stages = Stages::default();
    for found in levels.all("stages") {
        found.map_of(keys::STAGES);
        for (name, stage) in NAMES {
            // Nothing goes by the last two, but they are checked as the others are.
            let mut later = Stage::default();
            let into = match stage {
                StageName::Create => &mut stages.create,
                StageName::CreateLinks => &mut stages.create_links,
                StageName::Configure => &mut stages.configure,
                StageName::Healthy | StageName::Exit => &mut later,
            };
            if let Some(found) = found.child(name) {
                add(into, found, context, node);
            }
        }
    }
    stages
}

fn add(stage: &mut Stage, found: Found<'_>, context: &Context<'_>, node: &str) {
    found.map_of(keys::STAGE);
    if let Some(waits) = found.child("wait-for") {
        for item in waits.items() {
            let wait = wait_for(waits.with(item), context);
            stage
                .wait_for
                .extend(wait.filter(|wait| !stage.wait_for.contains(wait)));
        }
    }
    if let Some(execs) = found.child("exec") {
        stage.exec.extend(execs_of(execs, context, node));
    }
}

fn wait_for(found: Found<'_>, context: &Context<'_>) -> Option<WaitFor> {
    found.map_of(keys::WAIT_FOR)?;
    let missing = |key: &str| {
        let message = format!("an item of `wait-for` of {} has no `{key}`", found.owner);
        context
            .problems
            .error(Code::MissingKey, found.place(), message);
        None
    };
    let Some(node) = found.child("node") else {
        return missing("node");
    };
    let Some(stage) = found.child("stage") else {
        return missing("stage");
    };
    let (name, stage) = (node.text()?, stage.choice(&NAMES)?);
    if !context.nodes.contains(name) {
        let message = format!(
            "node `{}` in `wait-for` of {} is not defined",
            super::problems::shown(name),
            found.owner
        );
        let hint = context.similar_node(name);
        context
            .problems
            .error_hint(Code::UnknownNode, node.place(), message, hint);
        return None;
    }
    Some(WaitFor {
        node: name.parse().ok()?,
        stage,
    })
}

/// A list of commands, or a map of lists by phase, as earlier releases had it.
fn execs_of(found: Found<'_>, context: &Context<'_>, node: &str) -> Vec<StageExec> {
    use crate::topology::yaml::Data;
    let Data::Map(_) = &found.value.data else {
        let execs = found.items().iter().map(|item| found.with(item));
        return execs.filter_map(|item| exec(item, context, node)).collect();
    };
    found.map_of(keys::STAGE_EXEC_MAP);
    let phases = PHASES
        .iter()
        .filter_map(|(name, phase)| Some((found.child(name)?, *phase)));
    let mut execs = Vec::new();
    for (list, phase) in phases {
        for item in list.items() {
            let item = list.with(item);
            let command = item
                .text()
                .and_then(|text| item.command(&context.magic(text, node)));
            execs.extend(command.map(|command| StageExec {
                command,
                target: ExecTarget::Container,
                phase,
            }));
        }
    }
    execs
}

fn exec(found: Found<'_>, context: &Context<'_>, node: &str) -> Option<StageExec> {
    found.map_of(keys::STAGE_EXEC)?;
    let Some(command) = found.child("command") else {
        let message = format!(
            "an item of a stage's `exec` of {} has no `command`",
            found.owner
        );
        context
            .problems
            .error(Code::MissingKey, found.place(), message);
        return None;
    };
    let command = command.command(&context.magic(command.text()?, node))?;
    let target = found
        .child("target")
        .and_then(|target| target.choice(&TARGETS));
    let phase = found.child("phase").and_then(|phase| phase.choice(&PHASES));
    Some(StageExec {
        command,
        target: target.unwrap_or_default(),
        phase: phase.unwrap_or_default(),
    })
}
