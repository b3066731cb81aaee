//! Plans in every format, installed, failing, and done again.

use crate::bench::Bench;
use labwright_testbed::host::Repository;
use serde_json::{Value, json};
use std::fs;

/// The outcomes of a job's nodes, in the plan's order.
fn nodes(job: &Value) -> Vec<(String, String)> {
    let steps = job["steps"].as_array().unwrap();
    let above = steps.iter().find(|step| step["name"] == "Nodes").unwrap();
    let nodes = steps.iter().filter(|step| step["parent"] == above["id"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    nodes
        .map(|node| (text(&node["name"]), text(&node["outcome"]["type"])))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, outcome)| ((*name).to_owned(), (*outcome).to_owned()))
        .collect()
}

#[test]
fn a_table_is_installed_below_a_folder_that_a_shell_would_stumble_over() {
    let bench = Bench::new();
    let plan = bench.table(&[("plain", ""), ("needy", "tiny==1.0")]);
    let ended = bench.start(&bench.about("install", &plan)).end();
    let outcome = ended.outcome(0);
    let done: Vec<&Value> = outcome["result"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert!(
        done.iter().all(|node| node["outcome"] == "installed"),
        "{outcome}"
    );
    assert_eq!(outcome["result"]["summary"]["satisfied"], 1, "{outcome}");
    for name in ["plain", "needy"] {
        let read_me = fs::read_to_string(bench.node(name).join("README.md")).unwrap();
        assert!(read_me.contains(name));
    }
    assert!(!bench.host.home().join("PWNED").exists() && !bench.comfy.join("PWNED").exists());
    assert!(bench.partial().is_empty());

    // The same once more: all is there.
    let again = bench.run(&bench.about("install", &plan));
    assert!(
        again
            .to_string()
            .contains("2 nodes on testhost: 2 already there"),
        "{again}"
    );
    again.succeeded();
}

#[test]
fn a_plan_of_our_own_names_its_folder_and_its_pins() {
    let bench = Bench::new();
    for name in ["pinned", "inner"] {
        bench.repositories.add(&Repository::named(name));
    }
    let text = format!(
        "[target]\npath = {}\nvenv = {}\n\n[[node]]\nname = \"pinned\"\nkind = \"git\"\nurl = \"{}\"\nref = \"v1\"\n\n\
         [[node]]\nname = \"inner\"\nkind = \"git\"\nurl = \"{}\"\nfolder = \"pinned/inner one\"\n",
        json!(bench.comfy.join("custom_nodes")),
        json!(bench.comfy.join("venv")),
        bench.repositories.url("pinned"),
        bench.repositories.url("inner"),
    );
    let plan = bench.file("plan.toml", &text);
    let arguments = ["install", plan.to_str().unwrap(), "--host", "testhost"];
    bench.start(&arguments).end().outcome(0);
    let read_me = fs::read_to_string(bench.node("pinned").join("README.md")).unwrap();
    assert!(read_me.contains("the first commit"), "{read_me}");
    assert!(bench.node("pinned/inner one").join("README.md").exists());
}

#[test]
fn a_snapshot_is_installed_at_its_commits_and_tells_what_it_leaves_out() {
    let bench = Bench::new();
    bench.repositories.add(&Repository::named("pack"));
    let commit = bench.repositories.commit("pack", "v2");
    let snapshot = json!({
        "comfyui": "5c2fe1ad9aa2e5a6e1f1f9a8d8c1f0a3f0b7c111",
        "git_custom_nodes": { bench.repositories.url("pack"): { "hash": commit, "disabled": false } },
        "cnr_custom_nodes": { "comfyui_essentials": "1.1.0" },
        "file_custom_nodes": [],
        "pips": { "tiny==2.0": "" },
    });
    let plan = bench.file("snapshot.json", &snapshot.to_string());
    let run = bench.run(&bench.about("install", &plan));
    assert!(
        run.stderr.contains("comfyui_essentials is left out: "),
        "{run}"
    );
    run.succeeded();
    let read_me = fs::read_to_string(bench.node("pack").join("README.md")).unwrap();
    assert!(read_me.contains("the second commit"), "{read_me}");
    assert!(
        bench
            .index
            .asked()
            .iter()
            .any(|path| path.contains("tiny-2.0"))
    );
}

#[test]
fn each_node_fails_for_itself_and_a_retry_does_only_the_rest() {
    let bench = Bench::new();
    let plan = bench.table(&[
        ("good", ""),
        ("absent", ""),
        ("unbuilt", "broken"),
        ("husk", ""),
    ]);
    bench.repositories.remove("absent");
    fs::create_dir_all(bench.node("husk").join(".git")).unwrap();
    let run = bench.run(&bench.about("install", &plan));
    let id = bench.only_job();
    let job = &bench.record(&id)["job"];
    assert_eq!(
        nodes(job),
        pairs(&[
            ("good", "succeeded"),
            ("absent", "failed"),
            ("unbuilt", "failed"),
            ("husk", "failed")
        ])
    );
    let said = run.failed();
    for part in [
        "3 of 4 nodes could not be installed on testhost",
        "absent: clone: ",
        "unbuilt: pip: ",
        "husk: only .git stands there",
        "lw jobs retry",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }

    bench.repositories.add(&Repository::named("absent"));
    let again = bench.start(&["jobs", "retry", &id]).end();
    let error = &again.outcome(1)["error"];
    assert_eq!(error["code"], "install_failed", "{error}");
    let newest = bench.jobs()[0]["job"].clone();
    assert_eq!(
        nodes(&newest),
        pairs(&[
            ("absent", "succeeded"),
            ("unbuilt", "failed"),
            ("husk", "failed")
        ])
    );

    // Nothing is written over unless it is named.
    let answered = [
        bench.about("install", &plan),
        vec!["--only", "husk", "--replace", "husk"],
    ]
    .concat();
    bench.run(&answered).succeeded();
    assert!(bench.node("husk").join("README.md").exists());
}

#[test]
fn what_cannot_be_asked_is_said_before_anything_is_done() {
    let bench = Bench::new();
    let plan = bench.table(&[("good", "")]);
    let about = bench.about("install", &plan);
    let with = |more: &[&str]| bench.run(&[&about, more, &["--json"]].concat());
    let unknown = with(&["--only", "godo"]).failed_with("plan_node_unknown");
    assert!(
        unknown["hints"]
            .to_string()
            .contains("did you mean `good`?"),
        "{unknown}"
    );
    with(&["--replace", "godo"]).failed_with("plan_node_unknown");
    let plan = plan.to_str().unwrap();
    let untold = bench.run(&["install", plan, "--host", "testhost", "--json"]);
    untold.failed_with("target_missing");
    bench
        .run(&["install", "none.csv", "--host", "testhost", "--json"])
        .failed_with("plan_unreadable");
    assert!(bench.jobs().is_empty());
    let stranger = bench
        .start(&[
            "install",
            plan,
            "--host",
            "nobody.invalid",
            "--target",
            "/x",
        ])
        .end();
    assert_eq!(stranger.outcome(1)["error"]["code"], "host_unreachable");
}
