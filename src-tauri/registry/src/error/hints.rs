//! The name of each failure for code, and what the user can do about it.

use super::RegistryError;
use crate::reference::DOCKER_HUB;

impl RegistryError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reference { .. } => "registry_reference",
            Self::Unauthorized { .. } => "registry_unauthorized",
            Self::LoginRefused { .. } => "registry_login_refused",
            Self::Forbidden { .. } => "registry_forbidden",
            Self::RepositoryUnknown { .. } => "registry_repository_unknown",
            Self::ImageUnknown { .. } => "registry_image_unknown",
            Self::RateLimited { .. } => "registry_rate_limited",
            Self::WrongPlatform { .. } => "registry_wrong_platform",
            Self::Tls { .. } => "registry_tls",
            Self::NoAuthorities { .. } => "registry_no_authorities",
            Self::Certificate { .. } => "registry_certificate",
            Self::Dns { .. } => "registry_dns",
            Self::Refused { .. } => "registry_refused",
            Self::Unreachable { .. } => "registry_unreachable",
            Self::TimedOut { .. } => "registry_timed_out",
            Self::Server { .. } => "registry_server",
            Self::Rejected { .. } => "registry_rejected",
            Self::Unreadable { .. } => "registry_unreadable",
            Self::UnsafeRealm { .. } => "registry_unsafe_realm",
            Self::Login { .. } => "registry_login",
        }
    }

    /// What the user can do next, best first. Empty where we know of nothing.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Unauthorized {
                registry, username, ..
            } => unauthorized(registry, username.is_some()),
            Self::LoginRefused { registry, .. } => login_refused(registry),
            Self::Forbidden {
                registry, username, ..
            } => forbidden(registry, username.is_some()),
            Self::RateLimited {
                registry,
                logged_in,
                ..
            } => rate_limited(registry, *logged_in),
            Self::Tls {
                registry,
                unknown_authority: true,
                ..
            } => vec![
                format!(
                    "If you trust it, put its authority's certificate into /etc/docker/certs.d/{registry}/ca.crt, \
                     where the engine looks for it too."
                ),
                "Or add it to the system's authorities, and restart the engine.".to_owned(),
            ],
            Self::Certificate { path, .. } => {
                vec![format!(
                    "Mend or remove {}: it must be PEM, and readable.",
                    path.display()
                )]
            }
            other => other
                .fixed_hints()
                .iter()
                .map(|hint| (*hint).to_owned())
                .collect(),
        }
    }

    /// Hints that are the same for every registry.
    fn fixed_hints(&self) -> &'static [&'static str] {
        match self {
            Self::Reference { .. } => {
                &["Write it as registry/repository:tag, such as ghcr.io/nokia/srlinux:latest."]
            }
            Self::RepositoryUnknown { .. } => &["Check the repository's name."],
            Self::ImageUnknown { .. } => &["Check the name and the tag."],
            Self::WrongPlatform { .. } => {
                &["Choose a tag that is made for your engine's platform."]
            }
            Self::Tls { .. } => &[
                "Check the registry's address and its certificate.",
                "A registry without TLS must be among the engine's insecure registries.",
            ],
            Self::NoAuthorities { .. } => &["Install the system's package ca-certificates."],
            Self::Dns { .. } => &["Check the registry's name and the network."],
            Self::Refused { .. } => &["Check the registry's address and port, and that it runs."],
            Self::Unreachable { .. } | Self::TimedOut { .. } => {
                &["Check the network and the proxy between, and try again."]
            }
            Self::Server { .. } => &["The registry has a problem of its own: try again later."],
            Self::Unreadable { .. } => {
                &["Check that the name is an image's: registries keep other things as well."]
            }
            Self::UnsafeRealm { .. } => {
                &["Ask whoever runs the registry: its logins must go to an https address."]
            }
            Self::Login { .. } => &["Check that the address is a registry's."],
            Self::Unauthorized { .. }
            | Self::LoginRefused { .. }
            | Self::Forbidden { .. }
            | Self::RateLimited { .. }
            | Self::Certificate { .. }
            | Self::Rejected { .. } => &[],
        }
    }
}

fn unauthorized(registry: &str, logged_in: bool) -> Vec<String> {
    let name = "Check the name: registries do not tell an image that is private from one that is not there.";
    if logged_in {
        return vec![
            name.to_owned(),
            format!("If the login has changed or ended, log in again: lw login {registry}"),
        ];
    }
    vec![format!("Log in: lw login {registry}"), name.to_owned()]
}

fn login_refused(registry: &str) -> Vec<String> {
    let mut hints = vec!["Check the user's name and the password.".to_owned()];
    if matches!(registry, DOCKER_HUB | "ghcr.io") {
        hints.push(format!(
            "{registry} may want an access token in the place of the password."
        ));
    }
    hints
}

fn forbidden(registry: &str, logged_in: bool) -> Vec<String> {
    if logged_in {
        return vec![
            "Ask the repository's owner for access, or log in as somebody who has it.".to_owned(),
        ];
    }
    vec![format!(
        "Log in as somebody who has access: lw login {registry}"
    )]
}

fn rate_limited(registry: &str, logged_in: bool) -> Vec<String> {
    let mut hints = vec!["Wait, and try again.".to_owned()];
    if !logged_in {
        hints.push(format!(
            "Registries allow more to those who log in: lw login {registry}"
        ));
    }
    hints
}
