//! The links of a lab that is there: how they stand, changing them, and hearing what passes.

mod blocks;
mod capture;
mod ends;
mod error;
mod list;
mod open;

pub use blocks::Counted;
pub use capture::Capture;
pub use error::LinkError;
pub use labwright_patchbay::{EndName, Impairments};
pub use list::{FreePort, LinkList, ListedLink};
pub use open::Links;
