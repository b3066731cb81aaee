//! The events that matter to a library of images.

use std::collections::HashMap;

use bollard::models::EventMessage;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something happened in the engine, whoever asked for it.
///
/// It says that a list is out of date; the engine is the place to ask what is in it now. Podman does
/// not report every kind, and can hold an event back until the next one (4.3 does, measured).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum EngineEvent {
    /// An image was imported, loaded, pulled, tagged, untagged or deleted.
    Image {
        /// What happened, in the engine's word: `tag`, `untag`, `delete`, `import`, `load`, `pull`, …
        action: String,
        /// The image's id or name.
        image: String,
        /// The name that it happened to, where the engine says.
        name: Option<String>,
    },
    /// A container was created, started, died or was removed, paused, or files were put into it.
    Container {
        /// What happened, in the engine's word: `create`, `start`, `die`, `destroy`, `extract-to-dir`.
        action: String,
        /// The container's id.
        container: String,
        /// The container's name, where the engine says.
        name: Option<String>,
        /// The image that it was made from, where the engine says.
        image: Option<String>,
    },
}

const IMAGE: &[&str] = &[
    "tag",
    "untag",
    "delete",
    "remove",
    "import",
    "load",
    "loadfromarchive",
    "pull",
];
const CONTAINER: &[&str] = &[
    "create",
    "start",
    "die",
    "died",
    "destroy",
    "remove",
    "pause",
    "unpause",
    "extract-to-dir",
];

impl EngineEvent {
    /// The types to ask the engine for. Others are refused by bollard's own types.
    pub(super) fn filters() -> HashMap<String, Vec<String>> {
        HashMap::from([(
            "type".to_owned(),
            vec!["image".to_owned(), "container".to_owned()],
        )])
    }

    /// What a message says, if it is one that matters.
    pub(super) fn from_message(message: EventMessage) -> Option<Self> {
        let actor = message.actor.unwrap_or_default();
        let (id, mut attributes) = (actor.id?, actor.attributes.unwrap_or_default());
        let mut attribute = |key| {
            attributes
                .remove(key)
                .filter(|value: &String| !value.is_empty())
        };
        let action = message.action?;
        match message.typ?.as_ref() {
            "image" if IMAGE.contains(&action.as_str()) => Some(Self::Image {
                action,
                image: id,
                name: attribute("name"),
            }),
            "container" if CONTAINER.contains(&action.as_str()) => Some(Self::Container {
                action,
                container: id,
                name: attribute("name"),
                image: attribute("image"),
            }),
            _ => None,
        }
    }
}
