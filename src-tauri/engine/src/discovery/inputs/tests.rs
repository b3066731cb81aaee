//! Which places are asked, and in what order.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn shown(inputs: &DiscoveryInputs) -> String {
    let line = |candidate: &Candidate| {
        let tls = if candidate.tls.is_some() {
            " with TLS"
        } else {
            ""
        };
        format!(
            "{:<20} {}{tls}  {:?}",
            candidate.name, candidate.address, candidate.origin
        )
    };
    candidates(inputs)
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn context(name: &str, host: &str, current: bool) -> DockerContext {
    DockerContext {
        name: name.into(),
        host: host.into(),
        tls_dir: None,
        current,
    }
}

fn on(platform: Platform) -> DiscoveryInputs {
    DiscoveryInputs {
        home: Some("/home/me".into()),
        runtime_dir: Some("/run/user/1000".into()),
        platform,
        ..DiscoveryInputs::default()
    }
}

#[test]
fn usual_places_of_each_platform() {
    let all = [Platform::Linux, Platform::Mac, Platform::Windows];
    insta::assert_snapshot!(all.map(|platform| shown(&on(platform))).join("\n\n"));
}

#[test]
fn precedence() {
    let inputs = DiscoveryInputs {
        explicit: Some("tcp://10.0.0.9:2376".into()),
        docker_host: Some("tcp://10.0.0.1:2376".into()),
        docker_tls_verify: true,
        contexts: vec![
            context("old", "unix:///old.sock", false),
            context("lab", "unix:///lab.sock", true),
        ],
        ..on(Platform::Linux)
    };
    insta::assert_snapshot!(shown(&inputs));
}

#[test]
fn the_same_socket_is_asked_once_and_keeps_its_names() {
    let inputs = DiscoveryInputs {
        docker_host: Some("unix:///run/docker.sock".into()),
        contexts: vec![context("mine", "unix:///var/run/docker.sock", true)],
        ..DiscoveryInputs {
            platform: Platform::Linux,
            ..DiscoveryInputs::default()
        }
    };
    let sockets: Vec<String> = candidates(&inputs)
        .iter()
        .map(|candidate| candidate.address.to_string())
        .collect();
    assert_eq!(
        sockets,
        ["unix:///run/docker.sock", "unix:///run/podman/podman.sock"]
    );
    let names: Vec<String> = all_names(&inputs)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["DOCKER_HOST", "docker", "docker", "podman", "mine"]);
}

#[test]
fn a_name_is_no_address() {
    for (given, address) in [
        ("podman", false),
        ("my-context", false),
        ("/x.sock", true),
        ("tcp://lab", true),
        (" ", false),
    ] {
        let inputs = DiscoveryInputs {
            explicit: Some(given.into()),
            ..DiscoveryInputs::default()
        };
        assert_eq!(inputs.explicit_address().is_some(), address, "{given}");
    }
}

#[test]
fn an_engine_over_ssh_is_a_place_to_ask() {
    let inputs = DiscoveryInputs {
        contexts: vec![
            context("far", "ssh://me@far", true),
            context("odd", "ssh://-oProxyCommand=x", false),
        ],
        ..DiscoveryInputs::default()
    };
    let far = candidates(&inputs).into_iter().find(|it| it.name == "far");
    assert_eq!(far.unwrap().address.to_string(), "ssh://me@far");
    let refused = refused_addresses(&inputs);
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (refused[0].name.as_str(), refused[0].error.code()),
        ("odd", "engine_address_ssh")
    );
}

#[test]
fn tls_is_for_the_network_only() {
    let tls = |docker_host: &str, verify| {
        let inputs = DiscoveryInputs {
            docker_host: Some(docker_host.into()),
            docker_tls_verify: verify,
            docker_cert_path: Some("/certs".into()),
            ..DiscoveryInputs::default()
        };
        candidates(&inputs)[0].tls.clone()
    };
    let files = Some(TlsFiles::in_folder("/certs".as_ref()));
    assert_eq!(tls("tcp://lab:2376", true), files);
    assert_eq!(tls("https://lab", false), files);
    assert_eq!(tls("tcp://lab:2375", false), None);
    assert_eq!(tls("unix:///run/docker.sock", true), None);
    assert_eq!(tls("ssh://lab", true), None);
}

#[test]
fn our_own_podman_is_looked_for_where_it_is_started() {
    let inputs = on(Platform::Linux);
    let socket = inputs.own_podman_socket();
    let addresses: Vec<EngineAddress> =
        candidates(&inputs).into_iter().map(|c| c.address).collect();
    assert!(socket.is_some_and(|socket| addresses.contains(&EngineAddress::Unix(socket))));
}
