//! What this kernel can do. Asked once, on the loopback of the patchbay's own namespace.

use labwright_patchbay::Impairments;

use super::{
    Refusal, Request, RouteSocket, classifier, no_queue, queue, redirect, redirect::no_classifier,
};

/// The loopback's number in every namespace.
const LOOPBACK: u32 = 1;

/// How a filter says that it wants every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matching {
    /// By `cls_matchall`.
    Matchall,
    /// By `cls_u32`, with a comparison of nothing.
    U32,
}

/// What this kernel can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    /// How frames are matched; the refusal of the last way, if no way works.
    pub(crate) matching: Result<Matching, Refusal>,
    /// Whether it has `sch_netem`.
    pub(crate) netem: bool,
}

impl Abilities {
    /// Tries what there is, and leaves nothing behind.
    pub(crate) fn probe(socket: &mut RouteSocket) -> Self {
        let matching = probe_matching(socket);
        let delay = Impairments {
            delay_us: 1,
            ..Impairments::NONE
        };
        let netem = try_out(socket, queue(LOOPBACK, &delay), no_queue(LOOPBACK)).is_ok();
        Self { matching, netem }
    }
}

fn probe_matching(socket: &mut RouteSocket) -> Result<Matching, Refusal> {
    socket.run_all(&[classifier(LOOPBACK)])?;
    let mut outcome = Ok(Matching::Matchall);
    for matching in [Matching::Matchall, Matching::U32] {
        let request = redirect(LOOPBACK, LOOPBACK, matching);
        outcome = socket.run_all(&[request]).map(|()| matching);
        if outcome.is_ok() {
            break;
        }
    }
    socket.run_all(&[no_classifier(LOOPBACK)])?;
    outcome
}

fn try_out(socket: &mut RouteSocket, request: Request, undo: Request) -> Result<(), Refusal> {
    socket.run_all(&[request])?;
    socket.run_all(&[undo])
}
