//! Each format, as it is written where it comes from.

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        read($name, include_bytes!(concat!("../fixtures/", $name)))
    };
}

#[test]
fn a_table() {
    insta::assert_snapshot!(drawn(&fixture!("custom_nodes.csv")));
}

#[test]
fn a_table_from_a_spreadsheet() {
    insta::assert_snapshot!(drawn(&fixture!("exported.csv")));
}

#[test]
fn a_snapshot() {
    insta::assert_snapshot!(drawn(&fixture!("snapshot.json")));
}

#[test]
fn a_list() {
    insta::assert_snapshot!(drawn(&fixture!("custom-node-list.json")));
}

/// Nothing dangerous of a list gets into its nodes, and what is good of it stays.
#[test]
fn a_hostile_list() {
    insta::assert_snapshot!(drawn(&fixture!("hostile_list.json")));
}

#[test]
fn an_own_plan() {
    insta::assert_snapshot!(drawn(&fixture!("lab-host.toml")));
}

/// The example of the documentation is the first thing that people try.
#[test]
fn the_documentation() {
    let page = include_str!("../../../../../docs/plans.md");
    let examples = page.split("```").skip(1).step_by(2);
    let mut read_examples = 0;
    for example in examples {
        let (language, text) = example.split_once('\n').unwrap();
        if ["toml", "csv", "json"].contains(&language) {
            read(&format!("plan.{language}"), text.as_bytes());
            read_examples += 1;
        }
    }
    assert_eq!(read_examples, 4);
}

#[test]
fn the_format_is_known_by_content() {
    let csv = b"# mine\r\n\r\nRequirementsFile;x,reponame\r\n";
    assert_eq!(
        read_plan("a.json", csv).unwrap_err().code(),
        "plan_problems"
    );
    let toml =
        b"\xef\xbb\xbf# mine\r\n[[node]]\r\nname='a'\r\nkind='packages'\r\npackages=['b']\r\n";
    assert_eq!(read("plan.csv", toml).format, PlanFormat::Own);
    let dotted = b"target.path = '/srv'\n[[node]]\nname='a'\nkind='packages'\npackages=['b']";
    assert_eq!(read("plan.csv", dotted).target.as_deref(), Some("/srv"));
    let snapshot =
        b" {\"git_custom_nodes\": {\"https://h.example/a/b\": {\"hash\": null}}, \"pips\": null}";
    assert_eq!(read("plan.toml", snapshot).format, PlanFormat::Snapshot);
}

#[test]
fn a_snapshot_of_nodes_alone_has_no_packages() {
    let text = br#"{"git_custom_nodes": {"https://h.example/a/b": {"hash": "abc"}}, "cnr_custom_nodes": {}, "pips": {}}"#;
    let plan = read("snapshot.json", text);
    assert_eq!(plan.nodes.len(), 1);
    assert_eq!(plan.notes, Vec::<String>::new());
}

#[test]
fn the_shape_that_crosses_the_border() {
    let plan = fixture!("lab-host.toml");
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<InstallPlan>(&json).unwrap(), plan);
}
