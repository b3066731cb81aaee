//! Systems without Unix sockets. A port of this machine would be open to all its users, and is no way.

use std::{io, path::Path, sync::Arc};

use super::Dial;
use crate::{EngineError, SshAddress};

/// There is none here.
#[derive(Debug)]
pub(crate) enum Tunnel {}

impl Tunnel {
    pub(crate) fn open(
        address: &SshAddress,
        _dial: Arc<dyn Dial>,
        _runtime_dir: Option<&Path>,
    ) -> Result<Self, EngineError> {
        Err(EngineError::SshUnavailable {
            address: address.to_string(),
        })
    }

    pub(crate) fn socket(&self) -> &Path {
        match *self {}
    }

    pub(crate) fn failure(&self) -> Option<Arc<io::Error>> {
        match *self {}
    }
}
