//! The terminal at standard input: its size, and raw mode, which ends however lw does.

use std::io::{self, Stdin, stdin};
use std::sync::{Mutex, PoisonError};

use labwright_engine::TerminalSize;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What is assumed of a terminal that does not say how large it is.
const USUAL_SIZE: TerminalSize = TerminalSize {
    columns: 80,
    rows: 24,
};

/// How the terminal was set before it became raw. It is the process's, as the terminal is: whatever ends the process must
/// be able to put it back.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal at standard input. Dropping it ends raw mode.
#[derive(Debug)]
pub(crate) struct Terminal {
    input: Stdin,
    resized: Signal,
    hung_up: Signal,
    quit: Signal,
}

impl Terminal {
    /// Begins to listen to what happens to it.
    pub(crate) fn open() -> io::Result<Self> {
        Ok(Self {
            input: stdin(),
            resized: signal(SignalKind::window_change())?,
            hung_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// Its size now.
    pub(crate) fn size(&self) -> TerminalSize {
        let size = tcgetwinsize(&self.input).ok();
        let size = size.filter(|size| size.ws_col > 0 && size.ws_row > 0);
        size.map_or(USUAL_SIZE, |size| TerminalSize {
            columns: size.ws_col,
            rows: size.ws_row,
        })
    }

    /// From now on every key arrives at once, and means nothing to the terminal.
    pub(crate) fn make_raw(&self) -> io::Result<()> {
        let usual = tcgetattr(&self.input)?;
        let mut raw = usual.clone();
        raw.make_raw();
        before().get_or_insert(usual);
        Ok(tcsetattr(&self.input, OptionalActions::Now, &raw)?)
    }

    /// Waits until it has another size; none where it is gone, or somebody wants lw to quit.
    pub(crate) async fn changed(&mut self) -> Option<TerminalSize> {
        tokio::select! {
            _ = self.hung_up.recv() => None,
            _ = self.quit.recv() => None,
            _ = self.resized.recv() => Some(self.size()),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Ends raw mode, if it is on.
pub(crate) fn restore() {
    if let Some(usual) = before().take() {
        // A terminal that is gone needs nothing.
        let _set = tcsetattr(stdin(), OptionalActions::Now, &usual);
    }
}

fn before() -> std::sync::MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}
