//! What `lw jobs` takes.

use clap::{Args, Subcommand};

/// What `lw jobs` does; it lists without more.
#[derive(Debug, Subcommand)]
pub(crate) enum JobsAction {
    /// List the jobs, the newest first.
    List(JobsListArguments),
    /// Show all that is known of a job: its steps, its log and how it ended.
    Show {
        /// The job's name, or the beginning of it.
        id: String,
    },
    /// Follow a job to its end, whoever began it: another lw, the window, or an lw that is gone.
    #[command(long_about = ATTACH_ABOUT, after_long_help = ATTACH_EXAMPLES)]
    Attach {
        /// The job's name, or the beginning of it.
        id: String,
    },
    /// Stop a job, also one that another lw or the window runs, or that goes on on a host.
    Cancel {
        /// The job's name, or the beginning of it.
        id: String,
    },
    /// Do a job again.
    Retry {
        /// The job's name, or the beginning of it.
        id: String,
    },
}

const ATTACH_ABOUT: &str = "\
Follow a job to its end, whoever began it: another lw, the window, or an lw that is gone.

Work on a host goes on when the lw that began it is killed, its terminal closes, or the machine is \
switched off. Such a job is left: nobody follows it. This takes it up where it stood; from then on Ctrl-C \
stops the work on the host. A job that another process runs is only shown. Of a job that has ended, the end \
is shown.";

const ATTACH_EXAMPLES: &str = "\
Examples:
  lw jobs attach 01a1fd1e8
      Shows how far the install is, and follows it.

  lw jobs attach 01a1fd1e8 --json
      Prints its events, those of before as well.";

/// What `lw jobs list` takes.
#[derive(Args, Debug)]
pub(crate) struct JobsListArguments {
    /// Show at most so many.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// Show only jobs that run or wait.
    #[arg(long)]
    pub(crate) active: bool,
    /// Show only jobs of this kind.
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
}

impl Default for JobsListArguments {
    fn default() -> Self {
        Self {
            limit: 50,
            active: false,
            kind: None,
        }
    }
}
