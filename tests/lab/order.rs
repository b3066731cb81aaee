//! Nodes that wait: for a time, for each other, for their commands; and what is said of that while it lasts.

use crate::bench::{Ended, Lab};
use labwright_testbed::{Engine, Kind, LabImage};
use serde_json::Value;
use std::collections::BTreeMap;

/// `base` takes its time, `late` waits until it is configured and healthy, `task` ends by itself, and `last` waits for that.
fn topology(image: &str) -> String {
    format!(
        "  defaults: {{kind: linux, image: {image}}}
  nodes:
    base:
      startup-delay: 2
      cmd: sleep 1000000
      exec: [\"sh -c 'sleep 2; touch /tmp/configured'\"]
      healthcheck: {{test: [CMD-SHELL, test -e /tmp/configured && sleep 2 && date +%s > /tmp/healthy], interval: 1}}
    late:
      cmd: sh -c 'date +%s > /tmp/started; exec sleep 1000000'
      stages:
        create:
          wait-for: [{{node: base, stage: configure}}, {{node: base, stage: healthy}}]
    task:
      cmd: sleep 2
    last:
      cmd: sleep 1000000
      stages: {{configure: {{wait-for: [{{node: task, stage: exit}}]}}}}
"
    )
}

fn nodes_wait_for_each_other_and_say_so(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "order-waits");
    let image = lab.image(&LabImage::busybox());
    lab.file(&topology(&image));
    let mut running = lab.deploying(&[]);
    let mut changes = Vec::new();
    while let Some(mut event) = running.event() {
        changes.push(event["change"].take());
    }
    let outcome = changes.last().unwrap()["outcome"].clone();
    let code = running.end().0;
    Ended { code, outcome }.result();
    assert_eq!(
        waits(&changes),
        [
            "base: Commands: waiting for `sh -c 'sleep 2; touch /tmp/configured'` to end",
            "base: waiting for it to be healthy",
            "base: waiting for its startup-delay of 2 s",
            "last: waiting for node task to end",
            "late: waiting for node base to be configured",
            "late: waiting for node base to be healthy",
            "task: waiting for it to end",
        ]
    );
    let stamp = |node: &str, path: &str| -> u64 {
        lab.printed(node, &["cat", path]).trim().parse().unwrap()
    };
    let healthy = stamp("base", "/tmp/healthy");
    assert!(healthy <= stamp("late", "/tmp/started"));
    lab.destroy();
}

/// What was told that steps wait for, each once, by the names of the steps.
fn waits(changes: &[Value]) -> Vec<String> {
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    let mut waits = Vec::new();
    for change in changes {
        let step = change["step"].as_u64();
        match (change["type"].as_str(), step) {
            (Some("step_added"), Some(step)) => {
                let above = change["parent"]
                    .as_u64()
                    .and_then(|above| names.get(&above));
                let above = above.filter(|above| *above != "Nodes");
                let name = change["name"].as_str().unwrap();
                let name = above.map_or(name.to_owned(), |above| format!("{above}: {name}"));
                names.insert(step, name);
            }
            (Some("waiting"), Some(step)) => {
                if let Some(what) = change["waiting_for"].as_str() {
                    waits.push(format!("{}: waiting for {what}", names[&step]));
                }
            }
            _ => {}
        }
    }
    // Nodes start a few at a time: whether one waits for that is up to the machine.
    waits.retain(|told| !told.ends_with("its turn to start"));
    waits.sort();
    waits
}

/// One that nothing looks at, and one that ends before it is healthy.
fn who_can_never_be_healthy_is_named(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "order-never");
    let image = lab.image(&LabImage::busybox());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}
  nodes:
    unseen:
      cmd: sleep 1000000
    short:
      cmd: sh -c 'sleep 2; exit 3'
      healthcheck: {{test: [CMD-SHELL, 'false'], interval: 1}}
    late:
      cmd: sleep 1000000
      stages:
        create:
          wait-for: [{{node: unseen, stage: healthy}}, {{node: short, stage: healthy}}]
"
    ));
    let said = lab.deploy(&[]).failed_with("node_no_healthcheck");
    for reason in [
        "node unseen failed at waiting: another node waits for it to be healthy, and nothing checks that",
        "node short failed at waiting: it ended",
        "node late failed at waiting: node unseen, which it waits for, failed",
    ] {
        assert!(said.contains(reason), "{reason}: {said}");
    }
    lab.destroy();
}

on_each_engine!(
    nodes_wait_for_each_other_and_say_so,
    who_can_never_be_healthy_is_named
);
