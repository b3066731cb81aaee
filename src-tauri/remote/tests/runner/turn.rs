//! One job at a time works on a host, and old ones are cleared away.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::under_each_shell;
use crate::job::Job;
use crate::plan::{Node, Plan};
use crate::report::Report;

const SCRIPT: &str = "import os, time\nopen('started', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.02)\n";

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn a_second_job_waits_and_says_for_whom() {
    under_each_shell(|bench| {
        let repository = bench.with_python().repository("repository");
        let repository = repository.with("install.py", SCRIPT);
        let first = bench.start("first", &Plan::install([Node::git("a", &repository)]));
        first.wait_for("it works", |event| event["phase"] == "script");
        let second = bench.start(
            "second",
            &Plan::install([Node::git("b", bench.repository("b").with("x", "1"))]),
        );
        second.wait_for("it waits", |event| {
            event["type"] == "waiting" && event["job"] == "first"
        });
        assert!(!bench.target().join("b").exists());
        let third = bench.start(
            "third",
            &Plan::install([Node::git("c", bench.path("repositories/b"))]),
        );
        third.wait_for("it waits", |event| event["type"] == "waiting");
        third.signal("TERM", true);
        let third = third.finish();
        assert_eq!(third.outcomes(), ["cancelled"]);
        assert!(
            bench.home().join(".cache/labwright/turn").exists(),
            "the turn is another's"
        );

        fs::write(bench.target().join("a/go"), "").unwrap();
        assert_eq!(first.finish().outcome(), "succeeded");
        assert_eq!(second.finish().outcomes(), ["installed"]);
        assert!(!bench.home().join(".cache/labwright/turn").exists());
    });
}

#[test]
fn the_turn_of_the_dead_is_taken_over_by_one_alone() {
    under_each_shell(|bench| {
        let turn = bench.home().join(".cache/labwright/turn");
        fs::create_dir_all(&turn).unwrap();
        // This process, but not since then.
        fs::write(
            turn.join("pid"),
            format!("{} 1 {}\n", std::process::id(), boot()),
        )
        .unwrap();
        fs::write(turn.join("job"), "dead\n").unwrap();
        let repository = bench.repository("repository").with("x", "1");
        let start = |id| bench.start(id, &Plan::install([Node::git(id, &repository)]));
        let jobs = ["a", "b", "c", "d"].map(start);
        let reports = jobs.map(Job::finish);
        let outcomes: Vec<_> = reports.iter().map(Report::outcomes).collect();
        assert_eq!(outcomes, vec![["installed"]; 4]);
        let others: Vec<_> = fs::read_dir(turn.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(others, ["jobs"], "something was left beside the jobs");
    });
}

#[test]
fn two_runners_never_work_on_one_job() {
    under_each_shell(|bench| {
        let folder = bench.send("job", &Plan::install([]).text());
        fs::create_dir(folder.join("lock")).unwrap();
        let mut job = bench.launch(&folder);
        assert_eq!(job.process.wait().unwrap().code(), Some(2));
        assert!(!folder.join("events.ndjson").exists() && !folder.join("exit").exists());
        assert!(
            fs::read_to_string(folder.join("log"))
                .unwrap()
                .contains("another runner has it")
        );
    });
}

fn age(folder: &Path, hours: u32) {
    let date = format!("{hours} hours ago");
    let status = Command::new("find")
        .arg(folder)
        .args(["-exec", "touch", "--date", &date, "{}", "+"])
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn old_jobs_are_swept_away_and_running_ones_never() {
    under_each_shell(|bench| {
        let make = |id: &str, file: &str, text: &str| {
            let folder = bench.send(id, "");
            fs::write(folder.join(file), text).unwrap();
            fs::create_dir(folder.join("nodes")).unwrap();
            fs::write(folder.join("nodes/1.log"), "x").unwrap();
            folder
        };
        let stat = fs::read_to_string(format!("/proc/{}/stat", std::process::id())).unwrap();
        let since = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .nth(19)
            .unwrap()
            .to_owned();
        let me = format!("{} {since} {}\n", std::process::id(), boot());
        let finished = make("finished $(x)", "exit", "succeeded 1\n");
        let lost = make("lost", "pid", &format!("1 1 {}\n", boot()));
        let running = make("running", "pid", &me);
        let young = make("young", "exit", "succeeded 1\n");
        for (folder, hours) in [(&finished, 25), (&lost, 25), (&running, 25), (&young, 23)] {
            age(folder, hours);
        }
        bench.run("job", &Plan::install([]));
        let there = [finished, lost, running, young].map(|folder| folder.exists());
        assert_eq!(there, [false, false, true, true]);
    });
}
