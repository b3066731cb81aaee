//! Installs on a real host: every outcome, checked on the far side.

use std::fs;

use labwright_jobs::{Outcome, StepOutcome};
use labwright_testbed::host::Repository;

use crate::bench::{Watch, git, node, request};
use crate::comfy::{Comfy, failed_with, head, outcome};

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_cloned_pinned_and_given_what_they_require() {
    let comfy = Comfy::new();
    comfy.add(&Repository::named("plain"));
    comfy.add(&Repository::named("pinned").requirements("tiny==1.0\n"));
    comfy.add(&Repository::named("inner"));
    let script = "open('made', 'w').write('yes')";
    comfy.add(&Repository::named("scripted").install_script(script));
    let pin = comfy.repositories.commit("pinned", "v1");
    let nodes = vec![
        comfy.git("plain"),
        node(comfy.git("pinned"), |git| git.reference = Some(pin.clone())),
        node(comfy.git("inner"), |git| {
            git.folder = "plain/inner one".to_owned();
        }),
        comfy.git("scripted"),
    ];
    let watch = comfy.install(nodes).await;
    let job = watch.ended().await;
    assert!(
        matches!(job.outcome, Some(Outcome::Succeeded { .. })),
        "{job:#?}"
    );
    let at = |folder: &str| head(&comfy.target.join(folder));
    assert_eq!(at("plain"), comfy.repositories.commit("plain", "main"));
    assert_eq!(at("pinned"), pin);
    assert_eq!(
        at("plain/inner one"),
        comfy.repositories.commit("inner", "main")
    );
    assert!(comfy.target.join("scripted/made").exists());
    let tops: Vec<&str> = job.children(None).map(|step| step.name.as_str()).collect();
    assert_eq!(tops, ["Connect", "Prepare", "Nodes", "Verify dependencies"]);
    assert!(!comfy.bench.host.home().join("PWNED").exists());
    assert!(!comfy.target.join("PWNED").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_is_its_own_and_a_retry_does_only_the_rest() {
    let comfy = Comfy::new();
    comfy.add(&Repository::named("good"));
    comfy.add(&Repository::named("unbuilt").requirements("broken\n"));
    let husk = comfy.target.join("husk");
    fs::create_dir_all(husk.join(".git")).unwrap();
    comfy.add(&Repository::named("husk"));
    let nodes = vec![
        comfy.git("good"),
        git("absent", &comfy.repositories.url("absent")),
        comfy.git("unbuilt"),
        comfy.git("husk"),
    ];
    let watch = comfy.install(nodes).await;
    let job = watch.ended().await;
    assert_eq!(*outcome(&job, "good"), StepOutcome::Succeeded);
    failed_with(&job, "absent", "clone: ");
    failed_with(&job, "unbuilt", "pip: ");
    failed_with(&job, "husk", "only .git stands there");
    let Some(Outcome::Failed { error }) = &job.outcome else {
        panic!("{job:#?}");
    };
    assert_eq!(error.code, "install_failed");
    assert_eq!(error.chain.len(), 3, "{error:?}");
    assert!(!comfy.target.join("absent").exists());
    assert!(!comfy.target.join("absent.partial").exists());

    let rest = watch.request.clone().for_the_rest(&job);
    let names: Vec<&str> = rest.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["absent", "unbuilt", "husk"]);
    comfy.add(&Repository::named("absent"));
    let again = Watch::of(&comfy.bench, rest).await.ended().await;
    assert_eq!(*outcome(&again, "absent"), StepOutcome::Succeeded);
    failed_with(&again, "unbuilt", "pip: ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_skipped_and_a_verification_says_how_it_stands() {
    let comfy = Comfy::new();
    comfy.add(&Repository::named("pinned").requirements("tiny==1.0\nother\n"));
    let nodes = vec![comfy.git("pinned")];
    comfy.install(nodes.clone()).await.ended().await;
    let job = comfy.install(nodes.clone()).await.ended().await;
    let skipped = StepOutcome::Skipped {
        why: "already installed".to_owned(),
    };
    assert_eq!(*outcome(&job, "pinned"), skipped);

    let python = comfy.target.parent().unwrap().join("venv/bin/python");
    let upgraded = std::process::Command::new(python)
        .args(["-m", "pip", "install", "-q", "tiny==2.0"])
        .envs(comfy.index.variables())
        .status();
    assert!(upgraded.unwrap().success());
    let mut request = request(&comfy.bench, &comfy.target, nodes);
    request.mode = labwright_remote::install::InstallMode::Verify;
    let job = Watch::of(&comfy.bench, request).await.ended().await;
    failed_with(&job, "pinned", "tiny==1.0: 2.0 is installed");
    let Some(Outcome::Succeeded { result }) = &job.outcome else {
        panic!("{job:#?}");
    };
    assert_eq!(result["summary"]["mismatch"], 1);
    assert_eq!(result["summary"]["satisfied"], 1);
}
