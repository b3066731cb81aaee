//! Making a plan.

use super::address::{Ranges, given};
use super::check::check;
use super::container::{Maker, NodePlan};
use super::error::PlanError;
use super::images::{Bring, images};
use super::steps::{PlanStep, Why, count};
use super::wiring::{Surroundings, wiring};
use crate::kinds::{Kind, Kinds};
use crate::labels::{self, NodeRecord};
use crate::patchbay::container::{understands, volume as patchbay_volume};
use crate::survey::Survey;
use crate::topology::{LinkApplyMode, NetworkMode, Node, StageName, SubnetChoice, Topology};
use crate::up::Begins;
use ipnet::IpNet;
use labwright_engine::{
    ContainerNetwork, ContainerStatus, ContainerSummary, NetworkSettings, Privileges, Subnet,
};
use std::collections::{BTreeMap, BTreeSet};

/// How a deployment is planned.
#[derive(Debug, Clone, Copy)]
pub struct Planner<'a> {
    /// The lab.
    pub topology: &'a Topology,
    /// The kinds of node.
    pub kinds: &'a Kinds,
    /// What there is.
    pub survey: &'a Survey,
    /// Who deploys it.
    pub owner: &'a str,
    /// What may be brought on the way.
    pub bring: Bring<'a>,
    /// Whether every node gets a new container.
    pub anew: bool,
}

/// What is to be done, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The lab.
    pub lab: String,
    /// The steps.
    pub steps: Vec<PlanStep>,
    /// Every node that is to run, in the order of the file.
    pub nodes: Vec<NodePlan>,
    /// Nodes that run as they should.
    pub kept: Vec<String>,
    /// Those of them that have ended, and were there only for that.
    pub over: BTreeSet<String>,
    /// What is odd but stops nothing.
    pub notes: Vec<String>,
    /// Whether it is known that the engine cannot run privileged containers.
    pub refuses_privileged: bool,
}

impl Plan {
    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<&NodePlan> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// Where a node's way begins.
    pub(crate) fn begins(&self, name: &str) -> Begins {
        let starts = |step: &PlanStep| matches!(step, PlanStep::StartNode { node } if node == name);
        if self.over.contains(name) {
            Begins::Over
        } else if self.steps.iter().any(starts) {
            Begins::Stopped
        } else {
            Begins::Runs
        }
    }
}

impl<'a> Planner<'a> {
    /// Plans the deployment, or says everything that is in its way.
    pub fn plan(self) -> Result<Plan, PlanError> {
        let (steps, missing) = images(&self);
        let obstacles = check(&self, missing);
        if !obstacles.is_empty() {
            return Err(PlanError {
                lab: self.topology.name.to_string(),
                obstacles,
            });
        }
        let nodes = self.node_plans();
        let mut plan = Plan {
            lab: self.topology.name.to_string(),
            steps,
            kept: Vec::new(),
            over: BTreeSet::new(),
            notes: self.notes(&nodes),
            refuses_privileged: self.survey.refuses_privileged,
            nodes,
        };
        let fates = self.fates(&plan.nodes);
        self.removals(&fates, &mut plan);
        self.foundations(&mut plan);
        self.creations(&fates, &mut plan);
        Ok(plan)
    }

    /// The nodes that are containers, with their kinds.
    pub(super) fn containers(&self) -> impl Iterator<Item = (usize, &'a Node, &'a Kind)> {
        let Self {
            topology, kinds, ..
        } = *self;
        let nodes = topology.nodes.iter().enumerate();
        nodes.filter_map(move |(order, node)| {
            let kind = kinds.get(&node.kind).filter(|kind| kind.is_container())?;
            Some((order, node, kind))
        })
    }

    /// The ranges of the management network: those of the network that is there, or those that the file gives.
    pub(super) fn ranges(&self) -> Ranges {
        let management = &self.topology.management;
        if let Some(network) = self.survey.network(&management.network) {
            let nets = network
                .subnets
                .iter()
                .filter_map(|subnet| subnet.range.parse().ok());
            return nets.fold(Ranges::default(), |ranges, net: IpNet| match net {
                IpNet::V4(net) => Ranges {
                    ipv4: Some(net),
                    ..ranges
                },
                IpNet::V6(net) => Ranges {
                    ipv6: Some(net),
                    ..ranges
                },
            });
        }
        Ranges {
            ipv4: management.ipv4.subnet.fixed(),
            ipv6: management.ipv6.subnet.fixed(),
        }
    }

    fn node_plans(&self) -> Vec<NodePlan> {
        let given = given(self);
        let maker = Maker {
            topology: self.topology,
            survey: self.survey,
            ranges: self.ranges(),
            owner: self.owner,
        };
        self.containers()
            .map(|(order, node, kind)| {
                let addresses = given.get(node.name.as_str()).copied().unwrap_or_default();
                maker.node(order, node, kind, addresses)
            })
            .collect()
    }

    fn notes(&self, nodes: &[NodePlan]) -> Vec<String> {
        let wants_all = |node: &&NodePlan| node.container.privileges == Privileges::Privileged;
        let wanting = nodes.iter().filter(wants_all).count();
        if wanting == 0 || !self.survey.refuses_privileged {
            return Vec::new();
        }
        vec![format!(
            "{} would run privileged, which this machine refuses; all capabilities that it has are given instead",
            count(wanting, "node")
        )]
    }

    /// What becomes of each node that the engine has, or is to have: why it is made or removed; nothing where it stays.
    fn fates(&self, nodes: &'a [NodePlan]) -> BTreeMap<String, Option<Why>> {
        let there = self.survey.nodes(self.topology.name.as_str());
        let wanted: BTreeSet<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
        let gone = there.keys().filter(|name| !wanted.contains(*name));
        let mut fates: BTreeMap<String, Option<Why>> = gone
            .map(|name| ((*name).to_owned(), Some(Why::Gone)))
            .collect();
        for node in nodes {
            let fate = match there.get(node.name.as_str()) {
                None => Some(Why::New),
                Some(summary) => self.difference(node, summary),
            };
            fates.insert(node.name.clone(), fate);
        }
        // Who shares the network of a container that is made anew, or started, would stay in the old one.
        for (_, node, _) in self.containers() {
            if let NetworkMode::Node(other) = &node.settings.network_mode {
                let stays = fates.get(other.as_str()).is_some_and(Option::is_none);
                if !stays || !self.runs(other.as_str()) {
                    let fate = fates.entry(node.name.to_string()).or_default();
                    *fate = fate.or(Some(Why::Network));
                }
            }
        }
        fates
    }

    fn runs(&self, node: &str) -> bool {
        let there = self.survey.nodes(self.topology.name.as_str());
        there
            .get(node)
            .is_some_and(|container| container.status == ContainerStatus::Running)
    }

    fn record_of(&self, node: &str) -> Option<NodeRecord> {
        let there = self.survey.nodes(self.topology.name.as_str());
        let container = there.get(node)?;
        Some(NodeRecord::of(&container.labels))
    }

    /// Whether a node has ended, and was there only for that: another waits for its end.
    fn is_over(&self, node: &str) -> bool {
        let there = self.survey.nodes(self.topology.name.as_str());
        let has_ended = there
            .get(node)
            .is_some_and(|container| container.status == ContainerStatus::Exited);
        let nodes = self.topology.nodes.iter();
        let stages = nodes.flat_map(|node| node.settings.stages.all());
        let mut waits = stages.flat_map(|(_, stage)| &stage.wait_for);
        has_ended && waits.any(|wait| wait.node.as_str() == node && wait.stage == StageName::Exit)
    }

    fn difference(&self, node: &NodePlan, summary: &ContainerSummary) -> Option<Why> {
        let record = NodeRecord::of(&summary.labels);
        let broken = matches!(
            summary.status,
            ContainerStatus::Dead | ContainerStatus::Removing
        );
        // Its files may be missing, or the engine could not start it.
        if summary.status == ContainerStatus::Created {
            return Some(Why::Unfinished);
        }
        if self.anew || broken || record.settings != node.record.settings {
            return Some(Why::Changed);
        }
        if record.way.commands != node.record.way.commands {
            return Some(Why::Commands);
        }
        // Engines know a container's network by its id: another one of the same name is not it.
        if Self::in_management(node) && self.network_is_missing() {
            return Some(Why::Network);
        }
        if record.ports == node.record.ports {
            return None;
        }
        let settings = self.topology.node(&node.name).map(|node| &node.settings);
        let mode = settings.and_then(|settings| settings.link_apply_mode);
        let live = match mode {
            Some(mode) => mode == LinkApplyMode::Live,
            None => self
                .kinds
                .get(&node.kind)
                .is_some_and(|kind| kind.live_ports),
        };
        (!live).then_some(Why::Ports)
    }

    fn in_management(node: &NodePlan) -> bool {
        matches!(node.container.network, ContainerNetwork::Named(_))
    }

    fn network_is_missing(&self) -> bool {
        let name = &self.topology.management.network;
        self.survey.network(name).is_none()
    }

    fn removals(&self, fates: &BTreeMap<String, Option<Why>>, plan: &mut Plan) {
        let there = self.survey.nodes(self.topology.name.as_str());
        for (node, summary) in there {
            if let Some(why) = fates.get(node).copied().flatten() {
                plan.steps.push(PlanStep::RemoveNode {
                    node: node.to_owned(),
                    container: summary.name.clone(),
                    guest: NodeRecord::of(&summary.labels).way.network_of.is_some(),
                    why,
                });
            }
        }
    }

    fn foundations(&self, plan: &mut Plan) {
        let used = plan.nodes.iter().any(Self::in_management);
        let wanted = used || !self.topology.management.skip_when_unused;
        if wanted && self.network_is_missing() {
            plan.steps
                .push(PlanStep::CreateNetwork(network(self.topology)));
        }
        let patchbay = labels::patchbay_name(&self.topology.name);
        let volume = patchbay_volume(&self.topology.name);
        if !self.survey.volumes.contains(&volume) {
            plan.steps.push(PlanStep::CreateVolume { name: volume });
        }
        let mut all = self.survey.containers.iter();
        match all.find(|container| container.name == patchbay) {
            None => plan.steps.push(PlanStep::CreatePatchbay {
                container: patchbay,
            }),
            Some(found) if self.anew || !understands(&found.labels) => {
                plan.steps.push(PlanStep::ReplacePatchbay {
                    container: patchbay,
                });
            }
            Some(_) => {}
        }
    }

    fn creations(&self, fates: &BTreeMap<String, Option<Why>>, plan: &mut Plan) {
        let (mut volumes, mut created, mut started) = (Vec::new(), Vec::new(), Vec::new());
        for node in &plan.nodes {
            let missing = node
                .volumes
                .iter()
                .filter(|name| !self.survey.volumes.contains(*name));
            if let Some(had) = self.record_of(&node.name)
                && had.saved != node.record.saved
                && missing.clone().next().is_none()
            {
                plan.notes.push(format!(
                    "node {0} keeps the configuration in its volume, and not the file's other one: \
                     enforce-startup-config: true takes that, or lw lab destroy and a new deployment",
                    node.name
                ));
            }
            volumes.extend(missing.map(|name| PlanStep::CreateVolume { name: name.clone() }));
            let why = fates.get(&node.name).copied().flatten();
            if let Some(why) = why {
                created.push(PlanStep::CreateNode {
                    node: node.name.clone(),
                    container: node.container.name.clone(),
                    why,
                });
            }
            let way = &node.record.way;
            let node = node.name.clone();
            let over = why.is_none() && self.is_over(&node);
            if why.is_some() || !(self.runs(&node) || over) {
                started.push(PlanStep::StartNode { node });
                continue;
            }
            if over {
                plan.over.insert(node.clone());
            }
            if self.record_of(&node).is_some_and(|had| had.way != *way) {
                plan.notes.push(format!(
                    "node {node} keeps the order and the delay that it was made with, until it is made anew"
                ));
            }
            if self.survey.unfinished.contains(&node) {
                started.push(PlanStep::RunCommands { node: node.clone() });
            }
            plan.kept.push(node);
        }
        let wired = self.wired(&plan.nodes);
        plan.steps.extend(volumes);
        plan.steps.extend(created);
        plan.steps.push(wired);
        plan.steps.extend(started);
    }

    fn wired(&self, nodes: &[NodePlan]) -> PlanStep {
        let containers = nodes.iter().map(|node| (node.name.clone(), String::new()));
        let around = Surroundings {
            containers: containers.collect(),
            ..Surroundings::default()
        };
        let wiring = wiring(self.topology, self.kinds, &around);
        PlanStep::Wire {
            ports: wiring.ports.len(),
            links: wiring.links.len(),
        }
    }
}

fn network(topology: &Topology) -> NetworkSettings {
    let management = &topology.management;
    let four = management.ipv4.subnet.fixed().map(|range| Subnet {
        range: range.to_string(),
        gateway: management.ipv4.gateway.map(|gateway| gateway.to_string()),
    });
    let six = management.ipv6.subnet.fixed().map(|range| Subnet {
        range: range.to_string(),
        gateway: management.ipv6.gateway.map(|gateway| gateway.to_string()),
    });
    NetworkSettings {
        name: management.network.clone(),
        subnets: four.into_iter().chain(six).collect(),
        ipv6: management.ipv6.subnet != SubnetChoice::Off,
        mtu: management.mtu,
        bridge: management.bridge.clone(),
        options: management.driver_options.clone(),
        labels: [(labels::NETWORK.to_owned(), topology.name.to_string())].into(),
    }
}
