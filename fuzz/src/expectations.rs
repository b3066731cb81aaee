//! What the checks share.

use std::fmt::Debug;
use std::io::{self, Read};

/// Panics unless both look the same, which is all that errors can be asked for.
pub(crate) fn same<T: Debug>(what: &str, one: &T, other: &T) {
    let (one, other) = (format!("{one:?}"), format!("{other:?}"));
    assert!(one == other, "{what} differs: {one}\nand {other}");
}

/// Hands out its content in small pieces of changing size, as a slow network does.
pub(crate) struct Trickle<'a> {
    rest: &'a [u8],
    state: usize,
}

impl<'a> Trickle<'a> {
    /// A reader of `data`, whose length decides the pieces.
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self {
            rest: data,
            state: data.len(),
        }
    }

    /// From one byte to a little over a tar block.
    fn piece(&mut self) -> usize {
        self.state = self.state.wrapping_mul(31).wrapping_add(7) % 8191;
        1 + self.state % 600
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.piece().min(buffer.len());
        self.rest.read(&mut buffer[..count])
    }
}
