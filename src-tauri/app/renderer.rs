//! Choosing how `WebKitGTK` draws, where its own choice is a bad one.
//!
//! It reads variables of the environment when it starts; what the user set stays as it is.

/// Starts the program anew with the variables that this machine needs.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    let missing: Vec<_> = linux::variables()
        .iter()
        .filter(|name| std::env::var_os(name).is_none())
        .collect();
    if missing.is_empty() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // It comes back only if it failed; then the window may still open.
        let _failed = Command::new(program)
            .args(std::env::args_os().skip(1))
            .envs(missing.into_iter().map(|name| (name, "1")))
            .exec();
    }
}

/// Only WebKitGTK has them.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::Path;

    /// Without a graphics device all is drawn by the processor, and compositing layers costs more
    /// than it saves: measured with `WebKitGTK` 2.50, 173 MiB and 87 % of a core with an animation,
    /// against 98 MiB and 8 %.
    const BY_PROCESSOR: &[&str] = &["WEBKIT_DISABLE_COMPOSITING_MODE"];
    /// Nvidia's own driver hands out buffers that WebKit cannot show: a blank window, or its end
    /// (<https://github.com/tauri-apps/tauri/issues/9394>).
    const NVIDIA: &[&str] = &[
        "WEBKIT_DISABLE_DMABUF_RENDERER",
        "WEBKIT_DISABLE_COMPOSITING_MODE",
    ];
    /// Drivers of graphics that a virtual machine plays.
    const PLAYED: [&str; 5] = ["virtio", "vmwgfx", "vboxvideo", "qxl", "bochs"];

    pub(super) fn variables() -> &'static [&'static str] {
        if Path::new("/proc/driver/nvidia/version").exists() {
            NVIDIA
        } else if drivers().iter().all(|driver| is_played(driver)) {
            BY_PROCESSOR
        } else {
            &[]
        }
    }

    /// The drivers of all devices that could draw.
    fn drivers() -> Vec<String> {
        let devices = fs::read_dir("/sys/class/drm")
            .into_iter()
            .flatten()
            .flatten();
        let devices = devices.filter(|device| {
            let name = device.file_name();
            name.to_string_lossy().starts_with("renderD")
        });
        devices
            .map(|device| {
                let driver = fs::read_link(device.path().join("device/driver"));
                let driver = driver.unwrap_or_default();
                let name = driver.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            })
            .collect()
    }

    fn is_played(driver: &str) -> bool {
        PLAYED.iter().any(|played| driver.starts_with(played))
    }
}
