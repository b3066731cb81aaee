//! What `lw link` takes.

use clap::{Args, Subcommand, ValueHint};
use labwright_labs::links::{EndName, Impairments};

use super::labs::ChosenLab;
use super::quantities;

pub(super) const LINK_ABOUT: &str = "\
Show and change the links of a lab, and listen to them.

Links are changed while the lab runs: no node is started again. What is changed stays until the lab is \
deployed again or destroyed. An end is written NODE:INTERFACE, by the name that the node's kind gives it \
or by its Linux name: leaf1:Ethernet1 is leaf1:eth1.";

const CONNECT_EXAMPLES: &str = "\
Examples:
  lw link connect dc1 leaf1:Ethernet3 h7:eth1
      Joins two ports that have no link.";

const IMPAIR_ABOUT: &str = "\
Delay, lose, damage and slow down frames.

It is done to frames on their way to the end that is named; those the other way are not touched. What is \
given replaces what was there: what is not given any more is not done any more.";

const IMPAIR_EXAMPLES: &str = "\
Examples:
  lw link impair dc1 leaf1:eth1 --delay 10ms --jitter 2ms
      Delays what leaf1 receives there by 8 to 12 ms.

  lw link impair dc1 leaf1:eth1 --loss 0.5% --rate 10mbit
      Loses one frame of 200, and lets ten megabits pass in a second. The delay is gone.

  lw link impair dc1 leaf1:eth1 --clear
      Leaves frames alone again.";

const CAPTURE_ABOUT: &str = "\
Write what passes an end to a capture file.

The file is in the format pcapng. Ctrl-C ends the capture, and the file is whole. Without --output it \
goes to standard output, for another program to read. While the node does not run nothing is heard; \
the capture goes on when it is back.";

const CAPTURE_EXAMPLES: &str = "\
Examples:
  lw link capture dc1 leaf1:eth1 -o bgp.pcapng
      Writes to a file until Ctrl-C.

  lw link capture dc1 leaf1:Ethernet1 | wireshark -k -i -
      Shows what passes while it passes.

  lw link capture dc1 leaf1:eth1 --snap 128 | tcpdump -nr -
      Keeps the first 128 bytes of each frame.";

/// What `lw link` does.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkAction {
    /// List the links of a lab, and the ports without one.
    List {
        #[command(flatten)]
        lab: ChosenLab,
    },
    /// Join two ends that have no link.
    #[command(after_long_help = CONNECT_EXAMPLES)]
    Connect {
        #[command(flatten)]
        lab: ChosenLab,
        /// One end.
        #[arg(value_name = "NODE:INTERFACE")]
        one: EndName,
        /// The other.
        #[arg(value_name = "NODE:INTERFACE")]
        other: EndName,
    },
    /// Take away the link of an end. Its ports stay, without a carrier.
    Disconnect(EndArguments),
    /// Set a link down: its ports lose their carrier.
    Down(EndArguments),
    /// Set a link up again.
    Up(EndArguments),
    /// Delay, lose, damage and slow down frames.
    #[command(long_about = IMPAIR_ABOUT, after_long_help = IMPAIR_EXAMPLES)]
    Impair(ImpairArguments),
    /// Write what passes an end to a capture file.
    #[command(long_about = CAPTURE_ABOUT, after_long_help = CAPTURE_EXAMPLES)]
    Capture(CaptureArguments),
}

/// An end of a link of a lab.
#[derive(Args, Debug)]
pub(crate) struct EndArguments {
    #[command(flatten)]
    pub(crate) lab: ChosenLab,

    /// An end of the link.
    #[arg(value_name = "NODE:INTERFACE")]
    pub(crate) end: EndName,
}

/// What `lw link impair` takes.
#[derive(Args, Debug)]
#[group(id = "wanted", required = true, multiple = true, args = ["delay", "jitter", "loss", "rate", "corruption", "clear"])]
pub(crate) struct ImpairArguments {
    #[command(flatten)]
    pub(crate) place: EndArguments,

    /// Delay each frame: 10ms, 250us, 1.5s.
    #[arg(long, value_name = "TIME", value_parser = quantities::microseconds)]
    pub(crate) delay: Option<u32>,

    /// Vary the delay by as much, up and down.
    #[arg(long, value_name = "TIME", requires = "delay", value_parser = quantities::microseconds)]
    pub(crate) jitter: Option<u32>,

    /// Lose such a share of the frames: 1%.
    #[arg(long, value_name = "SHARE", value_parser = quantities::parts_per_million)]
    pub(crate) loss: Option<u32>,

    /// Let so many bits pass in a second: 10mbit, 64kbit.
    #[arg(long, value_name = "RATE", value_parser = quantities::bits_per_second)]
    pub(crate) rate: Option<u64>,

    /// Turn over a bit in such a share of the frames: 0.1%.
    #[arg(long, value_name = "SHARE", value_parser = quantities::parts_per_million)]
    pub(crate) corruption: Option<u32>,

    /// Do nothing to frames any more.
    #[arg(long, conflicts_with_all = ["delay", "jitter", "loss", "rate", "corruption"])]
    pub(crate) clear: bool,
}

impl ImpairArguments {
    /// What is to be done to frames.
    pub(crate) fn impairments(&self) -> Impairments {
        Impairments {
            delay_us: self.delay.unwrap_or_default(),
            jitter_us: self.jitter.unwrap_or_default(),
            loss_ppm: self.loss.unwrap_or_default(),
            corruption_ppm: self.corruption.unwrap_or_default(),
            rate_bps: self.rate.unwrap_or_default(),
        }
    }
}

/// What `lw link capture` takes.
#[derive(Args, Debug)]
pub(crate) struct CaptureArguments {
    #[command(flatten)]
    pub(crate) place: EndArguments,

    /// The file; standard output if not said.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<std::path::PathBuf>,

    /// Replace a file that exists.
    #[arg(long, requires = "output")]
    pub(crate) replace: bool,

    /// Keep so many bytes of each frame.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..=262_144))]
    pub(crate) snap: Option<u32>,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use clap::Parser;
    use labwright_labs::links::Impairments;

    use super::LinkAction;
    use crate::args::{Arguments, Command};

    fn impair(options: &[&str]) -> Result<Impairments, String> {
        let typed = [&["lw", "link", "impair", "dc1", "leaf1:eth1"], options].concat();
        let arguments = Arguments::try_parse_from(typed).map_err(|error| error.to_string())?;
        let Command::Link {
            action: LinkAction::Impair(arguments),
        } = arguments.command
        else {
            panic!("{arguments:?}");
        };
        Ok(arguments.impairments())
    }

    #[test]
    fn impairments_have_units_and_are_given_wholly() {
        let all = "--delay 10ms --jitter 250us --loss 1% --rate 10mbit --corruption 0.1%";
        let all = all.split(' ').collect::<Vec<_>>();
        let expected = Impairments {
            delay_us: 10_000,
            jitter_us: 250,
            loss_ppm: 10_000,
            corruption_ppm: 1_000,
            rate_bps: 10_000_000,
        };
        assert_eq!(impair(&all).unwrap(), expected);
        assert_eq!(impair(&["--clear"]).unwrap(), Impairments::NONE);
    }

    #[test]
    fn impairments_that_make_no_sense_are_said() {
        let wrong: [&[&str]; 7] = [
            &[],
            &["--jitter", "2ms"],
            &["--clear", "--loss", "1%"],
            &["--delay", "10"],
            &["--loss", "101%"],
            &["--loss", "0.5"],
            &["--rate", "10mbyte"],
        ];
        let said = wrong.map(|options| {
            let said = impair(options).unwrap_err();
            let first = said.lines().take_while(|line| !line.is_empty());
            first.collect::<Vec<_>>().join("\n")
        });
        insta::assert_snapshot!(said.join("\n"));
    }
}
