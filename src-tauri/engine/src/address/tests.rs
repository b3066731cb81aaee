//! Which texts are addresses.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

#[test]
fn addresses_read_and_show() {
    for (text, shown) in [
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("/run/podman/podman.sock", "unix:///run/podman/podman.sock"),
        (
            "npipe:////./pipe/docker_engine",
            "npipe:////./pipe/docker_engine",
        ),
        (r"\\.\pipe\docker_engine", "npipe:////./pipe/docker_engine"),
        ("tcp://10.0.0.1:2375", "tcp://10.0.0.1:2375"),
        ("tcp://lab", "tcp://lab:2375"),
        ("tcp://lab:80/", "tcp://lab:80"),
        ("tcp://[::1]:2375", "tcp://[::1]:2375"),
        ("tcp://[::1]", "tcp://[::1]:2375"),
        ("http://127.0.0.1:1234", "tcp://127.0.0.1:1234"),
        ("https://lab", "https://lab:2376"),
        ("ssh://root@gpu-7:2207", "ssh://root@gpu-7:2207"),
    ] {
        let address: EngineAddress = text.parse().unwrap();
        assert_eq!(address.to_string(), shown);
        assert_eq!(shown.parse::<EngineAddress>().unwrap(), address);
    }
}

#[test]
fn refusals() {
    for (text, code) in [
        ("", "engine_address_empty"),
        ("ssh://me@-lab", "engine_address_ssh"),
        ("ftp://lab", "engine_address_scheme"),
        ("docker.sock", "engine_address_path"),
        ("unix://", "engine_address_path"),
        ("npipe://docker", "engine_address_path"),
        ("tcp://", "engine_address_host"),
        ("tcp://lab:99999", "engine_address_host"),
        ("tcp://lab:2375/path", "engine_address_host"),
    ] {
        assert_eq!(
            text.parse::<EngineAddress>().unwrap_err().code(),
            code,
            "{text}"
        );
    }
}

#[test]
fn what_is_reached_through_a_network_is_elsewhere() {
    for (text, here) in [
        ("/run/docker.sock", true),
        ("npipe:////./pipe/docker_engine", true),
        ("tcp://127.0.0.1:2375", false),
        ("ssh://lab", false),
    ] {
        let address: EngineAddress = text.parse().unwrap();
        assert_eq!(address.is_on_this_machine(), here, "{text}");
    }
}

#[test]
fn one_socket_has_one_canonical_address() {
    let long: EngineAddress = "/var/run/docker.sock".parse().unwrap();
    let short: EngineAddress = "/run/docker.sock".parse().unwrap();
    assert_eq!(long.canonical(), short.canonical());
}
