//! What the kernel refused.

use std::{fmt, io};

use nix::errno::Errno;

/// The kernel's answer to a request that it did not carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Its error number.
    pub(crate) errno: Errno,
    /// What it said besides; older kernels and many requests say nothing.
    pub(crate) text: Option<String>,
}

impl Refusal {
    /// Whether something of that name exists already.
    pub(crate) fn is_exists(&self) -> bool {
        self.errno == Errno::EEXIST
    }

    /// Whether the kernel lacks a kind of device, queue or filter.
    pub(crate) fn is_unsupported(&self) -> bool {
        matches!(self.errno, Errno::EOPNOTSUPP | Errno::ENOENT)
    }

    /// Whether what should be changed or removed is not there.
    pub(crate) fn is_gone(&self) -> bool {
        self.errno == Errno::ENODEV
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&io::Error> for Refusal {
    fn from(error: &io::Error) -> Self {
        Self {
            errno: Errno::from_raw(error.raw_os_error().unwrap_or(0)),
            text: None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.errno.desc())?;
        match &self.text {
            Some(text) => write!(f, " ({text})"),
            None => Ok(()),
        }
    }
}
