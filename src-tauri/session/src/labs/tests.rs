//! What becomes one of a file, an engine and a patchbay.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use labwright_engine::ContainerStatus;
use labwright_jobs::ErrorReport;
use labwright_labs::kinds::Kinds;
use labwright_labs::labels::NodeRecord;
use labwright_labs::links::{Impairments, ListedLink, Wired};
use labwright_labs::running::{
    LabStanding, LinkView, NodeStanding, NodeState, PortView, RunningLab, RunningNode,
};

use super::engine::EngineLabs;
use super::file::{LabFile, Reader};
use super::files::Files;
use super::list::list;
use super::merge::{Sources, view};
use super::pairs::{Pair, pairs};
use super::{LabLinkStanding, LabNodeStanding, LabView, NodeForm};
use crate::Environment;

const TEXT: &str = "\
name: dc1
topology:
  defaults: {kind: linux, image: \"host:1\"}
  nodes:
    a: {kind: arista_ceos, image: ceos:1}
    b: {}
    s: {kind: bridge}
  links:
    - endpoints: [\"a:Ethernet1\", \"b:eth1\"]
    - endpoints: [\"b:eth2\", \"s:p1\"]
    - endpoints: [\"a:Ethernet2\", \"host:uplink\"]
    - {type: vxlan, endpoint: {node: b, interface: eth3}, remote: 10.0.0.9, vni: 100}
";

fn reader() -> Reader {
    Reader {
        kinds: Arc::new(Kinds::built_in().unwrap()),
        surroundings: Environment::from_variables(|_| None).surroundings(),
    }
}

fn file(path: &str, text: &str) -> LabFile {
    reader().parse(Path::new(path), text, None)
}

fn files(all: Vec<LabFile>) -> Files {
    Files {
        listed: all.iter().map(|file| file.path.clone()).collect(),
        all: all
            .into_iter()
            .map(|file| (file.path.clone(), Arc::new(file)))
            .collect(),
        ..Files::default()
    }
}

fn node(name: &str, kind: &str, state: NodeStanding) -> (RunningNode, NodeState) {
    let running = RunningNode {
        name: name.to_owned(),
        kind: kind.to_owned(),
        container: format!("clab-dc1-{name}"),
        id: format!("0a{name}"),
        image: "host:1".to_owned(),
        status: ContainerStatus::Running,
        record: NodeRecord::default(),
        ours: true,
    };
    let state = NodeState {
        name: name.to_owned(),
        kind: kind.to_owned(),
        container: running.container.clone(),
        image: "host:1".to_owned(),
        state,
        reason: String::new(),
        ipv4: "172.20.20.2".to_owned(),
        ipv6: String::new(),
        since: String::new(),
        restarts: 0,
        ports: Vec::new(),
    };
    (running, state)
}

fn lab(name: &str, file: &str, nodes: Vec<(RunningNode, NodeState)>) -> LabStanding {
    let (running, states) = nodes.into_iter().unzip();
    LabStanding {
        lab: RunningLab {
            name: name.to_owned(),
            file: file.to_owned(),
            owner: "me".to_owned(),
            ours: true,
            nodes: running,
            networks: BTreeSet::new(),
            patchbay: Some(ContainerStatus::Running),
        },
        nodes: states,
    }
}

fn engine(labs: Vec<LabStanding>) -> EngineLabs {
    EngineLabs {
        engine: Some("engine".to_owned()),
        listed: true,
        labs,
        error: None,
    }
}

fn link(ends: [&str; 2], state: &str) -> ListedLink {
    let slow = Impairments {
        delay_us: 1000,
        ..Impairments::NONE
    };
    ListedLink {
        link: LinkView {
            ends: ends.map(str::to_owned),
            state: state.to_owned(),
            reason: String::new(),
        },
        impairments: [slow, Impairments::NONE],
    }
}

fn shown(file: Option<LabFile>, lab: Option<LabStanding>, wired: Option<&Wired>) -> LabView {
    let kinds = Kinds::built_in().unwrap();
    let pair = Pair {
        key: "key".to_owned(),
        file: file.map(Arc::new),
        lab,
    };
    view(Sources {
        pair: &pair,
        wired,
        known: true,
        error: None,
        kinds: &kinds,
    })
}

/// Nodes and links, a line each.
fn lines(view: &LabView) -> String {
    let nodes = view.nodes.iter().map(|node| {
        let ports = node.ports.iter().map(|port| {
            let carrier = if port.carrier { "+" } else { "-" };
            format!("{}={}{carrier}", port.written, port.name)
        });
        let ports: Vec<String> = ports.collect();
        let (form, standing) = (node.form, node.standing);
        format!("{} {form:?} {standing:?} {}", node.name, ports.join(" "))
    });
    let links = view.links.iter().map(|link| {
        let ends = link.ends.each_ref().map(|end| {
            let (end, node, port) = (&end.end, &end.node, &end.port);
            format!("{end} ({node} {port})")
        });
        let delays = link.impairments.map(|it| it.delay_us);
        let (number, standing) = (link.number, link.standing);
        format!("{number:?} {} {standing:?} {delays:?}", ends.join(" – "))
    });
    nodes.chain(links).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_file_alone_is_drawn_whole() {
    let view = shown(Some(file("/l/dc1.clab.yml", TEXT)), None, None);
    assert_eq!(
        (view.name.as_str(), view.deployed, view.ours),
        ("dc1", false, true)
    );
    insta::assert_snapshot!(lines(&view));
}

#[test]
fn what_only_the_engine_has_stands_last() {
    let nodes = vec![
        node("b", "linux", NodeStanding::Ready),
        node("a", "arista_ceos", NodeStanding::Booting),
        node("old", "linux", NodeStanding::Failed),
    ];
    let port = |name: &str| PortView {
        name: name.to_owned(),
        wired: true,
        carrier: true,
        problem: String::new(),
    };
    let wired = Wired {
        links: vec![
            link(["b:eth1", "a:eth1"], "up"),
            link(["b:eth2", "a:eth9"], "down"),
            link(["old:eth1", "vxlan-old/eth1:vx7"], "up"),
            link(["a:eth2", "host:uplink"], "waiting"),
        ],
        ports: BTreeMap::from([
            (
                "a".to_owned(),
                vec![port("eth1"), port("eth2"), port("eth9")],
            ),
            ("old".to_owned(), vec![port("eth1")]),
        ]),
    };
    let lab = lab("dc1", "/l/dc1.clab.yml", nodes);
    let view = shown(Some(file("/l/dc1.clab.yml", TEXT)), Some(lab), Some(&wired));
    insta::assert_snapshot!(lines(&view));
    assert_eq!(view.nodes[0].image, "ceos:1", "as the file calls it");
    assert_eq!(view.nodes[0].ipv4, "172.20.20.2");
}

#[test]
fn a_lab_without_a_file_has_what_the_engine_tells() {
    let wired = Wired {
        links: vec![link(["b:eth1", "sw:p1"], "up")],
        ports: BTreeMap::new(),
    };
    let lab = lab("dc1", "", vec![node("b", "linux", NodeStanding::Ready)]);
    let view = shown(None, Some(lab), Some(&wired));
    assert_eq!((view.file.as_str(), view.revision.as_str()), ("", ""));
    assert_eq!(view.nodes[1].name, "sw");
    assert_eq!(view.nodes[1].form, NodeForm::Switch);
    assert_eq!(view.nodes[1].standing, LabNodeStanding::Ready);
    assert_eq!(view.links[0].standing, LabLinkStanding::Up);
    assert_eq!(view.links[0].number, None);
}

#[test]
fn a_mistake_leaves_what_was_drawn_before() {
    let reader = reader();
    let path = Path::new("/l/dc1.clab.yml");
    let before = reader.parse(path, TEXT, None);
    let after = reader.parse(
        path,
        &TEXT.replace("kind: bridge", "kind: no"),
        Some(&before),
    );
    assert_ne!(before.revision, after.revision);
    let view = shown(Some(after), None, None);
    assert_eq!((view.nodes.len(), view.links.len()), (3, 4));
    assert!(view.problems[0].is_error);
    assert_eq!(view.problems[0].place.line, 7);
}

fn keys(files: &Files, engine: &EngineLabs) -> Vec<(String, bool, bool)> {
    let pairs = pairs(files, engine);
    let key = |pair: Pair| (pair.key, pair.file.is_some(), pair.lab.is_some());
    pairs.into_iter().map(key).collect()
}

#[test]
fn labs_and_their_files_are_one() {
    let named = |name: &str| TEXT.replace("dc1", name);
    let here = "/l/dc1.clab.yml";
    let one = files(vec![file(here, TEXT)]);
    let runs = |name: &str, file: &str| engine(vec![lab(name, file, Vec::new())]);
    let key = |key: &str, file, lab| (key.to_owned(), file, lab);
    assert_eq!(keys(&one, &runs("dc1", here)), [key(here, true, true)]);
    // The folder was moved.
    assert_eq!(
        keys(&one, &runs("dc1", "/old/dc1.clab.yml")),
        [key(here, true, true)]
    );
    // The file has another name today: the lab runs on under its old one.
    let renamed = files(vec![file(here, &named("dc2"))]);
    let both = [key("lab:dc1", false, true), key(here, true, false)];
    assert_eq!(keys(&renamed, &runs("dc1", here)), both);
    // With a mistake its name is not known: it is the lab's.
    let broken = files(vec![file(here, "name: [")]);
    assert_eq!(keys(&broken, &runs("dc1", here)), [key(here, true, true)]);
    // Deployed elsewhere.
    let far = "/far/dc9.clab.yml";
    let both = [key(far, false, true), key(here, true, false)];
    assert_eq!(keys(&one, &runs("dc9", far)), both);
    assert_eq!(
        keys(&Files::default(), &runs("dc9", "")),
        [key("lab:dc9", false, true)]
    );
    // Two files of one name: neither is taken for the lab's.
    let copies = files(vec![
        file("/a/dc1.clab.yml", TEXT),
        file("/b/dc1.clab.yml", TEXT),
    ]);
    assert_eq!(keys(&copies, &runs("dc1", "")).len(), 3);
}

#[test]
fn what_runs_and_what_was_opened_last_stands_first() {
    let path = |name: &str| PathBuf::from(format!("/l/{name}.clab.yml"));
    let named = |name: &str| file(path(name).to_str().unwrap(), &TEXT.replace("dc1", name));
    let mut files = files(["a", "b", "c", "d"].map(named).to_vec());
    files.recent = vec![path("d"), path("c")];
    files.opened.insert(path("d"), 7);
    let runs = lab("b", path("b").to_str().unwrap(), Vec::new());
    let state = list(&files, &engine(vec![runs]), &Kinds::built_in().unwrap());
    let told = state.labs.iter().map(|lab| (lab.name.as_str(), lab.opened));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("b", None), ("d", Some(7)), ("c", None), ("a", None)]
    );
}

#[test]
fn links_that_nobody_tells_of_are_not_said_to_be_absent() {
    let standing = |lab: LabStanding, error: Option<&ErrorReport>, wired: Option<&Wired>| {
        let pair = Pair {
            key: "key".to_owned(),
            file: Some(Arc::new(file("/l/dc1.clab.yml", TEXT))),
            lab: Some(lab),
        };
        let view = view(Sources {
            pair: &pair,
            wired,
            known: true,
            error,
            kinds: &Kinds::built_in().unwrap(),
        });
        let link = view.links[0].clone();
        (link.standing, link.reason)
    };
    let ours = || lab("dc1", "/l/dc1.clab.yml", Vec::new());
    let with = |ours_too: bool, patchbay| {
        let mut standing = ours();
        standing.lab.ours = ours_too;
        standing.lab.patchbay = patchbay;
        standing
    };
    let unknown = |reason: &str| (LabLinkStanding::Unknown, reason.to_owned());
    let absent = (LabLinkStanding::Absent, String::new());
    let silent = ErrorReport::new("patchbay_silent", "it does not answer");
    assert_eq!(
        standing(with(false, None), None, None),
        unknown("held by containerlab, which does not tell")
    );
    assert_eq!(
        standing(ours(), None, None),
        unknown("the patchbay was not asked yet")
    );
    assert_eq!(
        standing(ours(), Some(&silent), None),
        unknown("the patchbay does not answer")
    );
    let stopped = with(true, Some(ContainerStatus::Exited));
    assert_eq!(standing(stopped, None, None), absent);
    let told = Wired {
        links: Vec::new(),
        ports: BTreeMap::new(),
    };
    assert_eq!(standing(ours(), None, Some(&told)), absent);
}

#[test]
fn counts_are_of_all_nodes_and_mistakes_have_a_place() {
    let kinds = Kinds::built_in().unwrap();
    let broken = PathBuf::from("/l/broken.clab.yml");
    let files = files(vec![
        file("/l/dc1.clab.yml", TEXT),
        file(
            broken.to_str().unwrap(),
            "name: x\ntopology: {nodes: {a: {kind: no}}}\n",
        ),
    ]);
    let nodes = vec![
        node("b", "linux", NodeStanding::Ready),
        node("old", "linux", NodeStanding::Failed),
    ];
    let state = list(
        &files,
        &engine(vec![lab("dc1", "/l/dc1.clab.yml", nodes)]),
        &kinds,
    );
    let [first, second] = &state.labs[..] else {
        panic!("{state:?}");
    };
    assert_eq!((first.name.as_str(), first.owner.as_str()), ("dc1", "me"));
    assert_eq!((second.name.as_str(), second.mistakes), ("broken", 1));
    assert!(second.mistake.as_ref().unwrap().starts_with("2:"));
    let counts = first.counts;
    assert_eq!(
        (counts.nodes, counts.ready, counts.failed),
        (4, 2, 1),
        "the switch is ready"
    );
}
