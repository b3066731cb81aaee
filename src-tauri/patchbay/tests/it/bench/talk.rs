//! A conversation with the daemon, over `talk`.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use labwright_patchbay::{
    Answer, Call, EndName, EndState, EndStatus, Event, Message, Outcome, Problem, ProblemCode,
    Request, Status,
};

/// A conversation.
pub(crate) struct Talk {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    events: VecDeque<Event>,
    id: u64,
}

impl Talk {
    /// Begins one with this command.
    pub(crate) fn new(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        Self {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
            events: VecDeque::new(),
            id: 0,
        }
    }

    /// Asks, without waiting for the answer.
    pub(crate) fn send(&mut self, request: Request) -> u64 {
        self.id += 1;
        let call = Call {
            id: self.id,
            request,
        };
        self.send_line(&serde_json::to_string(&call).unwrap());
        self.id
    }

    /// Sends a line.
    pub(crate) fn send_line(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Sends nothing more.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// The next message; nothing, if the conversation ended.
    pub(crate) fn receive(&mut self) -> Option<Message> {
        let mut line = String::new();
        let length = self.output.read_line(&mut line).unwrap();
        (length > 0)
            .then(|| serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    /// The answer to a call. Events that come before it are kept.
    pub(crate) fn reply(&mut self, id: u64) -> Outcome {
        loop {
            match self.receive().expect("the conversation goes on") {
                Message::Reply(reply) if reply.id == id => return reply.outcome,
                Message::Reply(reply) => panic!("an answer to nothing: {reply:?}"),
                Message::Event(event) => self.events.push_back(event),
            }
        }
    }

    /// The next event.
    pub(crate) fn event(&mut self) -> Event {
        if let Some(event) = self.events.pop_front() {
            return event;
        }
        match self.receive().expect("the conversation goes on") {
            Message::Event(event) => event,
            Message::Reply(reply) => panic!("an answer to nothing: {reply:?}"),
        }
    }

    /// Asks and waits for the answer.
    pub(crate) fn ask(&mut self, request: Request) -> Outcome {
        let id = self.send(request);
        self.reply(id)
    }

    /// How it stands.
    pub(crate) fn status(&mut self) -> Status {
        status(self.ask(Request::Status))
    }

    /// Waits until a node is wired; panics with what is missing.
    pub(crate) fn look(&mut self, node: &str) {
        let node = node.to_owned();
        let outcome = self.ask(Request::Look {
            node,
            within_ms: 20_000,
        });
        assert_eq!(
            outcome,
            Outcome::Done(Answer::Looked {
                missing: Vec::new()
            })
        );
    }

    /// Follows what happens until `wanted` is told; the events before it are passed over.
    pub(crate) fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.event();
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Begins to follow.
    pub(crate) fn follow(&mut self) -> Status {
        status(self.ask(Request::Follow {
            counters_every_ms: None,
        }))
    }

    /// Follows until an end is wired again, or waits again.
    pub(crate) fn until_end(
        &mut self,
        end: &EndName,
        wanted: impl Fn(&EndState) -> bool,
    ) -> EndStatus {
        let told = |event: &Event| matches!(event, Event::End(status) if status.end == *end && wanted(&status.state));
        match self.until(told) {
            Event::End(status) => status,
            event => panic!("{event:?}"),
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ended_already = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// The status in an answer.
pub(crate) fn status(outcome: Outcome) -> Status {
    match outcome {
        Outcome::Done(Answer::Status(status)) => status,
        other => panic!("{other:?}"),
    }
}

/// That it was done.
pub(crate) fn done(outcome: &Outcome) {
    assert_eq!(*outcome, Outcome::Done(Answer::Done));
}

/// Why it was not done: each code with its object.
pub(crate) fn problems(outcome: Outcome) -> Vec<(ProblemCode, String)> {
    match outcome {
        Outcome::Refused(problems) => problems
            .into_iter()
            .map(|Problem { code, object, .. }| (code, object))
            .collect(),
        Outcome::Done(answer) => panic!("it was done: {answer:?}"),
    }
}

/// The number of an end's interface in its node, if it is wired.
pub(crate) fn wired(status: &Status, end: &EndName) -> Option<u32> {
    let status = status
        .ends
        .iter()
        .find(|status| status.end == *end)
        .unwrap();
    match &status.state {
        EndState::Wired { ifindex, .. } => Some(*ifindex),
        EndState::Waiting => None,
        EndState::Failed { problem } => panic!("{problem}"),
    }
}
