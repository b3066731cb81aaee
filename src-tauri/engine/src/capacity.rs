//! How large the engine's machine is.

use serde::Deserialize;

use crate::{Action, Engine, EngineError};

/// What a machine has for containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Bytes of memory.
    pub memory: u64,
    /// Processors.
    pub processors: u32,
    /// The kernel's release, `6.12.9`.
    pub kernel: String,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default, rename = "MemTotal")]
    memory: u64,
    #[serde(default, rename = "NCPU")]
    processors: u32,
    #[serde(default, rename = "KernelVersion")]
    kernel: String,
}

impl Engine {
    /// Asks how large the engine's machine is.
    pub async fn capacity(&self) -> Result<Capacity, EngineError> {
        let told = self.connection().get::<Told>("/info", &[]).await;
        let told = told.map_err(|source| self.refused(Action::TellCapacity, "", source))?;
        Ok(Capacity {
            memory: told.memory,
            processors: told.processors,
            kernel: told.kernel,
        })
    }
}
