//! Logins for registries: where they are looked for, and how they are handed to an engine.

mod error;
mod file;
mod find;
mod helper;
mod key;
mod secret;

pub use error::CredentialError;
pub use find::{CredentialSources, Credentials};
pub use secret::Credential;
