//! Links and what they do to frames.

use std::collections::{BTreeMap, BTreeSet};

use super::check::duplicate;
use crate::{EndName, Impairments, Link, LinkEnd, OutsideKind, Problem, ProblemCode, Wiring};

/// A million of a million.
const ALL: u32 = 1_000_000;

/// What an end of a link can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EndKind {
    Port,
    Switch,
    Host,
    Macvlan,
    Vxlan,
    Dummy,
}

impl Wiring {
    /// What is wrong with joining these two ends, other links aside.
    pub fn link_problems(&self, link: &Link) -> Vec<Problem> {
        let mut found = Vec::new();
        let kinds = self.end_kinds();
        self.check_link(link, &kinds, &mut found);
        found
    }

    pub(super) fn check_links(&self, found: &mut Vec<Problem>) {
        let kinds = self.end_kinds();
        let mut linked = BTreeSet::new();
        for link in &self.links {
            self.check_link(link, &kinds, found);
            for side in &link.ends {
                if !linked.insert(&side.end) && link.ends[0].end != link.ends[1].end {
                    found.push(duplicate(&side.end, "there are two links of"));
                }
            }
        }
    }

    fn check_link(
        &self,
        link: &Link,
        kinds: &BTreeMap<&EndName, EndKind>,
        found: &mut Vec<Problem>,
    ) {
        let [a, b] = &link.ends;
        if a.end == b.end {
            let message = format!("a link joins {} with itself", a.end);
            found.push(Problem::new(ProblemCode::LinkImpossible, &a.end, message));
        }
        let [one, other] = [a, b].map(|side| {
            found.extend(side.impairments.problems(&side.end));
            let kind = self.kind_of(side, kinds, found)?;
            found.extend(unimpaired(side, kind));
            Some(kind)
        });
        if let Some(why) = one
            .zip(other)
            .and_then(|(one, other)| impossible(one, other))
        {
            let message = format!("{} and {} cannot be linked: {why}", a.end, b.end);
            found.push(Problem::new(ProblemCode::LinkImpossible, &a.end, message));
        }
    }

    fn kind_of(
        &self,
        side: &LinkEnd,
        kinds: &BTreeMap<&EndName, EndKind>,
        found: &mut Vec<Problem>,
    ) -> Option<EndKind> {
        if let Some(kind) = kinds.get(&side.end) {
            return Some(*kind);
        }
        if self.is_switch(side.end.owner()) {
            return Some(EndKind::Switch);
        }
        found.push(self.unknown_end(&side.end));
        None
    }

    /// That the wiring has no such end.
    pub fn unknown_end(&self, end: &EndName) -> Problem {
        let message = if self.nodes.contains_key(end.owner()) {
            format!("node {} has no port {}", end.owner(), end.interface())
        } else {
            format!("{end} is of no node, no switch and no end outside that is known")
        };
        Problem::new(ProblemCode::EndUnknown, end, message)
    }

    fn end_kinds(&self) -> BTreeMap<&EndName, EndKind> {
        let ports = self.ports.iter().map(|port| (&port.end, EndKind::Port));
        let outside = (self.outside.iter()).map(|outside| {
            let kind = match outside.kind {
                OutsideKind::Host { .. } => EndKind::Host,
                OutsideKind::Macvlan { .. } => EndKind::Macvlan,
                OutsideKind::Vxlan { .. } => EndKind::Vxlan,
                OutsideKind::Dummy => EndKind::Dummy,
            };
            (&outside.end, kind)
        });
        ports.chain(outside).collect()
    }
}

/// Why two kinds of ends cannot be joined.
fn impossible(one: EndKind, other: EndKind) -> Option<&'static str> {
    use EndKind::{Dummy, Macvlan, Port, Switch};
    match (one, other) {
        (Switch, Switch) => Some("both are switches; make them one"),
        (Macvlan | Dummy, Port) | (Port, Macvlan | Dummy) => None,
        (Macvlan, _) | (_, Macvlan) => Some("a macvlan has the MAC address of a node's port"),
        (Dummy, _) | (_, Dummy) => Some("only a node's port can be linked to nothing"),
        _ => None,
    }
}

/// Impairments need an interface that the frames leave by: a switch has none of its own, and nothing even less.
fn unimpaired(side: &LinkEnd, kind: EndKind) -> Option<Problem> {
    let impossible =
        matches!(kind, EndKind::Switch | EndKind::Dummy) && !side.impairments.is_none();
    impossible.then(|| {
        let message = format!(
            "nothing can be done to frames to {}: only those to the other end of its link can be impaired",
            side.end
        );
        Problem::new(ProblemCode::ImpairmentInvalid, &side.end, message)
    })
}

impl Impairments {
    /// What is wrong with these values for the frames to `end`.
    pub fn problems(&self, end: &EndName) -> Vec<Problem> {
        let faults = [
            (self.loss_ppm > ALL).then_some("more frames are lost than are sent"),
            (self.corruption_ppm > ALL).then_some("more frames are damaged than are sent"),
            (self.jitter_us > self.delay_us).then_some("the jitter is greater than the delay"),
            ((1..8).contains(&self.rate_bps)).then_some("the rate is less than a byte a second"),
        ];
        let describe = |fault| {
            let message = format!("what is to be done to frames to {end} is impossible: {fault}");
            Problem::new(ProblemCode::ImpairmentInvalid, end, message)
        };
        faults.into_iter().flatten().map(describe).collect()
    }
}
