//! A container of an image, and what it says.

use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::{Engine, LabImage};

/// Nothing here takes this long; what has not come by then never will.
const LIMIT: Duration = Duration::from_secs(60);

/// A running container.
pub(crate) struct Node<'a> {
    engine: &'a Engine,
    name: String,
}

impl<'a> Node<'a> {
    /// Starts one without a network, which may change its own interfaces.
    pub(crate) fn start(
        engine: &'a Engine,
        image: &LabImage,
        options: &[&str],
        command: &[&str],
    ) -> Self {
        let create = ["create", "--network", "none", "--cap-add", "NET_ADMIN"];
        let name = engine.exec_cli(&[&create, options, &[image.reference()], command].concat());
        let name = name.trim().to_owned();
        engine.exec_cli(&["start", &name]);
        Self { engine, name }
    }

    /// What the command prints if it succeeds now.
    pub(crate) fn try_exec(&self, command: &[&str]) -> Result<String, String> {
        self.engine
            .try_cli(&[&["exec", &self.name], command].concat())
    }

    /// What the command prints, as soon as it succeeds.
    #[track_caller]
    pub(crate) fn exec(&self, command: &[&str]) -> String {
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.try_exec(command) {
                Ok(output) => return output,
                Err(_) if Instant::now() < deadline => thread::sleep(Duration::from_millis(100)),
                Err(message) => panic!("{command:?}: {message}\n{}", self.log()),
            }
        }
    }

    /// What the container has printed.
    pub(crate) fn log(&self) -> String {
        let output = self.engine.client().args(["logs", &self.name]).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    }

    /// The log, as soon as it holds `line`.
    #[track_caller]
    pub(crate) fn log_with(&self, line: &str) -> String {
        let deadline = Instant::now() + LIMIT;
        while !self.log().contains(line) {
            assert!(Instant::now() < deadline, "{line}: {}", self.log());
            thread::sleep(Duration::from_millis(100));
        }
        self.log()
    }

    /// A part of what the engine knows of the container, by a template.
    pub(crate) fn inspect(&self, format: &str) -> String {
        let answer = self
            .engine
            .exec_cli(&["inspect", "--format", format, &self.name]);
        answer.trim().to_owned()
    }

    /// Sends a signal to the first process.
    pub(crate) fn signal(&self, signal: &str) {
        self.engine
            .exec_cli(&["kill", "--signal", signal, &self.name]);
    }

    /// Stops the container with its own signal, and kills it after ten minutes.
    pub(crate) fn stop(&self) {
        self.engine.exec_cli(&["stop", "--time", "600", &self.name]);
    }

    /// Starts the container again.
    pub(crate) fn start_again(&self) {
        self.engine.exec_cli(&["start", &self.name]);
    }
}
