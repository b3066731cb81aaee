//! One command in nodes of a lab.

use labwright_jobs::ErrorReport;
use labwright_labs::running::lab;
use tokio::sync::mpsc;

use super::Session;
use crate::labs::{Errand, PageId, RunEvent, RunWish};

impl Session {
    /// Runs a command in nodes for a page; the run's number, and what is told of it until all have ended.
    pub async fn run_in_nodes(
        &self,
        page: &PageId,
        wish: RunWish,
    ) -> Result<(u64, mpsc::Receiver<RunEvent>), ErrorReport> {
        if wish.command.trim().is_empty() {
            return Err(
                ErrorReport::new("command_empty", "there is no command to run")
                    .with_hint("Write one as you would in the node's shell: ip address"),
            );
        }
        let engine = self.engine()?;
        let lab = lab(&engine, &wish.lab).await;
        let lab = lab.map_err(|error| error.report())?;
        let nodes = wish.nodes.iter().map(|name| lab.node(name).cloned());
        let nodes: Result<Vec<_>, _> = nodes.collect();
        let nodes = nodes.map_err(|error| error.report())?;
        let errand = Errand {
            engine,
            lab,
            nodes,
            command: wish.command,
        };
        let begun = self
            .shared
            .runs
            .begin(errand, || self.shared.turns.has(page));
        begun.ok_or_else(|| {
            ErrorReport::new("page_gone", "the page that wanted this is gone")
                .with_hint("Run it again in the window that is there.")
        })
    }

    /// Ends a run: what still runs of it in nodes is killed, and nothing more is told.
    pub fn end_run(&self, run: u64) {
        self.shared.runs.end(run);
    }
}
