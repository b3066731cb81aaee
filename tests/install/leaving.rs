//! Work on a host that is stopped, left, and taken up again.

use crate::bench::Bench;
use crate::terminal::Terminal;
use rustix::process::Signal;
use std::path::PathBuf;

/// A plan that takes some seconds, most of them to build packages.
fn slow(bench: &Bench) -> PathBuf {
    bench.table(&[("one", "slow-one"), ("two", "slow-two"), ("three", "")])
}

#[test]
fn ctrl_c_stops_the_work_on_the_host() {
    let bench = Bench::new();
    let plan = slow(&bench);
    let mut running = bench.start(&bench.about("install", &plan));
    running.wait_for_a_node();
    assert!(bench.runners() > 0);
    running.signal(Signal::INT);
    let ended = running.end();
    let outcome = ended.outcome(3);
    assert_eq!(outcome["by"], "interrupt", "{outcome}");
    assert_eq!(bench.runners(), 0);
    assert!(bench.partial().is_empty(), "{:?}", bench.partial());
}

#[test]
fn a_closed_terminal_leaves_the_work_and_attach_follows_it_to_its_end() {
    for signal in [Signal::HUP, Signal::TERM] {
        let bench = Bench::new();
        let plan = slow(&bench);
        let mut running = bench.start(&bench.about("install", &plan));
        let id = running.job();
        running.wait_for_a_node();
        running.signal(signal);
        let ended = running.end();
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(
            ended
                .events
                .iter()
                .all(|event| event["change"]["type"] != "finished")
        );
        let hint = format!("the work goes on on testhost; lw jobs attach {id} follows it");
        assert!(ended.stderr.contains(&hint), "{}", ended.stderr);
        assert!(bench.runners() > 0, "the work goes on");
        assert_eq!(bench.record(&id)["left"], true);
        let listed = bench.run(&["jobs"]);
        assert!(
            listed.stdout.contains(" left ") && listed.stderr.contains("lw jobs attach"),
            "{listed}"
        );
        assert!(
            bench
                .run(&["jobs", "show", &id])
                .succeeded()
                .contains("left: the work may go on on testhost")
        );

        bench.start(&["jobs", "attach", &id]).end().outcome(0);
        assert_eq!(bench.record(&id)["left"], false);
        // What has ended is shown as it ended.
        let shown = bench.run(&["jobs", "attach", &id]).succeeded();
        assert!(
            shown.starts_with("3 nodes on testhost: 3 installed"),
            "{shown}"
        );
        bench.start(&["jobs", "attach", &id]).end().outcome(0);
    }
}

#[test]
fn a_terminal_that_goes_away_leaves_the_work() {
    let bench = Bench::new();
    let plan = slow(&bench);
    let command = bench.command(&bench.about("install", &plan));
    let mut terminal = Terminal::start(&command, 30, 100);
    // The short view: a node, and below it what is built for it.
    terminal.wait_for("▸ one".as_bytes());
    terminal.wait_for("▸ Requirements".as_bytes());
    terminal.wait_for("· Verify dependencies".as_bytes());
    assert!(bench.runners() > 0);
    terminal.signal(Signal::HUP);
    assert_eq!(terminal.end().0, Some(3));
    let id = bench.only_job();
    bench.start(&["jobs", "attach", &id]).end().outcome(0);
}

#[test]
fn detached_it_returns_as_soon_as_the_host_works() {
    let bench = Bench::new();
    let plan = slow(&bench);
    let run = bench.run(&[bench.about("install", &plan), vec!["--detach"]].concat());
    let id = bench.only_job();
    let hint = format!("the work goes on on testhost; lw jobs attach {id} follows it");
    assert!(run.stderr.contains(&hint), "{run}");
    run.succeeded();
    assert!(bench.runners() > 0);
    // The same again follows what runs.
    let ended = bench.start(&bench.about("install", &plan)).end();
    ended.outcome(0);
    assert_eq!(bench.only_job(), id);
}

#[test]
fn what_was_left_is_stopped_by_its_name() {
    let bench = Bench::new();
    let plan = slow(&bench);
    bench
        .run(&[bench.about("install", &plan), vec!["--detach"]].concat())
        .succeeded();
    let id = bench.only_job();
    let cancelled = bench.run(&["jobs", "cancel", &id]).succeeded();
    assert_eq!(cancelled, "Install nodes.csv on testhost: cancelled\n");
    assert_eq!(bench.runners(), 0);
    assert!(bench.partial().is_empty(), "{:?}", bench.partial());
    assert_eq!(bench.record(&id)["job"]["outcome"]["by"], "user");
}

#[test]
fn what_another_lw_follows_is_stopped_by_its_name() {
    let bench = Bench::new();
    let plan = slow(&bench);
    let mut running = bench.start(&bench.about("install", &plan));
    let id = running.job();
    running.wait_for_a_node();
    bench.run(&["jobs", "cancel", &id]).succeeded();
    running.end().outcome(3);
    assert_eq!(bench.runners(), 0);
}
