//! What crosses between labs and the window.

mod example;
mod run;
mod stream;
mod view;
mod wish;

pub use example::*;
pub use run::*;
pub use stream::*;
pub use view::*;
pub use wish::*;
