//! The benchmarks; `script/bench` builds and runs it: `testbed-bench PROGRAM import|pull|lab|install|history|desktop|drawing [OPTION…]`.
//!
//! It measures and reports; it is no test. It fails only if something cannot be run.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal, and test support: a broken bench must stop the run"
)]

mod arguments;
mod bench;
mod burst;
mod desktop;
mod events;
mod fabric;
mod history;
mod import;
mod install;
mod lab;
mod large_lab;
mod machine;
mod motion;
mod process;
mod pull;
mod report;
mod rest;
mod round;
mod throughput;

use std::env;
use std::process::ExitCode;

use arguments::{Arguments, What};

fn main() -> ExitCode {
    let arguments = match Arguments::parse(env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("bench: {message}");
            return ExitCode::from(2);
        }
    };
    println!("{}", machine::describe());
    match arguments.what {
        What::Import => import::run(&arguments),
        What::History => history::run(&arguments),
        What::Pull => pull::run(&arguments),
        What::Lab => lab::run(&arguments),
        What::Install => install::run(&arguments),
        What::Desktop => desktop::run(&arguments),
        What::Drawing => large_lab::run_alone(&arguments),
    }
    ExitCode::SUCCESS
}
