//! Nodes that are sent from here: images in files, or of this machine's engine.

use labwright_images::{CopyJob, CopyRequest, ImportJob, ImportRequest};
use labwright_jobs::{ErrorReport, Failure, JobContext, Step};

use super::request::{InstallJob, RequestedNode, Sources};
use crate::plan::{ImageSource, NodeSource};

/// Sends one node. Why it failed is told in one line.
pub(super) async fn send(
    job: &InstallJob,
    context: &JobContext,
    node: &RequestedNode,
    step: &Step,
) -> Result<(), Failure> {
    let (Some(sources), NodeSource::Image { image }) = (&job.sources, &node.source) else {
        let report = ErrorReport::new("internal", "nothing is known of where images come from");
        return Err(Failure::Failed(report));
    };
    let context = JobContext {
        reporter: step.reporter(),
        ..context.clone()
    };
    step.start();
    let there = sources.engines.there().await.map_err(Failure::Failed)?;
    match image {
        ImageSource::File { path, reference } => {
            let request = ImportRequest {
                source: absolute(sources, path),
                reference: reference.clone(),
                kind: None,
                replace: node.replace,
                sha256: None,
                engine: there.info().address.clone(),
            };
            let import = ImportJob {
                engine: there,
                rules: sources.rules.clone(),
                earlier: Vec::new(),
                request,
            };
            import.run(context).await.map(drop)
        }
        ImageSource::Engine { reference } => {
            let here = sources.engines.here().await.map_err(Failure::Failed)?;
            let request = CopyRequest {
                references: vec![reference.clone()],
                from: here.info().address.clone(),
                engine: there.info().address.clone(),
                replace: node.replace,
            };
            let copy = CopyJob {
                from: here,
                engine: there,
                rules: sources.rules.clone(),
                request,
            };
            copy.run(context).await.map(drop)
        }
        ImageSource::Registry { .. } => Ok(()),
    }
}

/// A plan's path, which may be relative to the plan.
fn absolute(sources: &Sources, path: &str) -> String {
    sources.folder.join(path).to_string_lossy().into_owned()
}
