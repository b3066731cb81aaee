//! The engine in use, and another one.

use labwright_engine::Engine;
use labwright_images::sweep;
use labwright_jobs::{ErrorReport, JobId};

use super::Session;
use crate::Settings;
use crate::keeper::Ask;

impl Session {
    pub(super) fn engine(&self) -> Result<Engine, ErrorReport> {
        let engine = self.shared.engine.borrow().clone();
        engine.ok_or_else(|| {
            let state = self.shared.engines.borrow();
            let problem = state.problem.as_ref().map(|problem| problem.error.clone());
            problem.unwrap_or_else(|| {
                ErrorReport::new("engine_none", "no engine was found yet")
                    .with_hint("Labwright is looking for one: try again in a moment.")
            })
        })
    }

    /// Waits until engines were looked for once.
    pub async fn engine_known(&self) {
        let mut engines = self.shared.engines.clone();
        // It ends early only with the program.
        let _ended = engines.wait_for(|state| !state.searching).await.is_err();
    }

    /// Uses this engine from now on, or the first that answers, and keeps that in the settings.
    pub fn select_engine(&self, wanted: Option<String>) -> Result<(), ErrorReport> {
        let settings = self.shared.settings.borrow().settings.clone();
        self.change_settings(Settings {
            engine: wanted,
            ..settings
        })
    }

    /// Looks for engines again, and starts an installed Podman if there is none.
    pub fn look_for_engines(&self) {
        let _keeper_gone = self.shared.keeper.send(Ask::Look);
    }

    /// Once for each engine: removes what imports that were killed have left there.
    pub(super) async fn sweep_each_engine(self) {
        let mut engine = self.shared.engine.clone();
        let mut swept: Option<String> = None;
        while engine.changed().await.is_ok() {
            let Some(engine) = engine.borrow_and_update().clone() else {
                continue;
            };
            if swept.as_ref() == Some(&engine.info().id) {
                continue;
            }
            swept = Some(engine.info().id.clone());
            let history = self.shared.monitor.history().clone();
            let ended = |job: &JobId| {
                let record = history.get(job.as_str());
                record.is_ok_and(|record| record.job.outcome.is_some())
            };
            if let Err(error) = sweep(&engine, ended).await {
                tracing::warn!(%error, "leftovers of earlier imports stay");
            }
        }
    }
}
