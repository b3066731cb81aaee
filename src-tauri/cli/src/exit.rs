//! How lw ends, and what ends it before it is done.

use std::io;
use std::process::ExitCode;

use labwright_jobs::{ErrorReport, HistoryError, JobState, Outcome};

use crate::installs::found_faults;

/// How lw ends, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All that was asked for was done.
    Succeeded,
    /// It was stopped.
    Cancelled,
    /// The far side cannot be asked how it ended.
    Lost,
    /// It could not be done.
    Failed,
    /// What was typed makes no sense.
    Usage,
    /// A program in a node ended, and lw ends as it did.
    Program(u8),
}

impl Exit {
    /// The number that the shell gets; design and `docs/events.md` name the same.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Succeeded => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Cancelled => 3,
            Self::Lost => 4,
            Self::Program(code) => code,
        }
    }

    /// How lw ends when the only program that it ran in a node ended so. Podman says -1 where it does not know.
    pub(crate) fn of_program(code: i64) -> Self {
        u8::try_from(code).map_or(Self::Lost, Self::Program)
    }

    /// How lw ends when this was its only job. A verification that finds something wrong did its work, and still does not
    /// tell a script that all is well.
    pub(crate) fn of(job: &JobState) -> Self {
        match &job.outcome {
            Some(Outcome::Succeeded { .. }) if found_faults(job) => Self::Failed,
            None | Some(Outcome::Succeeded { .. }) => Self::Succeeded,
            Some(Outcome::Failed { .. }) => Self::Failed,
            Some(Outcome::Cancelled { .. }) => Self::Cancelled,
            Some(Outcome::Lost { .. }) => Self::Lost,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What ends a command before it is done.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// It failed.
    Failed(Box<ErrorReport>),
    /// What was typed makes no sense, and why.
    Usage(String),
    /// A signal stopped it.
    Stopped,
    /// What it had to say could not be written.
    Output(io::Error),
}

impl From<ErrorReport> for CommandError {
    fn from(report: ErrorReport) -> Self {
        Self::Failed(Box::new(report))
    }
}

impl From<HistoryError> for CommandError {
    fn from(error: HistoryError) -> Self {
        error.report().into()
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worst_of_several_counts() {
        let several = [Exit::Succeeded, Exit::Failed, Exit::Cancelled, Exit::Lost];
        assert_eq!(several.into_iter().max(), Some(Exit::Failed));
        assert_eq!(several.map(Exit::code), [0, 1, 3, 4]);
    }

    #[test]
    fn a_program_s_exit_code_is_lw_s() {
        let codes = [0, 7, 255, -1].map(|code| Exit::of_program(code).code());
        assert_eq!(codes, [0, 7, 255, 4]);
    }
}
