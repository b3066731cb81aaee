//! What a registry will not give: each its own error, with what to do next.

use super::bench::{Bench, image};
use labwright_images::PullRequest;
use labwright_jobs::ErrorReport;
use labwright_testbed::registry::Fault;
use labwright_testbed::{Kind, Registry};
use std::fmt::Write as _;

fn told(report: &ErrorReport) -> String {
    let mut text = format!("{}\n  {}\n", report.code, report.message);
    for cause in &report.chain {
        writeln!(text, "  because {cause}").unwrap();
    }
    for hint in &report.hints {
        writeln!(text, "  hint: {hint}").unwrap();
    }
    text
}

/// Ports are others at each run, and digests are long.
fn steady(text: &str, bench: &Bench) -> String {
    let text = text.replace(&bench.gate.address(), "REGISTRY");
    text.replace(&bench.registry.address(), "REGISTRY")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_registry_itself_says_ends_the_pull() {
    let bench = Bench::new(Kind::Podman).await;
    image("net/router:1", &[1000]).push(&bench.registry);
    let mut all = String::new();
    let mut note = |case: &str, report: &ErrorReport| {
        writeln!(all, "{case}: {}", steady(&told(report), &bench)).unwrap();
    };
    note(
        "no such tag",
        &bench.fail(bench.request("net/router:9")).await,
    );
    note(
        "no such repository",
        &bench.fail(bench.request("net/nothing:1")).await,
    );
    let mut platform = bench.request("net/router:1");
    platform.platform = Some("linux/riscv64".to_owned());
    note("no such platform", &bench.fail(platform.clone()).await);
    platform.platform = Some("linux".to_owned());
    note("no platform at all", &bench.fail(platform).await);
    let reference = PullRequest {
        reference: "Router:1".to_owned(),
        ..bench.request("net/router:1")
    };
    note("no reference", &bench.fail(reference).await);
    let manifests = "/v2/net/router/manifests/";
    bench
        .gate
        .fault(manifests, Fault::answer(429).header("Retry-After", "30"));
    note(
        "asked too often",
        &bench.fail(bench.request("net/router:1")).await,
    );
    bench.gate.clear();
    bench.gate.fault(manifests, Fault::answer(403));
    note(
        "forbidden",
        &bench.fail(bench.request("net/router:1")).await,
    );
    insta::assert_snapshot!(all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_missing_or_wrong() {
    let bench = Bench::before(Kind::Podman, || Registry::with_password("lab", "s3cret")).await;
    image("net/private:1", &[1000]).push(&bench.registry);
    let missing = bench.fail(bench.request("net/private:1")).await;
    bench.log_in("lab", "wrong");
    let wrong = bench.fail(bench.request("net/private:1")).await;
    assert!(!told(&wrong).contains("wrong\""), "no secret is told");
    insta::assert_snapshot!(steady(
        &format!("{}\n{}", told(&missing), told(&wrong)),
        &bench
    ));
}

/// A registry that only the engine fails to reach, in the engine's own words.
#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_not_there() {
    let bench = Bench::new(Kind::Classic).await;
    image("net/router:1", &[1000]).push(&bench.registry);
    bench.registry.kill();
    let gone = PullRequest {
        reference: format!("{}/net/router:1", bench.registry.address()),
        ..bench.request("net/router:1")
    };
    let refused = bench.fail(gone.clone()).await;
    assert_eq!(refused.code, "registry_unreachable", "{refused:?}");
    let unknown = PullRequest {
        reference: "registry.invalid/net/router:1".to_owned(),
        ..gone
    };
    let unknown = bench.fail(unknown).await;
    assert_eq!(unknown.code, "registry_dns", "{unknown:?}");
}
