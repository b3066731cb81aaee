//! How far a clone is, told while it runs.

use std::fs;

use crate::bench::under_each_shell;
use crate::plan::{Node, Plan};

/// git, but a clone takes two seconds and says so in pieces that end with carriage returns.
const SLOW: &str = r#"#!/bin/sh
PATH=${PATH#*:}
case "$*" in *' clone '*)
    echo "Cloning into 'x'..." >&2
    for part in 1 2 3 4 5 6 7 8 9; do
        printf 'remote: Compressing objects:  %s0%%\rReceiving objects:  %s0%% (%s/10), 3.20 MiB | 1.10 MiB/s\r' "$part" "$part" "$part" >&2
        sleep 0.2
    done ;;
esac
exec git "$@"
"#;

#[test]
fn a_slow_clone_shows_how_far_it_is() {
    under_each_shell(|bench| {
        bench.add_tool("git", SLOW);
        let repository = bench.repository("repository").with("x", "1");
        let job = bench.start(
            "job",
            &Plan::install([Node::git("a", repository.file_url())]),
        );
        job.wait_for("it clones", |event| event["type"] == "progress");
        let first = fs::read_to_string(job.folder.join("heartbeat")).unwrap();
        let report = job.finish();
        let seen: Vec<&str> = report
            .of("progress")
            .map(|event| event["text"].as_str().unwrap())
            .collect();
        assert!(seen.len() >= 3, "{seen:?}");
        let slow: Vec<&&str> = seen.iter().filter(|text| text.ends_with("MiB/s")).collect();
        assert!(slow.len() >= 2 && slow.is_sorted(), "{seen:?}");
        assert!(
            seen.windows(2).all(|pair| pair[0] != pair[1]),
            "the same again: {seen:?}"
        );
        let last = fs::read_to_string(bench.job_folder("job").join("heartbeat")).unwrap();
        assert!(
            last.trim().parse::<u64>().unwrap() > first.trim().parse().unwrap(),
            "the heart stood still"
        );
    });
}
