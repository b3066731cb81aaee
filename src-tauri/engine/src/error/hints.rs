//! The name of each failure for code, and what the user can do about it.

use super::{EngineError, RequestError};
use crate::pull::refusal;

impl EngineError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SocketMissing { .. } => "engine_socket_missing",
            Self::PermissionDenied { .. } => "engine_permission_denied",
            Self::ConnectionRefused { .. } => "engine_connection_refused",
            Self::Unreachable { .. } => "engine_unreachable",
            Self::NotAnEngine { .. } => "engine_not_an_engine",
            Self::NoAnswer { .. } => "engine_no_answer",
            Self::Ssh { .. } => "engine_ssh",
            Self::SshUnavailable { .. } => "engine_ssh_unavailable",
            Self::Tunnel { .. } => "engine_tunnel",
            Self::TlsFile { .. } => "engine_tls_file",
            Self::TlsFilesUnknown { .. } => "engine_tls_files_unknown",
            Self::Client { .. } => "engine_client",
            Self::ListImages { .. } => "engine_list_images",
            Self::Registries { .. } => "engine_registries",
            Self::ListContainers { .. } => "engine_list_containers",
            Self::InspectImage { .. } => "engine_inspect_image",
            Self::TagImage { .. } => "engine_tag_image",
            Self::UntagImage { .. } => "engine_untag_image",
            Self::RemoveImage { .. } => "engine_remove_image",
            Self::ImageMissing { .. } => "engine_image_missing",
            Self::ImageInUse { .. } => "engine_image_in_use",
            Self::ImportRefused { .. } => "engine_import_refused",
            Self::LoadRefused { .. } => "engine_load_refused",
            Self::PullRefused { source, .. } => {
                refusal(source).map_or("engine_pull_refused", |(code, _)| code)
            }
            Self::SaveRefused { .. } => "engine_save_refused",
            Self::NoImageId { .. } => "engine_no_image_id",
            Self::UploadSource { .. } => "engine_upload_source",
            Self::DiskFull { .. } => "engine_disk_full",
            Self::WentAway { .. } => "engine_went_away",
            Self::Refused { action, .. } => action.code(),
            Self::PodmanFolder { .. } => "engine_podman_folder",
            Self::PodmanStart { .. } => "engine_podman_start",
            Self::PodmanService { .. } => "engine_podman_service",
        }
    }

    /// What the user can do next, best first. Empty where we know of nothing.
    pub fn hints(&self) -> Vec<String> {
        let hints: &[&str] = match self {
            Self::SocketMissing { .. } | Self::ConnectionRefused { .. } => {
                &["Start the engine, or choose another one (lw: --engine)."]
            }
            Self::PermissionDenied { address, .. } if address.contains("podman") => &[
                "This socket belongs to another user: run as that user, or let Labwright start \
                 your own Podman.",
            ],
            Self::PermissionDenied { .. } => &[
                "Join the docker group with: sudo usermod -aG docker $USER, and log in again.",
                "Or use rootless Docker or Podman, which need no group.",
            ],
            Self::Unreachable { .. } => &["Check the host, the port and the network between."],
            Self::NotAnEngine { .. } => &[
                "Check the address: it must be the engine's own socket or port.",
                "A port with TLS needs https:// or DOCKER_TLS_VERIFY.",
            ],
            Self::Ssh { address, .. } => return ssh_hints(address),
            Self::NoAnswer { address, .. } if address.starts_with(SSH) => {
                return ssh_hints(address);
            }
            Self::SshUnavailable { .. } => {
                &["Labwright reaches engines over SSH from Linux and macOS."]
            }
            Self::Tunnel { .. } => &["Check XDG_RUNTIME_DIR, and that /tmp can be written to."],
            Self::NoAnswer { .. } => &["The engine hangs: restart it, or choose another one."],
            Self::TlsFilesUnknown { .. } => {
                &["Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem."]
            }
            Self::TlsFile { .. } | Self::Client { .. } => {
                &["Check ca.pem, cert.pem and key.pem of the context or in DOCKER_CERT_PATH."]
            }
            Self::ImageInUse { .. } => &["Remove the containers first."],
            Self::ImageMissing { .. } => &["lw images list shows the images that are there."],
            Self::LoadRefused { source, .. } if needs_manifest(source) => &[
                "A classic Docker store loads only archives with a manifest.json, as docker save \
                 makes them.",
            ],
            Self::PullRefused { source, .. } => {
                return refusal(source)
                    .map(|(_, hint)| hint.to_owned())
                    .into_iter()
                    .collect();
            }
            Self::SaveRefused { source, .. } if has_zstd(source) => &[
                "This Podman cannot put layers in zstd into an archive: save or copy the image from \
                 where it came from.",
            ],
            Self::DiskFull { .. } => {
                &["Make space where the engine keeps its data: lw images rm, docker system prune."]
            }
            Self::WentAway { .. } => &["Check the engine's log, start it again, and retry."],
            Self::PodmanFolder { .. } | Self::PodmanStart { .. } | Self::PodmanService { .. } => {
                &["Try it by hand: podman info"]
            }
            Self::ListImages { .. }
            | Self::Registries { .. }
            | Self::ListContainers { .. }
            | Self::InspectImage { .. }
            | Self::TagImage { .. }
            | Self::UntagImage { .. }
            | Self::RemoveImage { .. }
            | Self::ImportRefused { .. }
            | Self::LoadRefused { .. }
            | Self::SaveRefused { .. }
            | Self::NoImageId { .. }
            | Self::Refused { .. }
            | Self::UploadSource { .. } => &[],
        };
        hints.iter().map(|hint| (*hint).to_owned()).collect()
    }
}

/// What every address of an engine over SSH begins with.
const SSH: &str = "ssh://";

fn ssh_hints(address: &str) -> Vec<String> {
    let target = address.strip_prefix(SSH).unwrap_or(address);
    let target = target.split('/').next().unwrap_or(target);
    vec![
        format!("Test the host: lw host test {target}"),
        "Docker or Podman must be installed there, and that user must be able to use it without sudo."
            .to_owned(),
    ]
}

fn has_zstd(source: &RequestError) -> bool {
    source
        .message()
        .is_some_and(|message| message.contains("zstd compression is not supported"))
}

fn needs_manifest(source: &RequestError) -> bool {
    source
        .message()
        .is_some_and(|message| message.contains("manifest.json"))
}
