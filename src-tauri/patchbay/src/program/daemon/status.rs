//! How the lab stands, and what has changed since it was last told.

use std::{
    collections::BTreeMap,
    io, mem,
    time::{SystemTime, UNIX_EPOCH},
};

use labwright_patchbay::{
    Counters, EndName, EndState, EndStatus, Event, Link, LinkState, LinkStatus, OutsideKind,
    PROTOCOL, Status,
};

use super::lab::{Interface, Lab, Make};

impl Lab {
    /// How it stands.
    pub(super) fn status(&self) -> Status {
        let switches = self.failed_switches.values();
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            program: self.program.clone(),
            protocol: PROTOCOL,
            wiring: self.fingerprint.clone(),
            ends: self.end_statuses().into_values().collect(),
            links: self
                .wanted
                .links
                .iter()
                .map(|link| self.link_status(link))
                .collect(),
            problems: self.problems.iter().chain(switches).cloned().collect(),
        }
    }

    fn end_statuses(&self) -> BTreeMap<EndName, EndStatus> {
        let now = unix_time_ms();
        let ends = self.wanted_ends();
        ends.map(|(end, make)| (end.clone(), self.end_status(end, &make, now)))
            .collect()
    }

    fn end_status(&self, end: &EndName, make: &Make, now: u64) -> EndStatus {
        let state = self.end_state(end, make);
        let told = self.told_ends.get(end);
        let same = told.filter(|told| mem::discriminant(&told.state) == mem::discriminant(&state));
        EndStatus {
            end: end.clone(),
            since_ms: same.map_or(now, |told| told.since_ms),
            state,
        }
    }

    fn end_state(&self, end: &EndName, make: &Make) -> EndState {
        match (self.interfaces.get(end), self.failed_ends.get(end)) {
            (Some(interface), _) => wired(interface),
            (None, Some(problem)) => EndState::Failed {
                problem: problem.clone(),
            },
            (None, None) if make.has_interface() => EndState::Waiting,
            (None, None) => NOTHING,
        }
    }

    fn link_status(&self, link: &Link) -> LinkStatus {
        let [a, b] = &link.ends;
        LinkStatus {
            ends: [a.end.clone(), b.end.clone()],
            state: self.link_state(link),
            impairments: [a.impairments, b.impairments],
        }
    }

    fn link_state(&self, link: &Link) -> LinkState {
        let ends = link.ends.iter().map(|side| &side.end);
        let problem = ends.clone().find_map(|end| self.failed_links.get(end));
        let missing: Vec<_> = ends.filter(|end| self.is_missing(end)).cloned().collect();
        match problem {
            Some(problem) => LinkState::Failed {
                problem: problem.clone(),
            },
            None if !link.up => LinkState::Down,
            None if missing.is_empty() => LinkState::Up,
            None => LinkState::Waiting { missing },
        }
    }

    fn is_missing(&self, end: &EndName) -> bool {
        if self.interfaces.contains_key(end) || self.switches.contains_key(end.owner()) {
            return false;
        }
        let outside = self
            .wanted
            .outside
            .iter()
            .find(|outside| outside.end == *end);
        outside.is_none_or(|outside| outside.kind != OutsideKind::Dummy)
    }

    /// What has changed since this was last asked.
    pub(super) fn changes(&mut self) -> Vec<Event> {
        let ends = self.end_statuses();
        let links = self.wanted.links.iter().map(|link| self.link_status(link));
        let links: BTreeMap<_, _> = links.map(|status| (status.ends.clone(), status)).collect();
        let told_ends = mem::replace(&mut self.told_ends, ends);
        let told_links = mem::replace(&mut self.told_links, links);
        let gone = told_links
            .keys()
            .filter(|ends| !self.told_links.contains_key(*ends));
        let changed_ends = self
            .told_ends
            .iter()
            .filter(|(end, s)| told_ends.get(*end) != Some(*s));
        let changed_links = self
            .told_links
            .iter()
            .filter(|(ends, s)| told_links.get(*ends) != Some(*s));
        gone.map(|ends| Event::LinkGone(ends.clone()))
            .chain(changed_ends.map(|(_, status)| Event::End(status.clone())))
            .chain(changed_links.map(|(_, status)| Event::Link(status.clone())))
            .collect()
    }

    /// What has passed every end, as its node sees it.
    pub(super) fn counters(&mut self) -> io::Result<Vec<Counters>> {
        let links = self.kernel.here.links()?;
        let by_index: BTreeMap<_, _> = links
            .iter()
            .map(|link| (link.index, link.traffic))
            .collect();
        let ends = self.interfaces.iter().filter_map(|(end, interface)| {
            let traffic = by_index.get(&interface.index)?;
            Some(Counters {
                end: end.clone(),
                sent_bytes: traffic.received_bytes,
                sent_frames: traffic.received_frames,
                received_bytes: traffic.sent_bytes,
                received_frames: traffic.sent_frames,
            })
        });
        Ok(ends.collect())
    }
}

/// An end that is nothing is always there.
const NOTHING: EndState = EndState::Wired {
    carrier: true,
    mtu: 0,
    mac: None,
    ifindex: 0,
    notes: Vec::new(),
};

fn wired(interface: &Interface) -> EndState {
    let (mac, has_other_side) = match &interface.made {
        Make::Port(port) => (Some(port.mac), true),
        Make::Outside(outside) => match &outside.kind {
            OutsideKind::Host { mac, .. } => (*mac, true),
            _ => (
                interface.setting.as_ref().and_then(|setting| setting.mac),
                false,
            ),
        },
    };
    EndState::Wired {
        carrier: interface.seen.carrier,
        mtu: interface.seen.mtu,
        mac,
        ifindex: if has_other_side {
            interface.seen.other_side
        } else {
            0
        },
        notes: interface.notes.clone(),
    }
}

fn unix_time_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
