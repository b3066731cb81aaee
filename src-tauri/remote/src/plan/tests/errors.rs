//! Plans that are wrong, as users are told.

use super::*;

fn refused(name: &str, bytes: &[u8]) -> String {
    told(&read_plan(name, bytes).unwrap_err())
}

#[test]
fn a_hostile_table() {
    insta::assert_snapshot!(refused(
        "hostile.csv",
        include_bytes!("../fixtures/hostile.csv")
    ));
}

#[test]
fn a_hostile_plan() {
    insta::assert_snapshot!(refused(
        "hostile.toml",
        include_bytes!("../fixtures/hostile.toml")
    ));
}

#[test]
fn a_hostile_snapshot() {
    let bytes = include_bytes!("../fixtures/hostile_snapshot.json");
    insta::assert_snapshot!(refused("hostile_snapshot.json", bytes));
}

#[test]
fn toml_that_is_none() {
    insta::assert_snapshot!(refused(
        "broken.toml",
        include_bytes!("../fixtures/broken.toml")
    ));
}

#[test]
fn what_is_no_plan() {
    let cases: &[(&str, &[u8])] = &[
        ("nothing.csv", b""),
        ("comments.toml", b"# nothing\n\n# at all\n"),
        ("header.csv", b"Name,RepoUrl\n"),
        ("target.toml", b"[target]\npath = '/srv'\n"),
        ("none.json", b"{\"git_custom_nodes\": {}}"),
        ("utf16.csv", b"\xff\xfeN\0a\0m\0e\0"),
        (
            "latin.csv",
            b"Name,RepoUrl\na,https://h.example/a/b\nM\xfcnchen,https://h.example/a/c\n",
        ),
        ("workflow.json", b"{\"nodes\": [], \"links\": []}"),
        ("array.json", b"[{\"name\": \"a\"}]"),
        (
            "cut.json",
            b"{\n  \"git_custom_nodes\": {\n    \"https://h.exam",
        ),
        ("wrong.json", b"{\n  \"custom_nodes\":\n 7}"),
        ("letter.txt", b"Dear Sir or Madam\n"),
        (
            "columns.csv",
            b"Name,Repo_Url,Folder\na,https://h.example/a/b,\n",
        ),
        (
            "semicolons.csv",
            b"Name;RepoUrl;Subfolder\na;https://h.example/a/b;\n",
        ),
        ("one-table.toml", b"[node]\nname = 'a'\n"),
        ("texts.toml", b"target = 'x'\nnode = ['a']\n"),
        ("shell\x1b[2J.txt", b"#!/bin/sh\nrm -rf $HOME\n"),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, bytes)| refused(name, bytes))
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_file_that_is_no_plan_by_its_size() {
    let error = read_plan("disk.img", &vec![b' '; 33 * 1024 * 1024]).unwrap_err();
    assert_eq!(error.code(), "plan_too_large");
}

#[test]
fn many_problems_are_cut() {
    let rows = "-a,https://h.example/a/b\n".repeat(200);
    let error = read_plan("long.csv", format!("Name,RepoUrl\n{rows}").as_bytes()).unwrap_err();
    let report = error.report();
    assert_eq!(report.chain.len(), 41);
    assert_eq!(report.chain[40], "and 559 more");
}

/// Whatever is wrong with an address, what may be a password stands in no message.
#[test]
fn passwords_are_not_repeated() {
    let urls = [
        "https://user:hunter2@h.example/a/b.git",
        "https://hunter2@h.example/a/b.git",
        "https://user:hun/hunter2@h.example/a/b",
        "https://user:hun hunter2@h.example/a/b",
        "https://h.example/a/b?token=hunter2",
        "ssh://git:hunter2@h.example/a/b.git",
        "user:hunter2@h.example:a/b",
        "ftp://user:hunter2@h.example/a/b",
    ];
    for url in urls {
        let told = refused("plan.csv", format!("Name,RepoUrl\na,{url}\n").as_bytes());
        assert!(!told.contains("hunter2"), "{told}");
    }
    let packages = [
        "a @ git+https://hunter2@h.example/a",
        "git+https://u:hunter2@h.example/a",
        "a --index-url=https://u:hunter2@h.example/a",
        "--index-url https://h.example/a --extra-index-url https://u:hunter2@h.example/a",
    ];
    for package in packages {
        let plan = format!("[[node]]\nname='a'\nkind='packages'\npackages=['{package}']");
        let told = refused("plan.toml", plan.as_bytes());
        assert!(!told.contains("hunter2"), "{told}");
    }
}
