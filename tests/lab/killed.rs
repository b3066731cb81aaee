//! `lw` killed at any moment: what it leaves is found by its labels, and removed or completed.

use crate::bench::Lab;
use labwright_testbed::{Engine, Kind, LabImage};
use rustix::process::Signal;
use std::thread;
use std::time::Duration;

/// Three hosts in a row.
fn lab(kind: Kind) -> Lab {
    let lab = Lab::on(Engine::shared(kind), "killed");
    let image = lab.image(&LabImage::busybox());
    lab.file(&format!(
        "  defaults: {{kind: linux, image: {image}}}\n  nodes:\n    a: {{}}\n    b: {{}}\n    c: {{}}\n  links:\n    \
         - endpoints: ['a:eth1', 'b:eth1']\n    - endpoints: ['b:eth2', 'c:eth1']\n"
    ));
    lab
}

/// Numbers that are the same in every run.
struct Moments(u64);

impl Moments {
    /// A moment below the limit, in milliseconds.
    fn next(&mut self, limit: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(self.0 % limit)
    }
}

/// Kills the command after a while.
fn kill(lab: &Lab, arguments: &[&str], after: Duration) {
    let running = lab.program.start(arguments);
    thread::sleep(after);
    running.signal(Signal::KILL);
    let code = running.end().0;
    assert!(
        code.is_none() || code == Some(0),
        "{arguments:?} ended by itself with {code:?}"
    );
}

/// Removes the lab. If it was killed before it made anything, there is none.
fn remove(lab: &Lab, after: Duration) {
    let before = lab.parts();
    let destroyed = lab.job(&["lab", "destroy", &lab.name]);
    if before.is_empty() && destroyed.code != Some(0) {
        destroyed.failed_with("lab_unknown");
    } else {
        destroyed.result();
    }
    assert!(
        lab.parts().is_empty(),
        "killed after {after:?}: {:?}",
        lab.parts()
    );
    lab.nothing_is_left(&before);
}

/// Nine times on each engine, 27 in all.
fn nothing_is_left_and_what_is_missing_is_made(kind: Kind) {
    let lab = lab(kind);
    let file = lab.program.folder.path().join("killed.clab.yml");
    let deploy = ["lab", "deploy", file.to_str().unwrap()];
    let mut moments = Moments(0x9e37_79b9_7f4a_7c15 + kind as u64);
    for _ in 0..3 {
        let after = moments.next(2000);
        kill(&lab, &deploy, after);
        remove(&lab, after);
    }
    for action in ["stop", "start", "destroy"] {
        let after = moments.next(2000);
        kill(&lab, &deploy, after);
        lab.deploy(&[]).result();
        let state = lab.inspect();
        let nodes = state["nodes"].as_array().unwrap().iter();
        let links = state["links"].as_array().unwrap().iter();
        assert!(
            nodes.clone().all(|node| node["state"] == "ready") && nodes.len() == 3,
            "{after:?}: {state}"
        );
        assert!(
            links.clone().all(|link| link["state"] == "up") && links.len() == 2,
            "{after:?}: {state}"
        );
        if action == "start" {
            lab.job(&["lab", "stop", &lab.name]).result();
        }
        let after = moments.next(800);
        kill(&lab, &["lab", action, &lab.name], after);
        remove(&lab, after);
    }
}

on_each_engine!(nothing_is_left_and_what_is_missing_is_made);
