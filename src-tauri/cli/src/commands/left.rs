//! Jobs that were left: their work goes on on a host, and whoever followed it is gone.

use std::sync::Arc;

use labwright_images::{Rules, RulesError};
use labwright_jobs::{ErrorReport, JobHandle, JobId, Monitor};
use labwright_remote::install::{InstallJob, InstallRequest};
use labwright_session::Environment;
use labwright_session::hosts::install_job;

use super::Context;
use super::context::no_folder;
use crate::exit::CommandError;

/// Takes up jobs that were left, in this process.
#[derive(Clone, Debug)]
pub(crate) struct Joiner {
    environment: Environment,
    /// The engine here that images are sent from, if the user named one.
    engine: Option<String>,
    monitor: Monitor,
}

impl Joiner {
    /// One for this process's monitor.
    pub(super) fn new(context: &Context, monitor: &Monitor) -> Self {
        Self {
            environment: context.environment.clone(),
            engine: context.options.engine.clone(),
            monitor: monitor.clone(),
        }
    }

    /// Follows a job that was left from now on. Fails if somebody else was faster.
    pub(crate) async fn join(&self, id: &JobId) -> Result<JobHandle, ErrorReport> {
        let history = self.monitor.history();
        let record = history.get(id.as_str()).map_err(|error| error.report())?;
        let request = serde_json::from_value::<InstallRequest>(record.request)
            .map_err(|error| ErrorReport::of("job_request_damaged", &error))?;
        let job = job(&self.environment, self.engine.as_deref(), request)?;
        let joined = self
            .monitor
            .join(id, job.spec(), |context| job.run(context));
        let submitted = joined.await.map_err(|error| error.report())?;
        Ok(submitted.handle)
    }
}

/// The job that does what the user asked on a host.
pub(super) fn asked(
    context: &Context,
    request: InstallRequest,
) -> Result<InstallJob, CommandError> {
    let engine = context.options.engine.as_deref();
    Ok(job(&context.environment, engine, request)?)
}

fn job(
    environment: &Environment,
    engine: Option<&str>,
    request: InstallRequest,
) -> Result<InstallJob, ErrorReport> {
    let rules = rules(environment, &request).map_err(|error| error.report())?;
    let job = install_job(environment, engine, Arc::new(rules), request);
    job.ok_or_else(|| no_folder("LABWRIGHT_CONFIG_DIR"))
}

/// The user's own rules are read only where an archive is to be recognised.
fn rules(environment: &Environment, request: &InstallRequest) -> Result<Rules, RulesError> {
    let rules = Rules::built_in()?;
    match environment.kinds_file() {
        Some(file) if request.sends() => rules.with_file(&file),
        _ => Ok(rules),
    }
}
