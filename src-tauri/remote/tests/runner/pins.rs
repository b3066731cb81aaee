//! Pins: what is checked out is what was asked for, or the node fails.

use std::fs;

use crate::bench::under_each_shell;
use crate::plan::{Node, Plan};
use crate::repository::Repository;

#[test]
fn every_kind_of_pin_is_checked_out() {
    under_each_shell(|bench| {
        let repository = bench.repository("repository").with("x", "1");
        let first = repository.head();
        repository.git(&["tag", "--annotate", "--message", "one", "v1.0"]);
        repository.git(&["branch", "feature/x"]);
        repository.commit("x", "2");
        // A commit that no branch has: only its hash leads there.
        repository.git(&["checkout", "--quiet", "--detach"]);
        let lost = repository.commit("x", "lost");
        repository.git(&["checkout", "--quiet", "main"]);
        repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);

        let pins = [&first, "v1.0", "feature/x", &first[..8], "main", "", &lost];
        let wrong = [
            "no-such-branch",
            "deadbeef",
            "main^{tree}",
            "+refs/heads/*:refs/heads/*",
        ];
        let pins = pins.iter().chain(&wrong).enumerate();
        let nodes =
            pins.map(|(index, pin)| Node::git(&format!("n{index}"), repository.file_url()).at(pin));
        let report = bench.run("job", &Plan::install(nodes));
        let not_found = "failed pin_not_found";
        let outcomes = report.outcomes();
        assert_eq!(outcomes[..7], ["installed"; 7], "{:?}", report.text(7));
        assert_eq!(outcomes[7..], [not_found; 4]);
        let read =
            |index: usize| fs::read_to_string(bench.target().join(format!("n{index}/x"))).unwrap();
        assert_eq!(
            (0..7).map(read).collect::<Vec<_>>(),
            ["1", "1", "1", "1", "2", "2", "lost"]
        );
        assert_eq!(
            fs::read_dir(bench.target()).unwrap().count(),
            7,
            "a failed clone left something"
        );
        let heads = report
            .of("head")
            .map(|head| head["state"].as_str().unwrap());
        assert_eq!(
            heads.collect::<Vec<_>>(),
            [
                "as_pinned",
                "as_pinned",
                "as_pinned",
                "as_pinned",
                "as_pinned",
                "not_pinned",
                "as_pinned"
            ]
        );
    });
}

#[test]
fn submodules_follow_the_pin() {
    under_each_shell(|bench| {
        let module = bench.repository("module").with("m", "1");
        let repository = bench.repository("repository").with("x", "1");
        repository.git(&[
            "submodule",
            "--quiet",
            "add",
            module.as_ref().to_str().unwrap(),
            "module",
        ]);
        let first = repository.commit("y", "");
        let second = module.commit("m", "2");
        Repository::open(repository.as_ref().join("module")).git(&["fetch", "--quiet"]);
        Repository::open(repository.as_ref().join("module")).git(&["checkout", "--quiet", &second]);
        repository.commit("z", "");

        let nodes = |pin| [Node::git("a", &repository).at(pin)];
        let read = || fs::read_to_string(bench.target().join("a/module/m")).unwrap();
        assert_eq!(
            bench.run("first", &Plan::install(nodes(&first))).outcomes(),
            ["installed"]
        );
        assert_eq!(read(), "1");
        assert_eq!(
            bench
                .run("second", &Plan::install(nodes("main")))
                .outcomes(),
            ["updated"]
        );
        assert_eq!(read(), "2");
    });
}
