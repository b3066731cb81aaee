//! Changing the links of a lab.

use super::ends::resolve;
use super::{Capture, LinkError, LinkList};
use crate::kinds::Kinds;
use crate::patchbay::{Patchbay, PatchbayError};
use crate::running::{LabError, RunningLab};
use crate::topology::LabName;
use labwright_engine::{ContainerStatus, Engine};
use labwright_patchbay::{EndName, Impairments, Problem, ProblemCode, Request};

/// The links of a lab whose patchbay runs.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    engine: &'a Engine,
    kinds: &'a Kinds,
    lab: &'a RunningLab,
}

impl<'a> Links<'a> {
    /// Fails where another tool deployed the lab, or nobody holds its links. Asks nothing of the engine.
    pub fn of(
        engine: &'a Engine,
        kinds: &'a Kinds,
        lab: &'a RunningLab,
    ) -> Result<Self, LinkError> {
        lab.if_ours()?;
        match lab.patchbay {
            Some(ContainerStatus::Running) => Ok(Self { engine, kinds, lab }),
            Some(_) => Err(LinkError::Stopped {
                lab: lab.name.clone(),
            }),
            None => Err(PatchbayError::Missing {
                lab: lab.name.clone(),
            }
            .into()),
        }
    }

    /// Every port and link.
    pub async fn list(&self) -> Result<LinkList, LinkError> {
        let status = self.patchbay().await?.ask_status(Request::Status).await?;
        Ok(LinkList::of(&status))
    }

    /// Joins two ends that have no link.
    pub async fn connect(&self, ends: [&EndName; 2]) -> Result<[EndName; 2], LinkError> {
        let ends = [self.end(ends[0])?, self.end(ends[1])?];
        self.ask(Request::Connect { ends: ends.clone() }).await?;
        Ok(ends)
    }

    /// Takes away the link of an end.
    pub async fn disconnect(&self, end: &EndName) -> Result<EndName, LinkError> {
        let end = self.end(end)?;
        self.ask(Request::Disconnect { end: end.clone() }).await?;
        Ok(end)
    }

    /// Sets the link of an end up or down.
    pub async fn set_up(&self, end: &EndName, up: bool) -> Result<EndName, LinkError> {
        let end = self.end(end)?;
        self.ask(Request::SetLink {
            end: end.clone(),
            up,
        })
        .await?;
        Ok(end)
    }

    /// Changes what is done to frames on their way to an end, wholly.
    pub async fn impair(
        &self,
        end: &EndName,
        impairments: Impairments,
    ) -> Result<EndName, LinkError> {
        let end = self.end(end)?;
        let request = Request::Impair {
            end: end.clone(),
            impairments,
        };
        self.ask(request).await?;
        Ok(end)
    }

    /// Listens to what passes an end; `snap` is how many bytes of each frame are kept, all of them where none is given.
    pub async fn capture(&self, end: &EndName, snap: Option<u32>) -> Result<Capture, LinkError> {
        Capture::open(self.engine, &self.name()?, self.end(end)?, snap).await
    }

    /// The end that is meant: ports can be called as their kind calls them.
    pub fn end(&self, written: &EndName) -> Result<EndName, LinkError> {
        resolve(self.lab, self.kinds, written)
    }

    async fn ask(&self, request: Request) -> Result<(), LinkError> {
        let answer = self.patchbay().await?.ask(request).await;
        answer.map_err(|error| self.explained(error))?;
        Ok(())
    }

    async fn patchbay(&self) -> Result<Patchbay, LinkError> {
        Ok(Patchbay::open(self.engine, &self.name()?).await?)
    }

    fn name(&self) -> Result<LabName, LinkError> {
        let name = self.lab.name.parse();
        name.map_err(|_| {
            let lab = self.lab.name.clone();
            LabError::NotOurs { lab }.into()
        })
    }

    /// An end that the patchbay does not know may be of a node whose name was mistyped.
    fn explained(&self, error: PatchbayError) -> LinkError {
        let PatchbayError::Refused { problems, .. } = &error else {
            return error.into();
        };
        let owner = problems.iter().find_map(unknown_owner);
        match owner.and_then(|owner| self.lab.node(&owner).err()) {
            Some(
                unknown @ LabError::NodeUnknown {
                    suggestion: Some(_),
                    ..
                },
            ) => unknown.into(),
            _ => error.into(),
        }
    }
}

fn unknown_owner(problem: &Problem) -> Option<String> {
    let unknown = matches!(
        problem.code,
        ProblemCode::EndUnknown | ProblemCode::NodeUnknown
    );
    let owner = problem.object.split(':').next().unwrap_or_default();
    unknown.then(|| owner.to_owned())
}
