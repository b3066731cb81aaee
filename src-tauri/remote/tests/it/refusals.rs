//! Hosts that cannot do it, or only a part of it: each is told as what it is.

use std::fs;
use std::process::Command;

use labwright_jobs::{ErrorReport, JobState, Outcome, StepOutcome};
use labwright_remote::install::RequestedNode;
use labwright_remote::plan::NodeSource;
use labwright_testbed::host::{Host, HostBuilder, Repositories, Repository, Wire};

use crate::bench::{Bench, Watch, git, nodes_done, request, waits_for};
use crate::comfy::{Comfy, failed_with, head, outcome};

/// A host that lacks something, and one repository.
struct Poor {
    bench: Bench,
    repositories: Repositories,
}

impl Poor {
    fn new(host: &HostBuilder) -> Self {
        let repositories = Repositories::start();
        repositories.add(&Repository::named("plain"));
        repositories.add(&Repository::named("needs").requirements("tiny\n"));
        let bench = Bench::new(host.start());
        Self {
            bench,
            repositories,
        }
    }

    fn git(&self, name: &str) -> RequestedNode {
        git(name, &self.repositories.url(name))
    }

    async fn install(&self, nodes: Vec<RequestedNode>) -> JobState {
        let target = self.bench.folder.path().join("nodes");
        fs::create_dir_all(&target).unwrap();
        let request = request(&self.bench, &target, nodes);
        Watch::of(&self.bench, request).await.ended().await
    }
}

fn error(job: &JobState) -> &ErrorReport {
    match &job.outcome {
        Some(Outcome::Failed { error }) => error,
        other => panic!("{other:?}"),
    }
}

/// It failed with this code, and says what to do.
fn refused(job: &JobState, code: &str) {
    let error = error(job);
    assert_eq!(error.code, code, "{error:?}");
    assert!(!error.hints.is_empty() && error.message.starts_with("gpu-7 "));
}

fn packages(name: &str) -> RequestedNode {
    RequestedNode {
        name: name.to_owned(),
        source: NodeSource::Packages {
            packages: vec![name.to_owned()],
        },
        replace: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_git_or_an_engine_says_so() {
    let poor = Poor::new(&Host::builder().without(&["git", "docker", "podman"]));
    let job = poor.install(vec![poor.git("plain")]).await;
    refused(&job, "host_no_git");
    let image = RequestedNode {
        source: serde_json::from_value(serde_json::json!({
            "kind": "image", "image": { "from": "registry", "reference": "frr:10" }
        }))
        .unwrap(),
        ..packages("image")
    };
    refused(&poor.install(vec![image]).await, "host_no_engine");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_python_installs_what_needs_none() {
    let poor = Poor::new(&Host::builder().without(&["python"]));
    let job = poor.install(vec![poor.git("plain")]).await;
    assert_eq!(*outcome(&job, "plain"), StepOutcome::Succeeded);
    let job = poor
        .install(vec![poor.git("plain"), poor.git("needs")])
        .await;
    failed_with(&job, "needs", "There is no Python on this host.");
    assert_eq!(error(&job).code, "install_failed");
    let job = poor.install(vec![packages("tiny")]).await;
    refused(&job, "host_no_python");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_cannot_be_written_or_is_full_is_told_before_anything_begins() {
    let poor = Poor::new(&Host::builder().read_only_home());
    let job = poor.install(vec![poor.git("plain")]).await;
    refused(&job, "host_home_not_writable");
    let poor = Poor::new(&Host::builder().small_disk(32 * 1024));
    let job = poor.install(vec![poor.git("plain")]).await;
    refused(&job, "host_disk_full");
    let target = poor.bench.folder.path().join("nodes");
    assert!(!target.join("plain").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_on_the_disk_fails_alone() {
    let poor = Poor::new(&Host::builder().small_folder(8 << 20));
    let large = Repository::named("large").padding(9 << 20);
    poor.repositories.add(&large);
    let target = poor.bench.host.small_folder();
    let nodes = vec![poor.git("large"), poor.git("plain")];
    let request = request(&poor.bench, &target, nodes);
    let job = Watch::of(&poor.bench, request).await.ended().await;
    failed_with(&job, "large", "the disk is full");
    let plain = outcome(&job, "plain");
    let filled_meanwhile =
        matches!(plain, StepOutcome::Failed { message } if message.contains("the disk is full"));
    assert!(filled_meanwhile || *plain == StepOutcome::Succeeded);
    assert!(!target.join("large").exists() && !target.join("large.partial").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_that_greets_is_no_obstacle_to_an_install() {
    let greets =
        "echo Welcome; echo 'lost stopped' >&2; echo 'exit succeeded 0' >&2; printf 'no line end'";
    let poor = Poor::new(&Host::builder().bash_rc(greets));
    let job = poor.install(vec![poor.git("plain")]).await;
    assert!(job.outcome.as_ref().unwrap().is_success(), "{job:#?}");
    let plain = poor.bench.folder.path().join("nodes/plain");
    assert_eq!(head(&plain), poor.repositories.commit("plain", "main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_or_not_known_is_told_before_anything_begins() {
    let poor = Poor::new(&Host::builder());
    let bench = &poor.bench;
    let target = bench.host.home().to_owned();
    let wrong = bench.folder.path().join("wrong");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&wrong)
        .status();
    assert!(made.unwrap().success());
    let text = fs::read_to_string(bench.host.ssh_config()).unwrap();
    let identity = bench.host.identity().to_str().unwrap();
    let config = bench.folder.path().join("wrong.config");
    fs::write(&config, text.replace(identity, wrong.to_str().unwrap())).unwrap();
    let mut access = bench.access();
    access.target.config = Some(config);
    let order = request(bench, &target, vec![poor.git("plain")]);
    let job = Watch::through(&access, order.clone()).await.ended().await;
    assert_eq!(error(&job).code, "host_denied");
    assert!(error(&job).hints.join(" ").contains("ssh-add"));

    bench.host.change_key();
    let job = Watch::of(bench, order).await.ended().await;
    assert_eq!(error(&job).code, "host_key_changed");
    assert!(!bench.host.home().join(".cache").exists());
}

/// The host's own key, put aside and back.
fn key_files(bench: &Bench) -> [(std::path::PathBuf, Vec<u8>); 2] {
    let folder = bench.host.ssh_config();
    let folder = folder.parent().unwrap();
    ["host_key", "host_key.pub"].map(|name| {
        let file = folder.join(name);
        let content = fs::read(&file).unwrap();
        (file, content)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_changes_meanwhile_is_never_talked_to_and_waited_for() {
    let comfy = Comfy::new();
    let wire = Wire::to(comfy.repositories.port());
    wire.bytes_per_second(Some(100_000));
    let mut watch = comfy.install(comfy.heavy(&wire, 6)).await;
    let one = |job: &JobState| nodes_done(job) >= 1;
    watch.until("a node is done", one).await;
    let old = key_files(&comfy.bench);
    comfy.bench.host.change_key();
    let warns =
        |job: &JobState| waits_for(job, "gpu-7 shows another key than the one that is known");
    watch.until("it says that the key changed", warns).await;
    wire.bytes_per_second(None);
    let let_in = comfy.bench.host.log().matches("Accepted publickey").count();
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    assert!(watch.state().outcome.is_none(), "the job does not end");
    let log = comfy.bench.host.log();
    assert_eq!(log.matches("Accepted publickey").count(), let_in);

    comfy.bench.host.stop();
    for (file, content) in old {
        fs::write(file, content).unwrap();
    }
    comfy.bench.host.resume();
    let job = watch.followed().await;
    assert!(job.outcome.as_ref().unwrap().is_success(), "{job:#?}");
}
