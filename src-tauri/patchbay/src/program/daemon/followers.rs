//! Those who are told what changes, and those who wait for a node.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use labwright_patchbay::{Counters, EndName, Event, Message};

use super::input::Outlet;

/// Nobody is sent counters more often.
const SHORTEST: u32 = 100;

/// One who is told what changes.
struct Follower {
    connection: u64,
    outlet: Outlet,
    counters: Option<Counting>,
}

/// How often one is sent counters.
struct Counting {
    every: Duration,
    next: Instant,
    /// What was sent last of each end.
    told: BTreeMap<EndName, Counters>,
}

impl Counting {
    /// Those that are others than were sent.
    fn changes(&mut self, counters: &[Counters]) -> Vec<Counters> {
        let others = counters.iter().filter(|now| {
            let told = self.told.get(&now.end);
            told != Some(*now)
        });
        let others: Vec<Counters> = others.cloned().collect();
        self.told
            .extend(others.iter().map(|now| (now.end.clone(), now.clone())));
        others
    }
}

/// All who are told what changes.
#[derive(Default)]
pub(super) struct Followers {
    all: Vec<Follower>,
}

impl Followers {
    /// One more; or one who follows already and wants counters at other times.
    pub(super) fn add(
        &mut self,
        connection: u64,
        outlet: Outlet,
        every_ms: Option<u32>,
        now: Instant,
    ) {
        self.remove(connection);
        let counters = every_ms.map(|ms| Counting {
            every: Duration::from_millis(u64::from(ms.max(SHORTEST))),
            next: now,
            told: BTreeMap::new(),
        });
        self.all.push(Follower {
            connection,
            outlet,
            counters,
        });
    }

    /// One less.
    pub(super) fn remove(&mut self, connection: u64) {
        self.all
            .retain(|follower| follower.connection != connection);
    }

    /// Tells everybody.
    pub(super) fn tell(&self, events: &[Event]) {
        for follower in &self.all {
            for event in events {
                follower.outlet.send(Message::Event(event.clone()));
            }
        }
    }

    /// When the next counters are due.
    pub(super) fn next(&self) -> Option<Instant> {
        let counting = self
            .all
            .iter()
            .filter_map(|follower| follower.counters.as_ref());
        counting.map(|counting| counting.next).min()
    }

    /// Sends counters to those for whom it is time.
    pub(super) fn count(&mut self, now: Instant, counters: &[Counters]) {
        for follower in &mut self.all {
            let Some(counting) = &mut follower.counters else {
                continue;
            };
            if counting.next <= now {
                counting.next = now + counting.every;
                let changes = Event::Counters(counting.changes(counters));
                follower.outlet.send(Message::Event(changes));
            }
        }
    }
}

/// One who waits for a node.
pub(super) struct Look {
    pub(super) node: String,
    pub(super) until: Instant,
    pub(super) id: u64,
    pub(super) outlet: Outlet,
}
