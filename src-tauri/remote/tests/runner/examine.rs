//! What stands where a node belongs: seen as it is, and never overwritten without being asked.

use std::fs;

use crate::bench::{Bench, under_each_shell};
use crate::plan::{Node, Plan};
use crate::repository::Repository;

/// A clone of the repository, as somebody else has made it.
fn clone(bench: &Bench, from: &Repository, folder: &str) -> Repository {
    from.clone_to(&bench.target().join(folder))
}

fn make_obstacles(bench: &Bench, repository: &Repository) {
    let target = bench.target();
    fs::create_dir_all(target.join("husk")).unwrap();
    fs::rename(
        clone(bench, repository, "whole").as_ref().join(".git"),
        target.join("husk/.git"),
    )
    .unwrap();
    fs::remove_dir_all(target.join("whole")).unwrap();
    Repository::new(target.join("no commit")).git(&["remote", "add", "origin", "file:///x"]);
    fs::write(target.join("no commit/x"), "").unwrap();
    clone(bench, repository, "other").git(&[
        "remote",
        "set-url",
        "origin",
        "https://git.lab.example/other.git",
    ]);
    fs::write(
        clone(bench, repository, "changed").as_ref().join("x"),
        "mine",
    )
    .unwrap();
    fs::write(
        clone(bench, repository, "new file")
            .as_ref()
            .join("mine é.txt"),
        "mine",
    )
    .unwrap();
    fs::create_dir(target.join("folder")).unwrap();
    fs::write(target.join("folder/file"), "mine").unwrap();
    fs::write(target.join("file"), "mine").unwrap();
}

const OBSTACLES: [(&str, &str); 7] = [
    ("husk", "failed husk"),
    ("no commit", "failed husk"),
    ("other", "failed other_remote"),
    ("changed", "failed local_changes"),
    ("new file", "failed local_changes"),
    ("folder", "failed not_a_repository"),
    ("file", "failed not_a_repository"),
];

#[test]
fn what_is_in_the_way_is_named_and_moved_aside_only_on_demand() {
    under_each_shell(|bench| {
        let repository = bench.repository("repository").with("x", "1");
        make_obstacles(bench, &repository);
        let node = |(folder, _): &(&str, _)| Node::git(folder, &repository);
        let report = bench.run("asking", &Plan::install(OBSTACLES.iter().map(node)));
        assert_eq!(report.outcomes(), OBSTACLES.map(|(_, outcome)| outcome));
        assert_eq!(report.text(3), "https://git.lab.example/other.git");
        assert_eq!(report.text(4), " M x");
        assert_eq!(report.text(5), "?? mine é.txt");
        assert_eq!(
            fs::read_to_string(bench.target().join("changed/x")).unwrap(),
            "mine"
        );

        let plan = Plan::install(OBSTACLES.iter().map(|obstacle| node(obstacle).replacing()));
        let report = bench.run("replacing", &plan);
        assert_eq!(report.outcomes(), ["installed"; 7]);
        let replaced = bench.job_folder("replacing").join("replaced");
        assert_eq!(
            fs::read_to_string(replaced.join("4/changed/x")).unwrap(),
            "mine"
        );
        assert_eq!(fs::read_to_string(replaced.join("7/file")).unwrap(), "mine");
        assert_eq!(
            fs::read_to_string(bench.target().join("changed/x")).unwrap(),
            "1"
        );
    });
}

#[test]
fn what_could_not_be_replaced_stays_as_it_was() {
    under_each_shell(|bench| {
        fs::create_dir(bench.target().join("a")).unwrap();
        fs::write(bench.target().join("a/file"), "mine").unwrap();
        let plan = Plan::install([Node::git("a", bench.path("no such")).replacing()]);
        assert_eq!(bench.run("job", &plan).outcomes(), ["failed clone_failed"]);
        assert_eq!(
            fs::read_to_string(bench.target().join("a/file")).unwrap(),
            "mine"
        );
    });
}

#[test]
fn another_commit_is_checked_out_where_nothing_was_changed() {
    under_each_shell(|bench| {
        let repository = bench.repository("repository").with("x", "1");
        let folders = ["hash", "branch", "tag", "short", "any", "empty"];
        for folder in &folders[..5] {
            clone(bench, &repository, folder);
        }
        fs::create_dir(bench.target().join("empty")).unwrap();
        fs::create_dir(bench.target().join("hash.partial")).unwrap();
        let head = repository.commit("x", "2");
        repository.git(&["tag", "v2"]);
        let pins = [&head, "main", "v2", &head[..9], "", ""];
        let nodes = || {
            folders
                .iter()
                .zip(pins)
                .map(|(folder, pin)| Node::git(folder, repository.file_url()).at(pin))
        };
        // The same remote, written in another way.
        for folder in &folders[..5] {
            let url = format!("{}.git/", repository.file_url());
            Repository::open(bench.target().join(folder))
                .git(&["remote", "set-url", "origin", &url]);
        }
        fs::rename(&repository, repository.as_ref().with_extension("git")).unwrap();
        std::os::unix::fs::symlink(repository.as_ref().with_extension("git"), &repository).unwrap();

        let report = bench.run("first", &Plan::install(nodes()));
        let expected = [
            "updated",
            "updated",
            "updated",
            "updated",
            "present",
            "installed",
        ];
        assert_eq!(report.outcomes(), expected);
        let read =
            |folder: &str| fs::read_to_string(bench.target().join(folder).join("x")).unwrap();
        assert_eq!(folders.map(read), ["2", "2", "2", "2", "1", "2"]);
        assert_eq!(
            bench.run("second", &Plan::install(nodes())).outcomes(),
            ["present"; 6]
        );
    });
}

#[test]
fn what_python_and_other_nodes_put_into_a_node_is_no_change() {
    under_each_shell(|bench| {
        let repository = bench.repository("repository").with("x", "1");
        let nodes = || {
            [
                Node::git("outer", &repository),
                Node::git("outer/lib/inner", &repository),
            ]
        };
        assert_eq!(
            bench.run("first", &Plan::install(nodes())).outcomes(),
            ["installed"; 2]
        );
        let outer = bench.target().join("outer");
        fs::create_dir_all(outer.join("lib/__pycache__")).unwrap();
        fs::write(outer.join("lib/__pycache__/x.bin"), "").unwrap();
        fs::write(outer.join("x.pyc"), "").unwrap();
        fs::create_dir_all(outer.join("lib/another.partial")).unwrap();
        fs::write(outer.join("lib/another.partial/x"), "").unwrap();
        Repository::new(outer.join("foreign")).commit("x", "");
        assert_eq!(
            bench.run("second", &Plan::install(nodes())).outcomes(),
            ["present"; 2]
        );
    });
}

#[test]
fn a_folder_that_is_no_repository_is_not_taken_for_the_one_above_it() {
    under_each_shell(|bench| {
        let repository = bench.repository("repository").with("x", "1");
        let outer = Repository::new(bench.target());
        outer.git(&[
            "remote",
            "add",
            "origin",
            repository.as_ref().to_str().unwrap(),
        ]);
        outer.commit("y", "");
        fs::create_dir_all(bench.target().join("inner/.git")).unwrap();
        fs::write(bench.target().join("inner/x"), "").unwrap();
        assert_eq!(
            bench
                .run("job", &Plan::install([Node::git("inner", &repository)]))
                .outcomes(),
            ["failed husk"]
        );
    });
}
