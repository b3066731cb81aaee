//! What `lw console`, `lw logs` and `lw exec` take.

use clap::Args;

use super::labs::ChosenLab;
use super::quantities::Since;

pub(super) const CONSOLE_ABOUT: &str = "\
Open a node's command line.

It is the one of the node's kind, such as Cli for cEOS, else a shell. What is typed goes to it as it is, \
Ctrl-C included. Ctrl-P Ctrl-Q leaves it; a single Ctrl-P arrives a second later. A program that is left \
goes on, but what it prints is lost, and nobody can come back to it.

lw ends with the exit code of the program. If standard input is no terminal, it is what the program \
reads, and the program has no terminal either.";

pub(super) const CONSOLE_EXAMPLES: &str = "\
Examples:
  lw console dc1 leaf1
      Opens the command line of leaf1 in lab dc1.

  lw console dc1 leaf1 --shell bash
      Opens a shell instead.

  echo 'show version' | lw console dc1 leaf1
      Has a command line read from a pipe.";

pub(super) const LOGS_ABOUT: &str = "\
Show what a node has printed.

Bytes are passed on as they are, also those that change a terminal's colours.";

pub(super) const LOGS_EXAMPLES: &str = "\
Examples:
  lw logs dc1 leaf1 --last 50
      Shows the last 50 lines.

  lw logs dc1 leaf1 -f --since 10m
      Shows the last ten minutes, and what comes, until Ctrl-C or until the node stops.

  lw logs dc1 leaf1 --since 2026-11-20T10:00:00Z --timestamps
      Shows each line since then with its time.";

pub(super) const EXEC_ABOUT: &str = "\
Run a command in a node.

No shell reads it. Its standard output and standard error stay apart, and lw ends with its exit code. It \
reads standard input, unless that is a terminal. Ctrl-C ends lw, and the end of the input is all that \
the command sees of it; with --tty the key goes to the command.";

pub(super) const EXEC_EXAMPLES: &str = "\
Examples:
  lw exec dc1 h1 -- ping -c 3 10.0.0.2
      Runs ping in h1.

  lw exec dc1 leaf1 -- Cli -c 'show lldp neighbors'
      Asks a switch.

  lw exec dc1 h1 -- sh -c 'ip -j addr | wc -c'
      Runs two commands and a pipe in h1.

  lw exec dc1 h1 -- sh -c 'cat > /tmp/routes' < routes
      Sends a file.

  lw exec dc1 h1 -t -- top
      Gives the command a terminal. Ctrl-P Ctrl-Q leaves it.";

/// What `lw console` takes.
#[derive(Args, Debug)]
pub(crate) struct ConsoleArguments {
    #[command(flatten)]
    pub(crate) lab: ChosenLab,

    /// The node.
    pub(crate) node: String,

    /// The program instead of the kind's own; its arguments are parted by blanks, quotes count.
    #[arg(long, value_name = "COMMAND", value_parser = words)]
    pub(crate) shell: Option<Words>,
}

/// What `lw logs` takes.
#[derive(Args, Debug)]
pub(crate) struct LogsArguments {
    #[command(flatten)]
    pub(crate) lab: ChosenLab,

    /// The node.
    pub(crate) node: String,

    /// Go on with what the node prints, until Ctrl-C or until it stops.
    #[arg(short, long)]
    pub(crate) follow: bool,

    /// Show so many of the last lines, instead of all.
    #[arg(long, value_name = "N")]
    pub(crate) last: Option<u32>,

    /// Show only what was printed since: 10m, 2h30m, or a time such as 2026-11-20T10:00:00Z.
    #[arg(long, value_name = "TIME|DURATION", value_parser = Since::parse)]
    pub(crate) since: Option<Since>,

    /// Begin each line with its time.
    #[arg(long)]
    pub(crate) timestamps: bool,
}

/// What `lw exec` takes.
#[derive(Args, Debug)]
pub(crate) struct ExecArguments {
    #[command(flatten)]
    pub(crate) lab: ChosenLab,

    /// The node.
    pub(crate) node: String,

    /// Give the command a terminal: the one that lw has.
    #[arg(short, long)]
    pub(crate) tty: bool,

    /// The command with its arguments, after --.
    #[arg(required = true, last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// A command line in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words(
    /// At least one.
    pub(crate) Vec<String>,
);

fn words(text: &str) -> Result<Words, String> {
    let words = shlex::split(text).ok_or("a quote is not closed")?;
    if words.is_empty() {
        return Err("a command is missing".to_owned());
    }
    Ok(Words(words))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use clap::Parser;

    use super::words;
    use crate::args::{Arguments, Command};

    #[test]
    fn a_shell_is_read_in_words() {
        let split = words("bash -c 'a b' --login").unwrap().0;
        assert_eq!(split, ["bash", "-c", "a b", "--login"]);
        assert!(words("sh -c 'a").is_err());
        assert!(words(" ").is_err());
    }

    #[test]
    fn a_command_s_options_are_its_own() {
        let typed = ["lw", "exec", "dc1", "h1", "--", "ls", "-t", "--json", "--"];
        let arguments = Arguments::try_parse_from(typed).unwrap();
        assert!(!arguments.everywhere.json);
        let Command::Exec(exec) = arguments.command else {
            panic!("{arguments:?}");
        };
        assert!(!exec.tty);
        assert_eq!(exec.command, ["ls", "-t", "--json", "--"]);
    }

    #[test]
    fn a_command_is_needed_and_stands_after_two_dashes() {
        for typed in [
            ["lw", "exec", "dc1", "h1"].as_slice(),
            &["lw", "exec", "dc1", "h1", "--"],
            &["lw", "exec", "dc1", "h1", "ls"],
        ] {
            assert!(Arguments::try_parse_from(typed).is_err(), "{typed:?}");
        }
    }
}
