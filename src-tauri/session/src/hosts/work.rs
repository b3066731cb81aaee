//! An install as a job, with all that it needs of this machine.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use labwright_engine::{DiscoveryInputs, Engine, SshAddress, find};
use labwright_images::recognition::Rules;
use labwright_jobs::ErrorReport;
use labwright_remote::install::{Engines, InstallJob, InstallRequest, Sources};
use labwright_remote::ssh::SshError;
use labwright_remote::{Access, Dialer, Directory};

use crate::{EngineProblem, Environment, connect, problem};

/// The job that does what was asked. Images are sent from this machine's engine, `engine` if it was named.
pub fn install_job(
    environment: &Environment,
    engine: Option<&str>,
    rules: Arc<Rules>,
    request: InstallRequest,
) -> Option<InstallJob> {
    let access = environment.access_of(&request)?;
    let sources = request.sends().then(|| Sources {
        engines: Arc::new(BothEngines {
            environment: environment.clone(),
            here: engine.map(str::to_owned),
            there: there(&request),
            access: access.clone(),
        }),
        rules,
        folder: PathBuf::from("/"),
    });
    Some(InstallJob {
        transport: access.transport,
        sources,
        request,
    })
}

/// The address of the host's engine.
fn there(request: &InstallRequest) -> String {
    let target = &request.target;
    let port = target.port.map(|port| format!(":{port}"));
    format!("ssh://{}{}", target.destination, port.unwrap_or_default())
}

/// Finds one host, whatever is asked for.
#[derive(Debug)]
struct Only(Access);

impl Directory for Only {
    fn access(&self, _address: &SshAddress) -> Result<Access, SshError> {
        Ok(self.0.clone())
    }
}

/// This machine's engine and the host's.
#[derive(Debug)]
struct BothEngines {
    environment: Environment,
    here: Option<String>,
    there: String,
    access: Access,
}

impl Engines for BothEngines {
    fn here(&self) -> BoxFuture<'static, Result<Engine, ErrorReport>> {
        let (environment, wanted) = (self.environment.clone(), self.here.clone());
        async move {
            let note = |text: &str| tracing::info!("{text}");
            let connected = connect(&environment, wanted.as_deref(), note).await;
            connected.map_err(|EngineProblem { error, .. }| error)
        }
        .boxed()
    }

    fn there(&self) -> BoxFuture<'static, Result<Engine, ErrorReport>> {
        let inputs = DiscoveryInputs {
            dial: Some(Arc::new(Dialer::new(Arc::new(Only(self.access.clone()))))),
            ..self.environment.discovery_inputs(Some(&self.there))
        };
        let facts = self.environment.system_facts();
        async move {
            let discovery = find(&inputs).await;
            let selected = discovery.select();
            selected.map_err(|error| problem(&error, &discovery, &facts).error)
        }
        .boxed()
    }
}
