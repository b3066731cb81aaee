//! Labs that pictures are taken of.

use std::fs;
use std::path::Path;

use labwright_testbed::{Engine, LabImage};

#[path = "../testbed-bench/fabric.rs"]
mod fabric;

/// The folder of the user's home in which they are.
const FOLDER: &str = "labs";

/// A file in it, and its text.
const TOPOLOGIES: [(&str, &str); 5] = [
    ("basics.clab.yml", include_str!("labs/basics.clab.yml")),
    ("border.clab.yml", include_str!("labs/border.clab.yml")),
    ("dc2.clab.yml", include_str!("labs/dc2.clab.yml")),
    ("dc3.clab.yml", include_str!("labs/dc3.clab.yml")),
    ("upgrade.clab.yml", include_str!("labs/upgrade.clab.yml")),
];
/// One of them in the middle of a change.
pub(crate) const MISTAKES: &str = include_str!("labs/dc3-mistakes.clab.yml");

/// The largest.
const FABRIC: &str = "fabric-200";

/// A lab that is not the program's: containerlab's labels, and no others.
const FOREIGN: [&str; 2] = ["pe1", "pe2"];
const FOREIGN_LABELS: [&str; 4] = [
    "containerlab=isp",
    "clab-node-kind=linux",
    "clab-owner=grace",
    "clab-topo-file=/home/grace/isp/isp.clab.yml",
];

/// Writes the topologies into the user's home.
pub(crate) fn write(home: &Path) {
    let folder = home.join(FOLDER);
    fs::create_dir_all(&folder).expect("the home can be written to");
    let fabric = fabric::topology(FABRIC, LabImage::busybox().reference());
    let largest = (format!("{FABRIC}.clab.yml"), fabric.as_str());
    let others = TOPOLOGIES.map(|(name, text)| (name.to_owned(), text));
    for (name, text) in others.into_iter().chain([largest]) {
        fs::write(folder.join(name), text).expect("the home can be written to");
    }
}

/// Runs another user's lab of another tool.
pub(crate) fn run_foreign(engine: &Engine) {
    for node in FOREIGN {
        let name = format!("clab-isp-{node}");
        let node = format!("clab-node-name={node}");
        let labels = FOREIGN_LABELS.into_iter().chain([node.as_str()]);
        let labels: Vec<&str> = labels.flat_map(|label| ["--label", label]).collect();
        let run = ["run", "--detach", "--name", &name];
        let image = [LabImage::busybox().reference(), "sleep", "1000000"];
        engine.exec_cli(&[&run[..], &labels, &image].concat());
    }
}
