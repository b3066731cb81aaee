//! What can be typed.

mod consoles;
mod hosts;
mod jobs;
pub(crate) mod labs;
mod links;
mod quantities;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use self::labs::{LabAction, NodeAction};
pub(crate) use consoles::{ConsoleArguments, ExecArguments, LogsArguments};
pub(crate) use hosts::{
    HostAction, HostAddArguments, InstallArguments, PlanArguments, RepairArguments,
};
pub(crate) use jobs::{JobsAction, JobsListArguments};
pub(crate) use links::{CaptureArguments, EndArguments, ImpairArguments, LinkAction};

/// Bring vendor images into Docker or Podman, and see the truth while it happens.
#[derive(Debug, Parser)]
#[command(
    name = "lw",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = AFTER_HELP,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 succeeded, 1 failed, 2 the command was wrong, 3 cancelled, 4 lost. lw console and lw \
exec end with the exit code of the program in the node.

An engine is looked for in this order: --engine, DOCKER_HOST, the current docker context, and the \
usual sockets of Docker, rootless Docker, Docker Desktop, Colima and Podman. An installed Podman \
that serves nobody is started. An engine on another host is reached by SSH: --engine ssh://HOST.";

/// Options that every command takes.
#[derive(Args, Debug, Clone)]
pub(crate) struct Everywhere {
    /// The engine to use: a name or an address from `lw engine list`.
    #[arg(long, global = true, env = "LW_ENGINE", value_name = "NAME|URL")]
    pub(crate) engine: Option<String>,

    /// The configuration that ssh reads, in place of ~/.ssh/config: for hosts, and for engines at ssh://…
    #[arg(
        long,
        global = true,
        env = "LW_SSH_CONFIG",
        value_name = "FILE",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) ssh_config: Option<PathBuf>,

    /// Print JSON: events as they happen, one a line, or one array or object.
    ///
    /// Jobs print their events (docs/events.md says what they mean); the last line is `finished`.
    /// Everything else prints one array or object. If a command fails without a job, it prints
    /// {"error": …} to standard error, and nothing to standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Print errors and results only, no progress.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Say on standard error what is being done; twice says more.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the engines of this machine.
    Engine {
        #[command(subcommand)]
        action: Option<EngineAction>,
    },
    /// Bring images from archives or URLs into the engine.
    #[command(long_about = IMPORT_ABOUT, after_long_help = IMPORT_EXAMPLES)]
    Import(ImportArguments),
    /// Bring images from registries into the engine.
    #[command(long_about = PULL_ABOUT, after_long_help = PULL_EXAMPLES)]
    Pull(PullArguments),
    /// Keep a login for a registry in the system's keyring.
    #[command(long_about = LOGIN_ABOUT, after_long_help = LOGIN_EXAMPLES)]
    Login(LoginArguments),
    /// Forget a login that lw keeps.
    Logout {
        /// The registry; Docker Hub if not said.
        #[arg(value_name = "REGISTRY", default_value = "docker.io")]
        registry: String,
    },
    /// Show, rename, remove, save and copy the engine's images.
    Images {
        #[command(subcommand)]
        action: Option<ImagesAction>,
    },
    /// Deploy labs, look at them, stop them, remove them.
    Lab {
        #[command(subcommand)]
        action: Option<LabAction>,
    },
    /// Start and stop single nodes of a lab.
    Node {
        #[command(subcommand)]
        action: NodeAction,
    },
    /// Open a node's command line.
    #[command(long_about = consoles::CONSOLE_ABOUT, after_long_help = consoles::CONSOLE_EXAMPLES)]
    Console(ConsoleArguments),
    /// Show what a node has printed.
    #[command(long_about = consoles::LOGS_ABOUT, after_long_help = consoles::LOGS_EXAMPLES)]
    Logs(LogsArguments),
    /// Run a command in a node.
    #[command(long_about = consoles::EXEC_ABOUT, after_long_help = consoles::EXEC_EXAMPLES)]
    Exec(ExecArguments),
    /// Show and change the links of a lab, and listen to them.
    #[command(long_about = links::LINK_ABOUT)]
    Link {
        #[command(subcommand)]
        action: LinkAction,
    },
    /// Note hosts that are reached by SSH, and look at them.
    #[command(after_long_help = hosts::HOST_EXAMPLES)]
    Host {
        #[command(subcommand)]
        action: Option<HostAction>,
    },
    /// Install what a plan says on a host.
    #[command(long_about = hosts::INSTALL_ABOUT, after_long_help = hosts::INSTALL_EXAMPLES)]
    Install(InstallArguments),
    /// Compare a host with a plan.
    #[command(long_about = hosts::VERIFY_ABOUT, after_long_help = hosts::VERIFY_EXAMPLES)]
    Verify(PlanArguments),
    /// Bring a host to what a plan says.
    #[command(long_about = hosts::REPAIR_ABOUT, after_long_help = hosts::REPAIR_EXAMPLES)]
    Repair(RepairArguments),
    /// Show what was done, follow it, stop it, or do it again.
    Jobs {
        #[command(subcommand)]
        action: Option<JobsAction>,
    },
    /// Print what a shell needs to complete lw's commands.
    #[command(after_long_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

const IMPORT_ABOUT: &str = "\
Bring images from archives or URLs into the engine.

An archive is recognised by its content, whatever its name: a root file system, a docker save or OCI \
archive, or one of those within another archive; plain, or compressed with gzip, xz, lzma, zstd, \
bzip2 or lz4. It is decoded on all cores and streamed: nothing is unpacked to the disk.

Kind, version and reference are taken from the file's name and content, cEOS64-lab-4.35.1F.tar.xz \
becoming ceos:4.35.1F. A reference that is taken is found before anything is sent. What an import \
that fails or is cancelled has made is removed again. A file that was imported before is recognised, \
and nothing is sent.

Two imports run at once, the others wait. Ctrl-C cancels; a second one leaves at once.";

const IMPORT_EXAMPLES: &str = "\
Examples:
  lw import cEOS64-lab-4.35.1F.tar.xz
      Imports the file as ceos:4.35.1F.

  lw import cEOS64-lab-4.35.1F.tar.xz --as ceos:test --replace
      Imports it as ceos:test; an image of that name loses the name, but is not removed.

  lw import ~/Downloads/*.tar.xz
      Imports all of them, two at once. The exit code is the worst of theirs.

  lw import https://files.lab.example/frr-10.2.tar.zst --sha256 9f86d081884c7d659a2feaa0c55ad015…
      Downloads and imports in one go, and fails unless the file has this SHA-256.

  lw import download.bin --kind arista_ceos --as ceos:test
      Says what the file's name does not.

  lw import cEOS64-lab-4.35.1F.tar.xz --engine podman --quiet
      Imports into Podman, and prints nothing but the reference.

  lw import cEOS64-lab-4.35.1F.tar.xz --json | jq 'select(.change.type == \"finished\")'
      Prints how it ended, for programs.

Kinds of your own are described in kinds.toml in the configuration folder, ~/.config/labwright on \
Linux.";

const PULL_ABOUT: &str = "\
Bring images from registries into the engine.

While the engine begins, the registry is asked what the image is made of, so that the total is known \
from the start. Each layer is shown by its id, with its true size. A layer that the \
engine has counts as done. At the end the engine is asked whether it has what the registry has.

A short name is Docker Hub's: alpine is docker.io/library/alpine:latest. Logins are taken from lw \
login, from Docker's configuration and its credential helpers, and from Podman's auth.json.

Three pulls run at once, the others wait. A pull that runs already is joined. Ctrl-C cancels; a second \
one leaves at once.";

const PULL_EXAMPLES: &str = "\
Examples:
  lw pull ghcr.io/nokia/srlinux:24.10.1
      Pulls the image for the engine's own platform.

  lw pull quay.io/frrouting/frr:10.5.1 wbitt/network-multitool:3
      Pulls both, side by side. The exit code is the worst of theirs.

  lw pull alpine:3 --platform linux/arm64
      Pulls the image for another platform.

  lw pull registry.lab.example:5000/xrd@sha256:9f86d081884c7d659a2feaa0c55ad015…
      Pulls exactly this image, whatever its tags mean by now.";

const LOGIN_ABOUT: &str = "\
Keep a login for a registry in the system's keyring.

The registry is asked whether it accepts the login before it is kept. The password is asked for at the \
terminal, or read from standard input; it is in no file, no log and no argument. Where there is no \
keyring, use docker login or podman login: lw reads their files too.";

const LOGIN_EXAMPLES: &str = "\
Examples:
  lw login ghcr.io --username ada
      Asks for the password, and keeps the login.

  lw login registry.lab.example:5000 --username lab --password-stdin < token
      Reads the password from a file.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  lw completions bash > ~/.local/share/bash-completion/completions/lw
  lw completions zsh  > ~/.zfunc/_lw
  lw completions fish > ~/.config/fish/completions/lw.fish";

/// What `lw engine` does; it lists without more.
#[derive(Debug, Subcommand)]
pub(crate) enum EngineAction {
    /// List the engines that answer, and those that were chosen and do not.
    List,
    /// Show the engine that would be used.
    Show,
}

/// What `lw import` takes.
#[derive(Args, Debug)]
pub(crate) struct ImportArguments {
    /// Archives, or http(s) addresses of archives.
    #[arg(required = true, value_name = "FILE|URL", value_hint = ValueHint::FilePath)]
    pub(crate) sources: Vec<String>,

    /// The image's name, instead of the proposed one. For one file only.
    #[arg(long = "as", value_name = "REF")]
    pub(crate) reference: Option<String>,

    /// What the image is, instead of what is recognised.
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,

    /// Take the name from the image that has it. That image is kept, without the name.
    #[arg(long)]
    pub(crate) replace: bool,

    /// The SHA-256 that the file must have, in hexadecimal digits. For one file only.
    #[arg(long, value_name = "H", value_parser = sha256)]
    pub(crate) sha256: Option<String>,
}

/// What `lw pull` takes.
#[derive(Args, Debug)]
pub(crate) struct PullArguments {
    /// The images' names.
    #[arg(required = true, value_name = "REF")]
    pub(crate) references: Vec<String>,

    /// The platform, such as linux/arm64, instead of the engine's own.
    #[arg(long, value_name = "P")]
    pub(crate) platform: Option<String>,
}

/// What `lw login` takes.
#[derive(Args, Debug)]
pub(crate) struct LoginArguments {
    /// The registry; Docker Hub if not said.
    #[arg(value_name = "REGISTRY", default_value = "docker.io")]
    pub(crate) registry: String,

    /// The user's name; asked for at the terminal if not said.
    #[arg(short, long, value_name = "NAME")]
    pub(crate) username: Option<String>,

    /// Read the password, or an access token, from standard input.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// What `lw images` does; it lists without more.
#[derive(Debug, Subcommand)]
pub(crate) enum ImagesAction {
    /// List the images, with their kind, version, architecture, size, source and users.
    List,
    /// Remove images.
    #[command(visible_alias = "remove")]
    Rm {
        /// Names or ids. A name that is not an image's only one is taken from it.
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        /// Also remove images that containers use. The containers stay.
        #[arg(long)]
        force: bool,
    },
    /// Give an image another name. It keeps the one it has.
    Tag {
        /// The image's name or id.
        from: String,
        /// The new name.
        to: String,
        /// Take the name from the image that has it.
        #[arg(long)]
        replace: bool,
    },
    /// Save images to a file.
    #[command(long_about = SAVE_ABOUT, after_long_help = SAVE_EXAMPLES)]
    Save(SaveArguments),
    /// Copy images to another engine.
    #[command(long_about = COPY_ABOUT, after_long_help = COPY_EXAMPLES)]
    Copy(CopyArguments),
}

const SAVE_ABOUT: &str = "\
Save images to a file.

The file is a docker archive, which lw import, docker load and podman load read. It is compressed as \
its name says: .tar, .tar.gz, .tgz or .tar.zst, which older engines do not read and lw does. It is \
streamed from the engine, and gets its name only when it is whole, holds every image that was asked \
for, and is on the disk; until then it is a hidden file beside its place, which goes if the save fails \
or is cancelled.

With - the archive goes to standard output, not compressed, and everything else to standard error.";

const SAVE_EXAMPLES: &str = "\
Examples:
  lw images save ceos:4.35.1F ceos.tar.zst
      Saves the image, and prints the file's SHA-256.

  lw images save ceos:4.35.1F frr:10.2 lab.tar.gz --replace
      Saves two images into one file, in the place of the one that is there.

  lw images save ceos:4.35.1F ceos.tar.zst --quiet > ceos.sha256
      Prints a line for sha256sum --check, and nothing else.

  lw images save frr:10.2 - | ssh lab-7 docker load
      Sends the archive to another program.";

const COPY_ABOUT: &str = "\
Copy images to another engine.

They go in one stream from the engine in use to the other one, without a file between, and keep their \
names. As in an import, they are checked before they get them, and a name that is taken is found \
before anything is sent. An image that the other engine has already, under the same name, is not sent.";

const COPY_EXAMPLES: &str = "\
Examples:
  lw images copy ceos:4.35.1F --to podman
      Copies the image into Podman.

  lw images copy ceos:4.35.1F frr:10.2 --engine podman --to tcp://lab-7:2375
      Copies two images from Podman to an engine elsewhere. What they share is sent once.";

/// What `lw images save` takes.
#[derive(Args, Debug)]
pub(crate) struct SaveArguments {
    /// The images' names.
    #[arg(required = true, value_name = "REF")]
    pub(crate) references: Vec<String>,

    /// The file, compressed as its name says; - for standard output.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: String,

    /// Replace a file that exists. It stays until the new one is whole.
    #[arg(long)]
    pub(crate) replace: bool,
}

/// What `lw images copy` takes.
#[derive(Args, Debug)]
pub(crate) struct CopyArguments {
    /// The images' names.
    #[arg(required = true, value_name = "REF")]
    pub(crate) references: Vec<String>,

    /// The engine that gets them: a name or an address from `lw engine list`.
    #[arg(long, value_name = "NAME|URL")]
    pub(crate) to: String,

    /// Take the names from the images that have them there. Those images are kept.
    #[arg(long)]
    pub(crate) replace: bool,
}

/// Reads a SHA-256, with or without `sha256:` before it.
fn sha256(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let right = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if right {
        Ok(digits.to_ascii_lowercase())
    } else {
        Err("a SHA-256 has 64 hexadecimal digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use clap::{CommandFactory, Parser};

    use super::{Arguments, Command, sha256};

    #[test]
    fn the_commands_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_that_count_everywhere_can_stand_anywhere() {
        let before = Arguments::try_parse_from(["lw", "--json", "-q", "images"]).unwrap();
        let after = Arguments::try_parse_from(["lw", "images", "list", "--json", "-q"]).unwrap();
        assert!(before.everywhere.json && before.everywhere.quiet);
        assert!(after.everywhere.json && after.everywhere.quiet);
        assert!(matches!(before.command, Command::Images { action: None }));
    }

    #[test]
    fn a_sha256_has_64_digits() {
        let digits = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";
        assert_eq!(sha256(digits).unwrap(), digits.to_lowercase());
        assert_eq!(
            sha256(&format!("sha256:{digits}")).unwrap(),
            digits.to_lowercase()
        );
        assert!(sha256(&digits[1..]).is_err());
        assert!(sha256(&digits.replace('A', "x")).is_err());
    }
}
