//! What `lw lab` and `lw node` take.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::consoles::{EXEC_ABOUT, EXEC_EXAMPLES, ExecArguments};

/// A lab that is there, given by its name or by its file.
#[derive(Args, Debug)]
pub(crate) struct ChosenLab {
    /// The lab's name, or its topology's file.
    #[arg(value_name = "LAB|FILE", value_hint = ValueHint::FilePath)]
    pub(crate) lab: String,
}

impl fmt::Display for ChosenLab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lab)
    }
}

/// What `lw lab` does; it lists without more.
#[derive(Debug, Subcommand)]
pub(crate) enum LabAction {
    /// Bring a lab up, or change one that runs to what its file says now.
    #[command(long_about = DEPLOY_ABOUT, after_long_help = DEPLOY_EXAMPLES)]
    Deploy(DeployArguments),
    /// Show what a deployment would do, or everything that is in its way.
    Plan(PlanArguments),
    /// Say what is wrong with topology files; no engine is asked.
    #[command(after_long_help = CHECK_EXAMPLES)]
    Check {
        /// Topology files, or folders whose *.clab.yml are read, however deep; this folder if not said.
        #[arg(value_name = "FILE", default_value = ".", value_hint = ValueHint::AnyPath)]
        files: Vec<PathBuf>,
    },
    /// Remove a lab: its nodes, links and volumes, and the management network with the last of its labs.
    #[command(after_long_help = DESTROY_EXAMPLES)]
    Destroy {
        #[command(flatten)]
        lab: ChosenLab,
        /// Keep what the nodes saved, for the next deployment.
        #[arg(long)]
        keep_state: bool,
    },
    /// Start the nodes that do not run.
    Start(ChosenLab),
    /// Stop all nodes. Their links and state stay.
    Stop(ChosenLab),
    /// Stop all nodes and start them.
    Restart(ChosenLab),
    /// Let the nodes save their configurations.
    Save {
        #[command(flatten)]
        lab: ChosenLab,
        /// Save only these nodes.
        #[arg(value_name = "NODE")]
        nodes: Vec<String>,
        /// Write them into this folder too, as NODE/FILE.
        #[arg(short, long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
        output: Option<PathBuf>,
    },
    /// Show how a lab stands: its nodes, their addresses and ports, and its links.
    Inspect(ChosenLab),
    /// List the labs of the engine, whoever deployed them.
    List,
    /// Find out what is wrong with a lab, and what to do about it.
    Doctor(ChosenLab),
}

const DEPLOY_ABOUT: &str = "\
Bring a lab up, or change one that runs to what its file says now.

The file is a containerlab topology. It is read and checked as a whole, and so is what the engine has: \
images, names, addresses, ports, files. Everything that is in the way is said at once, before anything \
is made. Then the nodes come up side by side; each says what it waits for.

A lab that runs keeps every node that is as it should be. Nodes whose settings changed get a new \
container and keep their saved state; links change without touching a node, where its kind sees that. \
Nodes that stay are looked at all the same. The commands of `exec` are run each time when lw starts a \
node, and by a deployment that finds that they have not run since it was started.

It needs no root, no other program and no server. The links are held by a small helper container, which \
goes on when lw ends, and heals them when a node, the engine or the machine restarts.

If it fails, what it made goes again; unless all that failed is that nodes did not get ready: then the \
lab is kept to be looked at. --on-failure says it otherwise. Ctrl-C takes back what was made.";

const DEPLOY_EXAMPLES: &str = "\
Examples:
  lw lab deploy dc1.clab.yml
      Deploys the lab, and shows each node on its way.

  lw lab deploy
      Deploys the only *.clab.yml of this folder.

  lw lab deploy dc1.clab.yml --pull
      Pulls images that are missing.

  lw lab deploy dc1.clab.yml --import cEOS64-lab-4.35.1F.tar.xz
      Imports the image of its cEOS nodes from there, if the engine does not have it.

  lw lab deploy dc1.clab.yml --ready-within 300 --on-failure undo
      Gives up on nodes that are not ready after five minutes, and removes everything then.

  lw lab plan dc1.clab.yml
      Shows what would be done.";

const CHECK_EXAMPLES: &str = "\
Examples:
  lw lab check dc1.clab.yml
      Says every mistake with its line and column, and every key that has no effect.

  lw lab check --json labs/
      Says it of every topology below labs/, for an editor or a script. The exit code is 1 if one of them
      cannot be deployed.";

const DESTROY_EXAMPLES: &str = "\
Examples:
  lw lab destroy dc1
      Removes the lab dc1. Its file is not needed.

  lw lab destroy dc1.clab.yml --keep-state
      Removes it, and keeps what its nodes saved.";

/// What `lw lab deploy` takes.
#[derive(Args, Debug)]
pub(crate) struct DeployArguments {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,

    /// What becomes of what was made, if it fails.
    #[arg(long, value_name = "WHAT")]
    pub(crate) on_failure: Option<WhenFailed>,

    /// Give up on nodes that are not ready after so many seconds; without it they are waited for.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) ready_within: Option<u64>,
}

/// What becomes of what was made, if a deployment fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhenFailed {
    /// It goes.
    Undo,
    /// It stays.
    Keep,
}

/// What `lw lab plan` takes, and every deployment.
#[derive(Args, Debug)]
pub(crate) struct PlanArguments {
    /// The topology's file, or a folder with one; this folder if not said.
    #[arg(value_name = "FILE", default_value = ".", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Pull images that are missing.
    #[arg(long)]
    pub(crate) pull: bool,

    /// Import an image that is missing from this archive; may be given several times.
    #[arg(long, value_name = "FILE|URL", value_hint = ValueHint::FilePath)]
    pub(crate) import: Vec<String>,

    /// Give every node a new container.
    #[arg(long)]
    pub(crate) anew: bool,
}

/// What `lw node` does.
#[derive(Debug, Subcommand)]
pub(crate) enum NodeAction {
    /// Start nodes. Their links come back.
    Start(NodeArguments),
    /// Stop nodes. Their neighbours keep their interfaces, and the links come back with the nodes.
    Stop(NodeArguments),
    /// Stop nodes and start them.
    Restart(NodeArguments),
    /// Run a command on a node; the same as `lw exec`.
    #[command(long_about = EXEC_ABOUT, after_long_help = EXEC_EXAMPLES)]
    Exec(ExecArguments),
}

/// What `lw node start`, `stop` and `restart` take.
#[derive(Args, Debug)]
pub(crate) struct NodeArguments {
    #[command(flatten)]
    pub(crate) lab: ChosenLab,
    /// The nodes.
    #[arg(required = true, value_name = "NODE")]
    pub(crate) nodes: Vec<String>,
}
