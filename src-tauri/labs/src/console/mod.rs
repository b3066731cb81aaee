//! Consoles, programs and logs of nodes. No terminal: who has one, passes its bytes on.

mod error;
mod logs;
mod open;
mod output;

pub use error::ConsoleError;
pub use logs::logs;
pub use open::{Console, command};
pub use output::{ConsoleOutput, Heard};
