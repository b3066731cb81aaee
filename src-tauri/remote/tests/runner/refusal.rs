//! What cannot be done is refused at once, with a word that says why.

use std::fs;

use crate::bench::{Bench, DASH, under_each_shell};
use crate::plan::{Node, Plan};
use crate::report::Report;

fn refusal(report: &Report) -> String {
    assert_eq!(report.outcome(), "failed");
    report.of("refused").next().unwrap()["code"]
        .as_str()
        .unwrap()
        .to_owned()
}

const HEAD: &str = "labwright-plan|1\nmode|install\ntarget|/tmp\n";

/// What comes after the head, or instead of it.
const DAMAGED: [&str; 21] = [
    "node|1|git|n|/etc|u|||\n",
    "node|1|git|n||u|||\n",
    "node|1|git|n|a/../../b|u|||\n",
    "node|1|git|n|./a|u|||\n",
    "node|1|git|n|a//b|u|||\n",
    "node|1|git|n|a/.GIT/hooks|u|||\n",
    "node|1|git|n|a.partial|u|||\n",
    "node|1|git|n|a|--upload-pack=x|||\n",
    "node|1|git|n|a||||\n",
    "node|1|git|n|a|u|-r||\n",
    "node|1|git|n|a|u||/etc/passwd|\n",
    "node|1|git|n|a|u||../r.txt|\n",
    "node|1|git|n|a|u|||erase\n",
    "node|1|git|n|a|u||\n",
    "node|2|git|n|a|u|||\n",
    "node|1|git|n|a|u|||\nnode|2|git|n|a|u|||\n",
    "node|x$(touch PWNED)|git|n|a|u|||\n",
    "node|1|packages|n|||||\npackage|1|--index-url x\n",
    "package|3|alpha\n",
    "dance|1\n",
    "node|1|git|n|a|u|||",
];

#[test]
fn a_damaged_plan_is_refused() {
    under_each_shell(|bench| {
        let whole = DAMAGED.map(|rest| format!("{HEAD}{rest}"));
        let cases = whole.iter().map(String::as_str);
        let cases = cases.chain([
            "",
            "labwright-plan|2\n",
            "labwright-plan|1\ntarget|/tmp\n",
            "mode|install\n\0",
        ]);
        for (index, case) in cases.enumerate() {
            let folder = bench.send(&format!("job{index}"), &case.replace('|', "\u{1f}"));
            let report = bench.launch(&folder).finish();
            assert_eq!(refusal(&report), "plan_damaged", "{case}");
        }
        assert_eq!(fs::read_dir(bench.target()).unwrap().count(), 0);
    });
}

fn refused(bench: &Bench, id: &str, plan: &Plan) -> String {
    refusal(&bench.run(id, plan))
}

#[test]
fn a_host_that_lacks_something_is_told_what() {
    let bench = &Bench::new(DASH);
    let repository = bench.repository("repository").with("x", "1");
    let nodes = || [Node::git("a", &repository)];
    let elsewhere = Plan {
        target: "~/nowhere".to_owned(),
        ..Plan::install(nodes())
    };
    assert_eq!(refused(bench, "target", &elsewhere), "no_target");
    assert_eq!(
        refused(
            bench,
            "venv",
            &Plan::install(nodes()).using(&bench.path("no venv"))
        ),
        "no_venv"
    );
    for engine in ["docker", "podman"] {
        bench.add_tool(engine, "#!/bin/sh\nexit 1\n");
    }
    assert_eq!(
        refused(bench, "engine", &Plan::install([Node::image("frr:10")])),
        "no_engine"
    );
    assert_eq!(
        refused(
            bench,
            "packages",
            &Plan::install([Node::packages(&["alpha"])])
        ),
        "no_python"
    );
    assert_eq!(
        refused(bench, "python", &Plan::verify(nodes())),
        "no_python"
    );
    bench.add_tool("git", "#!/bin/sh\nexit 127\n");
    assert_eq!(refused(bench, "git", &Plan::install(nodes())), "no_git");
}
