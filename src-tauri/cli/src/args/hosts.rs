//! What `lw host`, `lw install`, `lw verify` and `lw repair` take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

/// What `lw host` does; it lists without more.
#[derive(Debug, Subcommand)]
pub(crate) enum HostAction {
    /// Note a host, and see whether it can be reached.
    #[command(long_about = ADD_ABOUT, after_long_help = ADD_EXAMPLES)]
    Add(HostAddArguments),
    /// List the hosts that were noted.
    List,
    /// Log in to a host, and show what it has.
    #[command(long_about = TEST_ABOUT, after_long_help = TEST_EXAMPLES)]
    Test {
        /// A host that was noted, or anything that ssh knows.
        #[arg(value_name = "NAME", value_hint = ValueHint::Hostname)]
        name: String,
        /// Accept the host's key if it has exactly this fingerprint.
        #[arg(long, value_name = "SHA256:…")]
        fingerprint: Option<String>,
    },
    /// Forget a host. Nothing on it is touched.
    #[command(visible_alias = "remove")]
    Rm {
        /// Its name.
        name: String,
    },
}

const ADD_ABOUT: &str = "\
Note a host, and see whether it can be reached.

The system's own ssh does it, so that ~/.ssh/config, the agent, jump hosts, hardware keys and \
known_hosts are those that you have. Whatever works with `ssh NAME` without a question works here. Only \
what you say is noted, in hosts.toml in the configuration folder; never a password or a key.

A key that ssh does not know yet is shown with its fingerprint, and asked about. Without a terminal it is \
accepted only if --fingerprint says exactly it. A key that changed is refused.";

const ADD_EXAMPLES: &str = "\
Examples:
  lw host add gpu-7
      Notes the host that ssh knows as gpu-7, and tests it.

  lw host add rented --destination root@203.0.113.7 --port 40022 --identity ~/.ssh/rented
      Notes a host that ssh does not know yet.

  lw host add gpu-7 --fingerprint SHA256:k0RAVJUdVfS09mMJeMUJq2E1KuTBgmePtGQ2iQ36cbE
      Accepts the key that the host's owner told you, and no other.

  lw host add gpu-7 --ssh-config lab/ssh_config
      Notes it with the configuration that ssh shall read for it.";

const TEST_ABOUT: &str = "\
Log in to a host, and show what it has.

Nothing is changed there, but that the folder ~/.cache/labwright is made. A key that ssh does not know yet \
is shown with its fingerprint, and asked about; a key that changed is refused.";

const TEST_EXAMPLES: &str = "\
Examples:
  lw host test gpu-7
      Shows how far the host is, and its system, Python, git, engine and free space.

  lw host test gpu-7 --json | jq .free_space
      Prints how many bytes are free there.";

pub(super) const HOST_EXAMPLES: &str = "\
Examples:
  lw host
      Lists the hosts that were noted.

  lw host add gpu-7
      Notes the host that ssh knows as gpu-7.

  lw install nodes.csv --host gpu-7 --target /workspace/ComfyUI
      Installs what a plan says there.

  lw images --engine ssh://gpu-7
      Lists the images of its engine.";

/// What `lw host add` takes.
#[derive(Args, Debug)]
pub(crate) struct HostAddArguments {
    /// What it is called here; an alias or address that ssh knows, unless --destination says another.
    #[arg(value_name = "NAME", value_hint = ValueHint::Hostname)]
    pub(crate) name: String,

    /// What ssh is told: an alias, an address, or user@address.
    #[arg(long, value_name = "DEST")]
    pub(crate) destination: Option<String>,

    /// The port, where ssh's configuration does not say it.
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,

    /// The file of the private key, where ssh's configuration does not say it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) identity: Option<PathBuf>,

    /// Accept the host's key if it has exactly this fingerprint.
    #[arg(long, value_name = "SHA256:…", conflicts_with = "no_test")]
    pub(crate) fingerprint: Option<String>,

    /// Only note it; connect nowhere.
    #[arg(long)]
    pub(crate) no_test: bool,
}

pub(super) const INSTALL_ABOUT: &str = "\
Install what a plan says on a host.

A plan is a table (CSV), a snapshot or node list of ComfyUI-Manager (JSON), or Labwright's own TOML; \
docs/plans.md describes them. Each git node is cloned beside its place, compared with its pin, and put in \
place only when it is whole; then its requirements are installed, one pip at a time. A folder that is \
there already is looked at: what is as wanted is kept, and what is not is never overwritten unless \
--replace names it. One node that fails stops no other; lw jobs retry does only what failed.

The work is done by the host itself. A connection that breaks, a closed lid or a killed lw change nothing \
there: lw jobs attach, or the same command again, shows it where it stands. Ctrl-C stops the work on the \
host; a terminal that closes, and --detach, leave it.";

pub(super) const INSTALL_EXAMPLES: &str = "\
Examples:
  lw install nodes.csv --host gpu-7 --target /workspace/ComfyUI
      Installs all nodes of the table into /workspace/ComfyUI/custom_nodes.

  lw install plan.toml --host gpu-7 --only ComfyUI-Impact-Pack ComfyUI-Manager
      Installs two nodes of the plan, where the plan itself says where to.

  lw install nodes.csv --host gpu-7 --target /workspace/ComfyUI --replace ComfyUI-Manager
      Moves a folder aside that stands in the way of this node.

  lw install nodes.csv --host root@203.0.113.7 --target '~/ComfyUI' --detach
      Returns when the work has begun on the host. lw jobs attach ID follows it.";

pub(super) const VERIFY_ABOUT: &str = "\
Compare a host with a plan. Nothing is changed there.

Each node's commit is compared with its pin, each requirement with what is installed, and pip is asked for \
packages that do not fit each other. What there is no evidence for is unknown, never fine.

The exit code is 0 only if no requirement is missing or installed in another version, every node is there \
and at its pin, and nothing is in conflict. What is unknown or not understood is told, and does not fail.";

pub(super) const VERIFY_EXAMPLES: &str = "\
Examples:
  lw verify nodes.csv --host gpu-7 --target /workspace/ComfyUI
      Prints what is wrong, and how many requirements stand how.

  lw verify plan.toml --host gpu-7 --json | jq 'select(.change.type == \"finished\").change.outcome.result'
      Prints all that was found, for programs.";

pub(super) const REPAIR_ABOUT: &str = "\
Bring a host to what a plan says.

Nodes that are not there are installed; where nothing was changed by hand, the pinned commit is checked out \
again; what the requirements name is installed with pip. Then all is verified. Folders with local changes \
are left alone, and named. Says what it will do, and asks.";

pub(super) const REPAIR_EXAMPLES: &str = "\
Examples:
  lw repair nodes.csv --host gpu-7 --target /workspace/ComfyUI
      Asks, and mends what lw verify found.

  lw repair plan.toml --host gpu-7 --only ComfyUI-Impact-Pack --yes
      Mends one node without asking.";

/// A plan and the host that it is for.
#[derive(Args, Debug)]
pub(crate) struct PlanArguments {
    /// The plan's file.
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,

    /// The host: one that was noted, or anything that ssh knows.
    #[arg(long, value_name = "HOST", value_hint = ValueHint::Hostname)]
    pub(crate) host: String,

    /// ComfyUI's folder on the host; the nodes' own folder instead where the plan names one.
    #[arg(long, value_name = "DIR")]
    pub(crate) target: Option<String>,

    /// The Python environment on the host; looked for beside the nodes if not said.
    #[arg(long, value_name = "DIR")]
    pub(crate) venv: Option<String>,

    /// Only these nodes of the plan; may be given several times.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(crate) only: Vec<String>,
}

/// What `lw install` takes.
#[derive(Args, Debug)]
pub(crate) struct InstallArguments {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,

    /// Move what stands in the way of these nodes aside; may be given several times.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(crate) replace: Vec<String>,

    /// How many nodes are cloned at once, 1 to 32; 4 if not said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(crate) jobs: Option<u8>,

    /// Return when the work has begun on the host, and leave it there. Images that are sent from this machine are sent
    /// before.
    #[arg(long)]
    pub(crate) detach: bool,
}

/// What `lw repair` takes.
#[derive(Args, Debug)]
pub(crate) struct RepairArguments {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,

    /// Do not ask.
    #[arg(short, long)]
    pub(crate) yes: bool,
}
