//! Labs whose containers were made by hand, with the labels that a deployment gives them.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use labwright_testbed::{Engine, Kind, LabImage};

use crate::program::{Home, Run};

/// A lab of one host, `h1`, in an engine.
pub(crate) struct Lab {
    engine: Engine,
    home: Home,
    /// The lab's name.
    pub(crate) name: String,
    containers: Vec<String>,
}

impl Lab {
    /// A lab whose host runs a script.
    pub(crate) fn start(kind: Kind, test: &str, script: &str) -> Self {
        Self::start_in(Engine::shared(kind), test, script)
    }

    /// The same in an engine that may be killed.
    pub(crate) fn start_in(engine: Engine, test: &str, script: &str) -> Self {
        engine.import(&LabImage::busybox());
        let mut lab = Self {
            engine,
            home: Home::new(),
            name: format!("{test}-{}", std::process::id()),
            containers: Vec::new(),
        };
        lab.add("h1", &["labwright.role=node"], script);
        lab
    }

    /// One more host.
    pub(crate) fn add(&mut self, node: &str, labels: &[&str], script: &str) {
        let container = format!("clab-{}-{node}", self.name);
        let own = [
            format!("containerlab={}", self.name),
            format!("clab-node-name={node}"),
            "clab-node-kind=linux".to_owned(),
        ];
        let labels = own.iter().map(String::as_str).chain(labels.iter().copied());
        let labels = labels.flat_map(|label| ["--label", label]);
        let options = [
            "create",
            "--network",
            "none",
            "--init=false",
            "--name",
            &container,
        ];
        let image = [LabImage::busybox().reference(), "sh", "-c", script];
        let create: Vec<&str> = options.into_iter().chain(labels).chain(image).collect();
        self.engine.exec_cli(&create);
        self.containers.push(container.clone());
        self.engine.exec_cli(&["start", self.container(node)]);
    }

    /// A patchbay with this script in its program's place.
    pub(crate) fn add_patchbay(&mut self, script: &str) {
        let container = format!("labwright-{}-patchbay", self.name);
        let lab = format!("containerlab={}", self.name);
        let program = format!("PROGRAM={script}");
        let place = "printf %s \"$PROGRAM\" > /labwright-patchbay; chmod 755 /labwright-patchbay; exec sleep 6000";
        let create = ["create", "--network", "none", "--name", &container];
        let told = [
            "--label",
            &lab,
            "--label",
            "labwright.role=patchbay",
            "--env",
            &program,
        ];
        let runs = [LabImage::busybox().reference(), "sh", "-c", place];
        self.engine
            .exec_cli(&[create.as_slice(), &told, &runs].concat());
        self.containers.push(container.clone());
        self.engine.exec_cli(&["start", &container]);
        let until = "until [ -x /labwright-patchbay ]; do sleep 0.1; done";
        self.engine
            .exec_cli(&["exec", &container, "sh", "-c", until]);
    }

    /// What was asked of the patchbay.
    pub(crate) fn asked(&self) -> String {
        let container = format!("labwright-{}-patchbay", self.name);
        self.engine.exec_cli(&["exec", &container, "cat", "/asked"])
    }

    /// A file in the folder that `lw` runs in.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn container(&self, node: &str) -> &str {
        let end = format!("-{node}");
        self.containers
            .iter()
            .find(|name| name.ends_with(&end))
            .unwrap()
    }

    /// `lw` with this engine, and what stands in the lab's name's place.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let arguments = arguments.iter().map(|argument| match *argument {
            "LAB" => self.name.as_str(),
            argument => argument,
        });
        let address = self.engine.address();
        // Options go first: behind two dashes they are another program's.
        let engine = ["--engine", &address];
        let all: Vec<&str> = engine.into_iter().chain(arguments).collect();
        self.home.command(&all)
    }

    /// Runs it to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.home.end(&mut self.command(arguments))
    }

    /// Runs it to the end with this as its input; exit code and both outputs, as they are.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> (Option<i32>, Vec<u8>, Vec<u8>) {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || pipe.write_all(&input));
        let output = child.wait_with_output().unwrap();
        // Who has seen enough does not read the rest.
        let _written = writer.join().unwrap();
        (output.status.code(), output.stdout, output.stderr)
    }

    /// What a command in the host prints.
    pub(crate) fn ask(&self, command: &[&str]) -> String {
        self.engine
            .exec_cli(&[&["exec", self.container("h1")], command].concat())
    }

    /// Kills the engine.
    pub(crate) fn kill_engine(&self) {
        self.engine.kill();
    }

    /// Stops the host at once.
    pub(crate) fn stop(&self) {
        self.engine.exec_cli(&["kill", self.container("h1")]);
        self.wait("h1");
    }

    /// Waits for the end of a host.
    pub(crate) fn wait(&self, node: &str) {
        self.engine.exec_cli(&["wait", self.container(node)]);
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        for container in &self.containers {
            // The engine may be gone.
            let _removed = self.engine.try_cli(&["rm", "--force", container]);
        }
    }
}
