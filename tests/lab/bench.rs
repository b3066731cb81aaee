//! A lab under test: its engine, its program, its topology, and a second opinion about what is there.

use crate::program::{Program, Running};
use crate::wait::until;
use labwright_testbed::{Engine, LabImage};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::PathBuf;
use std::process::{self, Command};

/// How a command with events ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The program's exit code.
    pub(crate) code: Option<i32>,
    /// The outcome of its job.
    pub(crate) outcome: Value,
}

impl Ended {
    /// What the job's result is; it must have succeeded.
    #[track_caller]
    pub(crate) fn result(&self) -> &Value {
        assert_eq!(self.code, Some(0), "{}", self.outcome);
        &self.outcome["result"]
    }

    /// The job's error as text; it must have failed with this code.
    #[track_caller]
    pub(crate) fn failed_with(&self, code: &str) -> String {
        assert_eq!(self.code, Some(1), "{}", self.outcome);
        assert_eq!(self.outcome["error"]["code"], code, "{}", self.outcome);
        self.outcome["error"].to_string()
    }
}

/// A lab of its own name, network and folder.
pub(crate) struct Lab {
    /// Its engine.
    pub(crate) engine: Engine,
    /// The program.
    pub(crate) program: Program,
    /// Its name.
    pub(crate) name: String,
    /// Its management network's IPv4 addresses, without the last number.
    pub(crate) network: String,
    /// As long as this is held, no other test has that network.
    _claim: UnixListener,
}

impl Lab {
    /// A lab that does not exist yet.
    pub(crate) fn on(engine: Engine, name: &str) -> Self {
        let (network, claim) = claim_network();
        Self {
            program: Program::for_engine(&engine),
            engine,
            name: name.to_owned(),
            network,
            _claim: claim,
        }
    }

    /// Brings an image into the engine, under a name that no other lab uses, and returns the name.
    pub(crate) fn image(&self, image: &LabImage) -> String {
        let name = format!("{}/{}", self.name, image.reference());
        let command = format!("CMD {}", json!(image.command()));
        let change: &[&str] = match image.command() {
            [] => &[],
            _ => &["--change", &command],
        };
        let path = image.path().to_str().unwrap();
        self.engine
            .exec_cli(&[&["import"], change, &[path, &name]].concat());
        name
    }

    /// Writes the topology's file: the name and the network, and what follows `topology:`.
    pub(crate) fn file(&self, topology: &str) -> PathBuf {
        let six = self.network.replace('.', ":");
        let text = format!(
            "name: {name}\nmgmt:\n  network: {name}\n  ipv4-subnet: {four}.0/24\n  ipv6-subnet: fd00:{six}::/64\n\
             topology:\n{topology}",
            name = self.name,
            four = self.network,
        );
        self.program
            .file(&format!("{}.clab.yml", self.name), text.as_bytes())
    }

    /// A folder of this lab that its engine sees under the same name.
    pub(crate) fn engine_folder(&self) -> PathBuf {
        let folder = self.engine.temporary_folder().join(&self.name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// `lw lab deploy` on what was written last.
    pub(crate) fn deploy(&self, more: &[&str]) -> Ended {
        ended(self.deploying(more))
    }

    /// The same, on its way.
    pub(crate) fn deploying(&self, more: &[&str]) -> Running {
        let file = self
            .program
            .folder
            .path()
            .join(format!("{}.clab.yml", self.name));
        self.program
            .start(&[&["lab", "deploy", file.to_str().unwrap()], more].concat())
    }

    /// Deploys as far as to this step, `name`, which has begun when this returns.
    pub(crate) fn deploying_to(&self, name: &str, more: &[&str]) -> Running {
        let mut running = self.deploying(more);
        let mut number = None;
        while let Some(event) = running.event() {
            let change = &event["change"];
            assert_ne!(change["type"], "finished", "{change}");
            if change["type"] == "step_added" && change["name"] == name {
                number = number.or_else(|| Some(change["step"].clone()));
            }
            if change["type"] == "step_started" && Some(&change["step"]) == number.as_ref() {
                return running;
            }
        }
        panic!("lw ended before {name}");
    }

    /// A command that is a job.
    pub(crate) fn job(&self, arguments: &[&str]) -> Ended {
        ended(self.program.start(arguments))
    }

    /// The container of a node.
    pub(crate) fn container(&self, node: &str) -> String {
        format!("clab-{}-{node}", self.name)
    }

    /// The id of a node's container.
    pub(crate) fn id(&self, node: &str) -> String {
        self.told(node, "{{.Id}}")
    }

    /// A part of what the engine knows of a node's container, by a template.
    #[track_caller]
    pub(crate) fn told(&self, node: &str, template: &str) -> String {
        let container = self.container(node);
        let told = self
            .engine
            .exec_cli(&["inspect", "--format", template, &container]);
        told.trim().to_owned()
    }

    /// What a command in a node prints, if it succeeds now.
    pub(crate) fn try_exec(&self, node: &str, command: &[&str]) -> Result<String, String> {
        let container = self.container(node);
        self.engine
            .try_cli(&[&["exec", &container], command].concat())
    }

    /// What a command in a node prints, as soon as it succeeds.
    #[track_caller]
    pub(crate) fn exec(&self, node: &str, command: &[&str]) -> String {
        until(&format!("{command:?} in {node}"), || {
            self.try_exec(node, command)
        })
    }

    /// The same of a command that prints something: Podman's own client was seen to lose what a command prints that ends
    /// at once.
    #[track_caller]
    pub(crate) fn printed(&self, node: &str, command: &[&str]) -> String {
        until(&format!("what {command:?} prints in {node}"), || match self
            .try_exec(node, command)?
        {
            said if said.is_empty() => Err("nothing".to_owned()),
            said => Ok(said),
        })
    }

    /// Waits until one packet comes back from an address, and returns what ping says.
    #[track_caller]
    pub(crate) fn ping(&self, from: &str, address: &str) -> String {
        self.exec(from, &["ping", "-c", "1", "-W", "1", address])
    }

    /// What a node has printed.
    pub(crate) fn log(&self, node: &str) -> String {
        let container = self.container(node);
        let output = self.engine.client().args(["logs", &container]).output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    }

    /// `lw lab inspect --json`.
    pub(crate) fn inspect(&self) -> Value {
        let told = self
            .program
            .succeed(&["lab", "inspect", &self.name, "--json"]);
        serde_json::from_str(&told).unwrap()
    }

    /// Everything of this lab in the engine and in the host.
    pub(crate) fn parts(&self) -> BTreeSet<String> {
        let label = format!("label=containerlab={}", self.name);
        let list = |what: &str, arguments: &[&str]| {
            let list = self.engine.exec_cli(arguments);
            let named = list.lines().map(|line| format!("{what} {line}"));
            named.collect::<Vec<_>>()
        };
        let containers = ["ps", "--all", "--format", "{{.Names}}", "--filter", &label];
        let volumes = ["volume", "ls", "--quiet", "--filter", &label];
        let networks = ["network", "ls", "--format", "{{.Name}}"];
        let networks = list("network", &networks).into_iter();
        let own = format!("network {}", self.name);
        list("container", &containers)
            .into_iter()
            .chain(list("volume", &volumes))
            .chain(networks.filter(|network| *network == own))
            .chain(self.host_interfaces())
            .collect()
    }

    /// The bridge of this lab's network in the host, and what is plugged into it.
    fn host_interfaces(&self) -> Vec<String> {
        let of_subnet = |interface: &&Value| {
            let mut addresses = interface["addr_info"].as_array().into_iter().flatten();
            let own = format!("{}.", self.network);
            addresses.any(|address| {
                let local = address["local"].as_str();
                local.is_some_and(|local| local.starts_with(&own))
            })
        };
        let interfaces = interfaces();
        let bridges = interfaces.iter().filter(of_subnet);
        let bridges: Vec<&str> = bridges.filter_map(|it| it["ifname"].as_str()).collect();
        let belongs = |interface: &&Value| {
            let is = |key: &str| {
                interface[key]
                    .as_str()
                    .is_some_and(|it| bridges.contains(&it))
            };
            is("ifname") || is("master")
        };
        let own = interfaces.iter().filter(belongs);
        own.map(|interface| format!("interface {} {}", interface["ifindex"], interface["ifname"]))
            .collect()
    }

    /// Whether an interface of the host, as [`parts`](Self::parts) names it, is still there.
    fn is_in_host(part: &str) -> bool {
        let Some((index, name)) = part
            .strip_prefix("interface ")
            .and_then(|part| part.split_once(' '))
        else {
            return false;
        };
        let path = format!("/sys/class/net/{}/ifindex", name.trim_matches('"'));
        std::fs::read_to_string(path).is_ok_and(|there| there.trim() == index)
    }

    /// `lw lab destroy`, which must leave nothing.
    #[track_caller]
    pub(crate) fn destroy(&self) {
        let before = self.parts();
        self.job(&["lab", "destroy", &self.name]).result();
        self.nothing_is_left(&before);
    }

    /// Nothing of the lab is there, nor of these parts of it. The kernel takes the interfaces of a network namespace
    /// away in its own time, after whoever asked for it was told that it is done.
    #[track_caller]
    pub(crate) fn nothing_is_left(&self, before: &BTreeSet<String>) {
        assert_eq!(self.parts(), BTreeSet::new());
        until("the interfaces to be gone", || {
            let left: Vec<_> = before
                .iter()
                .filter(|part| Self::is_in_host(part))
                .collect();
            if left.is_empty() { Ok(()) } else { Err(left) }
        });
    }
}

/// A network that nothing on this machine has, without the last number, and no other test gets while the claim is held.
///
/// All engines share this machine's routes, and Podman has 10.88 for itself. A claim is an abstract socket's name: the kernel
/// gives it once, and takes it back when the process is gone.
fn claim_network() -> (String, UnixListener) {
    let there = Value::from(interfaces()).to_string();
    // Not from the beginning: what a test left that failed may be in an engine, and on no interface.
    let numbers = (0..64 * 256).map(|number| (process::id() * 64 + number) % (64 * 256));
    let networks = numbers.map(|number| format!("10.{}.{}", 128 + number / 256, number % 256));
    let free = networks.filter(|network| !there.contains(&format!("\"{network}.")));
    let mut claims = free.filter_map(|network| {
        let name = format!("labwright-test-network-{network}");
        let address = SocketAddr::from_abstract_name(name).unwrap();
        Some((network, UnixListener::bind_addr(&address).ok()?))
    });
    claims.next().unwrap()
}

/// The interfaces of this machine, with their addresses.
fn interfaces() -> Vec<Value> {
    let output = Command::new("ip").args(["-json", "address"]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Waits for the end of a command.
pub(crate) fn ended(running: Running) -> Ended {
    let (code, last) = running.end();
    let outcome = last.map(|event| event["change"]["outcome"].clone());
    Ended {
        code,
        outcome: outcome.unwrap_or_default(),
    }
}
