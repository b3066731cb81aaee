//! What a plan says is data, whatever it looks like.

use std::fs;
use std::path::Path;

use crate::bench::{Bench, DASH, under_each_shell};
use crate::plan::{Node, Plan};

/// Names that would do something if anything ever evaluated them. Some bytes of the last are special to some shells.
const NAMES: [&str; 9] = [
    "with $(touch PWNED) in it",
    "`touch PWNED`",
    "-rf",
    "--index-url=$(touch PWNED)",
    "a; touch PWNED; 'b",
    "\"quoted\" \\ back\\n",
    "* ? [a-z] ~ {a,b} !x",
    "$HOME ${IFS} $n $1 %s %n",
    "\u{c1}\u{c8} \u{81}\u{88} 名前 \u{1f600}",
];

/// A tag that git takes, and that means something to a shell.
const TAG: &str = "v$(touch${IFS}PWNED)";

fn find(folder: &Path, name: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let entry = entry.unwrap();
        entry.file_name() == name
            || (entry.file_type().unwrap().is_dir() && find(&entry.path(), name))
    })
}

#[test]
fn nothing_in_a_plan_is_ever_evaluated() {
    under_each_shell(|bench| {
        bench.offer("alpha", "1.0", &[]);
        Bench::environment(&bench.target().join(".venv"));
        let node = |(index, name): (usize, &&str)| {
            let file = format!("{name} file");
            let repository = bench.repository(name).with(&file, "alpha\n");
            repository.git(&["tag", TAG]);
            let node = Node::git(name, &repository).at(TAG);
            // pip is slow, and three are as hostile as all.
            if index % 3 == 0 {
                node.requiring(&file)
            } else {
                node
            }
        };
        let mut nodes: Vec<Node> = NAMES.iter().enumerate().map(node).collect();
        nodes.push(Node::git("ext", "ext::sh -c touch% PWNED"));
        nodes.push(Node::packages(&["$(touch PWNED)", "`touch PWNED`"]));
        let report = bench.run("job", &Plan::install(nodes));
        let mut expected = ["installed"; 11];
        expected[9] = "failed clone_failed";
        expected[10] = "failed pip_failed";
        assert_eq!(report.outcomes(), expected);
        for name in NAMES {
            assert!(
                bench
                    .target()
                    .join(name)
                    .join(format!("{name} file"))
                    .exists(),
                "{name}"
            );
        }
        assert!(!find(&bench.path(""), "PWNED"), "something was executed");
        let findings: Vec<_> = report
            .of("finding")
            .map(|finding| finding["state"].as_str().unwrap())
            .collect();
        assert_eq!(findings, ["satisfied"; 3]);
    });
}

#[test]
fn output_in_whatever_bytes_becomes_text() {
    under_each_shell(|bench| {
        let script = r#"
import sys
out = sys.stdout.buffer
out.write(b'\x1b[31mred\x1b[0m "quoted" back\\slash tab\there\n')
out.write(b'bad \xff\xfe utf \xc3\x28 \xe2\x82 \xed\xa0\x80 end\n')
out.write('é名😀 \x9b\n'.encode())
out.write(b'nul \x00 bell \x07 delete \x7f\n')
out.write(b'\x1b]0;title\x07first\rsecond\r\n')
out.write(b'x' * 5000 + b'\nlast without an end')
"#;
        let repository = bench
            .with_python()
            .repository("loud")
            .with("install.py", script);
        let report = bench.run("job", &Plan::install([Node::git("loud", &repository)]));
        let lines: Vec<&str> = report
            .of("line")
            .map(|line| line["text"].as_str().unwrap())
            .collect();
        let long = "x".repeat(1000);
        let bad =
            "bad \u{fffd}\u{fffd} utf \u{fffd}( \u{fffd}\u{fffd} \u{fffd}\u{fffd}\u{fffd} end";
        assert_eq!(
            lines,
            [
                "red \"quoted\" back\\slash tab\there",
                bad,
                "é名😀 ",
                "nul  bell  delete ",
                "first",
                "second",
                &long,
                "last without an end"
            ]
        );
    });
}

#[test]
fn a_flood_of_output_is_cut_to_its_end() {
    let bench = Bench::new(DASH);
    let script = "for n in range(200000): print('line', n)\n";
    let repository = bench
        .with_python()
        .repository("flood")
        .with("install.py", script);
    let report = bench.run("job", &Plan::install([Node::git("flood", &repository)]));
    let lines: Vec<&str> = report
        .of("line")
        .map(|line| line["text"].as_str().unwrap())
        .collect();
    assert!(lines.len() < 1000, "{} lines", lines.len());
    assert_eq!(lines.last(), Some(&"line 199999"));
    assert_eq!(report.outcomes(), ["installed"]);
}
