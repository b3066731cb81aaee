//! The links of a lab as its patchbay tells them: once, and whenever one changes.

use super::{LinkError, ListedLink, listed};
use crate::patchbay::{Patchbay, PatchbayError};
use crate::running::{PortView, RunningLab, port};
use crate::topology::LabName;
use labwright_engine::{ContainerStatus, Engine};
use labwright_patchbay::{Counters, Event, Request, Status};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// A patchbay that is listened to.
#[derive(Debug)]
pub struct Follow {
    lab: String,
    patchbay: Patchbay,
    events: broadcast::Receiver<Event>,
    status: Status,
    /// Counters that were told while something else was waited for.
    passed_over: Vec<Counters>,
    /// Whether the whole state must be asked for again.
    stale: bool,
}

/// How the ports and links of a lab stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wired {
    /// The links, in the order in which the patchbay has them.
    pub links: Vec<ListedLink>,
    /// The ports of nodes, and what there is of the ends outside, by their owners.
    pub ports: BTreeMap<String, Vec<PortView>>,
}

/// What a patchbay told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A port or a link is new, gone, or stands differently.
    Changed,
    /// What has passed ports since they were made: all the first time, then those that something passed; the last of a port
    /// is the latest.
    Counters(Vec<Counters>),
}

impl Follow {
    /// Begins to listen. Fails where another tool deployed the lab, or nobody holds its links.
    pub async fn open(
        engine: &Engine,
        lab: &RunningLab,
        counters: Option<Duration>,
    ) -> Result<Self, LinkError> {
        lab.if_ours()?;
        let stopped = || LinkError::Stopped {
            lab: lab.name.clone(),
        };
        let missing = || PatchbayError::Missing {
            lab: lab.name.clone(),
        };
        let status = lab.patchbay.ok_or_else(missing)?;
        if status != ContainerStatus::Running {
            return Err(stopped());
        }
        let name: LabName = lab.name.parse().map_err(|_| missing())?;
        let patchbay = Patchbay::open(engine, &name).await?;
        let events = patchbay.events();
        let status = patchbay.ask_status(following(counters)).await?;
        Ok(Self {
            lab: lab.name.clone(),
            patchbay,
            events,
            status,
            passed_over: Vec::new(),
            stale: false,
        })
    }

    /// Is told counters at other times from now on, or never.
    pub async fn count(&mut self, counters: Option<Duration>) -> Result<(), LinkError> {
        self.status = self.patchbay.ask_status(following(counters)).await?;
        Ok(())
    }

    /// What is told next. Fails where the patchbay ended. Nothing is lost where the caller does not wait for it.
    pub async fn next(&mut self) -> Result<Told, LinkError> {
        if self.stale {
            self.status = self.patchbay.ask_status(Request::Status).await?;
            self.stale = false;
            return Ok(Told::Changed);
        }
        let event = tokio::select! {
            biased;
            event = self.events.recv() => event,
            () = self.patchbay.ended() => Err(RecvError::Closed),
        };
        match event {
            Ok(Event::Counters(counters)) => {
                let mut all = std::mem::take(&mut self.passed_over);
                all.extend(counters);
                return Ok(Told::Counters(all));
            }
            Ok(event) => self.take(event),
            Err(RecvError::Lagged(_)) => self.stale = true,
            Err(RecvError::Closed) => return Err(self.silent()),
        }
        Ok(Told::Changed)
    }

    /// Takes what has been told meanwhile: one link that comes up tells much.
    pub fn catch_up(&mut self) {
        loop {
            match self.events.try_recv() {
                Ok(event) => self.take(event),
                Err(TryRecvError::Lagged(_)) => self.stale = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    fn take(&mut self, event: Event) {
        let Status { ends, links, .. } = &mut self.status;
        match event {
            Event::End(end) => match ends.iter_mut().find(|known| known.end == end.end) {
                Some(known) => *known = end,
                None => ends.push(end),
            },
            Event::Link(link) => match links.iter_mut().find(|known| known.ends == link.ends) {
                Some(known) => *known = link,
                None => links.push(link),
            },
            Event::LinkGone(gone) => links.retain(|link| link.ends != gone),
            // What it no longer has is not told one by one.
            Event::Wiring(_) => self.stale = true,
            Event::Counters(counters) => self.passed_over.extend(counters),
        }
    }

    /// How all stands now.
    pub fn wired(&self) -> Wired {
        let mut ports: BTreeMap<String, Vec<PortView>> = BTreeMap::new();
        for end in &self.status.ends {
            let own = ports.entry(end.end.owner().to_owned()).or_default();
            own.push(port(end));
        }
        Wired {
            links: self.status.links.iter().map(listed).collect(),
            ports,
        }
    }

    fn silent(&self) -> LinkError {
        let (lab, said) = (self.lab.clone(), "it ended".to_owned());
        PatchbayError::Silent { lab, said }.into()
    }
}

fn following(counters: Option<Duration>) -> Request {
    let milliseconds = |every: Duration| u32::try_from(every.as_millis()).unwrap_or(u32::MAX);
    Request::Follow {
        counters_every_ms: counters.map(milliseconds),
    }
}
