//! What was done to a lab and what was not: commands that run once for each start, nodes in another's network, and the
//! order in which a lab that is there starts again.

use crate::bench::Lab;
use labwright_testbed::{Engine, Kind, LabImage};
use serde_json::{Value, json};

fn a_node_is_given_its_commands_once_for_each_start(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "again-commands");
    let image = lab.image(&LabImage::busybox());
    let file = lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}, cmd: sleep 1000000}}
  nodes:
    a:
      exec: [\"sh -c 'echo ran >> /ran; test -e /go'\"]
    b:
"
    ));
    let ran = || lab.printed("a", &["cat", "/ran"]).lines().count();
    lab.deploy(&[]).failed_with("node_command");
    // A deployment that is killed leaves the same: nothing tells that the commands have run.
    lab.deploy(&[]).failed_with("node_command");
    assert_eq!(ran(), 2);
    lab.exec("a", &["touch", "/go"]);
    let planned = || {
        let plan = ["lab", "plan", file.to_str().unwrap(), "--json"];
        let plan: Value = serde_json::from_str(&lab.program.succeed(&plan)).unwrap();
        plan["steps"].as_array().unwrap().len()
    };
    assert_eq!(planned(), 2, "the commands, and the wiring");
    let done = lab.deploy(&[]);
    assert_eq!(done.result()["nodes"][0]["kept"], true);
    assert_eq!(ran(), 3);
    assert_eq!(planned(), 1, "the wiring");
    lab.deploy(&[]).result();
    assert_eq!(ran(), 3, "they had run");
    lab.engine
        .exec_cli(&["restart", "--time", "0", &lab.container("a")]);
    lab.deploy(&[]).result();
    assert_eq!(ran(), 4, "it was started since then");
    lab.job(&["node", "restart", &lab.name, "a"]).result();
    assert_eq!(ran(), 5, "it was started again");
    lab.job(&["lab", "start", &lab.name]).result();
    assert_eq!(ran(), 5, "it ran already");
    lab.exec("a", &["rm", "/go"]);
    let said = lab
        .job(&["lab", "restart", &lab.name])
        .failed_with("lab_parts");
    assert!(said.contains("its command"), "{said}");
    lab.destroy();
}

/// `guest` has no network but its owner's, which is another one after each start.
fn who_shares_a_network_follows_its_owner(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "again-guests");
    let image = lab.image(&LabImage::busybox());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}, cmd: sleep 1000000}}
  nodes:
    guest: {{network-mode: container:owner}}
    owner:
    other:
  links:
    - endpoints: [owner:eth1, other:eth1]
"
    ));
    lab.deploy(&[]).result();
    let sees_port = || lab.exec("guest", &["ip", "link", "show", "eth1"]);
    sees_port();
    let restarted = lab.job(&["node", "restart", &lab.name, "owner"]);
    assert_eq!(restarted.result()["nodes"], json!(["guest", "owner"]));
    sees_port();
    lab.job(&["node", "stop", &lab.name, "owner"]).result();
    let started = lab.job(&["node", "start", &lab.name, "owner"]);
    assert_eq!(started.result()["nodes"], json!(["guest", "owner"]));
    sees_port();
    lab.engine
        .exec_cli(&["restart", "--time", "0", &lab.container("owner")]);
    let doctor = lab.program.run(&["lab", "doctor", &lab.name]);
    let told = String::from_utf8_lossy(&doctor.stdout);
    assert!(!doctor.status.success(), "{told}");
    assert!(told.contains("it is cut off"), "{told}");
    lab.job(&["node", "stop", &lab.name, "owner"]).result();
    let deployed = lab.deploy(&[]);
    let kept = deployed.result()["nodes"].as_array().unwrap().iter();
    let kept: Vec<bool> = kept.map(|node| node["kept"] == true).collect();
    assert_eq!(kept, [false, false, true], "guest, owner, other");
    sees_port();
    lab.destroy();
}

fn a_lab_starts_again_in_the_order_of_its_file(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "again-order");
    let image = lab.image(&LabImage::busybox());
    let stamp = "sh -c 'date +%s > /tmp/started; exec sleep 1000000'";
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}, cmd: \"{stamp}\"}}
  nodes:
    late:
      stages: {{create: {{wait-for: [{{node: base, stage: configure}}]}}}}
    base:
      exec: [\"sh -c 'sleep 2; date +%s > /tmp/configured'\"]
"
    ));
    lab.deploy(&[]).result();
    let read = |node: &str, path: &str| -> u64 {
        lab.printed(node, &["cat", path]).trim().parse().unwrap()
    };
    let first = read("late", "/tmp/started");
    lab.job(&["lab", "restart", &lab.name]).result();
    let again = read("late", "/tmp/started");
    assert!(first < again);
    assert!(read("base", "/tmp/configured") <= again);
    // Alone, it has nobody to wait for.
    lab.job(&["node", "restart", &lab.name, "late"]).result();
    assert!(again <= read("late", "/tmp/started"));
    lab.destroy();
}

on_each_engine!(
    a_node_is_given_its_commands_once_for_each_start,
    who_shares_a_network_follows_its_owner,
    a_lab_starts_again_in_the_order_of_its_file
);
