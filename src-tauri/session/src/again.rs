//! Doing again what a job of the history was asked to do.

use labwright_images::{CopyRequest, ImportRequest, PullRequest, SaveError, SaveRequest};
use labwright_jobs::{ErrorReport, JobId, JobRecord};
use labwright_labs::deploy::DeployRequest;
use labwright_labs::running::{DestroyRequest, PowerRequest};
use labwright_remote::install::InstallRequest;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// What is to be done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Again {
    /// An import.
    Import(ImportRequest),
    /// A pull.
    Pull(PullRequest),
    /// A save into a file.
    Save(SaveRequest),
    /// A copy to another engine.
    Copy(CopyRequest),
    /// A lab's deployment.
    Deploy(DeployRequest),
    /// A lab's removal.
    Destroy(DestroyRequest),
    /// Starting or stopping a lab's nodes.
    Power(PowerRequest),
    /// An install, a verification or a repair on a host: what of it did not come to a good end.
    Install(Box<InstallRequest>),
}

/// Why a job cannot be done again.
#[derive(Debug, Error)]
pub enum AgainError {
    /// It did not end.
    #[error("the job {job} did not end yet")]
    Active {
        /// The job.
        job: JobId,
    },
    /// Another version of Labwright made it.
    #[error("this version of Labwright cannot do the job {job} again: it is of the kind {kind}")]
    Kind {
        /// The job.
        job: JobId,
        /// What it is.
        kind: String,
    },
    /// It wrote into a stream that is gone.
    #[error(transparent)]
    Save(SaveError),
    /// What it was asked cannot be read.
    #[error("what the job {job} was asked cannot be read")]
    Request {
        /// The job.
        job: JobId,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
}

impl Again {
    /// Reads what a job of the history was asked.
    pub fn read(record: &JobRecord) -> Result<Self, AgainError> {
        let job = &record.job;
        if job.outcome.is_none() {
            return Err(AgainError::Active {
                job: job.id.clone(),
            });
        }
        match job.kind.as_str() {
            "import" => request(&job.id, &record.request).map(Self::Import),
            "pull" => request(&job.id, &record.request).map(Self::Pull),
            "copy" => request(&job.id, &record.request).map(Self::Copy),
            "deploy" => request(&job.id, &record.request).map(Self::Deploy),
            "destroy" => request(&job.id, &record.request).map(Self::Destroy),
            "start" | "stop" | "restart" => request(&job.id, &record.request).map(Self::Power),
            "install" | "verify" | "repair" => {
                let asked: InstallRequest = request(&job.id, &record.request)?;
                Ok(Self::Install(Box::new(asked.for_the_rest(job))))
            }
            "save" => match request(&job.id, &record.request)? {
                SaveRequest { file: None, .. } => Err(AgainError::Save(SaveError::NoPlace)),
                save => Ok(Self::Save(save)),
            },
            kind => Err(AgainError::Kind {
                job: job.id.clone(),
                kind: kind.to_owned(),
            }),
        }
    }
}

fn request<T: DeserializeOwned>(job: &JobId, value: &Value) -> Result<T, AgainError> {
    T::deserialize(value).map_err(|source| AgainError::Request {
        job: job.clone(),
        source,
    })
}

impl AgainError {
    /// The failure in the form that crosses into events.
    pub fn report(&self) -> ErrorReport {
        match self {
            Self::Active { job } => ErrorReport::of("job_active", self)
                .with_hint(format!("lw jobs cancel {job} stops it.")),
            Self::Kind { .. } => {
                ErrorReport::of("job_kind_unknown", self).with_hint("Use the version that did it.")
            }
            Self::Save(error) => error.report(),
            Self::Request { .. } => ErrorReport::of("job_request_damaged", self)
                .with_hint("Ask for the same once more."),
        }
    }
}
