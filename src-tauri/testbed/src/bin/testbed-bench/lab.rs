//! A lab of fifty hosts and a hundred links: deployed and destroyed by `lw`, against the engine's own client that makes and
//! removes the same containers; and what passes a link, against a direct pair of interfaces.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

use labwright_testbed::{Kind, LabImage};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::bench::{Bench, disk};
use crate::machine;
use crate::process::{Measured, measure};
use crate::report::median;
use crate::throughput;

/// The lab.
const NODES: usize = 50;
const LINKS: usize = 100;
/// How many clients of the engine work side by side.
const SIDE_BY_SIDE: usize = 4;

/// What is aimed at: the seconds of `lw` by the quicker of the engine's own, milliseconds for a link, and a link's throughput by
/// that of a direct pair.
const DEPLOY_WANTED: f64 = 1.10;
const LINK_WANTED: f64 = 5.0;
const THROUGHPUT_WANTED: f64 = 0.9;

/// Measures on one engine after the other.
pub(crate) fn run(arguments: &Arguments) {
    for kind in &arguments.engines {
        let bench = Bench::new(*kind, &arguments.program);
        let image = LabImage::busybox();
        bench.import_lab(&image);
        println!(
            "\n{kind}, version {}, {NODES} nodes and {LINKS} links, load {}",
            bench.version(),
            machine::load()
        );
        println!(
            "round  one by one  {SIDE_BY_SIDE} at a time  lw deploy   a link   own rm  lw destroy"
        );
        let rounds: Vec<Round> = (1..=arguments.rounds)
            .map(|number| Round::measure(number, &bench, image.reference()))
            .collect();
        verdict(&rounds);
        throughput_of(&bench, image.reference(), arguments.rounds);
    }
}

/// One round, in seconds.
struct Round {
    one_by_one: f64,
    side_by_side: f64,
    deploy: f64,
    /// All links together, plugged into the lab while it runs.
    links: f64,
    own_removal: f64,
    destroy: f64,
    phases: BTreeMap<String, f64>,
}

impl Round {
    fn measure(number: usize, bench: &Bench, image: &str) -> Self {
        let (one_by_one, own_removal) = own(bench, image, 1);
        let (deploy, phases, destroy) = lab(bench, image);
        let (side_by_side, _) = own(bench, image, SIDE_BY_SIDE);
        let links = links(bench, image);
        let round = Self {
            one_by_one,
            side_by_side,
            deploy,
            links,
            own_removal,
            destroy,
            phases,
        };
        println!(
            "{number:>5}  {:>8.2} s  {:>9.2} s  {:>7.2} s  {:>4.1} ms  {:>5.2} s  {:>8.2} s",
            round.one_by_one,
            round.side_by_side,
            round.deploy,
            round.link(),
            round.own_removal,
            round.destroy
        );
        round
    }

    /// What a link costs, in milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "a hundred")]
    fn link(&self) -> f64 {
        self.links * 1000.0 / LINKS as f64
    }

    fn ratio(&self) -> f64 {
        self.deploy / self.one_by_one.min(self.side_by_side)
    }
}

fn verdict(rounds: &[Round]) {
    let of = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
    println!(
        "deploy by the quicker own: {:.3}, wanted {DEPLOY_WANTED:.2}",
        of(Round::ratio)
    );
    println!("a link: {:.1} ms, wanted {LINK_WANTED:.0}", of(Round::link));
    println!(
        "destroy by own removal: {:.3}",
        of(|round| round.destroy / round.own_removal)
    );
    let phases = rounds.last().map(|round| &round.phases);
    for (name, seconds) in phases.into_iter().flatten() {
        println!("  {name:<10} {seconds:>6.2} s");
    }
}

/// Makes and starts the containers by so many clients at once, and removes them. Both in seconds.
fn own(bench: &Bench, image: &str, at_once: usize) -> (f64, f64) {
    let network = "bench";
    run_client(
        bench,
        &["network", "create", "--subnet", "172.30.0.0/16", network],
    );
    let started = Instant::now();
    thread::scope(|scope| {
        for first in 0..at_once {
            scope.spawn(move || {
                for number in (first..NODES).step_by(at_once) {
                    let name = format!("bench-{number}");
                    let arguments = ["run", "-d", "--name", &name, "--network", network];
                    let command = [image, "sleep", "1000000"];
                    run_client(bench, &[&arguments[..], &command].concat());
                }
            });
        }
    });
    let made = started.elapsed().as_secs_f64();
    let names: Vec<String> = (0..NODES).map(|number| format!("bench-{number}")).collect();
    // Podman would give each ten seconds to end, where Docker kills at once.
    let remove: &[&str] = match bench.kind() {
        Kind::Podman => &["rm", "--force", "--time", "0"],
        Kind::Classic | Kind::Containerd => &["rm", "--force"],
    };
    let started = Instant::now();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    run_client(bench, &[remove, &names].concat());
    let removed = started.elapsed().as_secs_f64();
    run_client(bench, &["network", "rm", network]);
    (made, removed)
}

fn run_client(bench: &Bench, arguments: &[&str]) {
    let mut command = bench.client();
    let output = command.args(arguments).output().expect("the client runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Deploys the lab and destroys it: both in seconds, with the seconds of each phase of the deployment.
fn lab(bench: &Bench, image: &str) -> (f64, BTreeMap<String, f64>, f64) {
    let data = tempfile::tempdir_in(disk()).expect("a folder can be made for the history");
    let deployed = deploy(bench, data.path(), image, LINKS);
    let phases = phases(&deployed);
    let destroyed = lw(bench, data.path(), &["lab", "destroy", "bench"]);
    (deployed.seconds, phases, destroyed.seconds)
}

/// The seconds that it takes to give all links to nodes that run, beyond what it takes to find nothing to do.
fn links(bench: &Bench, image: &str) -> f64 {
    let data = tempfile::tempdir_in(disk()).expect("a folder can be made for the history");
    let [_, nothing, links] = [0, 0, LINKS].map(|links| deploy(bench, data.path(), image, links));
    lw(bench, data.path(), &["lab", "destroy", "bench"]);
    links.seconds - nothing.seconds
}

fn deploy(bench: &Bench, data: &Path, image: &str, links: usize) -> Measured {
    let file = data.join("bench.clab.yml");
    fs::write(&file, topology(image, links)).expect("the topology can be written");
    lw(bench, data, &["lab", "deploy", &file.to_string_lossy()])
}

fn lw(bench: &Bench, data: &Path, arguments: &[&str]) -> Measured {
    let mut command: Command = bench.lw(data);
    command.args(arguments);
    measure(command)
}

/// A ring and its chords: every node has as many links as any other.
fn topology(image: &str, links: usize) -> String {
    let mut text = format!(
        "name: bench\nmgmt: {{network: bench-lab, ipv4-subnet: 172.31.0.0/16}}\ntopology:\n  kinds:\n    linux: {{image: '{image}', cmd: sleep 1000000}}\n  nodes:\n"
    );
    let nodes = (0..NODES).map(|number| format!("    n{number}: {{kind: linux}}\n"));
    text.extend(nodes);
    text += if links == 0 { "" } else { "  links:\n" };
    let links = (0..links).map(|link| {
        let (from, apart) = (link % NODES, 1 + link / NODES);
        let to = (from + apart) % NODES;
        let (out, back) = (2 * apart - 1, 2 * apart);
        format!("    - endpoints: ['n{from}:eth{out}', 'n{to}:eth{back}']\n")
    });
    text.extend(links);
    text
}

/// How long each step at the top took, by its name.
fn phases(deployed: &Measured) -> BTreeMap<String, f64> {
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    let mut begun: BTreeMap<u64, f64> = BTreeMap::new();
    let mut phases = BTreeMap::new();
    for (at, line) in &deployed.lines {
        let event: Value = serde_json::from_str(line).unwrap_or_default();
        let change = &event["change"];
        let step = change["step"].as_u64().unwrap_or_default();
        match change["type"].as_str() {
            Some("step_added") if change["parent"].is_null() => {
                let name = change["name"].as_str().unwrap_or_default();
                names.insert(step, name.to_owned());
            }
            Some("step_started") => {
                begun.insert(step, at.as_secs_f64());
            }
            Some("step_finished") => {
                if let (Some(name), Some(begun)) = (names.get(&step), begun.get(&step)) {
                    phases.insert(name.clone(), at.as_secs_f64() - begun);
                }
            }
            _ => {}
        }
    }
    phases
}

/// TCP through a link of a lab and through a direct pair of interfaces that is set as a lab's link is, in turn.
fn throughput_of(bench: &Bench, image: &str, rounds: usize) {
    let data = tempfile::tempdir_in(disk()).expect("a folder can be made for the history");
    let file = data.path().join("pair.clab.yml");
    let text = format!(
        "name: pair\nmgmt: {{network: bench-lab, ipv4-subnet: 172.31.0.0/16}}\ntopology:\n  kinds:\n    linux: {{image: '{image}', cmd: sleep 1000000}}\n  nodes:\n    a: {{kind: linux, exec: ['ip addr add 10.9.0.1/24 dev eth1']}}\n    b: {{kind: linux, exec: ['ip addr add 10.9.0.2/24 dev eth1']}}\n  links:\n    - endpoints: ['a:eth1', 'b:eth1']\n"
    );
    fs::write(&file, text).expect("the topology can be written");
    lw(
        bench,
        data.path(),
        &["lab", "deploy", &file.to_string_lossy()],
    );
    let pids = ["clab-pair-a", "clab-pair-b"].map(|name| bench.pid(name));
    let direct = throughput::DirectPair::new();
    println!("round  direct pair  link of a lab");
    let ratios: Vec<f64> = (1..=rounds)
        .map(|number| {
            let direct = throughput::between(direct.pids(), "10.9.1.2");
            let link = throughput::between(pids, "10.9.0.2");
            println!("{number:>5}  {direct:>6.2} Gbit/s  {link:>6.2} Gbit/s");
            link / direct
        })
        .collect();
    println!(
        "link by direct pair: {:.3}, wanted {THROUGHPUT_WANTED}",
        median(ratios.into_iter())
    );
    lw(bench, data.path(), &["lab", "destroy", "pair"]);
}
