//! What is planned where others have addresses in the management network, or too few are left.

use super::*;
use labwright_engine::ContainerAddress;

/// A container that is not Labwright's, with these addresses in a network.
fn stranger(name: &str, network: &str, [ipv4, ipv6]: [&str; 2]) -> ContainerSummary {
    let place = ContainerAddress {
        ipv4: ipv4.to_owned(),
        ipv6: ipv6.to_owned(),
    };
    ContainerSummary {
        id: serde_json::from_value("0c".repeat(32).into()).unwrap(),
        name: name.to_owned(),
        image: "web:1".to_owned(),
        labels: BTreeMap::new(),
        status: ContainerStatus::Running,
        host_ports: Vec::new(),
        networks: [(network.to_owned(), place)].into(),
    }
}

/// An engine that has the network and this container.
fn with(container: ContainerSummary) -> Survey {
    let mut survey = bare();
    survey.networks.push(network("clab", "172.20.20.0/24"));
    survey.containers.push(container);
    survey
}

/// The addresses of the lab's nodes.
fn planned(survey: &Survey) -> Vec<String> {
    let kinds = Kinds::built_in().unwrap();
    let topology = topology(LAB, &kinds);
    let plan = planner(&topology, &kinds, survey).plan().unwrap();
    let shown = |node: &NodePlan| {
        let (ipv4, ipv6) = (node.record.ipv4.unwrap(), node.record.ipv6.unwrap());
        format!("{} {ipv4} {ipv6}", node.name)
    };
    plan.nodes.iter().map(shown).collect()
}

/// Without anybody else.
const ALONE: [&str; 3] = [
    "r1 172.20.20.3 3fff:172:20:20::2",
    "r2 172.20.20.2 3fff:172:20:20::3",
    "leaf 172.20.20.4 3fff:172:20:20::4",
];

#[test]
fn addresses_that_any_container_has_in_the_network_are_left_to_it() {
    let has = ["172.20.20.3", "3fff:172:20:20::2"];
    assert_eq!(
        planned(&with(stranger("web", "clab", has))),
        [
            "r1 172.20.20.4 3fff:172:20:20::3",
            "r2 172.20.20.2 3fff:172:20:20::4",
            "leaf 172.20.20.5 3fff:172:20:20::5"
        ]
    );
    assert_eq!(planned(&with(stranger("web", "other", has))), ALONE);
    assert_eq!(planned(&with(stranger("web", "clab", ["", ""]))), ALONE);
    // One that does not run, and will ask for its address again.
    let mut stopped = stranger("web", "clab", ["172.20.20.4", ""]);
    stopped.status = ContainerStatus::Exited;
    let planned = planned(&with(stopped));
    assert_eq!(planned[2], "leaf 172.20.20.5 3fff:172:20:20::4");
}

#[test]
fn the_gateway_is_where_the_network_has_it() {
    let mut survey = bare();
    let mut network = network("clab", "172.20.20.0/24");
    network.subnets[0].gateway = Some("172.20.20.3".to_owned());
    survey.networks.push(network);
    assert_eq!(planned(&survey)[0], "r1 172.20.20.1 3fff:172:20:20::2");
}

#[test]
fn a_node_that_runs_keeps_its_address_whoever_shares_its_network() {
    let mut survey = deployed(LAB);
    let shares = ["172.20.20.3", "3fff:172:20:20::2"];
    survey.containers.push(stranger("probe", "clab", shares));
    assert_eq!(steps(LAB, &survey), ["wire 4 ports and 2 links"]);
}

#[test]
fn a_node_that_stands_still_gives_way_to_whoever_has_its_address_now() {
    let mut survey = deployed(LAB);
    survey.containers[0].status = ContainerStatus::Exited;
    let mut other = stranger("web", "clab", ["172.20.20.3", ""]);
    other.status = ContainerStatus::Exited;
    survey.containers.push(other);
    assert_eq!(
        steps(LAB, &survey),
        ["wire 4 ports and 2 links", "start r1"]
    );
    if let Some(other) = survey.containers.last_mut() {
        other.status = ContainerStatus::Running;
    }
    assert_eq!(
        steps(LAB, &survey),
        [
            "remove clab-dc1-r1: its settings have changed",
            "create clab-dc1-r1: its settings have changed",
            "wire 4 ports and 2 links",
            "start r1"
        ]
    );
    assert_eq!(
        planned(&survey),
        [
            "r1 172.20.20.5 3fff:172:20:20::2",
            "r2 172.20.20.2 3fff:172:20:20::3",
            "leaf 172.20.20.4 3fff:172:20:20::4"
        ]
    );
}

#[test]
fn an_address_that_the_file_gives_and_somebody_has_is_in_the_way() {
    let has = stranger("web", "clab", ["172.20.20.2", ""]);
    assert_eq!(
        obstacles(LAB, &with(has)),
        [
            "address_taken: address 172.20.20.2 of node r2 belongs to container web → Give the node another \
          mgmt-ipv4, or remove that container."
        ]
    );

    let six = LAB.replace("mgmt-ipv4: 172.20.20.2", "mgmt-ipv6: '3fff:172:20:20::77'");
    let has = stranger("web", "clab", ["", "3fff:172:20:20::77"]);
    assert_eq!(
        obstacles(&six, &with(has)),
        [
            "address_taken: address 3fff:172:20:20::77 of node r2 belongs to container web → Give the node \
          another mgmt-ipv6, or remove that container."
        ]
    );

    let of_gateway = LAB.replace("172.20.20.2", "172.20.20.1");
    assert_eq!(
        obstacles(&of_gateway, &bare()),
        [
            "address_taken: address 172.20.20.1 of node r2 belongs to the network's gateway → Give the node \
          another mgmt-ipv4."
        ]
    );
}

/// Whether it runs or not: it was given the address for good.
#[test]
fn an_address_of_another_lab_s_node_is_in_the_way() {
    let mut survey = deployed(&LAB.replace("dc1", "dc2"));
    for container in &mut survey.containers {
        container.status = ContainerStatus::Exited;
    }
    assert_eq!(
        obstacles(LAB, &survey),
        [
            "address_taken: address 172.20.20.2 of node r2 belongs to container clab-dc2-r2 of lab dc2 → Give the \
          node another mgmt-ipv4, or remove that container."
        ]
    );
    // In a network of another name it is another address.
    for container in &mut survey.containers {
        let network = "elsewhere".to_owned();
        container.labels.insert(labels::BRIDGE.to_owned(), network);
    }
    assert_eq!(planned(&survey), ALONE);
}

#[test]
fn a_range_that_is_too_small_is_in_the_way() {
    let small = |management: &str| format!("mgmt: {{{management}}}\n{LAB}");
    let subnet = small("ipv4-subnet: 172.20.20.0/30");
    let used_up = "addresses_used_up: network clab has no address left in 172.20.20.0/30 for 2 of the 3 nodes \
                   that want one → Give mgmt";
    assert_eq!(
        obstacles(&subnet, &bare()),
        [format!("{used_up} a larger ipv4-subnet.")]
    );
    let mut survey = bare();
    survey.networks.push(network("clab", "172.20.20.0/30"));
    assert_eq!(
        obstacles(&subnet, &survey),
        [format!(
            "{used_up} another network, with a larger ipv4-subnet."
        )]
    );
    let part = small("ipv4-subnet: 172.20.20.0/24, ipv4-range: 172.20.20.0/30");
    assert_eq!(
        obstacles(&part, &bare()),
        [format!("{used_up} a larger ipv4-range.")]
    );
    // What the engine chooses is not known yet.
    let chosen = small("ipv4-subnet: auto").replace(", mgmt-ipv4: 172.20.20.2", "");
    assert_eq!(
        steps(&chosen, &bare()).last().map(String::as_str),
        Some("start leaf")
    );
}
