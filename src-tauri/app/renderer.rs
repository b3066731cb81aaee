//! Choosing how `WebKitGTK` draws, where its own choice is a bad one.
//!
//! With Nvidia's own driver its renderer over DMA-BUF shows a blank window or ends the program
//! (<https://github.com/tauri-apps/tauri/issues/9394>). It is turned off by a variable of the
//! environment, which must be there when the program starts. Without any graphics device nothing is
//! changed: it draws, and was measured to.

/// Starts the program anew with that variable where it is needed, and the user did not set it.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let needed = Path::new("/proc/driver/nvidia/version").exists();
    if !needed || std::env::var_os(VARIABLE).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // It comes back only if it failed; then the window may still open.
        let _failed = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(VARIABLE, "1")
            .exec();
    }
}

/// Only `WebKitGTK` has it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}
