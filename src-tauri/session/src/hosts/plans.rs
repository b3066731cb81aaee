//! A plan's file, and what is asked of a host when it is installed.

use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use labwright_remote::Access;
use labwright_remote::install::{InstallMode, InstallRequest, RequestedNode};
use labwright_remote::plan::{
    ImageSource, InstallPlan, NodeSource, PlanError, PlanNode, read_plan,
};
use thiserror::Error;

/// The largest plan that is read: the longest list of nodes has some megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// The most clones at once that are of use to anybody.
const MOST_JOBS: u8 = 32;
/// How many clones at once if nobody says.
const USUAL_JOBS: u8 = 4;
/// Where ComfyUI looks for nodes, in its own folder.
const NODES: &str = "custom_nodes";

/// Why a plan cannot be used.
#[derive(Debug, Error)]
pub enum PlanFileError {
    /// It cannot be read.
    #[error("the plan {file} cannot be read")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no plan.
    #[error("{file} is {bytes} bytes long, which is more than any plan")]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// It says what cannot be.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Nobody said where to.
    #[error("the plan {plan} does not say where its nodes go on the host")]
    NoTarget {
        /// The plan's name.
        plan: String,
    },
    /// A folder on the host that is none.
    #[error("`{path}` cannot be a folder on the host: {why}")]
    Path {
        /// What was given.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Too many or none.
    #[error("{jobs} clones at once are not possible: 1 to {MOST_JOBS} are")]
    Jobs {
        /// What was given.
        jobs: u8,
    },
}

impl PlanFileError {
    /// The failure in the form that crosses borders.
    pub fn report(&self) -> ErrorReport {
        let (code, hint) = match self {
            Self::Plan(error) => return error.report(),
            Self::Read { .. } => (
                "plan_unreadable",
                "Give the path of a file that you can read.",
            ),
            Self::TooLarge { .. } => (
                "plan_too_large",
                "Give a plan: docs/plans.md shows the formats.",
            ),
            Self::NoTarget { .. } => (
                "target_missing",
                "Give the folder of ComfyUI on the host: --target DIR.",
            ),
            Self::Path { .. } => (
                "target_invalid",
                "Give an absolute path, or one that begins with ~/.",
            ),
            Self::Jobs { .. } => ("jobs_invalid", "4 are usual."),
        };
        ErrorReport::of(code, self).with_hint(hint)
    }
}

/// Reads a plan's file.
pub fn read(file: &Path) -> Result<InstallPlan, PlanFileError> {
    let failed = |source| PlanFileError::Read {
        file: file.to_owned(),
        source,
    };
    let bytes = std::fs::metadata(file).map_err(failed)?.len();
    if bytes > LARGEST {
        let file = file.to_owned();
        return Err(PlanFileError::TooLarge { file, bytes });
    }
    let text = std::fs::read(file).map_err(failed)?;
    let name = file.file_name().unwrap_or(file.as_os_str());
    Ok(read_plan(&name.to_string_lossy(), &text)?)
}

/// The folder on the host that nodes' folders stand in; none if nobody said.
///
/// `given` is ComfyUI's own folder where the plan names none, and takes the place of the one that it names otherwise.
pub fn nodes_folder(plan: &InstallPlan, given: Option<&str>) -> Option<String> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    match (given, &plan.target) {
        (Some(given), Some(_)) => Some(given.to_owned()),
        (Some(given), None) => {
            let given = given.trim_end_matches('/');
            let is_theirs = given.rsplit('/').next() == Some(NODES);
            Some(if is_theirs {
                given.to_owned()
            } else {
                format!("{given}/{NODES}")
            })
        }
        (None, target) => target.clone(),
    }
}

/// What is wanted of a plan.
#[derive(Clone, Debug, Default)]
pub struct PlanUse<'a> {
    /// The folder on the host, if it was named.
    pub target: Option<&'a str>,
    /// The Python environment on the host, if it was named.
    pub venv: Option<&'a str>,
    /// The nodes; those that the plan chooses if empty.
    pub only: &'a [String],
    /// Those whose existing folder is replaced.
    pub replace: &'a [String],
    /// How many clones at once.
    pub jobs: Option<u8>,
}

/// What is asked of a host.
pub fn request(
    access: &Access,
    mode: InstallMode,
    file: &Path,
    plan: &InstallPlan,
    wanted: &PlanUse<'_>,
) -> Result<InstallRequest, PlanFileError> {
    let nodes = plan.select(wanted.only)?;
    if !wanted.replace.is_empty() {
        // A slip in a name must not be taken for a node without an answer.
        plan.select(wanted.replace)?;
    }
    let folder = nodes_folder(plan, wanted.target);
    let folder = match folder {
        Some(folder) => folder,
        None if nodes.iter().any(|node| needs_folder(node)) => {
            let plan = plan.name.clone();
            return Err(PlanFileError::NoTarget { plan });
        }
        None => String::new(),
    };
    let venv = wanted.venv.map(str::trim).filter(|venv| !venv.is_empty());
    let venv = venv.map(str::to_owned).or_else(|| plan.venv.clone());
    for path in [
        Some(&folder).filter(|folder| !folder.is_empty()),
        venv.as_ref(),
    ] {
        path.map_or(Ok(()), |path| check_path(path))?;
    }
    let jobs = wanted.jobs.unwrap_or(USUAL_JOBS);
    if !(1..=MOST_JOBS).contains(&jobs) {
        return Err(PlanFileError::Jobs { jobs });
    }
    let here = file.parent().unwrap_or(Path::new(""));
    Ok(InstallRequest {
        host: access.host.clone(),
        target: access.target.clone(),
        mode,
        plan: file.display().to_string(),
        folder,
        given: wanted.target.map(str::to_owned),
        venv,
        jobs,
        nodes: nodes
            .into_iter()
            .map(|node| requested(node, wanted.replace, here))
            .collect(),
    })
}

fn needs_folder(node: &PlanNode) -> bool {
    matches!(node.source, NodeSource::Git { .. })
}

/// A node with what it needs to be done again from anywhere: a file by its whole path.
fn requested(node: &PlanNode, replace: &[String], here: &Path) -> RequestedNode {
    let mut source = node.source.clone();
    if let NodeSource::Image {
        image: ImageSource::File { path, .. },
    } = &mut source
    {
        *path = here.join(&*path).display().to_string();
    }
    RequestedNode {
        name: node.name.clone(),
        source,
        replace: replace.contains(&node.name),
    }
}

fn check_path(path: &str) -> Result<(), PlanFileError> {
    let refused = |why| {
        let path = path.to_owned();
        Err(PlanFileError::Path { path, why })
    };
    if path.contains(char::is_control) {
        return refused("it has a control character");
    }
    if !path.starts_with('/') && !path.starts_with("~/") && path != "~" {
        return refused("it is not absolute");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use labwright_remote::plan::read_plan;

    use super::{check_path, nodes_folder};

    #[test]
    fn a_target_is_comfyui_s_folder_unless_the_plan_names_its_own() {
        let csv = read_plan("p.csv", b"Name,RepoUrl\na,https://git.lab/a.git\n").unwrap();
        assert_eq!(nodes_folder(&csv, None), None);
        let given = nodes_folder(&csv, Some("/workspace/ComfyUI/"));
        assert_eq!(given.unwrap(), "/workspace/ComfyUI/custom_nodes");
        let nodes = nodes_folder(&csv, Some("/workspace/ComfyUI/custom_nodes"));
        assert_eq!(nodes.unwrap(), "/workspace/ComfyUI/custom_nodes");
        let own = "[target]\npath = \"/opt/nodes\"\n[[node]]\nname = \"a\"\nkind = \"git\"\nurl = \"https://git.lab/a.git\"\n";
        let own = read_plan("p.toml", own.as_bytes()).unwrap();
        assert_eq!(nodes_folder(&own, None).unwrap(), "/opt/nodes");
        assert_eq!(nodes_folder(&own, Some("/other")).unwrap(), "/other");
    }

    #[test]
    fn folders_on_the_host_are_absolute_or_in_the_home() {
        for path in ["/opt/x", "~/ComfyUI", "/it's $(x)"] {
            check_path(path).unwrap();
        }
        for path in ["ComfyUI", "./x", "~root/x", "-x", "/a\nb"] {
            check_path(path).unwrap_err();
        }
    }
}
