//! What is asked, and what is told.

use serde::{Deserialize, Serialize};

use crate::{Counters, EndName, EndStatus, Impairments, LinkStatus, Problem, Status, Wiring};

/// One line to the patchbay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Chosen by the caller; the reply has the same.
    pub id: u64,
    /// What is asked.
    pub request: Request,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Make it so. Everything is checked first; what fails on the way is undone. The wiring is saved before the
    /// answer, [`Answer::Status`]. Ports and links that are no longer wanted go.
    Apply {
        /// The whole wanted state.
        wiring: Wiring,
    },
    /// How it stands: [`Answer::Status`].
    Status,
    /// Join two ends that have no link: [`Answer::Done`].
    Connect {
        /// The two.
        ends: [EndName; 2],
    },
    /// Take away the link of an end: [`Answer::Done`].
    Disconnect {
        /// Either of the link's ends.
        end: EndName,
    },
    /// Set the link of an end up or down: [`Answer::Done`].
    SetLink {
        /// Either of the link's ends.
        end: EndName,
        /// Whether it passes frames.
        up: bool,
    },
    /// Change what is done to frames on their way to an end, wholly: [`Answer::Done`].
    Impair {
        /// The end; it must have a link.
        end: EndName,
        /// What is done; [`Impairments::NONE`] to stop it.
        impairments: Impairments,
    },
    /// The node's container was just started: wire it now. Answers [`Answer::Looked`] as soon as all its ports are
    /// wired or failed, or when the time is over.
    Look {
        /// The node.
        node: String,
        /// How long to wait, in milliseconds.
        within_ms: u32,
    },
    /// Answers [`Answer::Status`], and sends every change after it as [`Event`] until the connection ends.
    Follow {
        /// How often [`Event::Counters`] is sent, also where nothing passed, in milliseconds, 100 at least; none for never.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counters_every_ms: Option<u32>,
    },
    /// Take everything away and forget the wiring: [`Answer::Done`]. Goes on over errors and tells all of them.
    Teardown,
    /// Where an end is, for a capture: [`Answer::Device`].
    Locate {
        /// The end.
        end: EndName,
    },
}

/// One line from the patchbay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// The answer to a call. Each call has exactly one.
    Reply(Reply),
    /// Something happened; sent to those who follow.
    Event(Event),
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The call's; 0 if its line could not be read.
    pub id: u64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done(Answer),
    /// It was not done, for all these reasons.
    Refused(Vec<Problem>),
}

/// What a call that was done says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing more.
    Done,
    /// How it stands now.
    Status(Status),
    /// What is not wired of the node that was looked for; nothing, if all of it is.
    Looked {
        /// Its ports that wait or failed.
        missing: Vec<EndStatus>,
    },
    /// An end's interface in the patchbay.
    Device {
        /// Its Linux name there; empty while the end waits.
        name: String,
        /// Its number there; 0 while the end waits.
        ifindex: u32,
    },
}

/// What is told to those who follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Another wiring is wanted: its fingerprint. Ends and links that it no longer has are gone.
    Wiring(String),
    /// An end stands differently.
    End(EndStatus),
    /// A link is new or stands differently.
    Link(LinkStatus),
    /// A link was taken away.
    LinkGone([EndName; 2]),
    /// What has passed every wired end the first time, and from then on those whose counters are others than were told.
    Counters(Vec<Counters>),
}
