//! What an imported root file system is given besides its files.

use std::collections::BTreeMap;

/// The configuration of an image that is made from a root file system.
///
/// Engines take it as lines of a Dockerfile. Docker's API has no way to write a line break into one:
/// there, a line break in a value becomes a space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportSettings {
    /// Labels. A key without `=`, blanks and quotes is kept exactly; nearly any value is.
    pub labels: BTreeMap<String, String>,
    /// The program that a container runs, with its arguments.
    pub command: Option<Vec<String>>,
    /// What the command is handed to.
    pub entrypoint: Option<Vec<String>>,
    /// Variables of the environment.
    pub env: BTreeMap<String, String>,
    /// Ports that a container offers, `22/tcp`.
    pub exposed_ports: Vec<String>,
    /// The folder that a container starts in.
    pub working_dir: Option<String>,
    /// The user that a container runs as.
    pub user: Option<String>,
    /// The image's architecture, `arm64`; the engine's own without it. Docker before 23 with its
    /// classic store ignores it.
    pub architecture: Option<String>,
}
