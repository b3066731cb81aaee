//! `lw lab check`.

use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use labwright_labs::deploy::{DeployError, read, topology_files};
use labwright_labs::topology::{Problem, Severity};
use serde::Serialize;

use super::Context;
use super::lab::{kinds, surroundings};
use crate::exit::{CommandError, Exit};
use crate::view::labs::count;

/// What there is to say of one file.
#[derive(Serialize)]
struct Checked {
    file: PathBuf,
    /// The lab's name, where the file can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    lab: Option<String>,
    nodes: usize,
    links: usize,
    /// Why it cannot be read at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorReport>,
    problems: Vec<Problem>,
}

impl Checked {
    fn is_refused(&self) -> bool {
        let error = |problem: &Problem| problem.severity == Severity::Error;
        self.error.is_some() || self.problems.iter().any(error)
    }

    fn lines(&self) -> Vec<String> {
        let file = self.file.display();
        let mut lines = Vec::new();
        if let Some(error) = &self.error {
            lines.push(format!("{file}: {}", error.in_one_line()));
        } else if let Some(lab) = &self.lab {
            let has = [count(self.nodes, "node"), count(self.links, "link")];
            lines.push(format!("{file}: lab {lab}, {}", has.join(", ")));
        }
        lines.extend(self.problems.iter().map(|problem| {
            let word = match problem.severity {
                Severity::Error => "",
                Severity::Warning => "warning: ",
            };
            let suggestion = problem.suggestion.as_ref();
            let suggestion = suggestion.map_or_else(String::new, |text| format!("; {text}"));
            format!(
                "{file}:{}: {word}{}{suggestion}",
                problem.place, problem.message
            )
        }));
        lines
    }
}

/// Reads every file, and says what is wrong with each.
pub(super) async fn check(context: &Context, paths: &[PathBuf]) -> Result<Exit, CommandError> {
    let mut all = Vec::new();
    for path in paths {
        for file in topology_files(path).map_err(|error| error.report())? {
            all.push(of_file(context, &file).await?);
        }
    }
    if context.options.json {
        context.print_json(&all)?;
    } else {
        let lines: Vec<String> = all.iter().flat_map(Checked::lines).collect();
        context.print(&lines)?;
    }
    let refused = all.iter().any(Checked::is_refused);
    Ok(if refused {
        Exit::Failed
    } else {
        Exit::Succeeded
    })
}

async fn of_file(context: &Context, file: &Path) -> Result<Checked, CommandError> {
    let mut checked = Checked {
        file: file.to_owned(),
        lab: None,
        nodes: 0,
        links: 0,
        error: None,
        problems: Vec::new(),
    };
    let absolute = std::path::absolute(file)?;
    match read(&absolute, &*kinds()?, &surroundings(context)).await {
        Ok(topology) => {
            checked.lab = Some(topology.name.to_string());
            checked.nodes = topology.nodes.len();
            checked.links = topology.links.len();
            checked.problems = topology.warnings;
        }
        Err(DeployError::Topology { source, .. }) => checked.problems = source.problems,
        Err(error) => checked.error = Some(error.report()),
    }
    Ok(checked)
}
