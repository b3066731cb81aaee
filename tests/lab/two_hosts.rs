//! Two hosts and a link: nodes come and go, and their neighbours do not notice more than that nobody answers.

use crate::bench::Lab;
use crate::wait::until;
use labwright_testbed::{Engine, Kind, LabImage};
use serde_json::{Value, json};

/// Everything that a host needs is in its command, so that it is there again whoever starts the host.
fn host(name: &str, ports: &[(&str, &str)]) -> String {
    let one = |(port, address): &(&str, &str)| {
        format!("until ip address add {address} dev {port} 2>/dev/null; do usleep 100000; done; ")
    };
    let addresses: String = ports.iter().map(one).collect::<Vec<_>>().concat();
    format!("    {name}:\n      cmd: sh -c '{addresses}exec sleep 1000000'\n")
}

fn write(lab: &Lab, nodes: &[String], links: &[[&str; 2]]) {
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    let links: String = links
        .iter()
        .map(|ends| format!("    - endpoints: {}\n", json!(ends)))
        .collect::<Vec<_>>()
        .concat();
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}\n  nodes:\n{}  links:\n{links}",
        nodes.concat()
    ));
}

fn a() -> String {
    host("a", &[("eth1", "192.168.1.1/24")])
}

fn b() -> String {
    host("b", &[("eth1", "192.168.1.2/24")])
}

const LINK: [&str; 2] = ["a:eth1", "b:eth1"];

/// Two hosts that reach each other.
pub(crate) fn pair(kind: Kind, name: &str) -> Lab {
    let lab = Lab::on(Engine::shared(kind), name);
    lab.image(&LabImage::busybox());
    write(&lab, &[a(), b()], &[LINK]);
    let deployed = lab.deploy(&[]);
    assert_eq!(deployed.result()["links"], 1);
    lab.ping("a", "192.168.1.2");
    lab
}

/// A fact about a's port, from its own point of view.
pub(crate) fn port(lab: &Lab, fact: &str) -> String {
    let path = format!("/sys/class/net/eth1/{fact}");
    lab.printed("a", &["cat", &path]).trim().to_owned()
}

fn comes_up_and_is_shown(kind: Kind) {
    let lab = pair(kind, "two-shown");
    let state = lab.inspect();
    let facts = |node: &Value| json!([node["name"], node["state"], node["ports"]]);
    let ports = json!([{"name": "eth1", "wired": true, "carrier": true, "problem": ""}]);
    let nodes: Vec<Value> = state["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(facts)
        .collect();
    assert_eq!(
        nodes,
        [json!(["a", "ready", ports]), json!(["b", "ready", ports])]
    );
    assert_eq!(state["links"][0]["state"], "up");
    assert_eq!(state["problems"], json!([]));

    let told = |node: usize| state["nodes"][node]["ipv4"].as_str().unwrap().to_owned();
    assert!(told(0).starts_with(&lab.network), "{state}");
    lab.ping("a", &told(1));
    let listed = lab.program.succeed(&["lab", "list"]);
    assert!(listed.contains("two-shown"), "{listed}");
    lab.program.succeed(&["lab", "doctor", "two-shown"]);
    lab.destroy();
}

fn a_node_that_stops_leaves_its_neighbours_port(kind: Kind) {
    let lab = pair(kind, "two-stop");
    let index = port(&lab, "ifindex");
    lab.job(&["node", "stop", &lab.name, "b"]).result();
    let state = lab.inspect();
    assert_eq!(state["nodes"][1]["state"], "stopped");
    assert_eq!(state["links"][0]["state"], "waiting");
    assert!(
        lab.try_exec("a", &["ping", "-c", "1", "-W", "1", "192.168.1.2"])
            .is_err()
    );
    lab.job(&["node", "start", &lab.name, "b"]).result();
    assert_eq!(port(&lab, "ifindex"), index);
    lab.ping("a", "192.168.1.2");
    lab.job(&["lab", "restart", &lab.name]).result();
    lab.ping("a", "192.168.1.2");
    lab.destroy();
}

/// No `lw` runs here: the patchbay does it.
fn links_heal_when_the_engines_own_client_restarts_a_node(kind: Kind) {
    let lab = pair(kind, "two-heal");
    let index = port(&lab, "ifindex");
    let b = lab.container("b");
    let address = lab.told("b", ADDRESS);
    lab.engine.exec_cli(&["restart", "--time", "0", &b]);
    lab.ping("a", "192.168.1.2");
    lab.engine.exec_cli(&["kill", &b]);
    // Docker leaves alone what its user killed; Podman may have started it again.
    wait_until_b_can_be_started(&lab);
    lab.ping("a", "192.168.1.2");
    assert_eq!(port(&lab, "ifindex"), index);
    assert_eq!(lab.told("b", ADDRESS), address);
    lab.destroy();
}

const ADDRESS: &str = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";

fn wait_until_b_can_be_started(lab: &Lab) {
    let b = lab.container("b");
    until("b to run again", || lab.engine.try_cli(&["start", &b]));
}

fn deploying_again_changes_what_the_file_changes(kind: Kind) {
    let lab = pair(kind, "two-again");
    let ids = [lab.id("a"), lab.id("b")];
    let same = |lab: &Lab| assert_eq!([lab.id("a"), lab.id("b")], ids);
    let kept = |nodes: &Value| {
        let nodes = nodes.as_array().unwrap().iter();
        nodes.map(|node| node["kept"].clone()).collect::<Vec<_>>()
    };
    let again = lab.deploy(&[]);
    assert_eq!(kept(&again.result()["nodes"]), [true, true]);
    same(&lab);

    let c = host("c", &[("eth1", "192.168.2.2/24")]);
    write(&lab, &[a(), b(), c], &[LINK, ["b:eth2", "c:eth1"]]);
    let third = lab.deploy(&[]);
    assert_eq!(kept(&third.result()["nodes"]), [true, true, false]);
    same(&lab);
    lab.exec(
        "b",
        &["ip", "address", "add", "192.168.2.1/24", "dev", "eth2"],
    );
    lab.ping("b", "192.168.2.2");
    lab.ping("a", "192.168.1.2");

    write(&lab, &[a(), b()], &[LINK]);
    let two = lab.deploy(&[]);
    assert_eq!(two.result()["removed"], json!(["c"]));
    same(&lab);
    lab.ping("a", "192.168.1.2");
    let gone = lab.try_exec("b", &["test", "-e", "/sys/class/net/eth2"]);
    assert!(gone.is_err(), "a link that goes takes its port along");

    let anew = lab.deploy(&["--anew"]);
    assert_eq!(kept(&anew.result()["nodes"]), [false, false]);
    assert!(lab.id("a") != ids[0] && lab.id("b") != ids[1]);
    lab.ping("a", "192.168.1.2");
    lab.destroy();
}

on_each_engine!(
    comes_up_and_is_shown,
    a_node_that_stops_leaves_its_neighbours_port,
    links_heal_when_the_engines_own_client_restarts_a_node,
    deploying_again_changes_what_the_file_changes
);
