//! Images in the engine: sending, describing, naming and removing them.

mod answer;
mod changes;
mod describe;
mod detail;
mod identity;
mod import;
mod list;
mod load;
mod name;
mod platform;
mod remove;
mod save;
mod settings;

use bytes::Bytes;
use futures_util::stream::BoxStream;

pub use detail::{ImageDetail, ImageSummary};
pub use identity::ImageIdentity;
pub use save::ImageArchive;
pub use settings::ImportSettings;

/// What is sent to an engine. An error in it breaks the connection, and so tells the engine that the
/// archive is not whole.
pub type UploadBody = BoxStream<'static, std::io::Result<Bytes>>;
