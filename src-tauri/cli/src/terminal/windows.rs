//! Windows' terminals cannot be handed to a program yet: whoever asks is told so.

use std::future::pending;
use std::io;

use labwright_engine::TerminalSize;

/// The terminal at standard input.
#[derive(Debug)]
pub(crate) struct Terminal(());

impl Terminal {
    /// Fails.
    pub(crate) fn open() -> io::Result<Self> {
        let why =
            "lw cannot hand over a terminal of Windows; use docker exec -it, or podman exec -it";
        Err(io::Error::new(io::ErrorKind::Unsupported, why))
    }

    /// Never asked for.
    pub(crate) fn size(&self) -> TerminalSize {
        TerminalSize {
            columns: 80,
            rows: 24,
        }
    }

    /// Nothing to do.
    pub(crate) fn make_raw(&self) -> io::Result<()> {
        Ok(())
    }

    /// Never comes.
    pub(crate) async fn changed(&mut self) -> Option<TerminalSize> {
        pending().await
    }
}

/// Nothing to do.
pub(crate) fn restore() {}
