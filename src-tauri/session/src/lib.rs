//! One user at one workstation: what both shells stand on.
//!
//! The shells hand in their environment variables; from these follow the folders, the places where
//! engines are looked for, and the settings. A [`Session`] is what a window needs beyond single
//! operations: it follows the engine in use and its images, judges files that are offered, and
//! describes each of these whole whenever it changes. It knows no window and no terminal.

mod again;
mod border;
mod connect;
mod diagnostics;
mod environment;
pub mod hosts;
mod keeper;
pub mod labs;
mod library;
mod offers;
mod references;
mod rules;
mod session;
mod settings;
mod sources;

pub use again::{Again, AgainError};
pub use border::{
    EngineProblem, EngineState, HandedOver, ImagesState, ImportWish, Offer, OfferPhase,
    OfferedFile, Places, PullWish, ReferenceState, SelectedEngine, SettingsState, Started,
    UnaskedEngine, UnreachableEngine, Verdict,
};
pub use connect::{connect, connect_again, problem};
pub use environment::Environment;
pub use session::{Session, SessionError};
pub use settings::{Closing, LogLevel, Notifications, Settings, SettingsError, Theme};
pub use sources::{SourceError, source_of};
