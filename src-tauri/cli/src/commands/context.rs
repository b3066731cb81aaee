//! What every command has: the options, the environment, the streams, the signal to stop.

use std::future::Future;
use std::io;

use labwright_engine::Engine;
use labwright_jobs::{CancelToken, ErrorReport, History, ProcessIdentity};
use labwright_session::hosts::Reach;
use labwright_session::{Environment, connect, connect_again};
use serde::Serialize;

use crate::args::Everywhere;
use crate::engines::no_engine;
use crate::exit::CommandError;
use crate::output::Output;
use crate::view::to_json;

/// How many jobs that ended the history keeps.
const JOBS_KEPT: usize = 1000;

/// What every command has.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) options: Everywhere,
    pub(crate) environment: Environment,
    pub(crate) output: Output,
    /// Cancelled by the first signal.
    pub(crate) stop: CancelToken,
}

impl Context {
    /// Opens the job history, and forgets its oldest jobs.
    pub(crate) fn history(&self) -> Result<History, CommandError> {
        let file = self.environment.history_file();
        let file = file.ok_or_else(|| no_folder("LABWRIGHT_DATA_DIR"))?;
        let history = History::open(&file, ProcessIdentity::current())?;
        if let Err(error) = history.prune(JOBS_KEPT) {
            // The history can be used all the same.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "old jobs stay in the history"
            );
        }
        Ok(history)
    }

    /// How hosts are reached.
    pub(crate) fn reach(&self) -> Result<Reach, CommandError> {
        let reach = self.environment.reach();
        let reach = reach.ok_or_else(|| no_folder("LABWRIGHT_CONFIG_DIR"))?;
        reach.make_scratch()?;
        Ok(reach)
    }

    /// The engine that the user wants.
    pub(crate) async fn engine(&self) -> Result<Engine, CommandError> {
        self.engine_wanted(self.options.engine.as_deref()).await
    }

    /// The engine of this name or address.
    pub(crate) async fn engine_named(&self, name: &str) -> Result<Engine, CommandError> {
        self.engine_wanted(Some(name)).await
    }

    async fn engine_wanted(&self, wanted: Option<&str>) -> Result<Engine, CommandError> {
        let connected = connect(&self.environment, wanted, |text| self.note(text));
        let connected = self.unless_stopped(connected).await?;
        Ok(connected.map_err(no_engine)?)
    }

    /// The engine that a job used before, unless the user wants another one now.
    pub(crate) async fn engine_again(&self, address: &str) -> Result<Engine, CommandError> {
        if self.options.engine.is_some() {
            return self.engine().await;
        }
        self.engine_at(address).await
    }

    /// The engine that a job noted, whatever the user wants now.
    pub(crate) async fn engine_at(&self, address: &str) -> Result<Engine, CommandError> {
        let connected = connect_again(&self.environment, address, |text| self.note(text));
        let connected = self.unless_stopped(connected).await?;
        Ok(connected.map_err(no_engine)?)
    }

    /// Waits for something that a signal may end at any moment.
    pub(crate) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, CommandError> {
        tokio::select! {
            done = work => Ok(done),
            _ = self.stop.cancelled() => Err(CommandError::Stopped),
        }
    }

    /// Says something that is no result.
    pub(crate) fn note(&self, text: &str) {
        if !self.options.quiet {
            self.output.note(text);
        }
    }

    /// Prints lines to standard output.
    pub(crate) fn print(&self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.output.result(line))
    }

    /// Prints one array or object to standard output.
    pub(crate) fn print_json<T: Serialize + ?Sized>(&self, value: &T) -> io::Result<()> {
        self.output.result(&to_json(value)?)
    }
}

/// There is no home, and therefore no folder of our own.
pub(crate) fn no_folder(variable: &str) -> ErrorReport {
    ErrorReport::new("no_folder", "this user has no home folder to keep files in")
        .with_hint(format!("Set HOME, or {variable} to a folder."))
}
