//! What is wrong with a topology file, where, and what would be right.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a file.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Whether a lab can be deployed all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but something is not as it was written.
    Warning,
}

/// What is wrong, for code that branches. Its text is the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The file is a Go template.
    Template,
    /// The file or its nesting is larger than any topology is.
    TooLarge,
    /// The text is no YAML.
    Syntax,
    /// A key stands twice in one map.
    DuplicateKey,
    /// A key that nobody knows.
    UnknownKey,
    /// A key of an earlier release, with another name today.
    DeprecatedKey,
    /// A key that must be there is not.
    MissingKey,
    /// A list where a text was wanted, and the like.
    WrongType,
    /// A value that the key does not take.
    InvalidValue,
    /// A variable that has no value and no default.
    UnsetVariable,
    /// A name that is none.
    InvalidName,
    /// A name that is taken.
    DuplicateName,
    /// A kind that nobody knows.
    UnknownKind,
    /// A kind that cannot run here, and what it would need.
    UnsupportedKind,
    /// A reference to a node that is not there.
    UnknownNode,
    /// A group that is not there.
    UnknownGroup,
    /// An interface's name that the kind does not have.
    InvalidInterface,
    /// An interface that is used twice.
    DuplicateInterface,
    /// An interface that belongs to the management network.
    ManagementInterface,
    /// An address that is none, or lies outside its subnet.
    InvalidAddress,
    /// An address that is used twice.
    DuplicateAddress,
    /// A port of the host that is used twice.
    DuplicatePort,
    /// Nodes that wait for each other.
    Cycle,
    /// A setting that has no effect.
    NoEffect,
}

/// One problem of a topology file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Whether it stops a deployment.
    pub severity: Severity,
    /// What is wrong, for code that branches.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// The other place, of something that stands twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Place>,
    /// What is wrong, for people. It names the object.
    pub message: String,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl fmt::Display for Problem {
    /// `12:9: message; suggestion`, without the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; {suggestion}"),
            None => Ok(()),
        }
    }
}

/// A topology file that cannot be deployed: all its problems, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub struct TopologyError {
    /// The file.
    pub file: PathBuf,
    /// Errors and warnings; at least one is an error.
    pub problems: Vec<Problem>,
}

impl TopologyError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        "topology_invalid"
    }

    /// The errors, without the warnings.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        let error = |problem: &&Problem| problem.severity == Severity::Error;
        self.problems.iter().filter(error)
    }
}

impl fmt::Display for TopologyError {
    /// One line for each problem: `dc1.clab.yml:12:9: message; suggestion`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let word = match problem.severity {
                Severity::Error => "",
                Severity::Warning => "warning: ",
            };
            write!(
                f,
                "{}:{}: {word}{}",
                file_name(&self.file),
                problem.place,
                problem.message
            )?;
            if let Some(suggestion) = &problem.suggestion {
                write!(f, "; {suggestion}")?;
            }
        }
        Ok(())
    }
}

fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    name.to_string_lossy().into_owned()
}
