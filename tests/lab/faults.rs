//! What can be in the way of a lab, and what happens to it half-way.

use crate::bench::{Lab, ended};
use crate::wait::until;
use labwright_testbed::{Engine, Kind, LabImage};
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::net::TcpListener;

/// A lab whose engine has a host's image, with these nodes and links.
fn lab(engine: Engine, name: &str, nodes: &str, links: &str) -> Lab {
    let lab = Lab::on(engine, name);
    let image = lab.image(&LabImage::busybox());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}\n  nodes:\n{nodes}{links}"
    ));
    lab
}

const PAIR: &str = "    a: {}\n    b: {}\n";
const LINK: &str = "  links:\n    - endpoints: ['a:eth1', 'b:eth1']\n";

#[track_caller]
fn says(text: &str, all: &[&str]) {
    for said in all {
        assert!(text.contains(said), "{said}: {text}");
    }
}

fn obstacles_are_named_before_anything_is_made(kind: Kind) {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let nodes = format!(
        "    a: {{image: 'nobody/ghost:1'}}\n    b: {{ports: ['{port}:80']}}\n    c: {{binds: ['gone/file:/file']}}\n"
    );
    let lab = lab(Engine::shared(kind), "in-the-way", &nodes, "");
    let taken = lab.container("c");
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    let client = |arguments: &[&str]| lab.engine.exec_cli(arguments);
    client(&["create", "--network", "none", "--name", &taken, &image]);
    let subnet = format!("{}.0/25", lab.network);
    client(&["network", "create", "--subnet", &subnet, "in-the-way-first"]);

    let ended = lab.deploy(&[]);
    assert_eq!(ended.code, Some(1));
    let said = ended.outcome["error"].to_string();
    let port = format!("port {port}");
    says(
        &said,
        &[
            "lw pull nobody/ghost:1",
            "lw import FILE",
            &port,
            &taken,
            "gone/file",
            "in-the-way-first",
        ],
    );
    client(&["rm", "--force", &taken]);
    client(&["network", "rm", "in-the-way-first"]);
    assert_eq!(lab.parts(), BTreeSet::new());
}

fn a_node_that_ends_at_once_is_named_and_the_others_stay(kind: Kind) {
    let nodes = "    a: {cmd: \"sh -c 'echo last words; exit 7'\"}\n    b: {}\n";
    let lab = lab(Engine::shared(kind), "ends", nodes, LINK);
    // Of such a node nothing can be checked but that it runs: on a busy machine it still may when it is looked at.
    let failed = (0..5).find_map(|_| {
        let ended = lab.deploy(&[]);
        let failed = ended.code == Some(1);
        if !failed {
            lab.destroy();
        }
        failed.then(|| ended.failed_with("node_ended"))
    });
    says(
        &failed.unwrap(),
        &["node a", "7", "last words", "lw lab doctor ends"],
    );
    assert_eq!(lab.told("b", "{{.State.Running}}"), "true");
    lab.destroy();
}

fn what_failed_is_undone_if_that_was_asked_for(kind: Kind) {
    let nodes = "    a: {exec: ['false']}\n    b: {}\n";
    let lab = lab(Engine::shared(kind), "undone", nodes, LINK);
    let failed = lab
        .deploy(&["--on-failure", "undo"])
        .failed_with("node_command");
    says(&failed, &["node a", "`false`"]);
    assert_eq!(lab.parts(), BTreeSet::new());
}

fn a_node_that_is_never_ready_is_given_up(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "never");
    let image = lab.image(&LabImage::ceos_stand_in());
    lab.file(&format!(
        "  nodes:\n    leaf: {{kind: ceos, image: {image}, env: {{STAND_IN_BOOT_SECONDS: '600'}}}}\n"
    ));
    let failed = lab
        .deploy(&["--ready-within", "8"])
        .failed_with("node_not_ready");
    says(&failed, &["node leaf", "not ready after 8 s", "its agents"]);
    assert_eq!(lab.told("leaf", "{{.State.Running}}"), "true");
    // It was kept, and is no better for that.
    let failed = lab
        .deploy(&["--ready-within", "2"])
        .failed_with("node_not_ready");
    says(&failed, &["node leaf", "not ready after 2 s"]);
    lab.destroy();
}

/// Nothing of the lab is there. An engine may need a while to end what it was asked for.
fn all_is_taken_back(lab: &Lab) {
    until("everything to be taken back", || {
        let parts = lab.parts();
        if parts.is_empty() { Ok(()) } else { Err(parts) }
    });
}

fn interrupted_it_takes_back_what_it_made(kind: Kind) {
    let lab = lab(Engine::shared(kind), "interrupted", PAIR, LINK);
    for step in ["Prepare", "Patchbay", "Create", "Start", "Wire"] {
        let running = lab.deploying_to(step, &[]);
        running.signal(Signal::INT);
        let ended = ended(running);
        assert_eq!(ended.code, Some(3), "{step}: {}", ended.outcome);
        all_is_taken_back(&lab);
    }
}

fn an_image_that_vanishes_on_the_way_is_named(kind: Kind) {
    let lab = lab(Engine::shared(kind), "vanishes", PAIR, LINK);
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    let running = lab.deploying_to("Patchbay", &[]);
    running.signal(Signal::STOP);
    lab.engine.exec_cli(&["rmi", &image]);
    running.signal(Signal::CONT);
    let ended = ended(running);
    assert_eq!(ended.code, Some(1), "{}", ended.outcome);
    let said = ended.outcome["error"].to_string();
    says(&said, &["vanishes", &image, "lw pull"]);
    all_is_taken_back(&lab);
}

fn a_full_disk_is_named_and_nothing_is_lost(kind: Kind) {
    let lab = Lab::on(Engine::with_small_disk(kind, 160 << 20), "full");
    let leaf = lab.image(&LabImage::ceos_stand_in());
    let node = |more: &str| {
        let seconds = "env: {STAND_IN_BOOT_SECONDS: '1'}";
        lab.file(&format!(
            "  nodes:\n    leaf: {{kind: ceos, image: '{leaf}', {seconds}{more}}}\n"
        ));
    };
    let large = format!("hostname leaf\n{}", "! nothing\n".repeat(1_200_000));
    lab.program.file("large.cfg", large.as_bytes());
    node(", startup-config: large.cfg");
    lab.engine.fill_disk(4 << 20);
    let failed = lab.deploy(&[]);
    assert_eq!(failed.code, Some(1), "{}", failed.outcome);
    let said = failed.outcome["error"].to_string();
    says(&said, &["leaf", "no space left on device"]);
    // Podman cannot remove anything then, since it must write that down.
    if kind == Kind::Podman {
        says(&said, &["lw lab destroy full"]);
    } else {
        all_is_taken_back(&lab);
    }

    lab.engine.free_disk();
    node("");
    lab.deploy(&[]).result();
    lab.destroy();
}

fn a_second_deployment_follows_the_first(kind: Kind) {
    let lab = lab(Engine::shared(kind), "at-once", PAIR, LINK);
    let first = lab.deploying_to("Prepare", &[]);
    let second = lab.deploying(&[]);
    assert_eq!([ended(first).code, ended(second).code], [Some(0), Some(0)]);
    let jobs = lab.program.jobs();
    let deployments = jobs.iter().filter(|job| job["job"]["kind"] == "deploy");
    assert_eq!(deployments.count(), 1, "the work was done once");
    lab.destroy();
}

fn an_engine_that_dies_is_no_end(kind: Kind) {
    let lab = lab(Engine::private(kind), "dies", PAIR, LINK);
    let running = lab.deploying_to("Create", &[]);
    lab.engine.kill();
    assert_eq!(ended(running).code, Some(1));
    lab.engine.start();
    lab.deploy(&[]).result();
    let address = lab.inspect()["nodes"][1]["ipv4"]
        .as_str()
        .unwrap()
        .to_owned();
    lab.ping("a", &address);
    lab.destroy();
}

fn a_lab_outlives_its_engines_restart(kind: Kind) {
    let nodes = ["a", "b"].map(|name| {
        let number = if name == "a" { 1 } else { 2 };
        format!(
            "    {name}:\n      cmd: sh -c 'until ip address add 192.168.1.{number}/24 dev eth1 2>/dev/null; \
             do usleep 100000; done; exec sleep 1000000'\n"
        )
    });
    let lab = lab(Engine::private(kind), "restarted", &nodes.concat(), LINK);
    lab.deploy(&[]).result();
    lab.ping("a", "192.168.1.2");
    lab.engine.restart();
    // Podman starts nothing by itself, and still holds the addresses of the containers that died with it.
    if kind == Kind::Podman {
        lab.job(&["lab", "start", &lab.name]).result();
    }
    lab.ping("a", "192.168.1.2");
    lab.destroy();
}

/// What another process does with the lab is not mistaken for what was asked for.
fn a_removal_does_not_join_a_deployment(kind: Kind) {
    let nodes = "    a:\n      cmd: sleep 1000000\n      startup-delay: 20\n";
    let lab = lab(Engine::shared(kind), "busy", nodes, "");
    let running = lab.deploying_to("Nodes", &[]);
    let destroy = lab.program.run(&["lab", "destroy", &lab.name]);
    let said = String::from_utf8(destroy.stderr).unwrap();
    assert_eq!(destroy.status.code(), Some(1), "{said}");
    assert!(said.contains("has to wait: “Deploy busy"), "{said}");
    assert!(said.contains("lw jobs cancel "), "{said}");
    running.signal(Signal::INT);
    assert_eq!(ended(running).code, Some(3));
    assert_eq!(lab.parts(), BTreeSet::new());
}

/// A lab of the same name from another file loses no node.
fn another_lab_of_the_same_name_is_left_alone(kind: Kind) {
    let nodes = "    a:\n      cmd: sleep 1000000\n";
    let first = lab(Engine::shared(kind), "twice", nodes, "");
    first.deploy(&[]).result();
    let id = first.id("a");
    let text = std::fs::read_to_string(first.program.folder.path().join("twice.clab.yml")).unwrap();
    let other = first.program.file(
        "other.clab.yml",
        text.replace("    a:", "    b:").as_bytes(),
    );
    let refused = first.job(&["lab", "deploy", other.to_str().unwrap()]);
    let said = refused.failed_with("lab_of_another_file");
    assert!(said.contains("its node a is not in this file"), "{said}");
    assert_eq!(first.id("a"), id);
    first.destroy();
}

fn what_looks_like_a_command_is_none(kind: Kind) {
    let odd = "$(touch /ran) `touch /ran`; touch /ran | & \\\"x\\\" ' %s";
    let nodes = format!(
        "    a:\n      cmd: sh -c 'touch /began; exec sleep 1000000'\n      env: {{ODD: \"{odd}\"}}\n      \
         labels: {{odd: \"{odd}\"}}\n      exec: [\"echo $(touch /ran)\"]\n"
    );
    let hostile = lab(Engine::shared(kind), "hostile", &nodes, "");
    hostile.deploy(&[]).result();
    hostile.exec("a", &["test", "-e", "/began"]);
    assert!(hostile.try_exec("a", &["test", "-e", "/ran"]).is_err());
    let plain = odd.replace("\\\"", "\"");
    // On a busy machine Podman has once given no output of a program that succeeded.
    until("the variable to be as written", || {
        let printed = hostile.try_exec("a", &["sh", "-c", "echo \"$ODD\""])?;
        if printed.trim_end_matches('\n') == plain {
            Ok(())
        } else {
            Err(printed)
        }
    });
    assert_eq!(hostile.told("a", "{{index .Config.Labels \"odd\"}}"), plain);
    hostile.destroy();

    for name in ["$(id)", "a;b", "../a", "a b"] {
        hostile.file(&format!(
            "  nodes:\n    '{name}': {{kind: linux, image: x}}\n"
        ));
        let file = hostile.program.folder.path().join("hostile.clab.yml");
        let refused = hostile
            .program
            .run(&["lab", "deploy", file.to_str().unwrap()]);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains(name), "{said}");
    }
    assert_eq!(hostile.parts(), BTreeSet::new());
}

/// Nothing here asks the engine for more than what it has.
#[test]
fn bombs_are_refused_and_large_labs_planned() {
    let lab = lab(Engine::shared(Kind::Podman), "large", PAIR, "");
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    let mut text = format!("  defaults: {{kind: linux, image: {image}}}\n  nodes:\n");
    text.extend((0..1000).map(|number| format!("    n{number}: {{}}\n")));
    text += "  links:\n";
    text.extend((1..1000).map(|number| {
        let before = number - 1;
        format!("    - endpoints: ['n{before}:eth2', 'n{number}:eth1']\n")
    }));
    let file = lab.file(&text);
    // A network of 254 addresses is too small for it.
    let small = std::fs::read_to_string(&file).unwrap();
    let large = small.replace(&format!("{}.0/24", lab.network), "10.250.0.0/16");
    std::fs::write(&file, large).unwrap();
    let planned = lab
        .program
        .succeed(&["lab", "plan", file.to_str().unwrap()]);
    says(&planned, &["start n999", "1998 ports and 999 links"]);

    let mut bomb = "name: bomb\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    bomb.extend((1..12).map(|level| {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{before}]\n")
    }));
    bomb += "topology:\n  nodes:\n    a: {kind: linux, image: x, exec: *a11}\n";
    let path = lab.program.file("bomb.clab.yml", bomb.as_bytes());
    let refused = lab.program.run(&["lab", "plan", path.to_str().unwrap()]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("bomb.clab.yml"), "{said}");
}

on_each_engine!(
    obstacles_are_named_before_anything_is_made,
    a_node_that_ends_at_once_is_named_and_the_others_stay,
    what_failed_is_undone_if_that_was_asked_for,
    a_node_that_is_never_ready_is_given_up,
    interrupted_it_takes_back_what_it_made,
    an_image_that_vanishes_on_the_way_is_named,
    a_full_disk_is_named_and_nothing_is_lost,
    a_second_deployment_follows_the_first,
    a_removal_does_not_join_a_deployment,
    another_lab_of_the_same_name_is_left_alone,
    an_engine_that_dies_is_no_end,
    a_lab_outlives_its_engines_restart,
    what_looks_like_a_command_is_none
);
