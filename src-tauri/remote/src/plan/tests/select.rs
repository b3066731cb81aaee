//! What is installed of a plan.

use super::*;

fn plan() -> InstallPlan {
    read("snapshot.json", include_bytes!("../fixtures/snapshot.json"))
}

fn names(nodes: &[&PlanNode]) -> Vec<String> {
    nodes.iter().map(|node| node.name.clone()).collect()
}

fn selected(plan: &InstallPlan, only: &[&str]) -> Result<Vec<String>, PlanError> {
    let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
    plan.select(&only).map(|nodes| names(&nodes))
}

#[test]
fn without_names_all_that_is_chosen_and_possible() {
    insta::assert_snapshot!(selected(&plan(), &[]).unwrap().join("\n"));
}

#[test]
fn names_are_taken_in_the_order_of_the_plan() {
    let only = [
        "comfy-nodes",
        "rgthree-comfy",
        "comfy-nodes",
        "ComfyUI-Impact-Pack",
    ];
    let expected = ["ComfyUI-Impact-Pack", "rgthree-comfy", "comfy-nodes"];
    assert_eq!(selected(&plan(), &only).unwrap(), expected);
}

#[test]
fn a_node_inside_another_is_selected_alone() {
    let plan = read(
        "custom_nodes.csv",
        include_bytes!("../fixtures/custom_nodes.csv"),
    );
    let only = ["ComfyUI-Impact-Subpack"];
    assert_eq!(selected(&plan, &only).unwrap(), only);
}

#[test]
fn names_that_are_not_there() {
    let only = [
        "ComfyUI-Impact-Pak",
        "rgthree",
        "COMFYUI-KJNODES",
        "quite something else",
        "comfy-nodes",
    ];
    insta::assert_snapshot!(told(&selected(&plan(), &only).unwrap_err()));
}

#[test]
fn nodes_that_cannot_be_installed() {
    let only = [
        "comfyui_essentials",
        "websocket_image_save.py",
        "comfy-nodes",
    ];
    insta::assert_snapshot!(told(&selected(&plan(), &only).unwrap_err()));
}

#[test]
fn of_a_list_one_picks() {
    let list = include_bytes!("../fixtures/custom-node-list.json");
    let list = read("custom-node-list.json", list);
    assert_eq!(selected(&list, &["pair-core"]).unwrap(), ["pair-core"]);
    let both = ["ComfyUI-CFG-Ctrl", "ComfyUI-CFG-Ctrl (other)"];
    let errors =
        [selected(&list, &[]), selected(&list, &both)].map(|error| told(&error.unwrap_err()));
    insta::assert_snapshot!(errors.join("\n\n"));
}

#[test]
fn the_nearest_folder_is_the_parent() {
    let text = "Name,RepoUrl,Subfolder
deep,https://h.example/a/deep,A/B/C/D
a,https://h.example/a/a,A
sibling,https://h.example/a/sibling,AB/x
c,https://h.example/a/c,A/B/C
";
    let plan = read("nested.csv", text.as_bytes());
    let nodes = plan.select(&[]).unwrap();
    assert_eq!(parents(&nodes), [Some(3), None, None, Some(1)]);
    let without: Vec<&PlanNode> = nodes.into_iter().filter(|node| node.name != "c").collect();
    assert_eq!(parents(&without), [Some(1), None, None]);
}

#[test]
fn what_is_no_repository_has_no_parent() {
    let plan = read("lab-host.toml", include_bytes!("../fixtures/lab-host.toml"));
    let nodes = plan.select(&[]).unwrap();
    let expected = [None, Some(0), None, None, None, None, None, None];
    assert_eq!(parents(&nodes), expected);
}
