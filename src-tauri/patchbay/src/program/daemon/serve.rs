//! The loop: one thread owns the lab, the others tell it what happens.

use std::{
    convert::Infallible,
    fs, io,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Instant,
};

use labwright_patchbay::Event;
use sha2::{Digest, Sha256};

use super::{
    super::netlink::LinkEvents, answer::Audience, connection::listen, input::Input, lab::Lab,
};

/// The name of the socket that [`super::super::talk`] asks at. Each lab has a network namespace of its own, and so has
/// each such name.
pub(crate) const SOCKET: &str = "labwright-patchbay";

/// How much is taken in before those who follow are told.
const CROWD: usize = 256;

/// Where the program finds what it needs.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The processes of the engine's host.
    pub(crate) proc: PathBuf,
    /// Where the wiring is kept.
    pub(crate) state: PathBuf,
}

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// The program's own file cannot be read.
    #[error("the program cannot read its own file")]
    Program(#[source] io::Error),
    /// The kernel cannot be asked.
    #[error("the kernel cannot be asked about interfaces")]
    Kernel(#[source] io::Error),
    /// The socket is not there to be had.
    #[error("the socket {SOCKET} cannot be opened")]
    Listen(#[source] io::Error),
    /// Changes of interfaces can no longer be heard.
    #[error("changes of interfaces can no longer be heard")]
    Deaf(#[source] io::Error),
}

/// Keeps the lab wired until the process is ended.
///
/// SIGTERM ends it as it ends any process: its interfaces go with its network namespace, and what is wanted is on disk.
pub(crate) fn serve(places: &Places) -> Result<Infallible, ServeError> {
    let (inputs, received) = channel();
    let events = LinkEvents::open().map_err(ServeError::Kernel)?;
    let program = fs::read("/proc/self/exe").map_err(ServeError::Program)?;
    let program = hex::encode(Sha256::digest(program));
    listen(SOCKET, inputs.clone()).map_err(ServeError::Listen)?;
    let lab = Lab::open(places, program, inputs.clone()).map_err(ServeError::Kernel)?;
    hear(events, inputs).map_err(ServeError::Kernel)?;
    run(lab, &received).map_err(ServeError::Deaf)
}

fn hear(mut events: LinkEvents, inputs: Sender<Input>) -> io::Result<()> {
    thread::Builder::new().spawn(move || {
        loop {
            let input = match events.wait() {
                Ok(news) => Input::Links(news),
                Err(error) => Input::Deaf(error),
            };
            if inputs.send(input).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

fn run(mut lab: Lab, received: &Receiver<Input>) -> io::Result<Infallible> {
    let mut audience = Audience::default();
    let mut told = String::new();
    loop {
        let now = Instant::now();
        let next = lab.search_next(now);
        let looks = audience.looks.iter().map(|look| look.until);
        let next = next
            .into_iter()
            .chain(audience.followers.next())
            .chain(looks)
            .min();
        // News come in crowds: they are taken in together, and told once.
        let first = wait(received, next, now)?;
        for input in first.into_iter().chain(received.try_iter().take(CROWD)) {
            lab.take(input, &mut audience)?;
        }
        lab.tick(&mut audience);
        lab.tell(&mut audience, &mut told);
    }
}

fn wait(
    received: &Receiver<Input>,
    next: Option<Instant>,
    now: Instant,
) -> io::Result<Option<Input>> {
    let outcome = match next {
        Some(next) => received.recv_timeout(next.saturating_duration_since(now)),
        None => received.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    match outcome {
        Ok(input) => Ok(Some(input)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

impl Lab {
    fn take(&mut self, input: Input, audience: &mut Audience) -> io::Result<()> {
        match input {
            Input::Call {
                connection,
                call,
                outlet,
            } => self.answer(connection, call, outlet, audience),
            Input::Closed { connection } => audience.followers.remove(connection),
            Input::Links(news) => news.into_iter().for_each(|news| self.hear(news)),
            Input::Ended { container, pid } => self.note_ended(&container, pid),
            Input::Deaf(error) => return Err(error),
        }
        Ok(())
    }

    /// When to look for what is missing.
    fn search_next(&mut self, now: Instant) -> Option<Instant> {
        let missing = self
            .wanted_ends()
            .any(|(end, make)| make.has_interface() && !self.interfaces.contains_key(end));
        let missing = missing
            || self
                .wanted
                .switches
                .iter()
                .any(|s| !self.switches.contains_key(&s.name));
        self.search.next(missing, now)
    }

    /// What is to be done because it is time.
    fn tick(&mut self, audience: &mut Audience) {
        let now = Instant::now();
        if self.search.is_due(now) {
            self.make_all();
        }
        self.answer_looks(&mut audience.looks, now);
        if audience.followers.next().is_some_and(|next| next <= now)
            && let Ok(counters) = self.counters()
        {
            audience.followers.count(now, &counters);
        }
    }

    /// Tells those who follow what has changed.
    fn tell(&mut self, audience: &mut Audience, told: &mut String) {
        if *told != self.fingerprint {
            told.clone_from(&self.fingerprint);
            audience.followers.tell(&[Event::Wiring(told.clone())]);
        }
        let changes = self.changes();
        audience.followers.tell(&changes);
    }
}
