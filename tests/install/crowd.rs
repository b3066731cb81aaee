//! Several programs that want the same.

use crate::bench::Bench;
use rustix::process::Signal;

#[test]
fn two_installs_of_the_same_are_one() {
    let bench = Bench::new();
    let plan = bench.table(&[("one", "slow-one"), ("two", "")]);
    let mut first = bench.start(&bench.about("install", &plan));
    let id = first.job();
    let second = bench.start(&bench.about("install", &plan)).end();
    assert_eq!(second.outcome(0), first.end().outcome(0));
    assert_eq!(bench.only_job(), id, "the work was done once");
    let events = bench.far_events(&id).into_iter();
    let cloned = events.filter(|event| event["phase"] == "clone" && event["state"] == "started");
    assert_eq!(cloned.count(), 2);
}

#[test]
fn who_follows_takes_the_work_up_when_the_other_is_killed() {
    let bench = Bench::new();
    let plan = bench.table(&[("one", "slow-one"), ("two", "slow-two")]);
    let mut first = bench.start(&bench.about("install", &plan));
    let id = first.job();
    first.wait_for_a_node();
    let mut second = bench.start(&bench.about("install", &plan));
    assert_eq!(second.job(), id);
    second.wait_for(|change| {
        change["line"]
            .as_str()
            .is_some_and(|line| line.starts_with("Collecting"))
    });
    first.signal(Signal::KILL);
    assert_eq!(first.end().code, None);
    let ended = second.end();
    ended.outcome(0);
    assert_eq!(bench.only_job(), id);
    // What was told before is not told again: the stream has each line of the log once.
    let told = ended
        .events
        .iter()
        .filter(|event| event["change"]["type"] == "log");
    let kept = bench.record(&id)["job"]["log"].as_array().unwrap().len();
    assert_eq!(told.count(), kept);
}
