//! Recognition, import, saving and the image library.
//!
//! An archive is read, judged, decoded and passed to an engine as a stream: no temporary file, and
//! memory that does not grow with the archive. The crate names no engine's API and no window.

mod import;
mod labels;
pub mod library;
mod proposal;
mod pull;
pub mod recognition;
mod save;
mod source;

pub use import::{
    CopiedImage, CopyJob, CopyRequest, CopyResult, ImportError, ImportJob, ImportRequest,
    ImportResult, sweep,
};
pub use library::{LibraryError, LibraryImage};
pub use proposal::{Proposal, Taken};
pub use pull::{Presence, PullError, PullJob, PullRequest, PullResult, RegistryPlaces, presence};
pub use recognition::{Rules, RulesError};
pub use save::{Packing, PackingError, SaveError, SaveJob, SaveRequest, SaveResult, SaveTarget};
pub use source::{DownloadError, EngineSourceError, FileError};
