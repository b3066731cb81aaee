//! Docker and Podman behind a few small types.
//!
//! The crate finds engines, says what they are and whether they are there, puts images into
//! them, and runs containers. It is the only one that names bollard, a Unix socket or an engine's API. It knows no jobs, no
//! window and no environment: what it must know of the system is handed in. It runs no `ssh`: who hands in something that
//! [dials](Dial) gives it the engines of other machines.

mod address;
mod capacity;
mod connection;
mod container;
mod discovery;
mod engine;
mod error;
mod free_space;
mod health;
mod image;
mod info;
mod link;
mod network;
mod podman_service;
mod pull;
mod reference;
mod registries;
mod tunnel;
mod volume;
mod way_out;

pub use address::{AddressError, EngineAddress, SshAddress};
pub use capacity::Capacity;
pub use container::{
    ContainerAddress, ContainerDetail, ContainerId, ContainerNetwork, ContainerSettings,
    ContainerStatus, ContainerSummary, Device, Dns, Endpoint, Exec, ExecHandle, ExecResult,
    ExecSettings, Healthcheck, LogSettings, Mount, MountSource, Output, OutputStream, Privileges,
    PublishedPort, RestartPolicy, TerminalSize,
};
pub use discovery::{
    Candidate, Discovery, DiscoveryInputs, DockerContext, Origin, Platform, RefusedAddress,
    SelectError, TlsFiles, candidates, docker_contexts, find, refused_addresses,
};
pub use engine::Engine;
pub use error::{Action, EngineError, RequestError};
pub use health::{EngineEvent, Health, HealthWatch};
pub use image::{
    ImageArchive, ImageDetail, ImageIdentity, ImageSummary, ImportSettings, UploadBody,
};
pub use info::{EngineInfo, EngineKind, Store, platform_architecture};
pub use network::{NetworkDetail, NetworkSettings, Subnet};
pub use podman_service::{PodmanService, start_podman};
pub use pull::{
    DownloadTotals, KnownLayer, LayerChange, LayerPhase, PullLayer, PullLine, PullOrder, PullState,
    PullStream,
};
pub use reference::{ImageId, ImageIdError, ImageReference, ReferenceError, same_reference};
pub use registries::RegistrySettings;
pub use tunnel::{Dial, DialStream};
pub use volume::Volume;
pub use way_out::{SystemFacts, WayOut, way_out};
