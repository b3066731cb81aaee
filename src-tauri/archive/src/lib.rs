//! Archives as vendors ship them: told apart by content, decoded, walked and rewritten as streams.
//!
//! Everything here reads from a stream that blocks, and nothing grows with what is read. The crate knows no engine and no
//! job: it is what the fuzzer runs.

mod compression;
mod decode;
mod elf;
mod foreign;
mod guard;
mod guarded;
mod inspect;
mod manifest;
mod rewrite;
mod shape;
mod survey;
mod xz;

pub use compression::Compression;
pub use decode::{DecodeError, Decoding, decoder};
pub use elf::{Architecture, architecture_of_elf};
pub use foreign::{Foreign, foreign};
pub use guard::{GuardError, TarGuard};
pub use inspect::{ArchiveFacts, InspectError, InspectLimits, inspect};
pub use manifest::{ImageEntry, ManifestError};
pub use rewrite::{Layout, RewriteError, RewriteTarget, rewrite, zstd_sizes};
pub use shape::{Shape, clean_name};

pub use survey::{SurveyError, survey};
