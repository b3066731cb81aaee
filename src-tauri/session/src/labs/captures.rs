//! Captures in the window: what passes an end, told and kept. They live as long as the page that began them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use labwright_jobs::ErrorReport;
use labwright_labs::links::Capture;
use thiserror::Error;
use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdin, Command};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::files::blocking;
use super::packets::packet;
use super::store::Store;
use super::{CaptureEvent, Packet};

/// How often packets are told, and how many at most: nobody reads more than some hundred in a second.
const TOLD: Duration = Duration::from_millis(100);
const AT_ONCE: usize = 30;
/// More is not kept: the disk is the user's.
const MOST_BYTES: u64 = 4 << 30;
/// How long a capture may take to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// The captures of the window.
#[derive(Debug, Default)]
pub(crate) struct Captures {
    /// Held for moments only.
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    captures: BTreeMap<u64, Kept>,
}

/// Dropping it ends the capture and forgets what it has.
#[derive(Debug)]
struct Kept {
    store: Store,
    stop: watch::Sender<bool>,
    /// Whether more may come.
    goes_on: watch::Receiver<bool>,
    task: AbortHandle,
    /// Gone once its end was told.
    tell: mpsc::WeakSender<CaptureEvent>,
}

impl Kept {
    /// Forgets it by no wish of the page's: its end is told before.
    fn take_away(self) {
        let Some(tell) = self.tell.upgrade() else {
            return;
        };
        let error = CaptureError::PageGone.report();
        let event = CaptureEvent::Failed { error };
        // Nobody may listen any more.
        tokio::spawn(async move { drop(tell.send(event).await) });
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Why a capture is not what was wished.
#[derive(Debug, Error)]
pub(crate) enum CaptureError {
    /// The page that wanted it is not there any more.
    #[error("the page that wanted the capture is gone")]
    PageGone,
    /// It was forgotten.
    #[error("the capture is not there any more")]
    Gone,
    /// The disk.
    #[error("the capture cannot be kept in {}", folder.display())]
    Kept {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file that the user chose.
    #[error("the capture cannot be saved as {}", path.display())]
    Save {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It grew too large.
    #[error("the capture has 4 GiB, and was stopped")]
    Full,
    /// Wireshark is not installed.
    #[error("Wireshark is not on this machine, or not on the path")]
    NoWireshark,
    /// Wireshark does not start.
    #[error("{} does not start", program.display())]
    Wireshark {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl CaptureError {
    /// For people and programs.
    pub(crate) fn report(&self) -> ErrorReport {
        let (code, hint) = match self {
            Self::PageGone => ("page_gone", "Begin another one."),
            Self::Gone => ("capture_gone", "Begin another one."),
            Self::Kept { .. } => ("capture_kept", "Make room on that disk."),
            Self::Save { .. } => (
                "capture_save",
                "Choose a folder that you may write to and that has room.",
            ),
            Self::Full => (
                "capture_full",
                "Save it, and begin another one; `lw link capture --output FILE` has no limit.",
            ),
            Self::NoWireshark => (
                "wireshark_missing",
                "Install it: sudo apt install wireshark, or sudo dnf install wireshark. Or save the capture, and open the file where it is.",
            ),
            Self::Wireshark { .. } => ("wireshark_failed", "Save the capture, and open the file."),
        };
        ErrorReport::of(code, self).with_hint(hint)
    }
}

impl Captures {
    /// Keeps a capture that has begun; its number, and what is told of it. It listens when this returns. It ends again if
    /// nobody wants it by then.
    pub(crate) async fn begin(
        &self,
        mut capture: Capture,
        folder: &Path,
        is_wanted: impl Fn() -> bool,
    ) -> Result<(u64, mpsc::Receiver<CaptureEvent>), ErrorReport> {
        let place = folder.to_owned();
        let made = blocking(move || Store::new(&place)).await?;
        let store = made.map_err(|source| {
            let folder = folder.to_owned();
            CaptureError::Kept { folder, source }.report()
        })?;
        let (tell, told) = mpsc::channel(4);
        let (stop, stopped) = watch::channel(false);
        let (over, goes_on) = watch::channel(true);
        // The file's head comes when it listens, or why it does not.
        let head = capture.next().await.map_err(|error| error.report())?;
        let mut listener = Listener {
            capture,
            store: store.clone(),
            folder: folder.to_owned(),
            stopped,
            tell,
            packets: Vec::new(),
            new: false,
        };
        listener.take(head.unwrap_or_default()).await?;
        let tell = listener.tell.downgrade();
        let task = tokio::spawn(async move {
            listener.run().await;
            over.send_replace(false);
        });
        let kept = Kept {
            store,
            stop,
            goes_on,
            task: task.abort_handle(),
            tell,
        };
        let mut open = self.lock();
        // Asked while nobody can forget all: one that is put in now is forgotten with the others.
        if !is_wanted() {
            return Err(CaptureError::PageGone.report());
        }
        open.last += 1;
        let number = open.last;
        open.captures.insert(number, kept);
        Ok((number, told))
    }

    /// Asks one to end. What it has stays.
    pub(crate) fn stop(&self, capture: u64) -> Result<(), ErrorReport> {
        let open = self.lock();
        let kept = open.captures.get(&capture);
        let kept = kept.ok_or_else(|| CaptureError::Gone.report())?;
        kept.stop.send_replace(true);
        Ok(())
    }

    /// Saves what one has so far.
    pub(crate) async fn save(&self, capture: u64, path: PathBuf) -> Result<(), ErrorReport> {
        let (store, _) = self.kept(capture)?;
        let place = path.clone();
        let saved = blocking(move || store.save(&place)).await?;
        saved.map_err(|source| CaptureError::Save { path, source }.report())
    }

    /// Opens one in Wireshark, which goes on with it while it runs.
    pub(crate) fn open(&self, capture: u64, program: Option<PathBuf>) -> Result<(), ErrorReport> {
        let (store, goes_on) = self.kept(capture)?;
        let program = program.ok_or_else(|| CaptureError::NoWireshark.report())?;
        let started = Command::new(&program)
            .args(["-k", "-i", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut wireshark =
            started.map_err(|source| CaptureError::Wireshark { program, source }.report())?;
        if let Some(input) = wireshark.stdin.take() {
            tokio::spawn(feed(store, goes_on, input));
        }
        // Somebody must take note of its end.
        tokio::spawn(async move { wireshark.wait().await });
        Ok(())
    }

    /// Forgets one.
    pub(crate) fn drop_one(&self, capture: u64) {
        let gone = self.lock().captures.remove(&capture);
        drop(gone);
    }

    /// Forgets all.
    pub(crate) fn drop_all(&self) {
        let gone = std::mem::take(&mut self.lock().captures);
        for kept in gone.into_values() {
            kept.take_away();
        }
    }

    fn kept(&self, capture: u64) -> Result<(Store, watch::Receiver<bool>), ErrorReport> {
        let open = self.lock();
        let kept = open.captures.get(&capture);
        let kept = kept.ok_or_else(|| CaptureError::Gone.report())?;
        Ok((kept.store.clone(), kept.goes_on.clone()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands a capture to a program until both have ended. One that is closed reads no more, which is no error.
async fn feed(store: Store, mut goes_on: watch::Receiver<bool>, mut input: ChildStdin) {
    let mut length = store.length();
    let mut from = 0;
    loop {
        // What comes after this look wakes it again.
        let (_, goes_on_now) = (length.borrow_and_update(), *goes_on.borrow_and_update());
        let reading = store.clone();
        let Ok(Ok(piece)) = blocking(move || reading.read(from)).await else {
            return;
        };
        if !piece.is_empty() {
            from += piece.len() as u64;
            if input.write_all(&piece).await.is_err() {
                return;
            }
            continue;
        }
        if !goes_on_now {
            return;
        }
        tokio::select! {
            grown = length.changed() => if grown.is_err() { return },
            over = goes_on.changed() => if over.is_err() { return },
        }
    }
}

/// The task of a capture that runs.
struct Listener {
    capture: Capture,
    store: Store,
    folder: PathBuf,
    stopped: watch::Receiver<bool>,
    tell: mpsc::Sender<CaptureEvent>,
    /// Those that are told next.
    packets: Vec<Packet>,
    /// Whether more came than was told.
    new: bool,
}

impl Listener {
    async fn run(mut self) {
        let ended = self.listen().await;
        self.flush().await;
        let event = match ended {
            Ok(()) => CaptureEvent::Ended,
            Err(error) => CaptureEvent::Failed { error },
        };
        let _gone = self.tell.send(event).await;
    }

    async fn listen(&mut self) -> Result<(), ErrorReport> {
        let mut stopped = self.stopped.clone();
        let mut tick = interval(TOLD);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                piece = self.capture.next() => match piece {
                    Ok(Some(piece)) => self.take(piece).await?,
                    Ok(None) => return Ok(()),
                    Err(error) => return Err(error.report()),
                },
                _ = stopped.changed() => return self.finish().await,
                _ = tick.tick() => self.flush().await,
            }
        }
    }

    /// Asks it to end, and takes what still comes.
    async fn finish(&mut self) -> Result<(), ErrorReport> {
        self.capture.stop().await;
        let rest = async {
            while let Ok(Some(piece)) = self.capture.next().await {
                self.take(piece).await?;
            }
            Ok(())
        };
        timeout(PATIENCE, rest).await.unwrap_or(Ok(()))
    }

    async fn take(&mut self, piece: Bytes) -> Result<(), ErrorReport> {
        let after = self.capture.counted().packets;
        let captured = self.capture.packets(&piece);
        let room = AT_ONCE.saturating_sub(self.packets.len());
        // The last numbers belong to this piece.
        let came = self.capture.packets(&piece).count() as u64;
        let first = after - came.min(after) + 1;
        let told = captured.take(room).zip(first..);
        self.packets
            .extend(told.map(|(captured, number)| packet(number, &captured)));
        self.new = true;
        let store = self.store.clone();
        let failed = |source| CaptureError::Kept {
            folder: self.folder.clone(),
            source,
        };
        let kept = blocking(move || store.append(&piece)).await?;
        kept.map_err(|source| failed(source).report())?;
        if *self.store.length().borrow() > MOST_BYTES {
            return Err(CaptureError::Full.report());
        }
        Ok(())
    }

    async fn flush(&mut self) {
        if !std::mem::take(&mut self.new) {
            return;
        }
        let event = CaptureEvent::Packets {
            packets: std::mem::take(&mut self.packets),
            count: self.capture.counted().packets,
            bytes: *self.store.length().borrow(),
        };
        // A page that is gone closes its captures.
        let _gone = self.tell.send(event).await;
    }
}
