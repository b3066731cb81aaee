//! A host, what can be installed there, and `lw` with files of its own.

use labwright_testbed::host::{
    Host, HostBuilder, Package, PackageIndex, Repositories, Repository, make_venv,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// A host with ComfyUI on it, below a folder whose name a shell would stumble over.
pub(crate) struct Bench {
    pub(crate) host: Host,
    pub(crate) repositories: Repositories,
    pub(crate) index: PackageIndex,
    /// Where lw's files and the test's lie.
    pub(crate) folder: TempDir,
    /// ComfyUI's folder on the host.
    pub(crate) comfy: PathBuf,
}

/// A row of a table.
pub(crate) fn row(name: &str, url: &str) -> String {
    format!("{name},{url},,\n")
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    /// A host whose key is known.
    pub(crate) fn new() -> Self {
        let bench = Self::of_a_stranger();
        bench.host.trust();
        bench
    }

    /// A host whose key is not known.
    pub(crate) fn of_a_stranger() -> Self {
        let index = PackageIndex::start(&[
            Package::new("tiny", "1.0"),
            Package::new("tiny", "2.0"),
            Package::new("slow-one", "1.0").takes_to_build(4),
            Package::new("slow-two", "1.0").takes_to_build(4),
            Package::new("broken", "1.0").fails_to_build("no compiler for you"),
        ]);
        let builder: HostBuilder = Host::builder().variables(index.variables());
        let host = builder.start();
        let comfy = host.home().join("Comfy's \"$(touch PWNED)\" UI");
        fs::create_dir_all(comfy.join("custom_nodes")).unwrap();
        make_venv(&comfy.join("venv"));
        Self {
            host,
            repositories: Repositories::start(),
            index,
            folder: tempfile::tempdir_in("/tmp").unwrap(),
            comfy,
        }
    }

    /// The folder of a node on the host.
    pub(crate) fn node(&self, name: &str) -> PathBuf {
        self.comfy.join("custom_nodes").join(name)
    }

    /// A plan as a table: names, and what each requires; the repositories are made.
    pub(crate) fn table(&self, nodes: &[(&str, &str)]) -> PathBuf {
        let mut text = "Name,RepoUrl,Subfolder,RequirementsFile\n".to_owned();
        for (name, requirements) in nodes {
            let repository = Repository::named(name);
            self.repositories.add(&match *requirements {
                "" => repository,
                some => repository.requirements(&format!("{some}\n")),
            });
            text.push_str(&row(name, &self.repositories.url(name)));
        }
        self.file("nodes.csv", &text)
    }

    /// Writes a file for the test.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The words of a command about a plan, on this host.
    pub(crate) fn about<'a>(&'a self, command: &'a str, plan: &'a Path) -> Vec<&'a str> {
        let (plan, comfy) = (plan.to_str().unwrap(), self.comfy.to_str().unwrap());
        let host = self.host.alias();
        vec![command, plan, "--host", host, "--target", comfy]
    }

    /// A command line of `lw`, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lw"));
        let own = |name: &str| self.folder.path().join(name);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", own("home"))
            .env("XDG_RUNTIME_DIR", own("run"))
            .env("LABWRIGHT_DATA_DIR", own("data"))
            .env("LABWRIGHT_CONFIG_DIR", own("config"))
            .env("LW_SSH_CONFIG", self.host.ssh_config())
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Starts a command with events on its output.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let arguments = [arguments, &["--json"]].concat();
        let mut child = self.command(&arguments).spawn().unwrap();
        let events = BufReader::new(child.stdout.take().unwrap());
        Running {
            child,
            events,
            seen: Vec::new(),
        }
    }

    /// The jobs that the history tells of, the newest first.
    pub(crate) fn jobs(&self) -> Vec<Value> {
        let run = self.run(&["jobs", "list", "--json"]);
        serde_json::from_str(&run.stdout).unwrap()
    }

    /// The only job's name.
    #[track_caller]
    pub(crate) fn only_job(&self) -> String {
        let jobs = self.jobs();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs[0]["job"]["id"].as_str().unwrap().to_owned()
    }

    /// All that the history knows of a job.
    pub(crate) fn record(&self, id: &str) -> Value {
        let run = self.run(&["jobs", "show", id, "--json"]);
        serde_json::from_str(&run.stdout).unwrap()
    }

    /// The folder of a job on the host.
    pub(crate) fn far_folder(&self, id: &str) -> PathBuf {
        self.host.home().join(".cache/labwright/jobs").join(id)
    }

    /// What the runner wrote.
    pub(crate) fn far_events(&self, id: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.far_folder(id).join("events.ndjson")).unwrap();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// How many processes of the runner are on the host.
    pub(crate) fn runners(&self) -> usize {
        let processes = self.host.processes().into_iter();
        let of_runner = |command: &str| command.contains("/labwright/jobs/");
        processes
            .filter(|process| of_runner(&process.command))
            .count()
    }

    /// What stands beside the nodes though it is not whole.
    pub(crate) fn partial(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.comfy.join("custom_nodes")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|end| end == "partial"))
            .collect()
    }
}

impl Run {
    /// What it printed; it must have succeeded.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.stdout
    }

    /// What it said; it must have failed.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{self}");
        self.stderr
    }

    /// The error that it printed for programs; it must have failed with this code.
    #[track_caller]
    pub(crate) fn failed_with(self, code: &str) -> Value {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self}");
        let error: Value = serde_json::from_str(&self.stderr).unwrap();
        assert_eq!(error["error"]["code"], code, "{error}");
        error["error"].clone()
    }
}

impl fmt::Display for Run {
    /// All that a user sees of it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "exit {:?}", self.code)?;
        writeln!(formatter, "--- stdout\n{}", self.stdout)?;
        write!(formatter, "--- stderr\n{}", self.stderr)
    }
}

/// A program that runs, and its events.
pub(crate) struct Running {
    child: Child,
    events: BufReader<ChildStdout>,
    seen: Vec<Value>,
}

/// How a program with events ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) events: Vec<Value>,
    pub(crate) stderr: String,
}

impl Running {
    /// The next event; none at the end. They are numbered without a gap.
    pub(crate) fn event(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.events.read_line(&mut line).unwrap();
        // One that is killed may be cut in the middle of a line.
        if !line.ends_with('\n') {
            return None;
        }
        let event: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(event["seq"], self.seen.len() + 1, "{event}");
        self.seen.push(event.clone());
        Some(event)
    }

    /// Reads until the change of an event is as wanted.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        while let Some(event) = self.event() {
            if wanted(&event["change"]) {
                return event;
            }
        }
        panic!("it ended before: {:?}", self.seen.last());
    }

    /// Waits until the job is there; its name.
    #[track_caller]
    pub(crate) fn job(&mut self) -> String {
        let event = self.wait_for(|change| change["type"] == "queued");
        event["job"].as_str().unwrap().to_owned()
    }

    /// Waits until a node is being worked on: the runner runs.
    #[track_caller]
    pub(crate) fn wait_for_a_node(&mut self) {
        // Connect, Prepare, Nodes, then the nodes.
        self.wait_for(|change| {
            change["type"] == "step_started" && change["step"].as_u64().is_some_and(|step| step > 4)
        });
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        // It may just have ended.
        let _gone = kill_process(Pid::from_child(&self.child), signal);
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        while self.event().is_some() {}
        let mut stderr = String::new();
        let errors = self.child.stderr.as_mut().unwrap();
        errors.read_to_string(&mut stderr).unwrap();
        Ended {
            code: self.child.wait().unwrap().code(),
            events: self.seen,
            stderr,
        }
    }
}

impl Ended {
    /// The outcome of its job, which ended once and as the last thing, and with this exit code.
    #[track_caller]
    pub(crate) fn outcome(&self, code: i32) -> &Value {
        let is_end = |event: &&Value| event["change"]["type"] == "finished";
        let ends = self.events.iter().filter(is_end).count();
        let last = &self.events.last().unwrap()["change"];
        assert_eq!(ends, 1, "{self:?}");
        assert_eq!(last["type"], "finished", "{self:?}");
        assert_eq!(self.code, Some(code), "{last}\n{}", self.stderr);
        &last["outcome"]
    }
}
