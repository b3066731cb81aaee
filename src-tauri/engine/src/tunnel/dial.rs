//! What somebody else must be able to do, so that an engine of another machine can be reached.

use std::{fmt, io};

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::SshAddress;

/// Bytes both ways.
///
/// Shutting it down is the end of what the engine reads, and leaves what it writes open: a program in a container finds
/// the end of its input so. A stream that ended because something failed says what, as the error of a read; its end is
/// an end only where all went well. Dropping it ends whatever it stands on, at once.
pub trait DialStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> DialStream for T {}

/// Opens streams to the engine of another machine.
pub trait Dial: fmt::Debug + Send + Sync {
    /// One stream to the engine's API at `address`. It is asked for again for every request. The error is shown to the
    /// user.
    fn dial(&self, address: &SshAddress) -> BoxFuture<'static, io::Result<Box<dyn DialStream>>>;
}
