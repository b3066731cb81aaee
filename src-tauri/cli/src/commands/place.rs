//! A lab in the engine, and its nodes: where the commands about nodes and links begin.

use std::sync::Arc;

use labwright_engine::Engine;
use labwright_labs::kinds::Kinds;
use labwright_labs::links::Links;
use labwright_labs::running::{RunningLab, RunningNode, lab};

use super::Context;
use super::lab::{kinds, lab_name};
use crate::args::labs::ChosenLab;
use crate::exit::CommandError;

/// A lab that is there.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) engine: Engine,
    pub(super) kinds: Arc<Kinds>,
    pub(super) lab: RunningLab,
}

impl Place {
    /// The lab in the engine in use.
    pub(super) async fn find(context: &Context, chosen: &ChosenLab) -> Result<Self, CommandError> {
        let kinds = kinds()?;
        let name = lab_name(context, &kinds, chosen).await?;
        let engine = context.engine().await?;
        let found = context.unless_stopped(lab(&engine, &name)).await?;
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
