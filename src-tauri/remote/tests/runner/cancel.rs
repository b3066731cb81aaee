//! Ends that were not planned: cancelled, killed, or stopped from outside.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bench::{Bench, under_each_shell};
use crate::job::{Job, wait_until};
use crate::plan::{Node, Plan};
use crate::repository::Repository;

/// Two clones and a pip that never end by themselves, and a node that waits.
fn endless(bench: &Bench) -> Job {
    bench.add_tool(
        "git",
        "#!/bin/sh\nfor word; do last=$word; done\ncase \"$*\" in *' clone '*slow*) mkdir -p \"$last/.git\"; \
         printf 'Receiving objects:   1%% (1/99)\\r' >&2; sleep 300 & wait ;; esac\n\
         PATH=${PATH#*:}; exec git \"$@\"\n",
    );
    bench.with_python();
    let quick = bench.repository("quick").with("install.py", "import signal, time\nsignal.signal(15, lambda *_: None)\nprint('on', flush=True)\nwhile True: time.sleep(9)\n");
    let plan = Plan {
        jobs: 2,
        ..Plan::install([
            Node::git("quick", &quick),
            Node::git("new/slow", quick_slow(bench, "slow").file_url()),
            Node::git("slow2", quick_slow(bench, "slow2").file_url()),
            Node::git("quick/after", &quick),
        ])
    };
    let job = bench.start("job", &plan);
    job.wait_for("the script runs", |event| event["text"] == "on");
    job.wait_for("a clone runs", |event| {
        event["type"] == "progress" && event["node"] == 2
    });
    job
}

fn quick_slow(bench: &Bench, name: &str) -> Repository {
    bench.repository(name).with("x", "1")
}

/// The processes of a session.
fn session(leader: u32) -> Vec<String> {
    let output = Command::new("ps")
        .args(["-o", "pid=,stat=,args=", "-s", &leader.to_string()])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter(|line| {
            !line
                .split_whitespace()
                .nth(1)
                .is_some_and(|state| state.starts_with('Z'))
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn cancelling_takes_two_seconds_and_leaves_nothing_half_done() {
    under_each_shell(|bench| {
        let job = endless(bench);
        let (leader, start) = (job.process.id(), Instant::now());
        job.signal("TERM", true);
        let report = job.finish();
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "it took {:?}",
            start.elapsed()
        );
        assert_eq!(report.outcome(), "cancelled");
        assert_eq!(report.outcomes(), ["cancelled"; 4]);
        let mut left: Vec<_> = fs::read_dir(bench.target())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["quick"], "a partial clone stayed");
        assert!(!bench.home().join(".cache/labwright/turn").exists());
        wait_until("nothing runs", || session(leader).is_empty());
    });
}

#[test]
fn a_killed_runner_takes_its_children_along_and_is_lost() {
    under_each_shell(|bench| {
        let mut job = endless(bench);
        let leader = job.process.id();
        job.signal("KILL", false);
        job.process.wait().unwrap();
        let start = Instant::now();
        wait_until("nothing runs", || session(leader).is_empty());
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "it took {:?}",
            start.elapsed()
        );
        assert!(!job.folder.join("exit").exists());
        // The next job takes the turn over, and clears away what is not whole.
        let again = Plan::install([Node::git("slow2", bench.path("repositories/slow2"))]);
        bench.add_tool("git", "#!/bin/sh\nPATH=${PATH#*:}\nexec git \"$@\"\n");
        assert_eq!(bench.run("next", &again).outcomes(), ["installed"]);
        assert!(!bench.target().join("slow2.partial").exists());
    });
}

#[test]
fn a_worker_that_was_killed_fails_its_node_alone() {
    under_each_shell(|bench| {
        let job = endless(bench);
        // The clone and all above it, as the kernel does when memory runs out.
        let victims = session(job.process.id());
        let clone = victims
            .iter()
            .find(|line| line.contains("sleep 300"))
            .unwrap();
        let mut victim: u32 = clone.split_whitespace().next().unwrap().parse().unwrap();
        let mut chain = vec![];
        while victim != job.process.id() {
            chain.insert(0, victim.to_string());
            let stat = fs::read_to_string(format!("/proc/{victim}/stat")).unwrap();
            victim = stat
                .rsplit(')')
                .next()
                .unwrap()
                .split_whitespace()
                .nth(1)
                .unwrap()
                .parse()
                .unwrap();
        }
        assert!(
            Command::new("kill")
                .args(["-s", "KILL"])
                .args(&chain)
                .status()
                .unwrap()
                .success()
        );
        job.wait_for("its node failed", |event| {
            event["type"] == "node" && event["code"] == "clone_failed"
        });
        job.signal("TERM", true);
        assert_eq!(job.finish().outcome(), "cancelled");
    });
}
