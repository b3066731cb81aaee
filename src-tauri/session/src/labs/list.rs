//! The list of labs.

use labwright_labs::kinds::{Kinds, Runs};
use labwright_labs::running::{LabStanding, NodeStanding};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;

use super::engine::EngineLabs;
use super::file::LabFile;
use super::files::Files;
use super::jobs::LabJobs;
use super::pairs::{Pair, pairs};
use super::{LabCounts, LabSummary, LabsState};

/// The task that publishes the list.
pub(crate) struct Lister {
    pub(crate) kinds: Arc<Kinds>,
    pub(crate) files: watch::Receiver<Files>,
    pub(crate) engine: watch::Receiver<EngineLabs>,
    pub(crate) jobs: watch::Receiver<LabJobs>,
    pub(crate) state: watch::Sender<LabsState>,
}

impl Lister {
    /// Runs as long as there are files and an engine to look at.
    pub(crate) async fn run(mut self) {
        loop {
            let next = {
                let (files, engine) = (
                    self.files.borrow_and_update(),
                    self.engine.borrow_and_update(),
                );
                let mut state = list(&files, &engine, &self.kinds);
                self.jobs.borrow_and_update().tell_all(&mut state);
                state
            };
            self.state.send_if_modified(|state| {
                let changed = *state != next;
                *state = next;
                changed
            });
            let more = tokio::select! {
                changed = self.files.changed() => changed,
                changed = self.engine.changed() => changed,
                changed = self.jobs.changed() => changed,
            };
            if more.is_err() {
                return;
            }
        }
    }
}

/// All labs, but for what jobs did.
pub(super) fn list(files: &Files, engine: &EngineLabs, kinds: &Kinds) -> LabsState {
    let labs = pairs(files, engine);
    LabsState {
        engine: engine.engine.clone(),
        listed: engine.listed,
        labs: labs
            .iter()
            .map(|pair| summary(pair, files, kinds))
            .collect(),
        elsewhere: Vec::new(),
        error: engine.error.clone(),
    }
}

fn summary(pair: &Pair, files: &Files, kinds: &Kinds) -> LabSummary {
    let (file, standing) = (pair.file.as_deref(), pair.lab.as_ref());
    let mut mistakes = file.into_iter().flat_map(LabFile::mistakes);
    let mistake = mistakes.next();
    LabSummary {
        key: pair.key.clone(),
        name: pair.name(),
        file: pair.path(),
        file_is_there: file.is_some_and(|file| file.is_there),
        opened: files.opened.get(Path::new(&pair.key)).copied(),
        owner: standing.map_or_else(String::new, |standing| standing.lab.owner.clone()),
        ours: standing.is_none_or(|standing| standing.lab.ours),
        deployed: standing.is_some(),
        counts: counts(file, standing, kinds),
        mistakes: mistakes.count() + usize::from(mistake.is_some()),
        mistake: mistake.map(ToString::to_string),
        last_job: None,
    }
}

/// Switches and the host are as ready as the lab's patchbay, which is what they are made of.
fn counts(file: Option<&LabFile>, standing: Option<&LabStanding>, kinds: &Kinds) -> LabCounts {
    let mut counts = LabCounts::default();
    let nodes = standing.map_or(&[][..], |standing| &standing.nodes);
    for node in nodes {
        match node.state {
            NodeStanding::Ready => counts.ready += 1,
            NodeStanding::Booting => counts.booting += 1,
            NodeStanding::Stopped => counts.stopped += 1,
            NodeStanding::Failed => counts.failed += 1,
        }
    }
    let there: BTreeSet<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    let planned = file.and_then(|file| file.topology.as_ref());
    let planned = planned.iter().flat_map(|topology| &topology.nodes);
    let absent = planned.filter(|node| !there.contains(node.name.as_str()));
    counts.nodes = nodes.len();
    for node in absent {
        counts.nodes += 1;
        let runs = kinds.get(&node.kind).map(|kind| kind.runs);
        if let (Some(standing), Some(Runs::Switch | Runs::HostNamespace)) = (standing, runs) {
            match super::merge::patchbay_standing(&standing.lab) {
                super::LabNodeStanding::Ready => counts.ready += 1,
                super::LabNodeStanding::Stopped => counts.stopped += 1,
                _ => {}
            }
        }
    }
    counts
}
