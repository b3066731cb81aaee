//! What the tests of installs share: a `ComfyUI` on a host, repositories and packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use labwright_jobs::{JobState, StepOutcome};
use labwright_remote::install::RequestedNode;
use labwright_testbed::host::{
    Host, HostBuilder, Package, PackageIndex, Repositories, Repository, Wire, make_venv,
};

use crate::bench::{Bench, Watch, git, request};

/// What stands where the nodes go.
pub(crate) struct Comfy {
    pub(crate) bench: Bench,
    pub(crate) repositories: Repositories,
    pub(crate) target: PathBuf,
    pub(crate) index: PackageIndex,
}

impl Comfy {
    /// `ComfyUI` with an environment of its own, below a folder whose name a shell would stumble over.
    pub(crate) fn new() -> Self {
        Self::on(|host| host)
    }

    /// The same on a host with something special.
    pub(crate) fn on(change: impl FnOnce(HostBuilder) -> HostBuilder) -> Self {
        let index = PackageIndex::start(&[
            Package::new("tiny", "1.0"),
            Package::new("tiny", "2.0"),
            Package::new("other", "1.0"),
            Package::new("slow", "1.0").takes_to_build(4),
            Package::new("broken", "1.0").fails_to_build("no compiler for you"),
        ]);
        let host = change(Host::builder().variables(index.variables())).start();
        let bench = Bench::new(host);
        let comfy = bench.host.home().join("Comfy's $(touch PWNED) UI");
        let target = comfy.join("custom_nodes");
        fs::create_dir_all(&target).unwrap();
        make_venv(&comfy.join("venv"));
        Self {
            bench,
            repositories: Repositories::start(),
            target,
            index,
        }
    }

    pub(crate) fn add(&self, repository: &Repository) {
        self.repositories.add(repository);
    }

    /// A repository as a node.
    pub(crate) fn git(&self, name: &str) -> RequestedNode {
        git(name, &self.repositories.url(name))
    }

    /// So many repositories of a few hundred kilobytes as nodes, which come through a wire.
    pub(crate) fn heavy(&self, wire: &Wire, count: usize) -> Vec<RequestedNode> {
        let names = (0..count).map(|number| format!("heavy-{number}"));
        let nodes = names.map(|name| {
            self.add(&Repository::named(&name).padding(200_000));
            git(&name, &self.repositories.url_through(wire, &name))
        });
        nodes.collect()
    }

    pub(crate) async fn install(&self, nodes: Vec<RequestedNode>) -> Watch {
        let request = request(&self.bench, &self.target, nodes);
        Watch::of(&self.bench, request).await
    }

    /// The commit that a node stands at.
    pub(crate) fn head(&self, folder: &str) -> String {
        head(&self.target.join(folder))
    }

    /// What is half done below the target.
    pub(crate) fn partials(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.target.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.extension().is_some_and(|end| end == "partial") {
                    found.push(path);
                } else if entry.file_type().unwrap().is_dir() && !path.ends_with(".git") {
                    folders.push(path);
                }
            }
        }
        found
    }

    /// The packages in the environment, as `name version`.
    pub(crate) fn packages(&self) -> Vec<String> {
        let python = self.target.parent().unwrap().join("venv/bin/python");
        let list = ["-m", "pip", "list", "--format=json"];
        let output = Command::new(python).args(list).output().unwrap();
        let list: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let lines = list
            .iter()
            .map(|package| format!("{} {}", text(&package["name"]), text(&package["version"])));
        lines.collect()
    }
}

/// How a node or one of the other steps ended; the first of its name.
pub(crate) fn outcome<'a>(job: &'a JobState, name: &str) -> &'a StepOutcome {
    let step = job.steps.iter().find(|step| step.name == name);
    step.and_then(|step| step.outcome.as_ref())
        .unwrap_or_else(|| panic!("no outcome of {name}: {job:#?}"))
}

pub(crate) fn failed_with(job: &JobState, name: &str, part: &str) {
    match outcome(job, name) {
        StepOutcome::Failed { message } if message.contains(part) => {}
        other => panic!("{name}: {other:?} is no failure with {part}"),
    }
}

pub(crate) fn head(folder: &Path) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "safe.directory=*", "rev-parse", "HEAD"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
