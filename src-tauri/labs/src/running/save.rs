//! Saving the configurations of a lab's nodes.

use super::error::LabError;
use super::find::{RunningLab, RunningNode};
use crate::files::{self, FileError};
use crate::kinds::Kinds;
use crate::topology::NodeName;
use futures_util::future::join_all;
use labwright_engine::{ContainerStatus, Engine, EngineError, ExecSettings};
use labwright_jobs::ErrorReport;
use serde::Serialize;
use std::io;
use thiserror::Error;

/// What came of letting nodes save their configurations.
#[derive(Debug)]
pub struct Saved {
    /// The lab.
    pub lab: String,
    /// What was saved.
    pub nodes: Vec<SavedNode>,
    /// The nodes that did not save theirs, and why.
    pub failed: Vec<(String, SaveError)>,
}

/// A node's saved configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedNode {
    /// The node.
    pub node: String,
    /// The file's name in the node, without its folder; made of the kind where it is the command's output.
    pub file: String,
    /// What it holds.
    pub text: String,
}

/// Why a node did not save its configuration.
#[derive(Debug, Error)]
pub enum SaveError {
    /// It is stopped, or was never started.
    #[error("it does not run")]
    NotRunning,
    /// What its container says is its name cannot be one.
    #[error("its name is none that a node can have")]
    Name,
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Its command failed.
    #[error("`{command}` ended with {exit_code}: {output}")]
    Command {
        /// The command.
        command: String,
        /// How it ended.
        exit_code: i64,
        /// What it printed last.
        output: String,
    },
    /// What it saved could not be read.
    #[error("its file {path} cannot be read")]
    File {
        /// In the node.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl Saved {
    /// Why some nodes did not save, and what to do; none if all did.
    pub fn failure(&self) -> Option<ErrorReport> {
        if self.failed.is_empty() {
            return None;
        }
        let nodes: Vec<&str> = self.failed.iter().map(|(node, _)| node.as_str()).collect();
        let message = format!("save failed for {} of lab {}", nodes.join(", "), self.lab);
        let mut report = ErrorReport::new("lab_parts", message);
        for (node, error) in &self.failed {
            let why = ErrorReport::of("part", error).in_one_line();
            report = report.with_cause(format!("{node}: {why}"));
        }
        for hint in self.hints() {
            if !report.hints.contains(&hint) {
                report.hints.push(hint);
            }
        }
        Some(report)
    }

    fn hints(&self) -> Vec<String> {
        let (mut stopped, mut hints) = (Vec::new(), Vec::new());
        for (node, error) in &self.failed {
            match error {
                SaveError::NotRunning => stopped.push(node.as_str()),
                SaveError::Engine(error) => hints.extend(error.hints()),
                SaveError::Name | SaveError::Command { .. } | SaveError::File { .. } => {}
            }
        }
        if !stopped.is_empty() {
            hints.push(format!(
                "Start what does not run, and save again: lw node start {} {}",
                self.lab,
                stopped.join(" ")
            ));
        }
        hints
    }
}

/// Lets every chosen node save its configuration, which is kept in its volume, and returns what was saved and which
/// nodes did not. Nodes of kinds that save nothing are left out.
pub async fn save(
    engine: &Engine,
    kinds: &Kinds,
    lab: &RunningLab,
    nodes: &[String],
) -> Result<Saved, LabError> {
    let chosen = lab.chosen(nodes)?;
    let work = chosen.iter().map(|node| async move {
        let saved = save_one(engine, kinds, node).await;
        saved.map_err(|error| (node.name.clone(), error))
    });
    let mut saved = Saved {
        lab: lab.name.clone(),
        nodes: Vec::new(),
        failed: Vec::new(),
    };
    for outcome in join_all(work).await {
        match outcome {
            Ok(node) => saved.nodes.extend(node),
            Err(error) => saved.failed.push(error),
        }
    }
    Ok(saved)
}

async fn save_one(
    engine: &Engine,
    kinds: &Kinds,
    node: &RunningNode,
) -> Result<Option<SavedNode>, SaveError> {
    let Some(save) = kinds.get(&node.kind).and_then(|kind| kind.save.as_ref()) else {
        return Ok(None);
    };
    // It becomes a folder's name, and a container of anybody's can say anything.
    if node.name.parse::<NodeName>().is_err() {
        return Err(SaveError::Name);
    }
    if matches!(
        node.status,
        ContainerStatus::Created | ContainerStatus::Exited
    ) {
        return Err(SaveError::NotRunning);
    }
    let asked = ExecSettings {
        command: save.command.clone(),
        ..ExecSettings::default()
    };
    let result = engine.run(&node.container, &asked).await?;
    let said = String::from_utf8_lossy(&[&*result.out, &*result.error].concat()).into_owned();
    if result.exit_code != 0 {
        return Err(SaveError::Command {
            command: save.command.join(" "),
            exit_code: result.exit_code,
            output: said.lines().last().unwrap_or_default().to_owned(),
        });
    }
    let node = node.clone();
    let Some(path) = &save.file else {
        let text = String::from_utf8_lossy(&result.out).into_owned();
        let file = format!("{}.cfg", node.name);
        return Ok(Some(SavedNode {
            node: node.name,
            file,
            text,
        }));
    };
    let text = file_text(engine, &node.container, path).await?;
    let file = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok(Some(SavedNode {
        node: node.name,
        file,
        text,
    }))
}

/// The text of one file of a container.
async fn file_text(engine: &Engine, container: &str, path: &str) -> Result<String, SaveError> {
    let failed = |source| SaveError::File {
        path: path.to_owned(),
        source,
    };
    match files::text(engine, container, path).await {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(failed(io::ErrorKind::NotFound.into())),
        Err(FileError::Engine(error)) => Err(error.into()),
        Err(FileError::Archive(source)) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{SaveError, Saved};

    fn saved(failed: Vec<(&str, SaveError)>) -> Saved {
        let failed = failed.into_iter();
        Saved {
            lab: "dc1".to_owned(),
            nodes: Vec::new(),
            failed: failed
                .map(|(node, error)| (node.to_owned(), error))
                .collect(),
        }
    }

    #[test]
    fn nodes_that_did_not_save_are_told_with_what_to_do() {
        assert_eq!(saved(Vec::new()).failure(), None);
        let report = saved(vec![
            ("leaf1", SaveError::NotRunning),
            (
                "leaf2",
                SaveError::Command {
                    command: "Cli -c wr".to_owned(),
                    exit_code: 1,
                    output: "no space".to_owned(),
                },
            ),
            ("leaf3", SaveError::NotRunning),
        ])
        .failure()
        .unwrap();
        assert_eq!(
            report.message,
            "save failed for leaf1, leaf2, leaf3 of lab dc1"
        );
        assert_eq!(
            report.chain,
            [
                "leaf1: it does not run",
                "leaf2: `Cli -c wr` ended with 1: no space",
                "leaf3: it does not run"
            ]
        );
        assert_eq!(
            report.hints,
            ["Start what does not run, and save again: lw node start dc1 leaf1 leaf3"]
        );
    }
}
