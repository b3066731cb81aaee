//! A whole plan: nested nodes, requirements, packages, scripts, and failures that stop nothing else.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

use crate::bench::{Bench, DASH, under_each_shell};
use crate::plan::{Node, Plan};
use crate::python::installed;
use crate::report::Report;

fn offer_packages(bench: &Bench) {
    bench.offer("alpha", "1.0", &[]);
    bench.offer("alpha", "2.0", &[]);
    bench.offer("beta", "1.5", &["alpha"]);
}

fn nodes(bench: &Bench) -> Vec<Node> {
    let plain = bench.repository("plain").with("code.py", "pass\n");
    let inner = bench.repository("inner").with("inner.py", "pass\n");
    let script = "import pathlib, alpha\nprint('made by', alpha.version)\npathlib.Path('made.txt').write_text('x')\n";
    let full = bench
        .repository("full")
        .with("requirements.txt", "# what it needs\nalpha==1.0\n");
    full.commit("install.py", script);
    let other_file = bench
        .repository("other file")
        .with("deps/extra reqs.txt", "-r more.txt\n");
    other_file.commit("deps/more.txt", "beta\n");
    let hopeless = bench
        .repository("hopeless")
        .with("requirements.txt", "no-such-package>=3\n");
    let raising = bench
        .repository("raising")
        .with("install.py", "raise SystemExit('the script gave up')\n");
    vec![
        Node::git("outer/inner", &inner),
        Node::git("outer", plain.file_url()),
        Node::git("full", &full),
        Node::git("other", &other_file).requiring("deps/extra reqs.txt"),
        Node::git("gone", bench.path("repositories/no such")),
        Node::git("gone/child", &inner),
        Node::git("hopeless", &hopeless),
        Node::git("raising", &raising),
        Node::git("unnamed", &plain).requiring("requirements-2.txt"),
        Node::packages(&["beta>=1", "alpha"]),
        Node::git("deep/er/node", &inner).with_packages(&["alpha"]),
    ]
}

const OUTCOMES: [&str; 11] = [
    "installed",
    "installed",
    "installed",
    "installed",
    "failed clone_failed",
    "failed parent_failed",
    "failed pip_failed",
    "failed script_failed",
    "failed requirements_missing",
    "installed",
    "installed",
];

#[test]
fn a_plan_is_installed_and_each_failure_stays_its_own() {
    under_each_shell(|bench| {
        offer_packages(bench);
        let venv = Bench::environment(&bench.home().join("Comfy UI/venv"));
        let plan = Plan {
            jobs: 3,
            ..Plan::install(nodes(bench))
        };
        let report = bench.run("first", &plan);

        let outcomes = report.outcomes();
        // What pip has to do for the packages depends on who was first.
        assert_eq!(outcomes[..9], OUTCOMES[..9]);
        assert_eq!(report.exit.split(' ').next(), Some("failed"));
        assert_eq!(report.events.last().unwrap()["failed"], 5);
        let at = |path: &str| bench.target().join(path);
        for path in [
            "outer/code.py",
            "outer/inner/inner.py",
            "full/made.txt",
            "deep/er/node/inner.py",
            "hopeless/.git",
        ] {
            assert!(at(path).exists(), "{path}");
        }
        assert_eq!(installed(&venv, "alpha").as_deref(), Some("1.0"));
        assert_eq!(installed(&venv, "beta").as_deref(), Some("1.5"));
        assert!(
            !at("gone").exists()
                && !at("gone.partial").exists()
                && !at("outer/inner.partial").exists()
        );
        assert!(report.text(5).contains("no such"), "{}", report.text(5));
        assert!(
            report
                .text(7)
                .ends_with("No matching distribution found for no-such-package>=3")
        );
        assert!(report.text(8).ends_with("the script gave up"));
        assert!(report.text(9).contains("requirements-2.txt"));
        let lines: Vec<&str> = report
            .of("line")
            .filter(|line| line["phase"] == "script")
            .map(text)
            .collect();
        assert!(lines.contains(&"made by 1.0"), "{lines:?}");
        check_order(&report, 3);
        check_ends(&report);
    });
}

#[test]
fn the_same_plan_again_finds_everything_there() {
    let bench = &Bench::new(DASH);
    offer_packages(bench);
    Bench::environment(&bench.home().join("Comfy UI/venv"));
    let plan = Plan::install(nodes(bench));
    bench.run("first", &plan);
    // Even where a script has made files of its own.
    let report = bench.run("second", &plan);
    assert_eq!(report.outcomes(), expected_again());
    assert_eq!(
        report.phases(2)[..3],
        ["examine started", "examine succeeded", "clone skipped"]
    );
    assert!(report.phases(3).contains(&"script succeeded".to_owned()));
}

fn expected_again() -> Vec<&'static str> {
    let again = |outcome| {
        if outcome == "installed" {
            "present"
        } else {
            outcome
        }
    };
    OUTCOMES.into_iter().map(again).collect()
}

fn text(event: &Value) -> &str {
    event["text"].as_str().unwrap()
}

/// At most so many clones at once, one pip at a time, and parents first.
fn check_order(report: &Report, limit: usize) {
    let (mut cloning, mut preparing) = (BTreeSet::new(), BTreeSet::new());
    let (mut most, mut parent_stands) = (0, false);
    for event in report.of("phase") {
        let node = event["node"].as_u64().unwrap();
        let running = match event["phase"].as_str().unwrap() {
            "clone" => &mut cloning,
            "requirements" | "script" => &mut preparing,
            _ => continue,
        };
        if event["state"] == "started" {
            running.insert(node)
        } else {
            running.remove(&node)
        };
        most = most.max(cloning.len());
        assert!(
            cloning.len() <= limit && preparing.len() <= 1,
            "too many at once: {event}"
        );
        parent_stands |= node == 2 && event["state"] == "succeeded";
        assert!(node != 1 || parent_stands, "the inner node came first");
    }
    assert!(most > 1, "nothing ran side by side");
}

/// Nothing comes after a node's end but its verification.
fn check_ends(report: &Report) {
    let mut ended = BTreeSet::new();
    for event in &report.events {
        let node = event["node"].as_u64();
        let verification =
            event["phase"] == "verify" || event["type"] == "finding" || event["type"] == "head";
        assert!(
            verification || node.is_none() || !ended.contains(&node),
            "it came after the end: {event}"
        );
        if event["type"] == "node" {
            ended.insert(node);
        }
    }
    assert_eq!(ended.len(), OUTCOMES.len());
}

#[test]
fn an_install_without_python_does_what_needs_none() {
    under_each_shell(|bench| {
        let simple = bench.repository("plain").with("x", "1");
        let full = bench.repository("full").with("requirements.txt", "alpha\n");
        let plan = Plan::install([Node::git("plain", &simple), Node::git("full", &full)]);
        let report = bench.run("job", &plan);
        assert_eq!(report.outcomes(), ["installed", "failed no_python"]);
        assert_eq!(report.of("checked").next().unwrap()["conflicts"], "unknown");
        assert_eq!(
            fs::read_to_string(bench.target().join("plain/x")).unwrap(),
            "1"
        );
    });
}
