//! Routers find each other over OSPF, and hosts reach each other across them.

use std::fs;

use labwright_testbed::{Engine, Kind, LabImage};

use crate::node::Node;

/// What a router needs beside the network capability that every node here has.
const ROUTER: [&str; 4] = ["--cap-add", "NET_RAW", "--cap-add", "SYS_ADMIN"];

/// What may reach into other containers' networks: the wires between them are made in a container, too.
const WIRING: [&str; 6] = [
    "--pid",
    "host",
    "--cap-add",
    "SYS_ADMIN",
    "--cap-add",
    "SYS_PTRACE",
];

/// Neighbours, by address, of the three routers in a row; hosts are at both ends.
const ROUTERS: [(&str, &str, &str); 3] = [
    ("1.1.1.1", "10.0.1.1/24", "10.0.12.1/24"),
    ("2.2.2.2", "10.0.12.2/24", "10.0.23.2/24"),
    ("3.3.3.3", "10.0.23.3/24", "10.0.3.1/24"),
];

/// Hellos every second: a test does not wait ten.
fn configuration((id, first, second): (&str, &str, &str)) -> String {
    let port = |name, address| {
        format!(
            "interface {name}\n ip address {address}\n ip ospf area 0\n ip ospf network point-to-point\n \
             ip ospf hello-interval 1\n ip ospf dead-interval 4\n"
        )
    };
    let (first, second) = (port("eth1", first), port("eth2", second));
    format!("{first}{second}router ospf\n ospf router-id {id}\n")
}

fn router<'a>(engine: &'a Engine, system: (&str, &str, &str)) -> Node<'a> {
    // The one folder that every engine sees under the same name.
    let file = engine.temporary_folder().join(system.0);
    fs::write(&file, configuration(system)).unwrap();
    let bind = format!("{}:/etc/frr/frr.conf:ro", file.display());
    let own = ["--sysctl", "net.ipv4.ip_forward=0", "--volume", &bind];
    Node::start(engine, &LabImage::frr(), &[&ROUTER[..], &own].concat(), &[])
}

/// Makes a wire between two ports, each the node and the interface's name.
fn connect(wiring: &Node, ends: [(&Node, &str); 2]) {
    wiring.exec(&[
        "ip", "link", "add", "left", "type", "veth", "peer", "name", "right",
    ]);
    for ((node, name), end) in ends.into_iter().zip(["left", "right"]) {
        let process = node.inspect("{{.State.Pid}}");
        wiring.exec(&["ip", "link", "set", end, "netns", &process, "name", name]);
        node.exec(&["ip", "link", "set", name, "up"]);
    }
}

fn address(host: &Node, address: &str, router: &str) {
    host.exec(&["ip", "address", "add", address, "dev", "eth1"]);
    host.exec(&["ip", "route", "add", "default", "via", router]);
}

fn forward_what_they_learn_from_each_other(kind: Kind) {
    let engine = Engine::private(kind);
    engine.import(&LabImage::busybox());
    engine.import(&LabImage::frr());
    let wiring = Node::start(&engine, &LabImage::frr(), &WIRING, &["sleep", "600"]);
    let host = || Node::start(&engine, &LabImage::busybox(), &[], &["sleep", "600"]);
    let (left, right) = (host(), host());
    let [first, middle, last] = ROUTERS.map(|system| router(&engine, system));
    connect(&wiring, [(&left, "eth1"), (&first, "eth1")]);
    connect(&wiring, [(&first, "eth2"), (&middle, "eth1")]);
    connect(&wiring, [(&middle, "eth2"), (&last, "eth1")]);
    connect(&wiring, [(&last, "eth2"), (&right, "eth1")]);
    address(&left, "10.0.1.2/24", "10.0.1.1");
    address(&right, "10.0.3.2/24", "10.0.3.1");

    let ping = left.exec(&["ping", "-c", "1", "-W", "1", "10.0.3.2"]);
    assert!(ping.contains("ttl=61"), "{ping}");
    let neighbours = middle.exec(&["vtysh", "-c", "show ip ospf neighbor"]);
    let full = |id: &str| {
        neighbours
            .lines()
            .any(|line| line.contains(id) && line.contains("Full"))
    };
    assert!(full("1.1.1.1") && full("3.3.3.3"), "{neighbours}");
    is_as_described(&middle);
}

fn is_as_described(router: &Node) {
    let vtysh = |command| router.exec(&["vtysh", "-c", command]);
    assert!(vtysh("show version").starts_with("FRRouting 8.4"));
    assert_eq!(vtysh("show daemons"), " zebra ospfd watchfrr staticd\n");
    assert!(router.log().contains("all daemons up"), "{}", router.log());
    router.stop();
    assert_eq!(router.inspect("{{.State.ExitCode}}"), "0");
}

on_each_engine!(forward_what_they_learn_from_each_other);
