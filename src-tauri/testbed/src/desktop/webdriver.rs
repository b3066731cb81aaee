//! The W3C WebDriver protocol, as far as a window needs it: <https://www.w3.org/TR/webdriver2/>.

use std::fmt;
use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use super::{Display, process, until};

/// A command may wait for a page; none of ours takes this long.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// How long the driver may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long the driver may take to end the program; then it is killed.
const END_LIMIT: Duration = Duration::from_secs(5);
/// A screenshot comes as text inside the answer.
const LARGEST_ANSWER: u64 = 64 << 20;
/// Another process may take the free port before the driver does.
const TRIES: usize = 5;

/// What the driver says when it cannot do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The protocol's word for it, such as `no such element`.
    pub error: String,
    /// The driver's explanation; often empty.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.error, self.message)
    }
}

/// A running WebKitWebDriver, and the one session it can have.
#[derive(Debug)]
pub(super) struct Driver {
    launcher: Child,
    /// The driver's number outside of the display's namespaces.
    pub(super) process: u32,
    agent: Agent,
    base: String,
    session: Option<String>,
}

impl Driver {
    /// Starts the driver; its output and the program's go to the file `log`. Programs inherit the variables.
    pub(super) fn start(display: &Display, variables: &[(String, String)], log: &Path) -> Self {
        (0..TRIES)
            .find_map(|_| Self::try_start(display, variables, log))
            .unwrap_or_else(|| {
                let log = std::fs::read_to_string(log).unwrap_or_default();
                panic!("WebKitWebDriver does not listen; is Debian's webkit2gtk-driver there? Run script/testbed-setup.\n{log}")
            })
    }

    fn try_start(display: &Display, variables: &[(String, String)], log: &Path) -> Option<Self> {
        let port = free_port();
        let log = File::options().create(true).append(true).open(log);
        let log = log.expect("the window's log is writable");
        let errors = log.try_clone().expect("a file handle can be duplicated");
        let mut launcher = display
            .command("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .envs(variables.iter().cloned())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run nsenter (package util-linux): {error}"));
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_LIMIT))
            .proxy(None)
            .build()
            .into();
        let base = format!("http://127.0.0.1:{port}");
        let listens = until(START_LIMIT, || {
            let ended = launcher.try_wait().expect("the launcher is our child");
            if ended.is_some() {
                return Some(false);
            }
            agent
                .get(format!("{base}/status"))
                .call()
                .ok()
                .map(|_| true)
        });
        if listens != Some(true) {
            end(&mut launcher);
            return None;
        }
        let process = process::child_of(launcher.id())?;
        Some(Self {
            launcher,
            process,
            agent,
            base,
            session: None,
        })
    }

    /// Starts the program in a new session.
    pub(super) fn begin(&mut self, program: &Path, arguments: &[String]) -> Result<(), Refusal> {
        // No browserName: the driver would compare it with the name of its own browser.
        let options = json!({ "binary": program, "args": arguments });
        let always = json!({ "webkitgtk:browserOptions": options });
        let body = json!({ "capabilities": { "alwaysMatch": always } });
        let value = self.send("session", Some(body))?;
        self.session = value["sessionId"].as_str().map(str::to_owned);
        Ok(())
    }

    /// Ends the session, and with it the program.
    pub(super) fn finish(&mut self) {
        if let Some(session) = self.session.take() {
            let url = format!("{}/session/{session}", self.base);
            let request = self.agent.delete(url).config();
            let request = request.timeout_global(Some(END_LIMIT)).build();
            // The program may be gone already, and the driver with it.
            let _gone = request.call();
        }
    }

    /// Asks for something in the session.
    pub(super) fn get(&self, path: &str) -> Result<Value, Refusal> {
        self.send(&self.in_session(path), None)
    }

    /// Orders something in the session.
    pub(super) fn post(&self, path: &str, body: Value) -> Result<Value, Refusal> {
        self.send(&self.in_session(path), Some(body))
    }

    fn in_session(&self, path: &str) -> String {
        let session = self.session.as_deref().unwrap_or("none");
        format!("session/{session}/{path}")
    }

    fn send(&self, path: &str, body: Option<Value>) -> Result<Value, Refusal> {
        let url = format!("{}/{path}", self.base);
        let response = match body {
            Some(body) => self.agent.post(url).send_json(body),
            None => self.agent.get(url).call(),
        };
        let mut response = response.map_err(|error| no_answer(&error))?;
        let good = response.status().is_success();
        let body = response.body_mut().with_config().limit(LARGEST_ANSWER);
        let mut answer: Value = body.read_json().map_err(|error| no_answer(&error))?;
        let value = answer["value"].take();
        if good {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err(Refusal {
            error: text("error"),
            message: text("message"),
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        process::kill(self.process);
        end(&mut self.launcher);
    }
}

fn no_answer(error: &ureq::Error) -> Refusal {
    Refusal {
        error: "no answer from the driver".to_owned(),
        message: error.to_string(),
    }
}

fn end(launcher: &mut Child) {
    let _ended_already = launcher.kill();
    let _ended_already = launcher.wait();
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a loopback port can be had")
        .port()
}
