//! Making containers, starting and stopping them, and removing them.

use std::time::Duration;

use bollard::query_parameters::{
    CreateContainerOptionsBuilder, KillContainerOptionsBuilder, RemoveContainerOptionsBuilder,
    RestartContainerOptionsBuilder, StartContainerOptions, StopContainerOptionsBuilder,
};

use reqwest::Method;

use super::{body::body, detail::ContainerId, settings::ContainerSettings};
use crate::{Action, Engine, EngineError, EngineKind, RequestError};

impl Engine {
    /// Makes a container, which does not run yet.
    pub async fn create_container(
        &self,
        settings: &ContainerSettings,
    ) -> Result<ContainerId, EngineError> {
        let options = CreateContainerOptionsBuilder::new()
            .name(&settings.name)
            .build();
        let docker = self.connection().docker();
        let made = docker.create_container(Some(options), body(settings)).await;
        let made = made.map_err(|source| {
            self.refused(Action::CreateContainer, &settings.name, source.into())
        })?;
        Ok(ContainerId::new(made.id))
    }

    /// Starts a container. One that runs already is left alone.
    pub async fn start_container(&self, container: &str) -> Result<(), EngineError> {
        let docker = self.connection().docker();
        let start = || docker.start_container(container, None::<StartContainerOptions>);
        let mut started = start().await;
        if started.as_ref().is_err_and(is_held) {
            started = start().await;
        }
        self.done_or_was(Action::StartContainer, container, started)
    }

    /// Asks a container to stop with the signal that it was made with, and kills it after this time; after the time that
    /// it was made with if none is given. One that does not run is left alone.
    pub async fn stop_container(
        &self,
        container: &str,
        patience: Option<Duration>,
    ) -> Result<(), EngineError> {
        let options = StopContainerOptionsBuilder::new();
        let options = match patience {
            Some(patience) => options.t(whole_seconds(patience)),
            None => options,
        };
        let docker = self.connection().docker();
        let stopped = docker
            .stop_container(container, Some(options.build()))
            .await;
        self.done_or_was(Action::StopContainer, container, stopped)
    }

    /// Has a container's health checked now where its engine may not do so by itself: Podman leaves that to timers of
    /// systemd (podman-healthcheck-run(1)), which not every machine has.
    pub async fn check_health(&self, container: &str) -> Result<(), EngineError> {
        if self.info().kind == EngineKind::Docker {
            return Ok(());
        }
        let path = format!("/v4.0.0/libpod/containers/{container}/healthcheck");
        let checked = self.connection().send(Method::GET, &path, &[]).await;
        checked
            .map(drop)
            .map_err(|source| self.refused(Action::CheckHealth, container, source))
    }

    /// Sends a signal to a container's first process.
    pub async fn signal_container(&self, container: &str, signal: &str) -> Result<(), EngineError> {
        let options = KillContainerOptionsBuilder::new().signal(signal).build();
        let docker = self.connection().docker();
        let sent = docker.kill_container(container, Some(options)).await;
        sent.map_err(|source| self.refused(Action::SignalContainer, container, source.into()))
    }

    /// Stops a container as [`stop_container`](Self::stop_container) does, and starts it.
    pub async fn restart_container(
        &self,
        container: &str,
        patience: Duration,
    ) -> Result<(), EngineError> {
        let options = RestartContainerOptionsBuilder::new()
            .t(whole_seconds(patience))
            .build();
        let docker = self.connection().docker();
        let done = docker.restart_container(container, Some(options)).await;
        done.map_err(|source| self.refused(Action::RestartContainer, container, source.into()))
    }

    /// Kills a container and removes it with the volumes that have no name. One that is not there is gone already, which
    /// is what was wanted; one that somebody else removes at the same moment, too.
    pub async fn remove_container(&self, container: &str) -> Result<(), EngineError> {
        let options = RemoveContainerOptionsBuilder::new()
            .force(true)
            .v(true)
            .build();
        let docker = self.connection().docker();
        let removed = docker.remove_container(container, Some(options)).await;
        match removed.map_err(RequestError::from) {
            Err(source) if !is_gone(&source) => {
                Err(self.refused(Action::RemoveContainer, container, source))
            }
            _ => Ok(()),
        }
    }

    /// 304 says that it was so already.
    fn done_or_was(
        &self,
        action: Action,
        container: &str,
        done: Result<(), bollard::errors::Error>,
    ) -> Result<(), EngineError> {
        match done.map_err(RequestError::from) {
            Err(source) if source.status() != Some(304) => {
                Err(self.refused(action, container, source))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a container is not there, or about to go.
fn is_gone(source: &RequestError) -> bool {
    let leaving = || {
        let message = source.message().unwrap_or_default();
        message.contains("is already in progress")
    };
    match source.status() {
        Some(404) => true,
        Some(409) => leaving(),
        _ => false,
    }
}

fn whole_seconds(time: Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}

/// Podman's CNI still holds the address for the container itself, which died with its engine. It gives the address back when
/// it is refused, and only then.
fn is_held(error: &bollard::errors::Error) -> bool {
    matches!(error, bollard::errors::Error::DockerResponseServerError { message, .. }
        if message.contains("is not available in range set"))
}
