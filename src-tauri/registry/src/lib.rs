//! What a registry says of an image before an engine pulls it, and the logins for it.
//!
//! Nothing here knows an engine, a job or an environment variable: which files hold logins, which hosts an engine calls
//! insecure and where the session's keyring is, is all handed in as values.

mod credential;
mod error;
mod image;
mod keyring;
mod platform;
mod reference;
mod remote;

pub use credential::{Credential, CredentialError, CredentialSources, Credentials};
pub use error::{Answer, RegistryError};
pub use image::{RemoteImage, RemoteLayer};
pub use keyring::{KeyringError, Login};
pub use platform::{Platform, PlatformError};
pub use remote::{Limits, Registry, RegistryAccess};
