//! A lab in the engine, and its nodes: where the commands about nodes and links begin.

use labwright_engine::Engine;
use labwright_jobs::ErrorReport;
use labwright_labs::kinds::Kinds;
use labwright_labs::links::Links;
use labwright_labs::running::{RunningLab, RunningNode, lab};

use super::Context;
use crate::exit::CommandError;

/// A lab that is there.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) engine: Engine,
    pub(super) kinds: Kinds,
    pub(super) lab: RunningLab,
}

impl Place {
    /// The lab of that name in the engine in use.
    pub(super) async fn find(context: &Context, name: &str) -> Result<Self, CommandError> {
        let kinds = Kinds::built_in().map_err(|error| ErrorReport::of("kinds", &error))?;
        let engine = context.engine().await?;
        let found = context.unless_stopped(lab(&engine, name)).await?;
        let lab = found.map_err(|error| error.report())?;
        Ok(Self { engine, kinds, lab })
    }

    /// The node of that name.
    pub(super) fn node(&self, name: &str) -> Result<&RunningNode, CommandError> {
        Ok(self.lab.node(name).map_err(|error| error.report())?)
    }

    /// Its links.
    pub(super) fn links(&self) -> Result<Links<'_>, CommandError> {
        let links = Links::of(&self.engine, &self.kinds, &self.lab);
        Ok(links.map_err(|error| error.report())?)
    }
}
