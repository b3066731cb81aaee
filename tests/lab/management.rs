//! The management network: what others have in it, and links that lead into it.

use crate::bench::{Lab, ended};
use crate::program::Program;
use labwright_testbed::{Engine, Kind, LabImage};
use rustix::process::Signal;

const IPV4: &str = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
const IPV6: &str = "{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}";

/// Somebody's own container in a lab's network.
struct Stranger {
    name: String,
    ipv4: String,
    ipv6: String,
}

impl Stranger {
    /// Started with the engine's own client, which lets the engine choose its addresses.
    fn in_network_of(lab: &Lab) -> Self {
        let name = format!("{}-stranger", lab.name);
        let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
        let run = ["run", "--detach", "--network", &lab.name, "--name", &name];
        let program = [image.as_str(), "sleep", "1000000"];
        lab.engine.exec_cli(&[&run[..], &program].concat());
        let told = |template: &str| {
            let inspect = ["inspect", "--format", template, &name];
            lab.engine.exec_cli(&inspect).trim().to_owned()
        };
        Self {
            ipv4: told(IPV4),
            ipv6: told(IPV6),
            name,
        }
    }

    /// Killed first: Podman would wait for it to end by itself.
    fn leave(&self, lab: &Lab) {
        lab.engine.exec_cli(&["kill", &self.name]);
        lab.engine.exec_cli(&["rm", "--force", &self.name]);
    }
}

fn write(lab: &Lab, nodes: &str, links: &str) {
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}\n  nodes:\n{nodes}{links}"
    ));
}

/// A lab of one node, and somebody in its network.
fn visited(kind: Kind, name: &str) -> (Lab, Stranger) {
    let lab = Lab::on(Engine::shared(kind), name);
    lab.image(&LabImage::busybox());
    write(&lab, "    a: {}\n", "");
    lab.deploy(&[]).result();
    let stranger = Stranger::in_network_of(&lab);
    assert!(stranger.ipv4.starts_with(&lab.network), "{}", stranger.ipv4);
    (lab, stranger)
}

fn what_others_have_in_it_is_left_to_them(kind: Kind) {
    let (lab, stranger) = visited(kind, "mgmt-left");
    write(&lab, "    a: {}\n    b: {}\n    c: {}\n", "");
    lab.deploy(&[]).result();
    let state = lab.inspect();
    let nodes = state["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 3);
    for node in nodes {
        assert_ne!(node["ipv4"], stranger.ipv4, "{state}");
        assert_ne!(node["ipv6"], stranger.ipv6, "{state}");
    }
    lab.ping("c", &stranger.ipv4);
    stranger.leave(&lab);
    lab.destroy();
}

fn an_address_that_others_have_is_told_before_anything_is_made(kind: Kind) {
    let (lab, stranger) = visited(kind, "mgmt-taken");
    let before = lab.parts();
    let nodes = format!("    a: {{}}\n    b: {{mgmt-ipv4: {}}}\n", stranger.ipv4);
    write(&lab, &nodes, "");
    let failed = lab.deploy(&[]).failed_with("address_taken");
    for said in ["node b", stranger.name.as_str(), stranger.ipv4.as_str()] {
        assert!(failed.contains(said), "{said}: {failed}");
    }
    assert_eq!(lab.parts(), before);

    stranger.leave(&lab);
    lab.deploy(&[]).result();
    assert_eq!(lab.inspect()["nodes"][1]["ipv4"], stranger.ipv4);
    lab.destroy();
}

/// The link ends at a port of the network's bridge, which each engine names in its own way, and which Podman makes only
/// when the network's first container starts.
fn a_link_into_it_reaches_its_gateway(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "mgmt-link");
    lab.image(&LabImage::busybox());
    // All engines share this machine's interfaces, and no other test has this network.
    let interface = format!("mg{}", lab.network.replace('.', "-"));
    let nodes = format!(
        "    a:\n      network-mode: none\n      \
         cmd: sh -c 'until ip address add {}.200/24 dev eth1 2>/dev/null; do usleep 100000; done; \
         exec sleep 1000000'\n    b: {{}}\n",
        lab.network
    );
    let links = format!("  links:\n    - endpoints: ['a:eth1', 'mgmt-net:{interface}']\n");
    write(&lab, &nodes, &links);
    lab.deploy(&[]).result();
    lab.ping("a", &format!("{}.1", lab.network));
    lab.destroy();
}

/// A lab that is taken back leaves the network that it made to the one that joined it meanwhile.
fn a_network_that_another_lab_joined_is_not_taken_back(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "mgmt-first");
    let image = lab.image(&LabImage::busybox());
    write(&lab, "    a: {exec: [sleep 1000000]}\n", "");
    let text = format!(
        "name: mgmt-second\nmgmt: {{network: {}, ipv4-subnet: {}.0/24}}\ntopology:\n  nodes:\n    \
         b: {{kind: linux, image: {image}, cmd: sleep 1000000}}\n",
        lab.name, lab.network,
    );
    let other = Program::for_engine(&lab.engine);
    let file = other.file("mgmt-second.clab.yml", text.as_bytes());
    let running = lab.deploying_to("Commands", &["--on-failure", "undo"]);
    other.succeed(&["lab", "deploy", file.to_str().unwrap()]);
    running.signal(Signal::INT);
    assert_eq!(ended(running).code, Some(3));
    let gateway = format!("{}.1", lab.network);
    let ping = ["exec", "clab-mgmt-second-b", "ping", "-c", "1", &gateway];
    lab.engine.exec_cli(&ping);
    let networks = || {
        let list = ["network", "ls", "--format", "{{.Name}}"];
        lab.engine.exec_cli(&list)
    };
    assert!(networks().contains(&lab.name));
    other.succeed(&["lab", "destroy", "mgmt-second"]);
    assert!(!networks().contains(&lab.name));
}

on_each_engine!(
    a_network_that_another_lab_joined_is_not_taken_back,
    what_others_have_in_it_is_left_to_them,
    an_address_that_others_have_is_told_before_anything_is_made,
    a_link_into_it_reaches_its_gateway
);
