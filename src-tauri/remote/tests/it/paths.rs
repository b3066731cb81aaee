//! Names that a shell would do something with: they are names, on every way that they take.

use std::fs;
use std::path::{Path, PathBuf};

use labwright_jobs::{Outcome, StepOutcome};
use labwright_remote::install::{InstallMode, RequestedNode};
use labwright_remote::plan::NodeSource;
use labwright_testbed::host::{Host, Package, PackageIndex, Repositories, Repository, make_venv};

use crate::bench::{Bench, Watch, git, request};
use crate::comfy::{failed_with, head, outcome};

/// What would be made by a shell that runs what it should only hand on.
const CANARY: &str = "CANARY";

/// A host whose home, target and nodes have such names.
struct Strange {
    bench: Bench,
    repositories: Repositories,
    index: PackageIndex,
    target: PathBuf,
}

impl Strange {
    fn new() -> Self {
        let index = PackageIndex::start(&[Package::new("tiny", "1.0")]);
        let host = Host::builder()
            .home_named("-rf it's; touch CANARY; $(touch CANARY) `touch CANARY` \"x\" & ü")
            .variables(index.variables())
            .start();
        let bench = Bench::new(host);
        let target = bench
            .host
            .home()
            .join("-n  two blanks '; touch CANARY; '$(touch CANARY)/-e *?[a] \\");
        fs::create_dir_all(&target).unwrap();
        make_venv(&target.join("venv"));
        Self {
            bench,
            repositories: Repositories::start(),
            index,
            target,
        }
    }

    fn node(&self, folder: &str) -> RequestedNode {
        let mut node = git(folder, &self.repositories.url("plain"));
        if let NodeSource::Git { folder: at, .. } = &mut node.source {
            folder.clone_into(at);
        }
        node
    }

    /// No file of that name anywhere below what belongs to the test, nor where a shell begins.
    fn nothing_was_run(&self) {
        let home = self.bench.host.home();
        let mut folders = vec![home.to_owned(), self.bench.folder.path().to_owned()];
        assert!(!Path::new("/").join(CANARY).exists());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                assert_ne!(entry.file_name(), CANARY, "in {}", folder.display());
                if entry.file_type().unwrap().is_dir() && entry.file_name() != "venv" {
                    folders.push(entry.path());
                }
            }
        }
    }
}

/// What is below the target.
const FOLDERS: [&str; 7] = [
    "-x",
    "--upload-pack=touch CANARY",
    "$(touch CANARY)",
    "a; touch CANARY",
    "it's \"both\"",
    "`touch CANARY`/$HOME",
    "%s\\n*",
];

#[tokio::test(flavor = "multi_thread")]
async fn names_are_names_in_installs_and_verifications() {
    let strange = Strange::new();
    let plain = Repository::named("plain").requirements("tiny\n");
    strange
        .repositories
        .add(&plain.install_script("open('made', 'w')"));
    let nodes: Vec<_> = FOLDERS.iter().map(|folder| strange.node(folder)).collect();
    let mut order = request(&strange.bench, &strange.target, nodes);
    let job = Watch::of(&strange.bench, order.clone()).await.ended().await;
    let commit = strange.repositories.commit("plain", "main");
    for folder in FOLDERS {
        assert_eq!(*outcome(&job, folder), StepOutcome::Succeeded, "{folder}");
        let folder = strange.target.join(folder);
        assert_eq!(head(&folder), commit);
        assert!(folder.join("made").exists());
    }
    order.mode = InstallMode::Verify;
    let verified = Watch::of(&strange.bench, order).await.ended().await;
    assert!(
        verified.outcome.as_ref().unwrap().is_success(),
        "{verified:#?}"
    );
    assert!(
        strange
            .index
            .asked()
            .iter()
            .any(|path| path.contains("tiny"))
    );
    strange.nothing_was_run();
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_pins_and_packages_that_are_commands_are_not_run() {
    let strange = Strange::new();
    strange.repositories.add(&Repository::named("plain"));
    let with = |name: &str, url: &str, pin: Option<&str>| {
        let mut node = git(name, url);
        if let NodeSource::Git { reference, .. } = &mut node.source {
            *reference = pin.map(str::to_owned);
        }
        node
    };
    let url = strange.repositories.url("plain");
    let nodes = vec![
        with("foreign", "ext::sh -c touch% CANARY", None),
        with("pinned", &url, Some("$(touch CANARY)")),
        with("option", &url, Some("v1 --upload-pack=touch")),
        strange.node("good"),
    ];
    let order = request(&strange.bench, &strange.target, nodes);
    let job = Watch::of(&strange.bench, order).await.ended().await;
    failed_with(&job, "foreign", "clone: ");
    failed_with(&job, "pinned", "the pin is not in the repository");
    failed_with(&job, "option", "the pin is not in the repository");
    assert_eq!(*outcome(&job, "good"), StepOutcome::Succeeded);
    for node in [
        with("dashed", &url, Some("--upload-pack=touch CANARY")),
        with("dashed", "--upload-pack=touch CANARY", None),
    ] {
        let order = request(&strange.bench, &strange.target, vec![node]);
        let job = Watch::of(&strange.bench, order).await.ended().await;
        let Some(Outcome::Failed { error }) = &job.outcome else {
            panic!("{job:#?}");
        };
        assert_eq!(error.code, "host_plan_damaged", "refused as a whole");
    }
    strange.nothing_was_run();
}
