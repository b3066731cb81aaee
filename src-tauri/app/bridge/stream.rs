//! Everything as it is, then every change, at most one batch for each frame.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use labwright_jobs::{JobEvent, JobState, Subscription};
use labwright_session::hosts::HostsState;
use labwright_session::labs::{LabTraffic, LabView, LabsState, PageId};
use labwright_session::{
    EngineState, HandedOver, ImagesState, Offer, ReferenceState, Session, SettingsState,
};
use tauri::{Emitter, EventTarget, Manager, WebviewWindow};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

use super::border::{Batch, LeaveQuestion, Opening, Part};

/// The event that carries batches.
const EVENT: &str = "batch";
/// A frame at 60 Hz: more would be drawn by nobody.
const FRAME: Duration = Duration::from_millis(16);
/// What a page can take over within one frame.
const EVENTS_IN_BATCH: usize = 1000;

/// Holds the window's stream; a page that is loaded again, or asks again after a gap, gets another one.
#[derive(Debug, Default)]
pub(crate) struct Bridge {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    task: Option<AbortHandle>,
}

/// Everything that can change.
struct Watched {
    others: watch::Receiver<Vec<JobState>>,
    engines: watch::Receiver<EngineState>,
    images: watch::Receiver<ImagesState>,
    references: watch::Receiver<Vec<ReferenceState>>,
    settings: watch::Receiver<SettingsState>,
    offer: watch::Receiver<Option<Offer>>,
    labs: watch::Receiver<LabsState>,
    lab: watch::Receiver<Option<LabView>>,
    traffic: watch::Receiver<LabTraffic>,
    hosts: watch::Receiver<HostsState>,
    handed_over: watch::Receiver<Option<HandedOver>>,
    leaving: watch::Receiver<Option<LeaveQuestion>>,
}

/// One stream.
struct Stream {
    session: Session,
    number: u64,
    batches: u64,
    window: WebviewWindow,
    jobs: Subscription,
    watched: Watched,
}

/// What made the stream wake up.
enum Change {
    Job(JobEvent),
    Part(Box<Part>),
    /// Events were missed, or the program ends.
    Over,
}

impl Bridge {
    /// Opens a stream to the window, and ends the one that was open.
    pub(crate) async fn open(
        &self,
        window: WebviewWindow,
        session: &Session,
        leaving: watch::Receiver<Option<LeaveQuestion>>,
        page: &PageId,
    ) -> Opening {
        session.open_page(page);
        let mut watched = Watched {
            others: session.others(),
            engines: session.engines(),
            images: session.images(),
            references: session.references(),
            settings: session.settings(),
            offer: session.offers(),
            labs: session.labs(),
            lab: session.lab(),
            traffic: session.traffic(),
            hosts: session.hosts(),
            handed_over: session.handed_over(),
            leaving,
        };
        let (snapshot, jobs) = session.jobs().await;
        let version = window.app_handle().package_info().version.to_string();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.last += 1;
        let opening = Opening {
            stream: open.last,
            jobs: snapshot,
            others: watched.others.borrow_and_update().clone(),
            engine: watched.engines.borrow_and_update().clone(),
            images: watched.images.borrow_and_update().clone(),
            references: watched.references.borrow_and_update().clone(),
            settings: watched.settings.borrow_and_update().clone(),
            offer: watched.offer.borrow_and_update().clone(),
            labs: watched.labs.borrow_and_update().clone(),
            lab: watched.lab.borrow_and_update().clone(),
            hosts: watched.hosts.borrow_and_update().clone(),
            handed_over: session.take_handed_over(),
            leaving: *watched.leaving.borrow_and_update(),
            version,
        };
        let stream = Stream {
            session: session.clone(),
            number: open.last,
            batches: 0,
            window,
            jobs,
            watched,
        };
        let task = tauri::async_runtime::spawn(stream.run());
        let earlier = open.task.replace(task.inner().abort_handle());
        if let Some(earlier) = earlier {
            earlier.abort();
        }
        opening
    }
}

impl Stream {
    async fn run(mut self) {
        loop {
            let mut batch = self.next_batch();
            let first = self.change().await;
            let frame = Instant::now() + FRAME;
            let mut over = !take(&mut batch, first);
            while !over && batch.jobs.len() < EVENTS_IN_BATCH {
                tokio::select! {
                    biased;
                    change = self.change() => over = !take(&mut batch, change),
                    () = sleep_until(frame) => break,
                }
            }
            if over {
                // A number that is left out tells the page to open another stream.
                batch.number += 1;
            }
            let target = EventTarget::webview_window(self.window.label());
            if let Err(error) = self.window.emit_to(target, EVENT, batch) {
                tracing::error!(%error, "the window does not take events");
                return;
            }
            if over {
                return;
            }
            sleep_until(frame).await;
        }
    }

    fn next_batch(&mut self) -> Batch {
        self.batches += 1;
        Batch {
            stream: self.number,
            number: self.batches,
            jobs: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Waits for the next change. Nothing is lost if it is dropped meanwhile.
    async fn change(&mut self) -> Change {
        let watched = &mut self.watched;
        tokio::select! {
            event = self.jobs.next() => match event {
                Some(Ok(event)) => Change::Job(event),
                Some(Err(_)) | None => Change::Over,
            },
            Ok(()) = watched.others.changed() => {
                let state = watched.others.borrow_and_update().clone();
                Change::Part(Box::new(Part::Others { state }))
            }
            Ok(()) = watched.engines.changed() => {
                let state = watched.engines.borrow_and_update().clone();
                Change::Part(Box::new(Part::Engine { state }))
            }
            Ok(()) = watched.images.changed() => {
                let state = watched.images.borrow_and_update().clone();
                Change::Part(Box::new(Part::Images { state }))
            }
            Ok(()) = watched.references.changed() => {
                let state = watched.references.borrow_and_update().clone();
                Change::Part(Box::new(Part::References { state }))
            }
            Ok(()) = watched.settings.changed() => {
                let state = watched.settings.borrow_and_update().clone();
                Change::Part(Box::new(Part::Settings { state }))
            }
            Ok(()) = watched.offer.changed() => {
                let state = watched.offer.borrow_and_update().clone();
                Change::Part(Box::new(Part::Offer { state }))
            }
            Ok(()) = watched.labs.changed() => {
                let state = watched.labs.borrow_and_update().clone();
                Change::Part(Box::new(Part::Labs { state }))
            }
            Ok(()) = watched.lab.changed() => {
                let state = watched.lab.borrow_and_update().clone();
                Change::Part(Box::new(Part::Lab { state }))
            }
            Ok(()) = watched.traffic.changed() => {
                let state = watched.traffic.borrow_and_update().clone();
                Change::Part(Box::new(Part::Traffic { state }))
            }
            Ok(()) = watched.hosts.changed() => {
                let state = watched.hosts.borrow_and_update().clone();
                Change::Part(Box::new(Part::Hosts { state }))
            }
            Ok(()) = watched.handed_over.changed() => {
                let state = self.session.take_handed_over();
                Change::Part(Box::new(Part::HandedOver { state }))
            }
            Ok(()) = watched.leaving.changed() => {
                let state = *watched.leaving.borrow_and_update();
                Change::Part(Box::new(Part::Leaving { state }))
            }
        }
    }
}

/// Adds a change to a batch; false if there will be no more. Of each part only the latest counts.
fn take(batch: &mut Batch, change: Change) -> bool {
    match change {
        Change::Over => return false,
        Change::Job(event) => batch.jobs.push(event),
        Change::Part(part) => {
            let part = *part;
            let kind = std::mem::discriminant(&part);
            batch
                .parts
                .retain(|earlier| std::mem::discriminant(earlier) != kind);
            batch.parts.push(part);
        }
    }
    true
}
