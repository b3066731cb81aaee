//! The links of a lab that is there: how they stand, changing them, and hearing what passes.

mod blocks;
mod capture;
mod ends;
mod error;
mod follow;
mod list;
mod open;

pub use blocks::{CapturedPacket, Counted};
pub use capture::Capture;
pub use error::LinkError;
pub use follow::{Follow, Told, Wired};
pub use labwright_patchbay::{Counters, EndName, Impairments};
use list::listed;
pub use list::{FreePort, LinkList, ListedLink};
pub use open::Links;
