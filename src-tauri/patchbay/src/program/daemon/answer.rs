//! Answering those who ask.

use std::time::{Duration, Instant};

use labwright_patchbay::{
    Answer, Call, EndName, EndState, EndStatus, Problem, ProblemCode, Request,
};

use super::{
    super::netlink::Device,
    followers::{Followers, Look},
    input::Outlet,
    lab::{Lab, Make},
};

/// What came of a call.
type Outcome = Result<Answer, Vec<Problem>>;

/// Those who wait and those who follow.
#[derive(Default)]
pub(super) struct Audience {
    pub(super) followers: Followers,
    pub(super) looks: Vec<Look>,
}

impl Lab {
    /// Answers a call, at once or later.
    pub(super) fn answer(
        &mut self,
        connection: u64,
        call: Call,
        outlet: Outlet,
        audience: &mut Audience,
    ) {
        let now = Instant::now();
        let outcome = match call.request {
            Request::Look { node, within_ms } => {
                return self.look(node, within_ms, (call.id, outlet), audience);
            }
            Request::Follow { counters_every_ms } => {
                // What has changed so far is in the answer.
                audience.followers.tell(&self.changes());
                let followed = outlet.clone();
                outlet.reply(call.id, Ok(Answer::Status(self.status())));
                return audience
                    .followers
                    .add(connection, followed, counters_every_ms, now);
            }
            Request::Apply { wiring } => {
                let applied = self.apply(wiring);
                applied.map(|()| Answer::Status(self.status()))
            }
            Request::Status => Ok(Answer::Status(self.status())),
            Request::Connect { ends } => done(self.connect(ends)),
            Request::Disconnect { end } => done(self.disconnect(&end)),
            Request::SetLink { end, up } => done(self.set_link(&end, up)),
            Request::Impair { end, impairments } => done(self.impair(&end, impairments)),
            Request::Teardown => done(self.tear_down()),
            Request::Locate { end } => self.locate(&end),
        };
        outlet.reply(call.id, outcome);
    }

    fn look(
        &mut self,
        node: String,
        within_ms: u32,
        (id, outlet): (u64, Outlet),
        audience: &mut Audience,
    ) {
        if !self.wanted.nodes.contains_key(&node) {
            let message = format!("the wiring has no node {node}");
            let problem = Problem::new(ProblemCode::NodeUnknown, node, message);
            return outlet.reply(id, Err(vec![problem]));
        }
        self.look_again(&node);
        let until = Instant::now() + Duration::from_millis(u64::from(within_ms));
        audience.looks.push(Look {
            node,
            until,
            id,
            outlet,
        });
    }

    /// Answers those whose node is wired, or whose time is over.
    pub(super) fn answer_looks(&self, looks: &mut Vec<Look>, now: Instant) {
        looks.retain(|look| {
            let missing = self.missing_of(&look.node);
            let waits = missing
                .iter()
                .any(|status| status.state == EndState::Waiting);
            let stays = waits && now < look.until;
            if !stays {
                look.outlet.reply(look.id, Ok(Answer::Looked { missing }));
            }
            stays
        });
    }

    fn missing_of(&self, node: &str) -> Vec<EndStatus> {
        let status = self.status().ends.into_iter();
        let ports = status.filter(|status| status.end.owner() == node);
        ports
            .filter(|status| !matches!(status.state, EndState::Wired { .. }))
            .collect()
    }

    fn locate(&self, end: &EndName) -> Outcome {
        if let Some(interface) = self.interfaces.get(end) {
            let index = interface.index;
            let name = Device {
                index,
                alias: String::new(),
            }
            .name();
            return Ok(Answer::Device {
                name,
                ifindex: index,
            });
        }
        let wanted = self
            .wanted_ends()
            .any(|(name, make): (_, Make)| name == end && make.has_interface());
        if !wanted {
            return Err(vec![self.wanted.unknown_end(end)]);
        }
        Ok(Answer::Device {
            name: String::new(),
            ifindex: 0,
        })
    }
}

fn done(outcome: Result<(), Vec<Problem>>) -> Outcome {
    outcome.map(|()| Answer::Done)
}
