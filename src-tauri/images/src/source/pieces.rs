//! What arrives in pieces, as a reader for threads that may wait.

use bytes::Bytes;
use std::error::Error;
use std::io::{self, Read};
use tokio::sync::mpsc;

/// Reads pieces in the order in which they come. The failure that ends them comes out of the
/// reader, inside an [`io::Error`].
#[derive(Debug)]
pub(crate) struct Pieces<E> {
    pieces: mpsc::Receiver<Result<Bytes, E>>,
    current: Bytes,
}

impl<E> Pieces<E> {
    pub(crate) fn new(pieces: mpsc::Receiver<Result<Bytes, E>>) -> Self {
        Self {
            pieces,
            current: Bytes::new(),
        }
    }
}

/// The source's own failure, from an error that reading it gave.
pub(crate) fn failure_of<E: Error + 'static>(error: io::Error) -> Option<E> {
    error.into_inner()?.downcast().ok().map(|failure| *failure)
}

impl<E: Error + Send + Sync + 'static> Read for Pieces<E> {
    /// Blocks: only for threads that may.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.pieces.blocking_recv() {
                None => return Ok(0),
                Some(Ok(piece)) => self.current = piece,
                Some(Err(failure)) => return Err(io::Error::other(failure)),
            }
        }
        let piece = self.current.split_to(buffer.len().min(self.current.len()));
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}
