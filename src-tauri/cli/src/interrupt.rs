//! Ctrl-C, the request to end and a terminal that closes: the first stops the work properly, the second leaves at once.

use std::process;

use labwright_jobs::{CancelReason, CancelToken};

use crate::exit::Exit;
use crate::terminal;

/// Listens to signals from now on. The token is cancelled with the first one. The second ends the
/// process, even if everything else in it hangs.
///
/// Must be called within a tokio runtime.
pub(crate) fn listen() -> CancelToken {
    let stop = CancelToken::new();
    tokio::spawn(wait_for_signals(stop.clone()));
    stop
}

async fn wait_for_signals(stop: CancelToken) {
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "signals are not heard"
            );
            return;
        }
    };
    stop.cancel(signals.next().await);
    signals.next().await;
    terminal::restore();
    process::exit(i32::from(Exit::Cancelled.code()));
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where whoever started lw wants it to be deaf to it: `nohup lw …`.
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: if ignores_hangup() {
                None
            } else {
                Some(signal(SignalKind::hangup())?)
            },
        })
    }

    async fn next(&mut self) -> CancelReason {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => CancelReason::Interrupt,
            _ = self.terminate.recv() => CancelReason::Shutdown,
            _ = hangup => CancelReason::Shutdown,
        }
    }
}

/// Whether a closed terminal was to be ignored when lw began. Linux says it: `SigIgn` of proc(5), a mask whose first bit is
/// SIGHUP. Elsewhere it is not known, and counts as no.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> CancelReason {
        self.0.recv().await;
        CancelReason::Interrupt
    }
}
