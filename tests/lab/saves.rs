//! Nodes that save their configurations while others cannot.

use crate::bench::Lab;
use labwright_testbed::{Engine, Kind, LabImage};
use std::fs;

fn a_stopped_node_keeps_no_other_from_saving(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "saves-some");
    let image = lab.image(&LabImage::ceos_stand_in());
    lab.file(&format!(
        "  defaults: {{kind: ceos, image: {image}, env: {{STAND_IN_BOOT_SECONDS: '1'}}}}\n  nodes:\n    \
         leaf1: {{}}\n    leaf2: {{}}\n"
    ));
    lab.deploy(&[]).result();
    lab.job(&["node", "stop", &lab.name, "leaf1"]).result();
    let folder = lab.program.folder.path().join("saved");
    let save = [
        "lab",
        "save",
        &lab.name,
        "--output",
        folder.to_str().unwrap(),
    ];
    let saved = lab.program.run(&save);
    let printed = String::from_utf8(saved.stdout).unwrap();
    let said = String::from_utf8(saved.stderr).unwrap();
    assert_eq!(saved.status.code(), Some(1), "{printed}{said}");
    assert!(printed.contains("leaf2: saved"), "{printed}");
    for told in [
        "save failed for leaf1 of lab saves-some",
        "leaf1: it does not run",
        "lw node start saves-some leaf1",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let text = fs::read_to_string(folder.join("leaf2/startup-config")).unwrap();
    assert!(text.starts_with("! Command: show running-config"), "{text}");
    assert!(!folder.join("leaf1").exists());

    lab.job(&["node", "start", &lab.name, "leaf1"]).result();
    lab.program.succeed(&save);
    assert!(folder.join("leaf1/startup-config").exists());
    lab.destroy();
}

on_each_engine!(a_stopped_node_keeps_no_other_from_saving);
