//! What the loop is told by the threads around it.

use std::{
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use labwright_patchbay::{Answer, Call, Message, Outcome, Problem, Reply};

use super::super::netlink::LinkNews;

/// How many messages may wait for one who reads slowly. Then the connection ends: a gap would be worse.
const WAITING: usize = 4096;

/// One thing that happened.
pub(super) enum Input {
    /// Somebody asks.
    Call {
        connection: u64,
        call: Call,
        outlet: Outlet,
    },
    /// Somebody asks nothing more.
    Closed { connection: u64 },
    /// The kernel says what happened to interfaces.
    Links(Vec<LinkNews>),
    /// The first process of a container ended.
    Ended { container: String, pid: i32 },
    /// Nothing can be heard any more.
    Deaf(std::io::Error),
}

/// The way back to one who asked.
#[derive(Clone)]
pub(super) struct Outlet {
    messages: SyncSender<Message>,
    stream: Arc<UnixStream>,
}

impl Outlet {
    /// An outlet to this connection, and what is to be written to it.
    pub(super) fn new(stream: Arc<UnixStream>) -> (Self, Receiver<Message>) {
        let (messages, written) = sync_channel(WAITING);
        (Self { messages, stream }, written)
    }

    /// Sends a message, or ends a connection that takes none.
    pub(super) fn send(&self, message: Message) {
        if self.messages.try_send(message).is_err() {
            let _ended_already = self.stream.shutdown(Shutdown::Both);
        }
    }

    /// Answers a call.
    pub(super) fn reply(&self, id: u64, outcome: Result<Answer, Vec<Problem>>) {
        let outcome = match outcome {
            Ok(answer) => Outcome::Done(answer),
            Err(problems) => Outcome::Refused(problems),
        };
        self.send(Message::Reply(Reply { id, outcome }));
    }
}
