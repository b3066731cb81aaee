//! The commands of each system, as data.

use super::SystemFacts;
use crate::Platform;

/// One system.
pub(super) struct Row {
    platform: Platform,
    /// Names in `os-release`; empty for a platform without distributions.
    distributions: &'static [&'static str],
    /// What it is called.
    pub(super) system: &'static str,
    /// True where Podman runs as a service of our own.
    pub(super) starts_podman: bool,
    pub(super) install: &'static [&'static str],
    pub(super) start: &'static [&'static str],
    pub(super) allow: &'static [&'static str],
}

const SYSTEMD: &[&str] = &["sudo systemctl enable --now docker"];
const GROUP: &[&str] = &["sudo usermod -aG docker $USER", "newgrp docker"];

/// Rows are asked in order; the last of a platform fits every system.
const ROWS: &[Row] = &[
    Row {
        platform: Platform::Linux,
        distributions: &["debian", "ubuntu"],
        system: "Debian and Ubuntu",
        starts_podman: true,
        install: &[
            "sudo apt-get update",
            "sudo apt-get install -y docker.io",
            "sudo usermod -aG docker $USER",
            "newgrp docker",
        ],
        start: SYSTEMD,
        allow: GROUP,
    },
    Row {
        platform: Platform::Linux,
        distributions: &["fedora", "rhel", "centos"],
        system: "Fedora and Red Hat",
        starts_podman: true,
        // The distribution's own engine; Labwright starts it by itself.
        install: &["sudo dnf install -y podman"],
        start: SYSTEMD,
        allow: GROUP,
    },
    Row {
        platform: Platform::Linux,
        distributions: &["arch"],
        system: "Arch Linux",
        starts_podman: true,
        install: &[
            "sudo pacman -S --needed docker",
            "sudo systemctl enable --now docker",
            "sudo usermod -aG docker $USER",
            "newgrp docker",
        ],
        start: SYSTEMD,
        allow: GROUP,
    },
    Row {
        platform: Platform::Linux,
        distributions: &["suse", "opensuse"],
        system: "openSUSE",
        starts_podman: true,
        install: &[
            "sudo zypper install -y docker",
            "sudo systemctl enable --now docker",
            "sudo usermod -aG docker $USER",
            "newgrp docker",
        ],
        start: SYSTEMD,
        allow: GROUP,
    },
    Row {
        platform: Platform::Linux,
        distributions: &["alpine"],
        system: "Alpine Linux",
        starts_podman: true,
        install: &[
            "sudo apk add docker",
            "sudo rc-update add docker default",
            "sudo service docker start",
            "sudo addgroup $USER docker",
        ],
        start: &["sudo service docker start"],
        allow: &["sudo addgroup $USER docker", "newgrp docker"],
    },
    Row {
        platform: Platform::Linux,
        distributions: &[],
        system: "this system",
        starts_podman: true,
        install: &[],
        start: SYSTEMD,
        allow: GROUP,
    },
    Row {
        platform: Platform::Mac,
        distributions: &[],
        system: "macOS",
        starts_podman: false,
        install: &["brew install colima docker", "colima start"],
        start: &["colima start || podman machine start || open -a Docker"],
        allow: &[],
    },
    Row {
        platform: Platform::Windows,
        distributions: &[],
        system: "Windows",
        starts_podman: false,
        install: &["winget install --exact --id Docker.DockerDesktop"],
        start: &["start \"\" \"%ProgramFiles%\\Docker\\Docker\\Docker Desktop.exe\""],
        allow: &["net localgroup docker-users \"%USERNAME%\" /add"],
    },
];

const OTHER: &Row = &Row {
    platform: Platform::Linux,
    distributions: &[],
    system: "this system",
    starts_podman: false,
    install: &[],
    start: &[],
    allow: &[],
};

/// The row of the nearest distribution that the table knows.
pub(super) fn row(facts: &SystemFacts) -> &'static Row {
    let platform = || ROWS.iter().filter(|row| row.platform == facts.platform);
    let named = facts.distributions.iter().find_map(|distribution| {
        // openSUSE names its editions: opensuse-leap, opensuse-tumbleweed.
        let name = distribution.split('-').next().unwrap_or(distribution);
        platform().find(|row| row.distributions.contains(&name))
    });
    named
        .or_else(|| platform().find(|row| row.distributions.is_empty()))
        .unwrap_or(OTHER)
}
