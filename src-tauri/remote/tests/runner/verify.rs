//! Verification: what is there against what was wanted, and not a byte written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::bench::{Bench, under_each_shell};
use crate::plan::{Node, Plan};
use crate::report::Report;
use crate::repository::Repository;

/// Everything below a folder: when it was changed, and what is in it.
fn tree(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let metadata = entry.metadata().unwrap();
        let content = if metadata.is_file() {
            fs::read(entry.path()).unwrap()
        } else {
            vec![]
        };
        found.insert(entry.path(), (metadata.modified().unwrap(), content));
        if metadata.is_dir() {
            found.extend(tree(&entry.path()));
        }
    }
    found
}

const REQUIREMENTS: &str = "\
alpha==1.0  # as it is
Alpha >= 1, \\
   < 2
BETA==9
gamma
delta; python_version < '3'
=nonsense==
beta @ https://pypi.lab.example/beta.whl
git+https://git.lab.example/gamma.git#egg=gamma
./local
-r deeper/more.txt
--index-url https://pypi.lab.example
";

const FINDINGS: [(&str, &str, &str); 10] = [
    ("alpha==1.0", "satisfied", "1.0"),
    ("Alpha >= 1, < 2", "satisfied", "1.0"),
    ("BETA==9", "mismatch", "1.5"),
    ("gamma", "missing", ""),
    ("delta; python_version < '3'", "not_needed", ""),
    ("=nonsense==", "unparseable", ""),
    ("beta @ https://pypi.lab.example/beta.whl", "unknown", "1.5"),
    (
        "git+https://git.lab.example/gamma.git#egg=gamma",
        "missing",
        "",
    ),
    ("./local", "unknown", ""),
    ("zeta>1", "missing", ""),
];

fn findings(report: &Report, node: u64) -> Vec<(&str, &str, &str)> {
    let of_node = report
        .of("finding")
        .filter(|finding| finding["node"] == node);
    of_node
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap();
            (word("requirement"), word("state"), word("found"))
        })
        .collect()
}

/// Two packages that do not fit, both in the environment.
fn install_packages(bench: &Bench, venv: &Path) {
    bench.offer("alpha", "1.0", &[]);
    bench.offer("beta", "1.5", &["alpha>=2"]);
    let mut pip = bench.command(&[venv.join("bin/python").to_str().unwrap(), "-m", "pip"]);
    let pip = pip
        .args(["install", "--quiet", "--no-deps", "alpha", "beta"])
        .status();
    assert!(pip.unwrap().success());
}

/// The nodes of two plans, since no two nodes of one share a folder.
fn nodes(bench: &Bench) -> (Vec<Node>, [Node; 2]) {
    let full = bench
        .repository("full")
        .with("requirements.txt", REQUIREMENTS);
    let first = full.commit("deeper/more.txt", "zeta>1\n");
    for clone in ["full", "moved"] {
        full.clone_to(&bench.target().join(clone));
    }
    let moved = Repository::open(bench.target().join("moved")).commit("requirements.txt", "");
    assert_ne!(moved, first);
    fs::create_dir(bench.target().join("mine")).unwrap();
    fs::write(bench.target().join("mine/x"), "").unwrap();
    let nodes = vec![
        Node::git("full", &full).at(&first),
        Node::git("moved", &full).at(&first[..10]),
        Node::git("absent", &full).at("main"),
        Node::git("mine", &full).at("main"),
        Node::packages(&["alpha>=2"]),
    ];
    let others = [
        Node::git("full", &full).at("no-such-branch"),
        Node::git("moved", &full),
    ];
    (nodes, others)
}

#[test]
fn a_verification_tells_what_is_there_and_changes_nothing() {
    under_each_shell(|bench| {
        let venv = Bench::environment(&bench.target().join("venv"));
        install_packages(bench, &venv);
        let (nodes, others) = nodes(bench);
        let before = tree(&bench.home().join("Comfy UI"));
        let report = bench.run("job", &Plan::verify(nodes));
        let rest = bench.run("rest", &Plan::verify(others));
        let after = tree(&bench.home().join("Comfy UI"));

        let changed: Vec<_> = after
            .iter()
            .filter(|(path, what)| before.get(*path) != Some(what))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(changed, Vec::<&PathBuf>::new());
        assert_eq!(after.len(), before.len());
        assert_eq!(report.outcome(), "succeeded");
        assert_eq!(report.of("node").count(), 0);
        let head = |report: &Report| {
            report
                .of("head")
                .map(|head| head["state"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(head(&report), ["as_pinned", "other", "missing", "unknown"]);
        assert_eq!(head(&rest), ["unknown", "not_pinned"]);
        assert_eq!(findings(&report, 1), FINDINGS);
        assert_eq!(findings(&report, 5), [("alpha>=2", "mismatch", "1.0")]);
        let conflict = report.of("conflict").next().unwrap();
        assert_eq!(conflict["nodes"], serde_json::json!([1, 5]));
        assert!(
            conflict["text"]
                .as_str()
                .unwrap()
                .starts_with("beta 1.5 has requirement alpha>=2")
        );
        assert_eq!(report.of("checked").next().unwrap()["conflicts"], "some");
    });
}

#[test]
fn without_pip_nothing_is_known_and_nothing_is_claimed() {
    under_each_shell(|bench| {
        let venv = Bench::environment(&bench.path("a venv"));
        let full = bench.repository("full").with("requirements.txt", "alpha\n");
        full.clone_to(&bench.target().join("full"));
        let site = fs::read_dir(venv.join("lib"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path()
            .join("site-packages");
        for entry in fs::read_dir(site).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let plan = Plan::verify([Node::git("full", &full)]).using(&venv);
        let report = bench.run("job", &plan);
        assert_eq!(findings(&report, 1), [("requirements.txt", "unknown", "")]);
        assert_eq!(report.of("checked").next().unwrap()["conflicts"], "unknown");
        assert_eq!(report.outcome(), "succeeded");
    });
}
