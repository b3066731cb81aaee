//! The lab that is open, followed.

use std::sync::Arc;

use labwright_engine::{ContainerStatus, Engine};
use labwright_jobs::ErrorReport;
use labwright_labs::kinds::Kinds;
use labwright_labs::links::Wired;
use tokio::sync::watch;

use super::engine::EngineLabs;
use super::files::Files;
use super::follow::{Following, Heard};
use super::jobs::LabJobs;
use super::merge::{Sources, view};
use super::pairs::{Pair, pair};
use super::{LabTraffic, LabView};

/// What the patchbay of the open lab tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Links {
    /// The lab's name; empty while none is followed.
    pub(super) lab: String,
    /// How they stand; none while it does not tell.
    pub(super) wired: Option<Wired>,
    /// Why it does not.
    pub(super) error: Option<ErrorReport>,
}

/// The task that follows the lab that is open.
pub(crate) struct Follower {
    pub(crate) kinds: Arc<Kinds>,
    /// The key of the lab that is open.
    pub(crate) wanted: watch::Receiver<Option<String>>,
    /// Whether somebody looks at its traffic.
    pub(crate) measured: watch::Receiver<bool>,
    pub(crate) engine: watch::Receiver<Option<Engine>>,
    pub(crate) labs: watch::Receiver<EngineLabs>,
    pub(crate) files: watch::Receiver<Files>,
    pub(crate) jobs: watch::Receiver<LabJobs>,
    pub(crate) links: watch::Sender<Links>,
    pub(crate) state: watch::Sender<Option<LabView>>,
    pub(crate) traffic: watch::Sender<LabTraffic>,
}

impl Follower {
    /// Runs until nobody can open a lab any more.
    pub(crate) async fn run(mut self) {
        let mut following: Option<Following> = None;
        loop {
            let key = self.wanted.borrow_and_update().clone();
            let open = key.map(|key| self.pair(&key));
            self.follow(open.as_ref(), &mut following);
            self.publish(open.as_ref());
            tokio::select! {
                changed = self.wanted.changed() => if changed.is_err() {
                    return;
                },
                Ok(()) = self.labs.changed() => {}
                Ok(()) = self.files.changed() => {}
                Ok(()) = self.jobs.changed() => {}
                Ok(()) = self.engine.changed() => {}
                Ok(()) = self.measured.changed() => {
                    if !*self.measured.borrow_and_update() {
                        self.tell_traffic(LabTraffic::default());
                    }
                }
                heard = next(following.as_mut()) => self.hear(heard, open.as_ref()),
            }
        }
    }

    fn pair(&mut self, key: &str) -> Pair {
        let (files, labs) = (
            self.files.borrow_and_update(),
            self.labs.borrow_and_update(),
        );
        pair(key, &files, &labs)
    }

    /// Follows the patchbay of the lab that is open, and no other.
    fn follow(&mut self, open: Option<&Pair>, following: &mut Option<Following>) {
        let engine = self.engine.borrow_and_update().clone();
        let lab = open.and_then(|pair| pair.lab.as_ref());
        let lab = lab.map(|standing| &standing.lab);
        let lab = lab.filter(|lab| lab.ours && lab.patchbay == Some(ContainerStatus::Running));
        let (Some(engine), Some(lab)) = (engine, lab) else {
            *following = None;
            self.links.send_replace(Links::default());
            self.tell_traffic(LabTraffic::default());
            return;
        };
        let of = (&engine.info().id, &lab.name);
        let same = |following: &Following| (&following.of.0, &following.of.1) == of;
        if following.as_ref().is_some_and(same) {
            return;
        }
        *following = Some(Following::begin(&engine, lab, self.measured.clone()));
        self.tell_traffic(LabTraffic::default());
        self.links.send_replace(Links {
            lab: lab.name.clone(),
            ..Links::default()
        });
    }

    fn hear(&self, heard: Heard, open: Option<&Pair>) {
        match heard {
            Heard::Wired(wired) => self.links.send_modify(|links| {
                links.wired = Some(wired);
                links.error = None;
            }),
            Heard::Silent(error) => {
                self.links.send_modify(|links| {
                    links.wired = None;
                    links.error = Some(error);
                });
                self.tell_traffic(LabTraffic::default());
            }
            Heard::Rates(ends) => {
                let lab = open.map_or_else(String::new, |pair| pair.key.clone());
                if *self.measured.borrow() {
                    self.tell_traffic(LabTraffic { lab, ends });
                }
            }
        }
    }

    fn publish(&mut self, open: Option<&Pair>) {
        let jobs = self.jobs.borrow_and_update();
        let next = open.map(|pair| {
            let links = self.links.borrow();
            let mut view = view(Sources {
                pair,
                wired: links.wired.as_ref(),
                known: self.labs.borrow().listed,
                error: links.error.as_ref(),
                kinds: &self.kinds,
            });
            jobs.tell(&mut view);
            view
        });
        self.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
    }

    fn tell_traffic(&self, next: LabTraffic) {
        self.traffic.send_if_modified(|traffic| {
            let changed = *traffic != next;
            *traffic = next;
            changed
        });
    }
}

/// What is heard next; never, where nothing is followed.
async fn next(following: Option<&mut Following>) -> Heard {
    match following {
        Some(following) => following.next().await,
        None => std::future::pending().await,
    }
}
