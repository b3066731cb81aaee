//! Plans of which there is much: nothing in reading or selecting may grow with the square.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;

/// What is linear takes a second in an unoptimised build on an idle machine; what is not takes minutes.
const LONG: Duration = Duration::from_secs(60);

fn list(entries: usize, url: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = String::from("{\"custom_nodes\": [");
    for number in 0..entries {
        let comma = if number == 0 { "" } else { "," };
        let url = url(number);
        let description = "It does this and that. ".repeat(10);
        write!(
            text,
            r#"{comma}{{"author": "somebody", "title": "Node number {number}", "reference": "{url}", "files": ["{url}"],
                "install_type": "git-clone", "description": "{description}"}}"#
        )
        .unwrap();
    }
    text += "]}";
    text.into_bytes()
}

#[track_caller]
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < LONG, "took {:?}", start.elapsed());
    done
}

#[test]
fn a_long_list() {
    let text = list(20_000, |number| {
        format!("https://h.example/owner{number}/node{number}")
    });
    let plan = soon(|| read("list.json", &text));
    assert_eq!(plan.nodes.len(), 20_000);
    let all: Vec<String> = plan.nodes.iter().map(|node| node.name.clone()).collect();
    let nodes = soon(|| plan.select(&all)).unwrap();
    assert_eq!(soon(|| parents(&nodes)).len(), 20_000);
}

#[test]
fn a_long_list_of_one_name() {
    let text = list(20_000, |number| {
        format!("https://h{number}.example/owner/node")
    });
    let plan = soon(|| read("list.json", &text));
    let last = plan.nodes.last().unwrap();
    assert_eq!(last.name, "node (owner 19999)");
}

#[test]
fn a_long_table_of_one_name() {
    let rows = "a,https://h.example/a/b\n".repeat(20_000);
    let error =
        soon(|| read_plan("t.csv", format!("Name,RepoUrl\n{rows}").as_bytes())).unwrap_err();
    assert_eq!(error.code(), "plan_problems");
}

#[test]
fn a_long_plan_in_toml() {
    let mut text = String::new();
    for number in 0..5_000 {
        writeln!(
            text,
            "[[node]]\nname='n{number}'\nkind='git'\nurl='https://h.example/a/n{number}'"
        )
        .unwrap();
    }
    assert_eq!(soon(|| read("t.toml", text.as_bytes())).nodes.len(), 5_000);
}

/// Depth ends programs faster than length.
#[test]
fn deep_nesting_is_an_error() {
    let depth = 200_000;
    let texts = [
        "[".repeat(depth),
        format!("a = {}", "[".repeat(depth)),
        format!("{} = 1", vec!["a"; depth].join(".")),
        format!("[{}]", vec!["a"; depth].join(".")),
        format!("a = {}", "{a=".repeat(depth)),
        format!("{{\"pips\": {}", "[".repeat(depth)),
        format!("{{\"other\": {}", "{\"a\":".repeat(depth)),
    ];
    for text in texts {
        assert!(soon(|| read_plan("deep", text.as_bytes())).is_err());
    }
}
