//! What is planned for a lab that is there already.

use super::*;

const ORDERED: &str = "
name: dc1
topology:
  kinds:
    linux: {image: 'frr:10'}
  nodes:
    prepare: {kind: linux}
    owner: {kind: linux, exec: ['ip link'], stages: {create: {wait-for: [{node: prepare, stage: exit}]}}}
    guest: {kind: linux, network-mode: 'container:owner'}
";

fn planned(text: &str, survey: &Survey, anew: bool) -> Plan {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(text, &kinds);
    let planner = Planner {
        anew,
        ..planner(&topology, &kinds, survey)
    };
    planner.plan().unwrap()
}

fn set(survey: &mut Survey, node: &str, status: ContainerStatus) {
    for container in &mut survey.containers {
        if container.labels.get(labels::NODE).map(String::as_str) == Some(node) {
            container.status = status;
        }
    }
}

#[test]
fn commands_that_a_node_lacks_are_run_and_others_make_it_anew() {
    let mut survey = deployed(ORDERED);
    assert_eq!(steps(ORDERED, &survey), ["wire 0 ports and 0 links"]);
    survey.unfinished.insert("owner".to_owned());
    insta::assert_snapshot!(steps(ORDERED, &survey).join("\n"));
    survey.unfinished.clear();
    let other = ORDERED.replace("ip link", "ip route");
    insta::assert_snapshot!(steps(&other, &survey).join("\n"));
}

#[test]
fn a_changed_order_disturbs_nothing_that_runs() {
    let survey = deployed(ORDERED);
    let plan = planned(
        &ORDERED.replace("stage: exit", "stage: create"),
        &survey,
        false,
    );
    assert_eq!(plan.kept, ["prepare", "owner", "guest"]);
    insta::assert_snapshot!(plan.notes.join("\n"));
}

#[test]
fn a_node_that_others_let_end_is_not_started_again_and_any_other_is() {
    let mut survey = deployed(ORDERED);
    set(&mut survey, "prepare", ContainerStatus::Exited);
    let plan = planned(ORDERED, &survey, false);
    assert_eq!(plan.steps.len(), 1, "{:?}", plan.steps);
    assert_eq!(plan.begins("prepare"), crate::up::Begins::Over);
    assert_eq!(plan.begins("owner"), crate::up::Begins::Runs);
    let other = ORDERED.replace("stage: exit", "stage: create");
    let plan = planned(&other, &survey, false);
    assert_eq!(plan.begins("prepare"), crate::up::Begins::Stopped);
}

#[test]
fn who_shares_the_network_of_a_node_that_is_started_is_made_anew() {
    let mut survey = deployed(ORDERED);
    set(&mut survey, "owner", ContainerStatus::Exited);
    insta::assert_snapshot!(steps(ORDERED, &survey).join("\n"));
}

#[test]
fn a_patchbay_stays_unless_it_would_not_understand_or_all_is_made_anew() {
    let mut survey = deployed(ORDERED);
    let replaces = |plan: &Plan| {
        let is = |step: &PlanStep| matches!(step, PlanStep::ReplacePatchbay { .. });
        plan.steps.iter().any(is)
    };
    assert!(!replaces(&planned(ORDERED, &survey, false)));
    assert!(replaces(&planned(ORDERED, &survey, true)));
    for container in &mut survey.containers {
        container.labels.remove(labels::PROTOCOL);
    }
    let plan = planned(ORDERED, &survey, false);
    assert!(replaces(&plan));
    insta::assert_snapshot!(plan.steps[0]);
}

#[test]
fn a_saved_configuration_is_kept_unless_the_file_enforces_its_own() {
    let with = |text: &str, more: &str| {
        let leaf = format!("{{kind: ceos, image: 'ceos:4.35.1F', startup-config: {text}{more}}}");
        LAB.replace("{kind: ceos, image: 'ceos:4.35.1F'}", &leaf)
    };
    let (one, other) = ("\"hostname a\\n\"", "\"hostname b\\n\"");
    let survey = deployed(&with(one, ""));
    let plan = planned(&with(other, ""), &survey, false);
    assert_eq!(plan.kept, ["r1", "r2", "leaf"]);
    insta::assert_snapshot!(plan.notes.join("\n"));
    let plan = planned(
        &with(other, ", enforce-startup-config: true"),
        &survey,
        false,
    );
    assert_eq!(plan.kept, ["r1", "r2"]);
    assert_eq!(
        planned(&with(one, ""), &survey, false).notes,
        Vec::<String>::new()
    );
}

/// A change of these restarts every node of every lab that is deployed again after an update.
#[test]
fn the_fingerprints_are_those_of_earlier_releases() {
    let plan = planned(LAB, &bare(), false);
    let told = plan.nodes.iter().map(|node| {
        let NodeRecord {
            settings, saved, ..
        } = &node.record;
        format!("{}: {settings} {saved}", node.name)
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}
