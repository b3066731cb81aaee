//! An engine of a host, reached through SSH: an engine like any other.

use crate::bench::Lab;
use crate::program::Program;
use crate::wait::until;
use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::host::Host;
use labwright_testbed::{Engine, Kind, LabImage, Registry, RegistryImage};
use serde_json::Value;
use std::fs;

/// The host as it is noted.
const ENGINE: &str = "ssh://gpu-7";

/// A host whose programs reach this engine, and `lw` that reaches the host.
fn far(kind: Kind, name: &str) -> (Host, Lab) {
    let lab = Lab::on(Engine::private(kind), name);
    reached(lab, kind)
}

fn reached(mut lab: Lab, kind: Kind) -> (Host, Lab) {
    let (variable, other) = match kind {
        Kind::Podman => ("CONTAINER_HOST", "docker"),
        Kind::Classic | Kind::Containerd => ("DOCKER_HOST", "podman"),
    };
    let host = Host::builder()
        .variable(variable, &lab.engine.address())
        .without(&[other])
        .start();
    host.trust();
    lab.program = Program::for_address(ENGINE);
    let config = lab.program.folder.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let noted = format!(
        "[[host]]\nname = \"gpu-7\"\ndestination = \"{}\"\nssh_config = \"{}\"\n",
        host.alias(),
        host.ssh_config().display()
    );
    fs::write(config.join("hosts.toml"), noted).unwrap();
    (host, lab)
}

fn a_lab_runs_on_a_host_and_its_consoles_answer(kind: Kind) {
    let (_host, lab) = far(kind, "far-pair");
    lab.image(&LabImage::busybox());
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}\n  nodes:\n    a:\n      exec: [ip address add 192.168.1.1/24 dev eth1]\n    \
         b:\n      exec: [ip address add 192.168.1.2/24 dev eth1]\n  links:\n    - endpoints: [a:eth1, b:eth1]\n"
    ));
    let deployed = lab.deploy(&[]);
    assert_eq!(deployed.result()["links"], 1);
    lab.ping("a", "192.168.1.2");
    let said = lab
        .program
        .succeed(&exec(&lab.name, "a", &["echo", "from far away"]));
    assert!(said.contains("from far away"), "{said}");
    let state = lab.inspect();
    assert_eq!(state["nodes"][0]["state"], "ready", "{state}");
    typed_into(&lab);
    lab.destroy();
}

/// `lw exec`, whose engine stands before the program: what follows is the program's.
fn exec<'a>(lab: &'a str, node: &'a str, program: &[&'a str]) -> Vec<&'a str> {
    let lw = ["exec", "--engine", ENGINE, lab, node, "--"];
    lw.iter().chain(program).copied().collect()
}

/// What is typed into a console reaches the program there, and its end is the end of the console.
fn typed_into(lab: &Lab) {
    use std::io::Write;
    use std::process::Stdio;

    let mut console = lab
        .program
        .command(&exec(&lab.name, "b", &["sh", "-s", "--"]))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = console.stdin.take().unwrap();
    stdin
        .write_all(b"echo typed $((20 + 3)); exit 7\n")
        .unwrap();
    drop(stdin);
    let ended = console.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(said.contains("typed 23"), "{ended:?}");
    assert_eq!(ended.status.code(), Some(7));
}

fn images_are_imported_and_pulled_there(kind: Kind) {
    let registry = Registry::open();
    RegistryImage::new("net/router", "1")
        .layer(&RootFs::tiny().marker("pulled"))
        .push(&registry);
    let engine = Engine::trusting(kind, &[&registry.address()]);
    let (_host, lab) = reached(Lab::on(engine, "far-images"), kind);
    let archive = RootFs::tiny().marker("imported").padding(8 << 20).tar();
    let archive = Compression::Gzip.compress(&archive);
    let file = lab.program.file("vyos-1.4.0-amd64.tar.gz", &archive);
    let imported = lab.job(&["import", file.to_str().unwrap(), "--as", "far/vyos:1"]);
    assert_eq!(imported.result()["references"][0], "far/vyos:1");
    let marker = |image: &str| {
        let said = lab.engine.run(image, &["/bin/cat", "/etc/marker"]);
        said.trim().to_owned()
    };
    assert_eq!(marker("far/vyos:1"), "imported");
    let reference = registry.reference("net/router:1");
    let pulled = lab.job(&["pull", &reference]);
    let result: &Value = pulled.result();
    assert!(result.to_string().contains("net/router"), "{result}");
    assert_eq!(marker(&reference), "pulled");
}

#[test]
fn images_of_a_plan_are_pulled_there_and_sent_from_here() {
    let registry = Registry::open();
    RegistryImage::new("net/router", "1")
        .layer(&RootFs::tiny().marker("pulled"))
        .push(&registry);
    let engine = Engine::trusting(Kind::Classic, &[&registry.address()]);
    let (_host, lab) = reached(Lab::on(engine, "far-plan"), Kind::Classic);
    let archive = RootFs::tiny().marker("sent").padding(4 << 20).tar();
    let archive = Compression::Gzip.compress(&archive);
    lab.program.file("vyos-1.4.0-amd64.tar.gz", &archive);
    let reference = registry.reference("net/router:1");
    let plan = format!(
        "[[node]]\nname = \"router\"\nkind = \"image\"\nreference = \"{reference}\"\n\
         [[node]]\nname = \"vyos\"\nkind = \"image\"\nfile = \"vyos-1.4.0-amd64.tar.gz\"\n\
         reference = \"far/vyos:2\"\n"
    );
    let plan = lab.program.file("images.toml", plan.as_bytes());
    let installed = lab.job(&["install", plan.to_str().unwrap(), "--host", "gpu-7"]);
    let nodes = installed.result()["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 2, "{nodes:?}");
    for (image, marker) in [(reference.as_str(), "pulled"), ("far/vyos:2", "sent")] {
        let said = lab.engine.run(image, &["/bin/cat", "/etc/marker"]);
        assert_eq!(said.trim(), marker);
    }
}

#[test]
fn a_host_that_goes_away_is_told_and_the_lab_is_there_when_it_is_back() {
    let (host, lab) = far(Kind::Classic, "far-away");
    lab.image(&LabImage::busybox());
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}\n  nodes:\n    a: {{}}\n"
    ));
    lab.deploy(&[]).result();
    host.stop();
    let output = lab.program.run(&["lab", "list"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("gpu-7"), "{said}");
    host.resume();
    until("the lab to be listed again", || {
        let listed = lab.program.run(&["lab", "list"]);
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        if listed.contains("far-away") {
            Ok(())
        } else {
            Err(listed)
        }
    });
    lab.destroy();
}

on_each_engine!(
    a_lab_runs_on_a_host_and_its_consoles_answer,
    images_are_imported_and_pulled_there
);
