//! Why a lab cannot be deployed as it stands.

use labwright_jobs::ErrorReport;
use serde::Serialize;
use std::fmt;
use thiserror::Error;

/// One thing that is in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// A stable name of what it is.
    pub code: &'static str,
    /// The node that it concerns, if it is one.
    pub node: Option<String>,
    /// What it is, with the object.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

/// Everything that is in the way, found before anything was made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("lab {lab} cannot be deployed: {}", summary(obstacles))]
pub struct PlanError {
    /// The lab.
    pub lab: String,
    /// What is in the way, in the order of the file.
    pub obstacles: Vec<Obstacle>,
}

impl PlanError {
    /// A stable name of the failure: the first obstacle's.
    pub fn code(&self) -> &'static str {
        self.obstacles
            .first()
            .map_or("lab_impossible", |obstacle| obstacle.code)
    }

    /// For people and programs.
    pub fn report(&self) -> ErrorReport {
        let mut report = ErrorReport::of(self.code(), self);
        if self.obstacles.len() > 1 {
            for obstacle in &self.obstacles {
                report = report.with_cause(&obstacle.message);
            }
        }
        let mut hints: Vec<&String> = Vec::new();
        for obstacle in &self.obstacles {
            if !obstacle.hint.is_empty() && !hints.contains(&&obstacle.hint) {
                hints.push(&obstacle.hint);
            }
        }
        hints.into_iter().fold(report, ErrorReport::with_hint)
    }
}

fn summary(obstacles: &[Obstacle]) -> String {
    match obstacles {
        [only] => only.message.clone(),
        several => format!("{} things are in the way", several.len()),
    }
}
