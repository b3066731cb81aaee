//! A conversation with a patchbay: calls and their replies, and what it tells of itself.

use super::PatchbayError;
use crate::labels;
use crate::topology::LabName;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use labwright_engine::{Engine, Exec, ExecSettings, Output};
use labwright_patchbay::{
    Answer, Call, Event, Message, Outcome, PROGRAM, Request, Status, TALK_COMMAND,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::{broadcast, mpsc, oneshot};

/// How many events a reader may be behind.
const BACKLOG: usize = 4096;
/// How much of what is no message is kept, for the error.
const SAID: usize = 2000;

/// A conversation with the patchbay of a lab. Clones share it; it ends with the last of them.
#[derive(Clone, Debug)]
pub struct Patchbay {
    lab: String,
    asks: mpsc::UnboundedSender<Ask>,
    events: Arc<broadcast::Sender<Event>>,
}

#[derive(Debug)]
struct Ask {
    request: Request,
    reply: oneshot::Sender<Result<Outcome, String>>,
}

impl Patchbay {
    /// Begins a conversation with a patchbay that runs.
    pub async fn open(engine: &Engine, lab: &LabName) -> Result<Self, PatchbayError> {
        let settings = ExecSettings {
            command: [PROGRAM, TALK_COMMAND].map(str::to_owned).to_vec(),
            input: true,
            ..ExecSettings::default()
        };
        let name = labels::patchbay_name(lab);
        let exec = engine.exec(&name, &settings).await.map_err(|source| {
            let lab = lab.to_string();
            if source.is_missing() {
                return PatchbayError::Missing { lab };
            }
            PatchbayError::Engine {
                lab,
                source: Box::new(source),
            }
        })?;
        let (asks, asked) = mpsc::unbounded_channel();
        let events = Arc::new(broadcast::channel(BACKLOG).0);
        let owner = Owner {
            exec,
            asked,
            events: Arc::clone(&events),
            open: BTreeMap::new(),
            last: 0,
            rest: BytesMut::new(),
            said: String::new(),
        };
        tokio::spawn(owner.run());
        Ok(Self {
            lab: lab.to_string(),
            asks,
            events,
        })
    }

    /// Asks for something, and waits for the reply.
    pub async fn ask(&self, request: Request) -> Result<Answer, PatchbayError> {
        let (reply, told) = oneshot::channel();
        // Where the owner is gone, so is the reply's sender.
        let _gone = self.asks.send(Ask { request, reply });
        let silent = |said| PatchbayError::Silent {
            lab: self.lab.clone(),
            said,
        };
        let told = told.await.map_err(|_| silent("it ended".to_owned()))?;
        match told.map_err(silent)? {
            Outcome::Done(answer) => Ok(answer),
            Outcome::Refused(problems) => Err(PatchbayError::Refused {
                lab: self.lab.clone(),
                problems,
            }),
        }
    }

    /// Asks for something that is answered with the whole state.
    pub async fn ask_status(&self, request: Request) -> Result<Status, PatchbayError> {
        match self.ask(request).await? {
            Answer::Status(status) => Ok(status),
            _ => Err(self.other_version()),
        }
    }

    /// What it tells of itself from now on, once it was asked to [`Request::Follow`].
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Waits until the conversation is over, by the other side.
    pub async fn ended(&self) {
        self.asks.closed().await;
    }

    pub(crate) fn other_version(&self) -> PatchbayError {
        PatchbayError::Version {
            lab: self.lab.clone(),
        }
    }
}

/// Owns the connection.
struct Owner {
    exec: Exec,
    asked: mpsc::UnboundedReceiver<Ask>,
    events: Arc<broadcast::Sender<Event>>,
    open: BTreeMap<u64, oneshot::Sender<Result<Outcome, String>>>,
    last: u64,
    rest: BytesMut,
    said: String,
}

impl Owner {
    async fn run(mut self) {
        let end = loop {
            tokio::select! {
                ask = self.asked.recv() => match ask {
                    Some(ask) => {
                        if let Err(error) = self.send(ask).await {
                            break error.to_string();
                        }
                    }
                    None => return,
                },
                piece = self.exec.output.next() => match piece {
                    Some(Ok(Output::Out(bytes))) => self.read(&bytes),
                    Some(Ok(Output::Error(bytes))) => self.hear(&bytes),
                    Some(Err(error)) => break error.to_string(),
                    None => break "it ended".to_owned(),
                },
            }
        };
        let said = self.said.trim();
        let why = if said.is_empty() { &end } else { said };
        for (_, reply) in std::mem::take(&mut self.open) {
            // Who asked may be gone.
            let _gone = reply.send(Err(why.to_owned()));
        }
    }

    async fn send(&mut self, ask: Ask) -> std::io::Result<()> {
        self.last += 1;
        let call = Call {
            id: self.last,
            request: ask.request,
        };
        self.open.insert(self.last, ask.reply);
        let mut line = serde_json::to_vec(&call)?;
        line.push(b'\n');
        self.exec.input.write_all(&line).await?;
        self.exec.input.flush().await
    }

    fn read(&mut self, bytes: &Bytes) {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line = self.rest.split_to(end + 1);
            match serde_json::from_slice(&line) {
                Ok(Message::Reply(reply)) => {
                    if let Some(asker) = self.open.remove(&reply.id) {
                        let _gone = asker.send(Ok(reply.outcome));
                    }
                }
                Ok(Message::Event(event)) => {
                    // Nobody may listen.
                    let _unheard = self.events.send(event);
                }
                Err(_) => self.hear(&line.freeze()),
            }
        }
    }

    fn hear(&mut self, bytes: &Bytes) {
        if self.said.len() < SAID {
            self.said.push_str(&String::from_utf8_lossy(bytes));
        }
    }
}
