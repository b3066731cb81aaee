//! The program in its container, on every engine.

use std::{
    fs,
    io::Write,
    process::{Stdio, id},
};

use labwright_patchbay::{
    CAPABILITIES, EndState, LinkState, Node, PROGRAM, Request, SECURITY_OPTIONS, STATE_FOLDER,
    Status, VersionLine, Wiring,
};
use labwright_testbed::{Engine, Kind, archives::RootFs};

use crate::bench::{Talk, done, end, program, status, wired, wiring};

/// A lab of two nodes in an engine.
struct Lab {
    engine: Engine,
    name: String,
    containers: Vec<String>,
}

impl Lab {
    /// The patchbay runs, and so do the nodes `a` and `b`; nothing is wired.
    fn new(kind: Kind, test: &str) -> Self {
        let name = format!("labwright-patchbay-{test}-{}", id());
        let engine = Engine::shared(kind);
        let mut lab = Self {
            engine,
            name,
            containers: Vec::new(),
        };
        let image = RootFs::empty().program(
            PROGRAM.trim_start_matches('/'),
            fs::read(program()).unwrap(),
        );
        let image = lab.import(
            "helper",
            &image.folder(STATE_FOLDER.trim_start_matches('/')),
        );
        let state = format!("{}:{STATE_FOLDER}", lab.name);
        let capabilities = CAPABILITIES.map(|capability| format!("--cap-add={capability}"));
        let security = SECURITY_OPTIONS.map(|option| format!("--security-opt={option}"));
        let options = [
            "--pid=host",
            "--read-only",
            "--cap-drop=ALL",
            "--volume",
            &state,
        ];
        let options: Vec<_> = options
            .into_iter()
            .chain(capabilities.iter().chain(&security).map(String::as_str))
            .collect();
        lab.run("patchbay", &options, &image, &[PROGRAM, "serve"]);
        let image = lab.import("node", &RootFs::tiny());
        for node in ["a", "b"] {
            let options = ["--cap-add=NET_ADMIN", "--cap-add=NET_RAW"];
            lab.run(
                node,
                &options,
                &image,
                &["/bin/busybox", "sleep", "1000000"],
            );
        }
        lab
    }

    fn import(&self, name: &str, content: &RootFs) -> String {
        let image = format!("localhost/{}-{name}:1", self.name);
        let mut command = self.engine.client();
        let command = command
            .args(["import", "-", &image])
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        let mut process = command.spawn().unwrap();
        process
            .stdin
            .take()
            .unwrap()
            .write_all(&content.tar())
            .unwrap();
        assert!(process.wait().unwrap().success());
        image
    }

    fn container(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }

    fn run(&mut self, name: &str, options: &[&str], image: &str, command: &[&str]) {
        let name = self.container(name);
        let arguments = [
            &["run", "--detach", "--network=none", "--name", &name],
            options,
            &[image],
            command,
        ];
        self.engine.exec_cli(&arguments.concat());
        self.containers.push(name);
    }

    /// Does one thing with one container.
    fn tell(&self, verb: &str, name: &str) {
        let container = self.container(name);
        let arguments: &[&str] = match verb {
            "restart" => &["restart", "--time", "0", &container],
            "rm" => &["rm", "--force", &container],
            verb => &[verb, &container],
        };
        self.engine.exec_cli(arguments);
    }

    fn busybox(&self, name: &str, arguments: &str) -> Result<String, String> {
        let container = self.container(name);
        let exec = ["exec", &container, "/bin/busybox"];
        let arguments: Vec<_> = exec
            .into_iter()
            .chain(arguments.split_whitespace())
            .collect();
        self.engine.try_cli(&arguments)
    }

    fn talk(&self) -> Talk {
        let container = self.container("patchbay");
        Talk::new(
            self.engine
                .client()
                .args(["exec", "--interactive", &container, PROGRAM, "talk"]),
        )
    }

    fn id(&self, name: &str) -> String {
        let inspected =
            self.engine
                .exec_cli(&["inspect", "--format", "{{.Id}}", &self.container(name)]);
        inspected.trim().to_owned()
    }

    fn wiring(&self) -> Wiring {
        let mut wiring = wiring(&["a:eth1", "a:eth2", "b:eth1"], &[("a:eth1", "b:eth1")]);
        for (name, node) in &mut wiring.nodes {
            *node = Node {
                container: self.id(name),
            };
        }
        wiring
    }

    /// Gives both nodes addresses and lets them reach each other.
    fn ping(&self) {
        for (node, address) in [("a", "192.0.2.1"), ("b", "192.0.2.2")] {
            let added = self.busybox(node, &format!("ip address add {address}/24 dev eth1"));
            assert!(
                added.is_ok() || added.as_ref().unwrap_err().contains("File exists"),
                "{added:?}"
            );
        }
        self.busybox("a", "ping -c 1 -W 10 -s 9000 192.0.2.2")
            .unwrap();
    }

    fn has_interface(&self, node: &str, interface: &str) -> bool {
        self.busybox(node, &format!("ip link show {interface}"))
            .is_ok()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        for container in &self.containers {
            let _gone = self.engine.try_cli(&["rm", "--force", container]);
        }
        let _gone = self.engine.try_cli(&["volume", "rm", &self.name]);
        for image in ["helper", "node"] {
            let _gone = self
                .engine
                .try_cli(&["rmi", &format!("localhost/{}-{image}:1", self.name)]);
        }
    }
}

fn is_up(status: &Status) -> bool {
    status.links.iter().all(|link| link.state == LinkState::Up)
}

fn follow_until_wired(talk: &mut Talk, name: &str) {
    talk.until_end(&end(name), |state| {
        matches!(state, EndState::Wired { carrier: true, .. })
    });
}

/// One test for each engine.
macro_rules! on_each_engine {
    ($($test:ident)*) => {
        mod classic { $(#[test] fn $test() { super::$test(labwright_testbed::Kind::Classic); })* }
        mod containerd { $(#[test] fn $test() { super::$test(labwright_testbed::Kind::Containerd); })* }
        mod podman { $(#[test] fn $test() { super::$test(labwright_testbed::Kind::Podman); })* }
    };
}

on_each_engine! {
    nodes_are_joined_and_come_back
    the_patchbay_goes_and_comes_back
}

fn nodes_are_joined_and_come_back(kind: Kind) {
    let lab = Lab::new(kind, "nodes");
    let version = lab
        .engine
        .exec_cli(&["exec", &lab.container("patchbay"), PROGRAM, "version"]);
    let version: VersionLine = serde_json::from_str(&version).unwrap();
    assert_eq!(version.protocol, labwright_patchbay::PROTOCOL);
    let mut talk = lab.talk();
    let before = status(talk.ask(Request::Apply {
        wiring: lab.wiring(),
    }));
    assert!(is_up(&before), "{before:?}");
    lab.ping();
    talk.follow();

    lab.tell("kill", "a");
    talk.until_end(&end("a:eth1"), |state| *state == EndState::Waiting);
    assert!(lab.has_interface("b", "eth1"));
    lab.tell("start", "a");
    follow_until_wired(&mut talk, "a:eth1");
    lab.ping();

    lab.tell("restart", "a");
    talk.until_end(&end("a:eth1"), |state| *state == EndState::Waiting);
    follow_until_wired(&mut talk, "a:eth1");
    lab.ping();
    let after = talk.status();
    assert!(is_up(&after), "{after:?}");
    assert_eq!(
        wired(&after, &end("b:eth1")),
        wired(&before, &end("b:eth1")),
        "the neighbour kept its interface"
    );
    done(&talk.ask(Request::Disconnect { end: end("a:eth1") }));
    assert!(lab.busybox("a", "ping -c 1 -W 1 192.0.2.2").is_err());
}

fn the_patchbay_goes_and_comes_back(kind: Kind) {
    let lab = Lab::new(kind, "patchbay");
    let mut talk = lab.talk();
    assert!(is_up(&status(talk.ask(Request::Apply {
        wiring: lab.wiring()
    }))));
    lab.ping();

    lab.tell("restart", "patchbay");
    drop(talk);
    let mut talk = lab.talk();
    for node in ["a", "b"] {
        talk.look(node);
    }
    assert!(is_up(&talk.status()));
    lab.ping();
    drop(talk);

    lab.tell("stop", "patchbay");
    let container = lab.container("patchbay");
    let inspected = ["inspect", "--format", "{{.State.ExitCode}}", &container];
    assert_eq!(
        lab.engine.exec_cli(&inspected).trim(),
        "143",
        "SIGTERM ended it, and no SIGKILL was needed"
    );
    lab.tell("start", "patchbay");
    let mut talk = lab.talk();
    for node in ["a", "b"] {
        talk.look(node);
    }
    assert!(is_up(&talk.status()));
    drop(talk);

    lab.tell("rm", "patchbay");
    let left = [("a", "eth1"), ("a", "eth2"), ("b", "eth1")];
    let is_left = || {
        left.iter()
            .any(|(node, interface)| lab.has_interface(node, interface))
    };
    // The kernel takes a namespace's interfaces away in its own time, which is shorter than all these questions.
    let mut questions = (0..300).map(|_| is_left());
    assert!(questions.any(|is_left| !is_left), "the ends stayed");
}
