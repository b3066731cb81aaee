//! A desktop of a test's own: a display and a session bus, the real window under WebDriver, and drags from another
//! program.
//!
//! ```no_run
//! use labwright_testbed::{Display, DragSource, Launch};
//! use std::path::Path;
//!
//! let display = Display::new();
//! let window = Launch::new("target/debug/labwright").variable("LW_ENGINE", "unix:///…").open(&display);
//! assert_eq!(window.find("h1").text(), "Images");
//! window.find("button.import").click();
//! window.press("Control+1");
//!
//! let drag = DragSource::new(&display, &[Path::new("/tmp/cEOS64-lab-4.35.1F.tar.xz")]);
//! drag.hold_over(640, 400);
//! window.find(".overlay");
//! assert!(drag.let_go().accepted());
//! ```

mod clipboard;
mod display;
mod drag;
mod element;
mod input;
mod keys;
mod page;
mod picture;
mod process;
mod session;
mod wait;
mod webdriver;
mod window;

pub use clipboard::Clip;
pub use display::Display;
pub use drag::{DragEnd, DragSource};
pub use element::Element;
pub use picture::Picture;
pub use process::Process;
pub use session::Notification;
pub use wait::{LIMIT, until};
pub use webdriver::Refusal;
pub use window::{COMPOSING, Launch, Window};
