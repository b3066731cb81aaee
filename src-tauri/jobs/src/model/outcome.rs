//! How jobs and steps end.

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a job ended. Every job ends in exactly one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Outcome {
    /// It did what it should, and checked that it did.
    Succeeded {
        /// What came of it; its shape depends on the job's kind.
        #[ts(type = "unknown")]
        result: serde_json::Value,
    },
    /// It could not do what it should.
    Failed {
        /// What, on which object, why, and what to do next.
        error: ErrorReport,
    },
    /// Somebody or something stopped it.
    Cancelled {
        /// Who or what.
        by: CancelReason,
    },
    /// The far side cannot be asked how it ended.
    Lost {
        /// Why it cannot be asked.
        why: String,
    },
}

impl Outcome {
    /// Whether the job did what it should.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded { .. })
    }

    /// How a step that had begun, and was still open, ends with its job.
    pub(crate) fn of_open_step(&self) -> StepOutcome {
        match self {
            Self::Succeeded { .. } => StepOutcome::Succeeded,
            Self::Failed { error } => StepOutcome::Failed {
                message: error.message.clone(),
            },
            Self::Cancelled { .. } => StepOutcome::Cancelled,
            Self::Lost { why } => StepOutcome::Failed {
                message: why.clone(),
            },
        }
    }

    /// How a step that never began ends with its job.
    pub(crate) fn of_pending_step(&self) -> StepOutcome {
        let why = match self {
            Self::Succeeded { .. } => "not needed",
            Self::Failed { .. } => "the job failed before",
            Self::Cancelled { .. } => return StepOutcome::Cancelled,
            Self::Lost { .. } => "the job was lost before",
        };
        StepOutcome::Skipped {
            why: why.to_owned(),
        }
    }
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum StepOutcome {
    /// Done.
    Succeeded,
    /// Not done.
    Failed {
        /// Why, for people.
        message: String,
    },
    /// Stopped with its job.
    Cancelled,
    /// Never needed.
    Skipped {
        /// Why, for people.
        why: String,
    },
}

/// An error as it crosses borders: the window, the terminal and the history get the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ErrorReport {
    /// What code branches on. Stable.
    pub code: String,
    /// What failed, on which object.
    pub message: String,
    /// What the user can do next.
    pub hints: Vec<String>,
    /// Why: the causes, the nearest first.
    pub chain: Vec<String>,
}

impl ErrorReport {
    /// A report without hints and causes.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            hints: Vec::new(),
            chain: Vec::new(),
        }
    }

    /// A report of `error` with all its sources.
    pub fn of(code: impl Into<String>, error: &dyn Error) -> Self {
        let mut report = Self::new(code, error.to_string());
        let mut cause = error.source();
        while let Some(error) = cause {
            report.chain.push(error.to_string());
            cause = error.source();
        }
        report
    }

    /// The message and its causes in one line, for logs.
    pub fn in_one_line(&self) -> String {
        let causes = self.chain.iter().map(String::as_str);
        let parts: Vec<&str> = std::iter::once(self.message.as_str())
            .chain(causes)
            .collect();
        parts.join(": ")
    }

    /// The same with one more hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with one more cause, farther than those it has.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.chain.push(cause.into());
        self
    }
}

impl fmt::Display for ErrorReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// Who or what stopped a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum CancelReason {
    /// A person, in the window or with a command.
    User,
    /// An interrupt signal: Ctrl-C in a terminal.
    Interrupt,
    /// The program ends.
    Shutdown,
    /// Nobody held the job any more.
    HandleDropped,
}

impl fmt::Display for CancelReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::User => "cancelled by the user",
            Self::Interrupt => "interrupted from the terminal",
            Self::Shutdown => "stopped because the program ends",
            Self::HandleDropped => "stopped because nobody waited for it any more",
        })
    }
}

/// How work ends when it does not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It failed.
    Failed(ErrorReport),
    /// It stopped because its token was cancelled, and has cleaned up.
    Cancelled,
    /// The far side cannot be asked how it ended, and why.
    Lost(String),
    /// It did not end: its work goes on without this process, and the job can be joined.
    Left,
}

impl From<ErrorReport> for Failure {
    fn from(report: ErrorReport) -> Self {
        Self::Failed(report)
    }
}
