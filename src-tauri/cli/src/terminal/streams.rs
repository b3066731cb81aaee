//! The standard streams for bytes that are passed on as they are: without buffers that look for line ends, and without
//! keeping others waiting where they are slow.

use std::fs;
use std::io;

use tokio::fs::File;

/// What lw reads.
pub(super) fn standard_input() -> io::Result<File> {
    own(&io::stdin())
}

/// What lw writes results to.
pub(crate) fn standard_output() -> io::Result<File> {
    Ok(File::from_std(own_output()?))
}

/// What lw writes everything else to.
pub(crate) fn standard_error() -> io::Result<File> {
    own(&io::stderr())
}

/// Standard output as a file of its own.
pub(crate) fn own_output() -> io::Result<fs::File> {
    plain(&io::stdout())
}

#[cfg(unix)]
fn plain(stream: &impl std::os::fd::AsFd) -> io::Result<fs::File> {
    Ok(stream.as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn plain(stream: &impl std::os::windows::io::AsHandle) -> io::Result<fs::File> {
    Ok(stream.as_handle().try_clone_to_owned()?.into())
}

#[cfg(unix)]
fn own(stream: &impl std::os::fd::AsFd) -> io::Result<File> {
    Ok(File::from_std(plain(stream)?))
}

#[cfg(windows)]
fn own(stream: &impl std::os::windows::io::AsHandle) -> io::Result<File> {
    Ok(File::from_std(plain(stream)?))
}
