//! The stand-in for cEOS as nodes of kind `arista_ceos`: it boots where cEOS boots, and fails where cEOS fails.

use crate::bench::{Ended, Lab, ended};
use crate::wait::until;
use labwright_testbed::images::ceos::{ENVIRONMENT, SEEN};
use labwright_testbed::{Engine, Kind, LabImage};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the kind's table says, in milliseconds.
const STAGGER: i64 = 5000;
/// Events carry whole milliseconds, and are stamped when they are told.
const STAMPS: i64 = 100;
const SAVED: &str = "! Command: show running-config";

/// A lab whose engine has the stand-in, imported from its archive by the program itself.
fn lab(kind: Kind, name: &str) -> (Lab, String) {
    let lab = Lab::on(Engine::shared(kind), name);
    let image = format!("{name}/ceos:1");
    let archive = LabImage::ceos_stand_in();
    let path = archive.path().to_str().unwrap();
    lab.program
        .succeed(&["import", path, "--as", &image, "--replace"]);
    (lab, image)
}

/// What a node saw when it started.
fn seen(lab: &Lab, node: &str) -> Value {
    serde_json::from_str(&lab.printed(node, &["cat", SEEN])).unwrap()
}

fn ten_at_once_see_all_their_interfaces(kind: Kind) {
    let (lab, image) = lab(kind, "ceos-ten");
    let mut text = format!("  defaults: {{kind: arista_ceos, image: {image}}}\n  nodes:\n");
    text.extend((0..10).map(|number| format!("    leaf{number}: {{}}\n")));
    text += "  links:\n";
    text.extend((0..10).map(|number| {
        let next = (number + 1) % 10;
        format!("    - endpoints: ['leaf{number}:Ethernet1', 'leaf{next}:eth2']\n")
    }));
    lab.file(&text);
    let mut running = lab.deploying(&[]);
    let mut events = Vec::new();
    while let Some(event) = running.event() {
        events.push(event);
    }
    let outcome = events.last().unwrap()["change"]["outcome"].clone();
    let code = running.end().0;
    assert_eq!(Ended { code, outcome }.result()["links"], 10);
    for number in 0..10 {
        let seen = seen(&lab, &format!("leaf{number}"));
        assert_eq!(seen["lacks"], json!([]), "leaf{number}");
        let interfaces = seen["interfaces"].as_array().unwrap().iter();
        let names: Vec<&Value> = interfaces.map(|interface| &interface["name"]).collect();
        assert!(
            names.contains(&&json!("eth1")) && names.contains(&&json!("eth2")),
            "{seen}"
        );
    }
    let starts = starts(&events);
    assert_eq!(starts.len(), 10);
    let apart: Vec<i64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        apart.iter().all(|apart| *apart >= STAGGER - STAMPS),
        "{apart:?}"
    );
    let state = lab.inspect();
    let nodes = state["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["state"] == "ready"), "{state}");
    lab.destroy();
}

/// When the nodes began to start, in milliseconds, in order.
fn starts(events: &[Value]) -> Vec<i64> {
    let changes = || events.iter().map(|event| (&event["at"], &event["change"]));
    let names: BTreeMap<String, &Value> = changes()
        .filter(|(_, change)| change["type"] == "step_added")
        .map(|(_, change)| (change["step"].to_string(), &change["name"]))
        .collect();
    let starts = changes().filter(|(_, change)| {
        let step = change["step"].to_string();
        change["type"] == "step_started" && names.get(&step).is_some_and(|name| *name == "Start")
    });
    let mut starts: Vec<i64> = starts.filter_map(|(at, _)| at.as_i64()).collect();
    starts.sort_unstable();
    starts
}

/// The same image, started in the same moment, while no patchbay can give anybody an interface.
fn without_the_wait_it_fails_as_ceos_does(kind: Kind) {
    let (lab, image) = lab(kind, "ceos-bites");
    let variables = ENVIRONMENT.map(|variable| variable.split_once('=').unwrap());
    let environment: BTreeMap<&str, &str> = variables.into();
    let arguments = ENVIRONMENT.map(|variable| format!("systemd.setenv={variable}"));
    let prepare = "mkdir -p /mnt/flash; echo 001c.7300.0001 >/mnt/flash/system_mac_address; \
                   echo end >/mnt/flash/startup-config; exec /sbin/init ";
    let command = format!("bash -c '{prepare}{}'", arguments.join(" "));
    let bare = json!({"kind": "linux", "image": image, "cmd": command, "env": environment});
    lab.file(&format!(
        "  nodes:\n    waits: {{kind: ceos, image: {image}}}\n    bare: {bare}\n  links:\n    \
         - endpoints: ['waits:eth1', 'bare:eth1']\n"
    ));
    lab.deploy(&[]).result();
    let nodes = [lab.container("waits"), lab.container("bare")];
    let patchbay = format!("labwright-{}-patchbay", lab.name);
    let client = |arguments: &[&str]| lab.engine.exec_cli(arguments);
    client(&["stop", "--time", "30", &nodes[0]]);
    client(&["stop", "--time", "1", &nodes[1]]);
    client(&["stop", "--time", "1", &patchbay]);
    for node in &nodes {
        client(&["start", node]);
    }
    until("the boot to fail", || {
        let log = lab.log("bare");
        if log.contains("platform=None") {
            Ok(())
        } else {
            Err(log)
        }
    });
    client(&["start", &patchbay]);
    until("the other to be ready", || {
        lab.try_exec("waits", &["Cli", "-p", "15", "-c", "show version"])
    });
    assert_eq!(seen(&lab, "waits")["lacks"], json!([]));
    assert_eq!(seen(&lab, "bare")["lacks"], json!(["interfaces: 0 of 1"]));
    let log = lab.log("bare");
    assert!(
        log.contains("modprobe rbfd") && log.contains("Failed to start"),
        "{log}"
    );
    lab.destroy();
}

fn an_archive_is_imported_on_the_way(kind: Kind) {
    let lab = Lab::on(Engine::private(kind), "ceos-brings");
    let file = lab.file(
        "  nodes:\n    leaf: {kind: ceos, image: 'ceos:4.99.1F', env: {STAND_IN_BOOT_SECONDS: '1'}}\n",
    );
    let archive = LabImage::ceos_stand_in();
    let import = ["--import", archive.path().to_str().unwrap()];
    let images = || lab.engine.exec_cli(&["images", "--quiet"]);

    let plan = ["lab", "plan", file.to_str().unwrap()];
    let plan = lab.program.succeed(&[&plan, import.as_slice()].concat());
    assert!(plan.contains(" as ceos:4.99.1F for leaf"), "{plan}");
    let interrupted = lab.deploying_to("Import ceos:4.99.1F", &import);
    interrupted.signal(Signal::INT);
    assert_eq!(ended(interrupted).code, Some(3));
    assert_eq!((lab.parts(), images().as_str()), (BTreeSet::new(), ""));

    let deployed = lab.deploy(&import);
    assert_eq!(deployed.result()["nodes"][0]["kept"], false);
    let again = lab.deploy(&import);
    assert_eq!(again.result()["nodes"][0]["kept"], true);
    lab.destroy();
}

fn what_is_saved_outlives_its_containers(kind: Kind) {
    let (lab, image) = lab(kind, "ceos-saves");
    lab.file(&format!(
        "  defaults: {{kind: ceos, image: {image}}}\n  nodes:\n    leaf: {{startup-config: leaf.cfg}}\n"
    ));
    lab.program
        .file("leaf.cfg", b"hostname from-the-file\nend\n");
    lab.deploy(&[]).result();
    let folder = lab.program.folder.path().join("saved");
    let output = folder.to_str().unwrap();
    lab.program
        .succeed(&["lab", "save", &lab.name, "--output", output]);
    let saved = std::fs::read_to_string(folder.join("leaf/startup-config")).unwrap();
    assert!(
        saved.starts_with(SAVED) && saved.contains("hostname from-the-file"),
        "{saved}"
    );

    lab.job(&["lab", "stop", &lab.name]).result();
    assert_eq!(lab.told("leaf", "{{.State.ExitCode}}"), "0");
    assert!(lab.log("leaf").contains("Halting system."));
    lab.job(&["lab", "destroy", &lab.name, "--keep-state"])
        .result();
    lab.deploy(&[]).result();
    let kept = lab.printed("leaf", &["cat", "/mnt/flash/startup-config"]);
    assert_eq!(kept, saved);
    lab.destroy();
}

fn a_node_that_will_not_come_up_is_explained(kind: Kind) {
    let (lab, image) = lab(kind, "ceos-bad");
    lab.file(&format!(
        "  defaults: {{kind: ceos, image: {image}}}\n  nodes:\n    good: {{}}\n    bad: {{env: {{ETBA: '0'}}}}\n"
    ));
    let failed = lab.deploy(&[]).failed_with("node_will_not_come_up");
    for said in [
        "node bad",
        "platform=None",
        "Restart the node",
        "lw lab doctor ceos-bad",
    ] {
        assert!(failed.contains(said), "{said}: {failed}");
    }
    let doctor = lab.program.run(&["lab", "doctor", &lab.name]);
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert_eq!(doctor.status.code(), Some(1), "{said}");
    assert!(
        said.contains("platform=None") && said.contains("Restart the node"),
        "{said}"
    );
    let state = lab.inspect();
    assert_eq!(state["nodes"][0]["state"], "ready", "{state}");
    assert_eq!(state["nodes"][1]["state"], "booting", "{state}");
    lab.destroy();
}

on_each_engine!(
    ten_at_once_see_all_their_interfaces,
    without_the_wait_it_fails_as_ceos_does,
    an_archive_is_imported_on_the_way,
    what_is_saved_outlives_its_containers,
    a_node_that_will_not_come_up_is_explained
);
