//! The desktop shell: one window over the operations of the crates below.
//!
//! Today it shows a page that says what to use until the window arrives. It registers no command and no
//! plugin, and its capability grants the page nothing.

/// Opens the window and runs until it is closed.
///
/// # Errors
///
/// Whatever keeps the window from opening: no display, no webview, a broken configuration.
pub fn run() -> Result<(), tauri::Error> {
    tauri::Builder::default().run(tauri::generate_context!())
}
