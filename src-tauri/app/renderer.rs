//! Choosing how `WebKitGTK` draws, where its own choice is a bad one.
//!
//! With Nvidia's own driver its renderer over DMA-BUF shows a blank window or ends the program
//! (<https://github.com/tauri-apps/tauri/issues/9394>). Where there is no graphics device at all, it
//! composes every frame of the whole window on the processor: an import cost the page 27 % of a core
//! that way, and 7 % where only what changed is drawn (measured on two cores, `script/bench desktop`).
//!
//! Both are turned off by a variable of the environment, which must be there when the program starts.

/// Starts the program anew with the variable that is needed, if the user did not set it.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    let variable = if Path::new("/proc/driver/nvidia/version").exists() {
        "WEBKIT_DISABLE_DMABUF_RENDERER"
    } else if !has_graphics_device() {
        "WEBKIT_DISABLE_COMPOSITING_MODE"
    } else {
        return;
    };
    if std::env::var_os(variable).is_some_and(|value| !value.is_empty()) {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // It comes back only if it failed; then the window may still open.
        let _failed = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(variable, "1")
            .exec();
    }
}

/// Whether there is a device that draws: the kernel calls them `/dev/dri/renderD128` and up.
#[cfg(target_os = "linux")]
fn has_graphics_device() -> bool {
    let devices = std::fs::read_dir("/dev/dri")
        .into_iter()
        .flatten()
        .flatten();
    devices
        .filter_map(|device| device.file_name().into_string().ok())
        .any(|name| name.starts_with("renderD"))
}

/// Only `WebKitGTK` has it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}
