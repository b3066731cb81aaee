//! Images, which the host's engine pulls. Its program is a stand-in: what it says is what Docker says.

use std::fs;

use crate::bench::under_each_shell;
use crate::plan::{Node, Plan};

/// An engine that knows the images in `images/`, and can pull any but `gone`.
const ENGINE: &str = r#"#!/bin/sh
images=${0%/*}/../images
mkdir -p "$images"
case "$1 $2" in
'info '*) echo 27.1 ;;
'image inspect') for last; do :; done; cat "$images/$last" ;;
pull*)
    case $2 in gone*) echo "manifest for $2 not found" >&2; exit 1 ;; esac
    printf '4f4fb700ef54: Pulling fs layer\n4f4fb700ef54: Pull complete\n'
    echo "sha256:1" >"$images/$2" ;;
*) exit 1 ;;
esac
"#;

#[test]
fn images_are_pulled_by_the_engine_of_the_host() {
    under_each_shell(|bench| {
        bench.add_tool("docker", ENGINE);
        fs::create_dir(bench.path("images")).unwrap();
        fs::write(bench.path("images/there"), "sha256:1\n").unwrap();
        fs::write(bench.path("images/older"), "sha256:0\n").unwrap();
        let plan = Plan {
            target: String::new(),
            ..Plan::install(["new", "there", "older", "gone"].map(Node::image))
        };
        let report = bench.run("job", &plan);
        assert_eq!(
            report.of("prepared").next().unwrap()["engine"],
            "docker 27.1"
        );
        assert_eq!(
            report.outcomes(),
            ["installed", "present", "updated", "failed pull_failed"]
        );
        assert_eq!(report.text(4), "manifest for gone not found");
        assert_eq!(report.of("progress").last().unwrap()["phase"], "pull");
        let heads = report
            .of("head")
            .map(|head| head["found"].as_str().unwrap());
        assert_eq!(heads.collect::<Vec<_>>(), ["sha256:1"; 3]);
    });
}
