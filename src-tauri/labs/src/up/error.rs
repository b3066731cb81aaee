//! Why a node does not come up.

use crate::boot::BootError;
use crate::patchbay::PatchbayError;
use labwright_engine::EngineError;
use thiserror::Error;

/// Why a node does not run.
#[derive(Debug, Error)]
pub enum NodeCause {
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Its image was there, and is not any more.
    #[error("its image {image} is gone from the engine since the plan was made")]
    ImageGone {
        /// As the file names it.
        image: String,
    },
    /// Its links could not be made.
    #[error(transparent)]
    Patchbay(#[from] PatchbayError),
    /// A port of it could not be made.
    #[error("{}: {why}", ports(*missing))]
    Ports {
        /// How many.
        missing: usize,
        /// The first one's reason.
        why: String,
    },
    /// It did not get ready.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// It waits for a node that failed.
    #[error("node {other}, which it waits for, failed")]
    Other {
        /// That node.
        other: String,
    },
    /// Nothing ever tells that it is healthy.
    #[error("another node waits for it to be healthy, and nothing checks that")]
    NoHealthcheck,
    /// A command of the file failed.
    #[error("its command `{command}` ended with {exit_code}: {output}")]
    Command {
        /// The command.
        command: String,
        /// How it ended.
        exit_code: i64,
        /// What it printed last.
        output: String,
    },
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
}

impl NodeCause {
    /// Whether the node runs all the same, so that it can be looked at.
    pub(crate) fn leaves_it_running(&self) -> bool {
        matches!(
            self,
            Self::Boot(_)
                | Self::NoHealthcheck
                | Self::Command { .. }
                | Self::Other { .. }
                | Self::Ports { .. }
        )
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.code(),
            Self::ImageGone { .. } => "image_missing",
            Self::Patchbay(error) => error.code(),
            Self::Ports { .. } => "node_ports",
            Self::Boot(error) => error.code(),
            Self::Other { .. } => "node_waits_for_failed",
            Self::NoHealthcheck => "node_no_healthcheck",
            Self::Command { .. } => "node_command",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn hints(&self) -> Vec<String> {
        match self {
            Self::Engine(error) => error.hints(),
            Self::ImageGone { image } => vec![crate::plan::bring_hint(image)],
            Self::Patchbay(error) => error.hints(),
            Self::Boot(error) => error.hints(),
            Self::NoHealthcheck => vec!["Give it a healthcheck in the file.".to_owned()],
            _ => Vec::new(),
        }
    }
}

fn ports(missing: usize) -> String {
    match missing {
        1 => "a port is missing".to_owned(),
        several => format!("{several} ports are missing"),
    }
}
