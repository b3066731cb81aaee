//! What is planned for files and engines of many kinds.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod addresses;
mod again;

use super::*;
use crate::kinds::Kinds;
use crate::labels::{self, NodeRecord};
use crate::survey::{ImageFacts, Survey};
use crate::topology::{Origin, Topology};
use labwright_engine::{
    Capacity, ContainerStatus, ContainerSummary, NetworkDetail, Privileges, Subnet,
};
use labwright_images::Rules;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

const LAB: &str = "
name: dc1
topology:
  kinds:
    linux:
      image: frr:10
  nodes:
    r1: {kind: linux}
    r2: {kind: linux, mgmt-ipv4: 172.20.20.2}
    leaf: {kind: ceos, image: 'ceos:4.35.1F'}
  links:
    - endpoints: ['r1:eth1', 'r2:eth1']
    - endpoints: ['r2:eth2', 'leaf:Ethernet1']
";

fn topology(text: &str, kinds: &Kinds) -> Topology {
    let origin = Origin {
        file: Path::new("/labs/dc1.clab.yml"),
        kinds,
        git: None,
        home: None,
    };
    Topology::parse(text, &origin, &|_: &str| None).unwrap()
}

/// An engine that has the images, and nothing else.
fn bare() -> Survey {
    let image = |id: &str| ImageFacts {
        id: format!("sha256:{id}"),
        architecture: "amd64".to_owned(),
    };
    let images = [("frr:10", "f0"), ("ceos:4.35.1F", "ce")];
    Survey {
        engine: "Docker 28.5".to_owned(),
        architecture: "amd64".to_owned(),
        local: true,
        capacity: Capacity {
            memory: 8 << 30,
            processors: 4,
            kernel: String::new(),
        },
        capabilities: vec!["NET_ADMIN".to_owned()],
        refuses_privileged: false,
        images: images.map(|(name, id)| (name.to_owned(), image(id))).into(),
        containers: Vec::new(),
        unfinished: BTreeSet::new(),
        networks: Vec::new(),
        volumes: BTreeSet::new(),
        taken_ports: BTreeSet::new(),
        host_folders: BTreeSet::new(),
        files: BTreeMap::new(),
    }
}

fn rules() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::built_in().unwrap());
    &RULES
}

fn planner<'a>(topology: &'a Topology, kinds: &'a Kinds, survey: &'a Survey) -> Planner<'a> {
    Planner {
        topology,
        kinds,
        survey,
        owner: "ada",
        bring: Bring {
            pull: false,
            archives: &[],
            rules: rules(),
        },
        anew: false,
    }
}

fn steps(text: &str, survey: &Survey) -> Vec<String> {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(text, &kinds);
    let plan = planner(&topology, &kinds, survey).plan().unwrap();
    plan.steps.iter().map(ToString::to_string).collect()
}

fn obstacles(text: &str, survey: &Survey) -> Vec<String> {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(text, &kinds);
    let error = planner(&topology, &kinds, survey).plan().unwrap_err();
    let line = |obstacle: &Obstacle| format!("{}: {} → {}", obstacle.code, obstacle, obstacle.hint);
    error.obstacles.iter().map(line).collect()
}

/// The engine after that file was deployed.
fn deployed(text: &str) -> Survey {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(text, &kinds);
    let mut survey = bare();
    let plan = planner(&topology, &kinds, &survey).plan().unwrap();
    let container = |name: &str, labels: &BTreeMap<String, String>| ContainerSummary {
        id: serde_json::from_value("0a".repeat(32).into()).unwrap(),
        name: name.to_owned(),
        image: String::new(),
        labels: labels.clone(),
        status: ContainerStatus::Running,
        host_ports: Vec::new(),
        networks: BTreeMap::new(),
    };
    for node in &plan.nodes {
        survey
            .containers
            .push(container(&node.container.name, &node.container.labels));
        survey.volumes.extend(node.volumes.iter().cloned());
    }
    let mut patchbay = labels::common(&topology.name, labels::Role::Patchbay);
    let protocol = labwright_patchbay::PROTOCOL.to_string();
    patchbay.insert(labels::PROTOCOL.to_owned(), protocol);
    let name = labels::patchbay_name(&topology.name);
    survey.containers.push(container(&name, &patchbay));
    survey
        .volumes
        .insert(crate::patchbay::container::volume(&topology.name));
    survey.networks.push(network("clab", "172.20.20.0/24"));
    survey
}

fn network(name: &str, range: &str) -> NetworkDetail {
    NetworkDetail {
        id: String::new(),
        name: name.to_owned(),
        driver: "bridge".to_owned(),
        subnets: [range, "3fff:172:20:20::/64"]
            .map(|range| Subnet {
                range: range.to_owned(),
                gateway: None,
            })
            .to_vec(),
        labels: BTreeMap::new(),
        bridge: None,
        containers: Vec::new(),
    }
}

#[test]
fn a_new_lab_is_made_from_the_ground() {
    insta::assert_snapshot!(steps(LAB, &bare()).join("\n"));
}

#[test]
fn a_lab_that_is_as_it_should_be_is_only_wired_again() {
    assert_eq!(steps(LAB, &deployed(LAB)), ["wire 4 ports and 2 links"]);
}

#[test]
fn only_what_changed_is_touched() {
    let changed = LAB
        .replace("r1: {kind: linux}", "r1: {kind: linux, env: {A: b}}")
        .replace("    leaf: {kind: ceos, image: 'ceos:4.35.1F'}\n", "")
        .replace("    - endpoints: ['r2:eth2', 'leaf:Ethernet1']\n", "");
    insta::assert_snapshot!(steps(&changed, &deployed(LAB)).join("\n"));
}

#[test]
fn a_new_link_touches_only_nodes_that_see_ports_when_they_start() {
    let more = format!("{LAB}    - endpoints: ['r1:eth9', 'leaf:Ethernet2']\n");
    insta::assert_snapshot!(steps(&more, &deployed(LAB)).join("\n"));
}

#[test]
fn a_node_that_was_stopped_is_started() {
    let mut survey = deployed(LAB);
    survey.containers[0].status = ContainerStatus::Exited;
    assert_eq!(
        steps(LAB, &survey),
        ["wire 4 ports and 2 links", "start r1"]
    );
}

/// Whoever made it was killed, or the engine could not start it: its files may be missing.
#[test]
fn a_node_that_was_never_started_is_made_anew() {
    let mut survey = deployed(LAB);
    survey.containers[0].status = ContainerStatus::Created;
    assert_eq!(
        steps(LAB, &survey),
        [
            "remove clab-dc1-r1: it was never started",
            "create clab-dc1-r1: it was never started",
            "wire 4 ports and 2 links",
            "start r1"
        ]
    );
}

#[test]
fn nodes_whose_network_is_gone_are_made_anew() {
    let mut survey = deployed(LAB);
    survey.networks.pop();
    let steps = steps(LAB, &survey);
    assert_eq!(steps[0], "remove clab-dc1-leaf: its network is gone");
    assert!(
        steps.contains(&"create clab-dc1-r1: its network is gone".to_owned()),
        "{steps:?}"
    );
}

#[test]
fn everything_that_is_in_the_way_is_said_at_once() {
    let text =
        LAB.replace(
            "r1: {kind: linux}",
            "r1: {kind: linux, image: 'nothing:1', ports: ['8080:80'], memory: 64GB}",
        )
        .replace(
            "r2: {kind: linux, mgmt-ipv4: 172.20.20.2}",
            "r2: {kind: linux, binds: ['gone/file:/file'], license: key.txt}",
        ) + "    - endpoints: ['vm:eth1', 'r1:eth7']\n";
    let text = text.replace(
        "  nodes:\n",
        "  nodes:\n    vm: {kind: cisco_iol, image: 'iol:1'}\n",
    );
    let mut survey = bare();
    survey.taken_ports.insert(8080);
    survey.networks.push(network("other", "172.20.0.0/16"));
    let key = Path::new("/labs/key.txt").to_owned();
    survey
        .files
        .insert(key, Err("No such file or directory".to_owned()));
    if let Some(ceos) = survey.images.get_mut("ceos:4.35.1F") {
        ceos.architecture = "arm64".to_owned();
    }
    insta::assert_snapshot!(obstacles(&text, &survey).join("\n"));
}

#[test]
fn another_labs_container_and_containerlabs_own_are_left_alone() {
    let mut survey = deployed(LAB);
    survey.containers[0]
        .labels
        .insert(labels::LAB.to_owned(), "other".to_owned());
    survey.containers[1].labels.remove(labels::ROLE);
    insta::assert_snapshot!(obstacles(LAB, &survey).join("\n"));
}

#[test]
fn addresses_are_the_same_each_time_and_nobody_else_s() {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(LAB, &kinds);
    let addresses = |survey: &Survey| -> Vec<String> {
        let plan = planner(&topology, &kinds, survey).plan().unwrap();
        let shown = |node: &NodePlan| format!("{} {:?}", node.name, node.record.ipv4.unwrap());
        plan.nodes.iter().map(shown).collect()
    };
    let first = addresses(&bare());
    assert_eq!(
        first,
        ["r1 172.20.20.3", "r2 172.20.20.2", "leaf 172.20.20.4"]
    );
    assert_eq!(addresses(&deployed(LAB)), first);
    let mut survey = bare();
    let record = NodeRecord {
        ipv4: Some("172.20.20.3".parse().unwrap()),
        ..NodeRecord::default()
    };
    survey.containers.push(ContainerSummary {
        id: serde_json::from_value("0b".repeat(32).into()).unwrap(),
        name: "clab-other-x".to_owned(),
        image: String::new(),
        labels: [(labels::RECORD.to_owned(), record.text())].into(),
        status: ContainerStatus::Exited,
        host_ports: Vec::new(),
        networks: BTreeMap::new(),
    });
    assert_eq!(
        addresses(&survey),
        ["r1 172.20.20.4", "r2 172.20.20.2", "leaf 172.20.20.5"]
    );
}

#[test]
fn what_is_missing_is_pulled_if_that_was_asked_for() {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(LAB, &kinds);
    let mut survey = bare();
    survey.images.remove("frr:10");
    let planner = Planner {
        bring: Bring {
            pull: true,
            archives: &[],
            rules: rules(),
        },
        ..planner(&topology, &kinds, &survey)
    };
    let plan = planner.plan().unwrap();
    assert_eq!(plan.steps[0].to_string(), "pull frr:10 for r1, r2");
}

/// The first steps, or what is in the way, with these archives at hand and these images missing.
fn brought(missing: &[&str], archives: &[&str]) -> Vec<String> {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(LAB, &kinds);
    let mut survey = bare();
    survey
        .images
        .retain(|image, _| !missing.contains(&image.as_str()));
    let archives: Vec<String> = archives.iter().map(ToString::to_string).collect();
    let planner = Planner {
        bring: Bring {
            pull: false,
            archives: &archives,
            rules: rules(),
        },
        ..planner(&topology, &kinds, &survey)
    };
    match planner.plan() {
        Ok(plan) => {
            let steps = plan.steps.iter().map(ToString::to_string);
            steps
                .take_while(|step| !step.starts_with("create"))
                .collect()
        }
        Err(error) => error
            .obstacles
            .iter()
            .map(|it| format!("{it} → {}", it.hint))
            .collect(),
    }
}

#[test]
fn archives_are_imported_under_the_names_that_nodes_want() {
    let both = ["frr:10", "ceos:4.35.1F"];
    let ceos = "/in/cEOS64-lab-4.35.1F.tar.xz";
    let as_ceos = format!("import {ceos} as ceos:4.35.1F for leaf");
    let as_frr = "import /in/router.tar as frr:10 for r1, r2".to_owned();
    assert_eq!(brought(&both[1..], &[ceos]).join("\n"), as_ceos);
    // By their names where those say it, and the rest by what is left.
    assert_eq!(
        brought(&both, &["/in/router.tar", ceos]),
        [as_frr.clone(), as_ceos]
    );
    assert_eq!(brought(&both[..1], &["/in/router.tar"]), [as_frr]);
    // What is there already is not brought again.
    assert_eq!(brought(&[], &[ceos]), Vec::<String>::new());
    insta::assert_snapshot!(brought(&both, &["/in/router.tar", "/in/switch.tar"]).join("\n"));
    insta::assert_snapshot!(brought(&[], &["/in/router.tar"]).join("\n"));
}

#[test]
fn only_kinds_that_need_it_are_privileged_unless_the_file_says_so() {
    let kinds = Kinds::built_in().unwrap();
    let text = LAB.replace("r1: {kind: linux}", "r1: {kind: linux, privileged: true}");
    let topology = topology(&text, &kinds);
    let survey = bare();
    let plan = planner(&topology, &kinds, &survey).plan().unwrap();
    let privileged =
        |name: &str| plan.node(name).unwrap().container.privileges == Privileges::Privileged;
    assert!(privileged("r1") && privileged("leaf") && !privileged("r2"));
}

#[test]
fn a_plan_s_steps_are_taken_back_by_what_they_made() {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(LAB, &kinds);
    let survey = bare();
    let plan = planner(&topology, &kinds, &survey).plan().unwrap();
    let undo: Vec<Undo> = plan.steps.iter().filter_map(PlanStep::undo).collect();
    insta::assert_debug_snapshot!(undo);
}

#[test]
fn the_wiring_has_a_port_for_each_end_and_always_the_same_addresses() {
    let kinds = Kinds::built_in().unwrap();
    let text = LAB.to_owned()
        + "    - endpoints: ['r1:eth3', 'host:r1-uplink']
    - endpoints: ['r1:eth4', 'mgmt-net:r1-mgmt']
    - type: vxlan-stitch
      endpoint: {node: r1, interface: eth5}
      remote: 10.0.0.7
      vni: 100
    - endpoints: ['r1:eth6', 'sw:a']
    - endpoints: ['r2:eth6', 'sw:b']
";
    let text = text.replace("  nodes:\n", "  nodes:\n    sw: {kind: bridge}\n");
    let topology = topology(&text, &kinds);
    let containers = ["r1", "r2", "leaf"].map(|name| (name.to_owned(), "0a".repeat(32)));
    let around = Surroundings {
        containers: containers.into(),
        bridge: Some("br-clab".to_owned()),
        ..Surroundings::default()
    };
    insta::assert_json_snapshot!(wiring(&topology, &kinds, &around));
}
