//! Docker and Podman behind a few small types.
//!
//! The crate finds engines, says what they are and whether they are there, and puts images into
//! them. It is the only one that names bollard, a Unix socket or an engine's API. It knows no jobs, no
//! window and no environment: what it must know of the system is handed in.

mod address;
mod connection;
mod discovery;
mod engine;
mod error;
mod free_space;
mod health;
mod image;
mod info;
mod podman_service;
mod pull;
mod reference;
mod registries;
mod way_out;

pub use address::{AddressError, EngineAddress};
pub use discovery::{
    Candidate, Discovery, DiscoveryInputs, DockerContext, Origin, Platform, RefusedAddress,
    SelectError, TlsFiles, candidates, docker_contexts, find, refused_addresses,
};
pub use engine::Engine;
pub use error::{EngineError, RequestError};
pub use health::{EngineEvent, Health, HealthWatch};
pub use image::{
    ImageArchive, ImageDetail, ImageIdentity, ImageSummary, ImportSettings, UploadBody,
};
pub use info::{EngineInfo, EngineKind, Store, platform_architecture};
pub use podman_service::{PodmanService, start_podman};
pub use pull::{
    DownloadTotals, KnownLayer, LayerChange, LayerPhase, PullLayer, PullLine, PullOrder, PullState,
    PullStream,
};
pub use reference::{ImageId, ImageIdError, ImageReference, ReferenceError, same_reference};
pub use registries::RegistrySettings;
pub use way_out::{SystemFacts, WayOut, way_out};
