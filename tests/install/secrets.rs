//! Nothing of ours holds a key.

use crate::bench::Bench;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}

#[test]
fn no_file_of_ours_holds_a_private_key() {
    let bench = Bench::new();
    let identity = bench.host.identity().to_str().unwrap();
    let added = bench.run(&[
        "host",
        "add",
        "gpu-7",
        "--destination",
        "testhost",
        "--identity",
        identity,
    ]);
    added.succeeded();
    let plan = bench.table(&[("plain", "")]);
    let install = [bench.about("install", &plan), vec!["-vv"]].concat();
    let said = bench.run(&install);
    assert_eq!(said.code, Some(0), "{said}");

    let key = fs::read_to_string(bench.host.identity()).unwrap();
    let secrets: Vec<&str> = key.lines().filter(|line| line.len() > 20).collect();
    assert!(secrets.len() > 3, "a key has lines");
    let mut all = Vec::new();
    files(bench.folder.path(), &mut all);
    files(&bench.host.home().join(".cache"), &mut all);
    let has = |name: &str| {
        all.iter()
            .any(|path| path.file_name().is_some_and(|it| it == name))
    };
    assert!(
        has("history.sqlite3") && has("hosts.toml") && has("events.ndjson"),
        "{all:?}"
    );
    let holds = |text: &str| secrets.iter().any(|secret| text.contains(secret));
    for file in all {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!holds(&text), "{}", file.display());
    }
    assert!(!holds(&said.to_string()), "{said}");
}
