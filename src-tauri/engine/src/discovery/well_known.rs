//! Where engines usually listen, as a table.

use std::path::PathBuf;

use super::inputs::{DiscoveryInputs, OWN_PODMAN, Platform};
use crate::EngineAddress;

/// The folder that a path of the table is below.
#[derive(Clone, Copy)]
enum Base {
    Root,
    Runtime,
    Home,
    Config,
    Pipe,
}

use Base::{Config, Home, Pipe, Root, Runtime};
use Platform::{Linux, Mac, Windows};

/// Platforms, name, base folder and path; in order of precedence.
///
/// Sources: the manuals of Docker Engine (rootless mode), Docker Desktop, Colima, Rancher Desktop
/// and Podman.
const PLACES: &[(&[Platform], &str, Base, &str)] = &[
    (&[Linux, Mac], "docker", Root, "var/run/docker.sock"),
    (&[Linux], "docker", Root, "run/docker.sock"),
    (&[Linux], "docker-rootless", Runtime, "docker.sock"),
    (
        &[Linux, Mac],
        "docker-desktop",
        Home,
        ".docker/desktop/docker.sock",
    ),
    (
        &[Linux, Mac],
        "docker-desktop",
        Home,
        ".docker/run/docker.sock",
    ),
    (&[Linux, Mac], "colima", Home, ".colima/default/docker.sock"),
    (
        &[Linux, Mac],
        "colima",
        Config,
        "colima/default/docker.sock",
    ),
    (&[Linux, Mac], "rancher-desktop", Home, ".rd/docker.sock"),
    (&[Linux], "podman", Root, "run/podman/podman.sock"),
    (&[Linux], "podman", Runtime, "podman/podman.sock"),
    (&[Linux], "podman-labwright", Runtime, OWN_PODMAN),
    (
        &[Mac],
        "podman-machine",
        Home,
        ".local/share/containers/podman/machine/podman.sock",
    ),
    (
        &[Mac],
        "podman-machine",
        Home,
        ".local/share/containers/podman/machine/qemu/podman.sock",
    ),
    (&[Windows], "docker", Pipe, "docker_engine"),
    (
        &[Windows],
        "docker-desktop",
        Pipe,
        "dockerDesktopLinuxEngine",
    ),
    (&[Windows], "podman-machine", Pipe, "podman-machine-default"),
];

/// The usual places for this platform whose base folder is known.
pub(super) fn places(inputs: &DiscoveryInputs) -> impl Iterator<Item = (String, EngineAddress)> {
    PLACES
        .iter()
        .filter(|place| place.0.contains(&inputs.platform))
        .filter_map(|(_, name, base, path)| {
            let folder = match base {
                Root => Some(PathBuf::from("/")),
                Runtime => inputs.runtime_dir.clone(),
                Home => inputs.home.clone(),
                Config => inputs.config_dir(),
                Pipe => {
                    return Some((
                        (*name).to_owned(),
                        EngineAddress::Pipe(format!("//./pipe/{path}")),
                    ));
                }
            }?;
            Some(((*name).to_owned(), EngineAddress::Unix(folder.join(path))))
        })
}
