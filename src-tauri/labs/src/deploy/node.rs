//! One node of a deployment: its container, made and started.

use super::files;
use super::shared::Shared;
use crate::kinds::Kind;
use crate::plan::NodePlan;
use crate::topology::Node;
use crate::up::{Begins, Failed, NodeCause, NodeUp};
use labwright_engine::{ContainerId, EngineError, Privileges};
use labwright_jobs::Step;
use std::sync::atomic::Ordering;

/// One node on its way.
pub(super) struct NodeWork<'a> {
    pub(super) shared: &'a Shared,
    pub(super) plan: &'a NodePlan,
    pub(super) node: &'a Node,
    pub(super) kind: &'a Kind,
    /// Where its way begins, once it is made.
    pub(super) begins: Begins,
    pub(super) step: Step,
}

impl NodeWork<'_> {
    /// Makes its container, with its files.
    pub(super) async fn create(&self) -> Result<ContainerId, NodeCause> {
        let step = self.step.child("Create");
        step.start();
        let made = self.make(self.as_possible()).await;
        match &made {
            Ok(_) => step.succeed(),
            Err(error) => step.fail(error.to_string()),
        }
        made
    }

    async fn make(&self, privileges: Privileges) -> Result<ContainerId, NodeCause> {
        let mut settings = self.plan.container.clone();
        settings.privileges = privileges;
        let engine = &self.shared.together.engine;
        let made = {
            let engine = engine.clone();
            async move { engine.create_container(&settings).await }
        };
        let id = match self.shared.whole.run(made).await {
            Ok(id) => id,
            Err(error) => return Err(self.why_not_made(error).await),
        };
        files::put(engine, self.plan).await?;
        Ok(id)
    }

    /// An engine names an image that is gone by its id, which nobody knows.
    async fn why_not_made(&self, error: EngineError) -> NodeCause {
        let image = self.node.settings.image.as_deref().unwrap_or_default();
        let is_gone = error.is_missing()
            && matches!(self.shared.together.engine.inspect(image).await, Ok(None));
        if is_gone {
            let image = image.to_owned();
            return NodeCause::ImageGone { image };
        }
        error.into()
    }

    /// What it was to have, or the capabilities by name where this engine is known to refuse it.
    fn as_possible(&self) -> Privileges {
        let wanted = &self.plan.container.privileges;
        let refused = self.shared.privileged_refused.load(Ordering::Relaxed);
        if refused && *wanted == Privileges::Privileged {
            return Privileges::Added(self.plan.capabilities.clone());
        }
        wanted.clone()
    }

    /// Starts it, and goes on until it is ready.
    pub(super) async fn bring_up(&self) -> Result<(), Failed> {
        let up = NodeUp {
            together: &self.shared.together,
            name: &self.plan.name,
            container: &self.plan.container.name,
            kind: Some(self.kind),
            record: &self.plan.record,
            begins: self.begins,
            step: &self.step,
        };
        up.bring_up(Box::pin(self.start_as_possible())).await
    }

    /// Some machines cannot give a container every privilege: it gets what its kind needs, by name, then.
    async fn start_as_possible(&self) -> Result<(), NodeCause> {
        let engine = &self.shared.together.engine;
        let name = &self.plan.container.name;
        let wants_all = self.plan.container.privileges == Privileges::Privileged;
        match engine.start_container(name).await {
            Err(error) if error.is_lack_of_capabilities() && wants_all => {
                let known = self.shared.privileged_refused.swap(true, Ordering::Relaxed);
                self.step.log("the engine cannot run it privileged: it gets all capabilities that the machine has, by name");
                if !known {
                    let note = "the engine cannot run privileged containers; nodes have all capabilities that its machine has";
                    self.shared.note(note.to_owned());
                }
                engine.remove_container(name).await?;
                let id = self
                    .make(Privileges::Added(self.plan.capabilities.clone()))
                    .await?;
                self.shared.replaced(&self.plan.name, &id);
                self.shared.rewire().await?;
                Ok(engine.start_container(name).await?)
            }
            started => Ok(started?),
        }
    }
}
