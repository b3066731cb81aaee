//! What stands where nodes would go, before anything is touched.

use std::fs;

use labwright_remote::install::Prospect;
use labwright_testbed::host::Repository;

use crate::bench::{node, request};
use crate::comfy::Comfy;

#[tokio::test(flavor = "multi_thread")]
async fn each_node_s_prospect_is_told_and_nothing_is_changed() {
    let comfy = Comfy::new();
    for name in [
        "new", "present", "moved", "changed", "other", "husk", "file",
    ] {
        comfy.add(&Repository::named(name));
    }
    let first = comfy.repositories.commit("moved", "v1");
    let there = ["present", "moved", "changed"].map(|name| comfy.git(name));
    comfy.install(there.to_vec()).await.ended().await;
    fs::write(comfy.target.join("changed/mine.txt"), "mine").unwrap();
    fs::create_dir_all(comfy.target.join("husk/.git")).unwrap();
    fs::create_dir_all(comfy.target.join("file/inside")).unwrap();
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([comfy.target.join("present"), comfy.target.join("other")])
        .status();
    assert!(copied.unwrap().success());

    let nodes = vec![
        comfy.git("new"),
        comfy.git("present"),
        node(comfy.git("moved"), |git| {
            git.reference = Some(first.clone());
        }),
        comfy.git("changed"),
        comfy.git("other"),
        comfy.git("husk"),
        comfy.git("file"),
    ];
    let access = comfy.bench.access();
    let asked = request(&comfy.bench, &comfy.target, nodes);
    let standings = access.examine(&asked).await.unwrap();
    let told: Vec<(&str, Prospect)> = standings
        .iter()
        .map(|standing| (standing.name.as_str(), standing.prospect))
        .collect();
    assert_eq!(
        told,
        [
            ("new", Prospect::New),
            ("present", Prospect::Present),
            ("moved", Prospect::Update),
            ("changed", Prospect::LocalChanges),
            ("other", Prospect::OtherRemote),
            ("husk", Prospect::Husk),
            ("file", Prospect::NotARepository),
        ]
    );
    let head = comfy.head("present");
    assert_eq!(standings[1].detail.as_deref(), Some(&head[..8]));
    assert!(standings[3].detail.as_deref().unwrap().contains("mine.txt"));
    assert!(!comfy.target.join("new").exists());
    let jobs = comfy.bench.host.home().join(".cache/labwright/jobs");
    let left = fs::read_dir(jobs).unwrap().count();
    assert_eq!(left, 1, "the look has left nothing");
}
