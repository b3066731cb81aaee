//! The commands of every system, as users see them.

use std::sync::Arc;

use super::*;
use crate::{Candidate, EngineAddress, Origin, Platform, RequestError};

fn facts(platform: Platform, distributions: &[&str]) -> SystemFacts {
    SystemFacts {
        platform,
        distributions: distributions
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        ..SystemFacts::default()
    }
}

fn systems() -> Vec<SystemFacts> {
    vec![
        facts(Platform::Linux, &["debian"]),
        facts(Platform::Linux, &["linuxmint", "ubuntu", "debian"]),
        facts(Platform::Linux, &["fedora"]),
        facts(Platform::Linux, &["rocky", "rhel", "centos", "fedora"]),
        facts(Platform::Linux, &["manjaro", "arch"]),
        facts(
            Platform::Linux,
            &["opensuse-tumbleweed", "opensuse", "suse"],
        ),
        facts(Platform::Linux, &["alpine"]),
        facts(Platform::Linux, &["gentoo"]),
        facts(Platform::Mac, &[]),
        facts(Platform::Windows, &[]),
    ]
}

fn shown(change: impl Fn(&mut SystemFacts), discovery: &Discovery) -> String {
    let one = |mut facts: SystemFacts| {
        change(&mut facts);
        let name = format!("{:?} {}", facts.platform, facts.distributions.join(" "));
        format!("{name}\n{:#?}", way_out(discovery, &facts))
    };
    systems()
        .into_iter()
        .map(one)
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn denied() -> Discovery {
    let candidate = Candidate {
        name: "docker".into(),
        origin: Origin::WellKnown,
        address: EngineAddress::Unix("/run/docker.sock".into()),
        tls: None,
    };
    let source = RequestError::broken(std::io::Error::from(std::io::ErrorKind::PermissionDenied));
    let error = EngineError::PermissionDenied {
        address: candidate.address.to_string(),
        source,
    };
    let mut discovery = Discovery::default();
    discovery.unreachable.push((candidate, Arc::new(error)));
    discovery
}

#[test]
fn nothing_is_installed() {
    insta::assert_snapshot!(shown(|_| {}, &Discovery::default()));
}

#[test]
fn root_needs_no_sudo_and_no_group() {
    let root = |facts: &mut SystemFacts| facts.is_root = true;
    let shown = shown(root, &Discovery::default());
    assert!(
        !shown.contains("sudo") && !shown.contains("usermod"),
        "{shown}"
    );
}

#[test]
fn docker_is_installed_and_does_not_run() {
    let docker = |facts: &mut SystemFacts| facts.docker_program = Some("/usr/bin/docker".into());
    insta::assert_snapshot!(shown(docker, &Discovery::default()));
}

#[test]
fn docker_runs_and_is_not_ours() {
    let docker = |facts: &mut SystemFacts| facts.docker_program = Some("/usr/bin/docker".into());
    insta::assert_snapshot!(shown(docker, &denied()));
}

#[test]
fn an_installed_podman_is_started_where_it_can_be() {
    let podman = |facts: &mut SystemFacts| facts.podman_program = Some("/usr/bin/podman".into());
    insta::assert_snapshot!(shown(podman, &denied()));
}
