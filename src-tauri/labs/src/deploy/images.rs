//! Bringing the images that the engine does not have: each pulled or imported in a step of its own.

use super::error::DeployError;
use super::request::DeployJob;
use crate::plan::{Plan, PlanStep};
use crate::topology::Topology;
use labwright_images::{ImportJob, ImportRequest, PullJob, PullRequest};
use labwright_jobs::{ErrorReport, Failure, JobContext, Step};
use serde_json::Value;
use std::sync::Arc;

/// Pulls and imports what is missing. Returns whether anything was.
pub(super) async fn bring(
    job: &DeployJob,
    context: &JobContext,
    topology: &Topology,
    plan: &Plan,
) -> Result<bool, DeployError> {
    let mut brought = false;
    for planned in &plan.steps {
        let step = |verb: &str, what: &str| begun(context, format!("{verb} {what}"));
        match planned {
            PlanStep::Pull { reference, .. } => {
                let (step, context) = step("Pull", reference);
                let outcome = pull(job, reference).run(context).await;
                came(topology, reference, "pulled", &step, outcome)?;
            }
            PlanStep::Import {
                archive, reference, ..
            } => {
                let (step, context) = step("Import", reference);
                let outcome = import(job, archive, reference).run(context).await;
                came(topology, reference, "imported", &step, outcome)?;
            }
            _ => continue,
        }
        brought = true;
    }
    Ok(brought)
}

/// A step that has begun, and what does its work reports into.
fn begun(context: &JobContext, name: String) -> (Step, JobContext) {
    let step = context.reporter.step(name);
    step.start();
    let context = JobContext {
        reporter: step.reporter(),
        ..context.clone()
    };
    (step, context)
}

fn pull(job: &DeployJob, reference: &str) -> PullJob {
    PullJob {
        engine: job.engine.clone(),
        places: Arc::clone(&job.places),
        request: PullRequest {
            reference: reference.to_owned(),
            platform: None,
            engine: job.request.engine.clone(),
        },
    }
}

fn import(job: &DeployJob, archive: &str, reference: &str) -> ImportJob {
    ImportJob {
        engine: job.engine.clone(),
        rules: Arc::clone(&job.rules),
        earlier: Vec::new(),
        request: ImportRequest {
            source: archive.to_owned(),
            reference: Some(reference.to_owned()),
            kind: None,
            replace: false,
            sha256: None,
            engine: job.request.engine.clone(),
        },
    }
}

/// What came of bringing an image.
fn came(
    topology: &Topology,
    reference: &str,
    brought: &'static str,
    step: &Step,
    outcome: Result<Value, Failure>,
) -> Result<(), DeployError> {
    let report = match outcome {
        Ok(_) => {
            step.succeed();
            return Ok(());
        }
        Err(Failure::Cancelled | Failure::Left) => return Err(DeployError::Cancelled),
        Err(Failure::Lost(why)) => ErrorReport::new("lost", &why),
        Err(Failure::Failed(report)) => report,
    };
    step.fail(report.to_string());
    Err(DeployError::Image {
        lab: topology.name.to_string(),
        reference: reference.to_owned(),
        brought,
        report: Box::new(report),
    })
}
