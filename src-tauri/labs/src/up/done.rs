//! That a node was given its commands, as a small file in its container tells: it is written when they have run to their
//! end, however the program ends that runs them.

use crate::files::{self, FileError};
use crate::kinds::Kind;
use crate::labels::NodeRecord;
use labwright_engine::{ContainerDetail, Engine, EngineError};
use serde::{Deserialize, Serialize};

/// Where it is kept. A container that is made anew has none.
const PATH: &str = "/.labwright";
/// Who may read it.
const MODE: u32 = 0o644;

/// Whether a node of that kind is given any commands at all.
pub(crate) fn has_commands(record: &NodeRecord, kind: Option<&Kind>) -> bool {
    !record.way.commands.is_empty() || kind.is_some_and(|kind| !kind.first_boot.is_empty())
}

/// That a node was given its commands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    /// The container, since an image can be made of one.
    container: String,
    /// When it was started then, as the engine tells it.
    started_at: String,
}

impl Done {
    /// Now, in a container as it runs.
    pub(crate) fn now(detail: &ContainerDetail) -> Self {
        Self {
            container: detail.id.to_string(),
            started_at: detail.started_at.clone(),
        }
    }

    /// Whether the container ever was.
    pub(crate) fn ever(&self, detail: &ContainerDetail) -> bool {
        self.container == detail.id.to_string()
    }

    /// Whether the container was since it was started last.
    pub(crate) fn since_start(&self, detail: &ContainerDetail) -> bool {
        self.is_of(&detail.id.to_string(), &detail.started_at)
    }

    /// Whether the container of that id was, when it had been started at that time.
    pub(crate) fn is_of(&self, id: &str, started_at: &str) -> bool {
        self.container == id && self.started_at == started_at
    }

    /// What a container tells. A file that is not ours tells nothing.
    pub(crate) async fn of(engine: &Engine, container: &str) -> Result<Self, EngineError> {
        match files::text(engine, container, PATH).await {
            Ok(text) => Ok(serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default()),
            Err(FileError::Engine(error)) => Err(error),
            Err(FileError::Archive(_)) => Ok(Self::default()),
        }
    }

    /// Writes it into the container.
    pub(crate) async fn write(&self, engine: &Engine) -> Result<(), EngineError> {
        // It holds nothing that JSON has no words for.
        let text = serde_json::to_string(self).unwrap_or_default();
        let archive = files::archive([(PATH, MODE, text.as_str())]);
        engine.put_files(&self.container, "/", archive).await
    }
}
