//! A plan of forty nodes: every outcome there is, in the job, in its events and on the host's disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use labwright_jobs::{JobState, Outcome, StepOutcome};
use labwright_remote::install::RequestedNode;
use labwright_remote::plan::NodeSource;
use labwright_testbed::host::{Host, Repository, Wire};

use crate::bench::{Watch, git, node, request};
use crate::comfy::{Comfy, failed_with, outcome};
use crate::far_side::{events, most_at_once, told_in_order};

/// What a node must have come to.
enum Expected {
    /// It stands at this commit, in this folder.
    Installed { folder: String, commit: String },
    /// It stood there before.
    Present { commit: String },
    /// It failed with these words; what stands in its folder is left as it was.
    Failed { with: &'static str, exists: bool },
}

struct Forty {
    comfy: Comfy,
    wire: Wire,
    nodes: Vec<RequestedNode>,
    expected: Vec<Expected>,
}

impl Forty {
    fn new() -> Self {
        let comfy = Comfy::new();
        let wire = Wire::to(comfy.repositories.port());
        let mut forty = Self {
            comfy,
            wire,
            nodes: Vec::new(),
            expected: Vec::new(),
        };
        forty.plain();
        forty.pinned();
        forty.nested();
        forty.requiring();
        forty.failing();
        forty.standing();
        forty
    }

    /// A node that will stand at a revision of its repository.
    fn good(&mut self, repository: &Repository, name: &str, revision: &str) -> &mut RequestedNode {
        self.comfy.add(repository);
        let folder = name.to_owned();
        let commit = self.comfy.repositories.commit(name, revision);
        self.expected.push(Expected::Installed { folder, commit });
        self.node(name)
    }

    fn bad(&mut self, name: &str, with: &'static str, exists: bool) -> &mut RequestedNode {
        self.expected.push(Expected::Failed { with, exists });
        self.node(name)
    }

    fn node(&mut self, name: &str) -> &mut RequestedNode {
        let url = self.comfy.repositories.url_through(&self.wire, name);
        self.nodes.push(git(name, &url));
        self.nodes.last_mut().unwrap()
    }

    /// Five without a pin, two with a submodule.
    fn plain(&mut self) {
        for number in 0..5 {
            let name = format!("plain-{number}");
            self.good(&Repository::named(&name).padding(60_000), &name, "main");
        }
        self.comfy.add(&Repository::named("module"));
        for number in 0..2 {
            let name = format!("whole-{number}");
            let repository = Repository::named(&name).submodule("module");
            self.good(&repository, &name, "main");
        }
    }

    /// Four by a hash, four by a tag, three by a branch.
    fn pinned(&mut self) {
        for (number, pin) in ["hash", "v1", "v2", "main"].into_iter().enumerate() {
            for copy in 0..if pin == "main" { 3 } else { 4 } {
                let name = format!("pinned-{number}-{copy}");
                let revision = if pin == "hash" { "v1" } else { pin };
                let repository = Repository::named(&name);
                let by_hash = pin == "hash";
                self.good(&repository, &name, revision);
                let commit = self.comfy.repositories.commit(&name, revision);
                let pin = if by_hash { commit } else { pin.to_owned() };
                self.change(|git| git.reference = Some(pin));
            }
        }
    }

    /// Four inside others, one of them two levels deep, one below a folder that nobody made.
    fn nested(&mut self) {
        for (name, folder) in [
            ("inner-a", "plain-0/inner-a"),
            ("inner-b", "plain-0/inner b's"),
            ("inner-c", "plain-1/deep/down/inner-c"),
            ("inner-d", "plain-0/inner-a/inner-d"),
        ] {
            self.good(&Repository::named(name), name, "main");
            self.change(|git| folder.clone_into(&mut git.folder));
            if let Some(Expected::Installed { folder: at, .. }) = self.expected.last_mut() {
                folder.clone_into(at);
            }
        }
    }

    /// Three with requirements, one whose file is called otherwise, one with a script.
    fn requiring(&mut self) {
        for number in 0..3 {
            let name = format!("needs-{number}");
            let repository = Repository::named(&name).requirements("tiny==1.0\n");
            self.good(&repository, &name, "main");
        }
        let repository = Repository::named("extra").file("needs/gpu.txt", "other\n");
        let node = self.good(&repository, "extra", "main");
        if let NodeSource::Git { requirements, .. } = &mut node.source {
            *requirements = Some("needs/gpu.txt".to_owned());
        }
        let script = "open('made', 'w').write('yes')";
        let repository = Repository::named("scripted").install_script(script);
        self.good(&repository, "scripted", "main");
    }

    /// Two that cannot be cloned, two whose packages cannot be installed, a husk, and one that was changed.
    fn failing(&mut self) {
        self.bad("absent", "clone: ", false);
        self.comfy.add(&Repository::named("unpinned"));
        self.bad("unpinned", "the pin is not in the repository", false);
        self.change(|git| git.reference = Some("v9".to_owned()));
        self.comfy
            .add(&Repository::named("unbuilt").requirements("broken\n"));
        self.bad("unbuilt", "pip: ", true);
        self.comfy
            .add(&Repository::named("unheard").requirements("no-such-package\n"));
        self.bad("unheard", "pip: ERROR: ", true);
        self.comfy.add(&Repository::named("husk"));
        self.bad("husk", "only .git stands there", true);
        self.comfy.add(&Repository::named("changed"));
        self.bad("changed", "there are local changes", true);
        fs::create_dir_all(self.comfy.target.join("husk/.git")).unwrap();
        self.clone_here("changed");
        let file = self.comfy.target.join("changed/README.md");
        fs::write(file, "mine").unwrap();
    }

    /// Two that are there already, and one that is there at another commit than its pin.
    fn standing(&mut self) {
        for name in ["stands-0", "stands-1"] {
            self.comfy.add(&Repository::named(name));
            let commit = self.comfy.repositories.commit(name, "main");
            self.expected.push(Expected::Present { commit });
            self.node(name);
            self.clone_here(name);
        }
        self.good(&Repository::named("moved"), "moved", "v1");
        self.change(|git| git.reference = Some("v1".to_owned()));
        self.clone_here("moved");
    }

    fn change(&mut self, change: impl FnOnce(&mut crate::bench::Git)) {
        let last = self.nodes.pop().unwrap();
        self.nodes.push(node(last, change));
    }

    fn clone_here(&self, name: &str) {
        let folder = self.comfy.target.join(name);
        let url = self.comfy.repositories.url_through(&self.wire, name);
        let cloned = Command::new("git")
            .args(["clone", "--quiet", &url])
            .arg(folder)
            .status();
        assert!(cloned.unwrap().success());
    }

    fn check(&self, job: &JobState) {
        for (node, expected) in self.nodes.iter().zip(&self.expected) {
            let name = &node.name;
            match expected {
                Expected::Installed { folder, commit } => {
                    assert_eq!(*outcome(job, name), StepOutcome::Succeeded, "{name}");
                    assert_eq!(self.comfy.head(folder), *commit, "{name}");
                }
                Expected::Present { commit } => {
                    let why = "already installed".to_owned();
                    assert_eq!(*outcome(job, name), StepOutcome::Skipped { why });
                    assert_eq!(self.comfy.head(name), *commit, "{name}");
                }
                Expected::Failed { with, exists } => {
                    failed_with(job, name, with);
                    assert_eq!(self.comfy.target.join(name).exists(), *exists, "{name}");
                }
            }
        }
    }
}

/// How many clones run at one moment: the one between two looks, since a look itself takes a while.
///
/// A child that git has just made is told from it by nothing yet, and counts as the same.
fn clones(host: &Host) -> usize {
    let look = || -> BTreeSet<String> {
        let processes = host.processes().into_iter();
        let commands = processes.map(|process| process.command);
        let is_clone = |command: &String| {
            command.starts_with("git ") && command.contains(" clone --recursive ")
        };
        commands.filter(is_clone).collect()
    };
    look().intersection(&look()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_nodes_come_each_to_its_own_end() {
    let mut forty = Forty::new();
    let nodes = std::mem::take(&mut forty.nodes);
    assert_eq!(nodes.len(), 40);
    let request = request(&forty.comfy.bench, &forty.comfy.target, nodes.clone());
    forty.nodes = nodes;
    forty.wire.bytes_per_second(Some(150_000));
    let mut watch = Watch::of(&forty.comfy.bench, request).await;
    let mut most = 0;
    while watch.next().await.outcome.is_none() {
        most = most.max(clones(&forty.comfy.bench.host));
    }
    let job = watch.ended().await;
    assert!((1..=4).contains(&most), "{most} clones at once");

    forty.check(&job);
    let Some(Outcome::Failed { error }) = &job.outcome else {
        panic!("{job:#?}");
    };
    assert_eq!(error.code, "install_failed");
    assert_eq!(error.chain.len(), 6, "{error:?}");
    let nodes = job
        .children(None)
        .find(|step| step.name == "Nodes")
        .unwrap();
    let progress = nodes.progress.unwrap();
    assert_eq!((progress.done, progress.total), (40, Some(40)));

    told_in_order(&watch.seen, &job.id);
    let events = events(&forty.comfy.bench, &job.id);
    assert_eq!(most_at_once(&events, "clone"), 4);
    assert_eq!(most_at_once(&events, "requirements"), 1);
    left_on_the_disk(&forty.comfy);
}

fn left_on_the_disk(comfy: &Comfy) {
    assert_eq!(comfy.partials(), Vec::<std::path::PathBuf>::new());
    let packages = comfy.packages();
    for package in ["tiny 1.0", "other 1.0"] {
        assert!(
            packages.iter().any(|known| known == package),
            "{packages:?}"
        );
    }
    assert!(!packages.iter().any(|known| known.starts_with("broken")));
    let has = |path: &str| comfy.target.join(path).exists();
    assert!(has("scripted/made"));
    assert!(has("whole-0/module/README.md") && has("whole-1/module/README.md"));
    let read = |path: &str| fs::read_to_string(comfy.target.join(path)).unwrap();
    assert_eq!(read("changed/README.md"), "mine");
    for folder in [&comfy.target, comfy.bench.host.home(), Path::new("/")] {
        assert!(!folder.join("PWNED").exists());
    }
}
