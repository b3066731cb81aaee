//! A desktop with an engine, and Labwright on it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use labwright_testbed::archives::RootFs;
use labwright_testbed::desktop::COMPOSING;
use labwright_testbed::{Display, Engine, Kind, Launch, Window};

/// An import of this much takes seconds, also on a fast disk.
const LARGE: u64 = 400 << 20;

/// How long an import of it may take on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) struct Bench {
    pub(crate) engine: Arc<Engine>,
    pub(crate) display: Display,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            engine: Arc::new(Engine::private(Kind::Classic)),
            display: Display::new(),
        }
    }

    fn launch(&self) -> Launch {
        Launch::new(env!("CARGO_BIN_EXE_labwright"))
            .variable("LW_ENGINE", self.engine.address())
            .variable(COMPOSING, "")
            .failures(env!("CARGO_TARGET_TMPDIR"))
    }

    /// Opens the window, and waits until it knows the engine.
    pub(crate) fn open(&self) -> Window {
        let window = self.launch().open(&self.display);
        window.wait_for_text("images in Docker");
        window
    }

    /// Opens it where ssh reads this configuration.
    pub(crate) fn open_reaching(&self, ssh_config: &Path) -> Window {
        let launch = self.launch();
        let config = ssh_config.to_str().unwrap();
        let window = launch.variable("LW_SSH_CONFIG", config).open(&self.display);
        window.wait_for_text("images in Docker");
        window
    }

    /// Opens it with a file, as a file manager or `script/run FILE` does.
    pub(crate) fn open_with(&self, file: &str) -> Window {
        self.launch().argument(file).open(&self.display)
    }

    /// Writes a file into the user's home.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.display.home().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Hands files to the window that is open, as a second instance does.
    pub(crate) fn hand_over(&self, files: &[&Path]) {
        let mut command = self.display.command(env!("CARGO_BIN_EXE_labwright"));
        let status = command.args(files).status().unwrap();
        assert!(status.success(), "{status}");
    }

    /// `lw` as the same user, on the same engine.
    pub(crate) fn lw(&self, arguments: &[&str]) -> Command {
        let lw = Path::new(env!("CARGO_BIN_EXE_labwright")).with_file_name("lw");
        assert!(
            lw.is_file(),
            "no {}: cargo build -p labwright-cli",
            lw.display()
        );
        let mut command = self.display.command(lw);
        command
            .env("LW_ENGINE", self.engine.address())
            .args(arguments);
        command
    }

    /// An archive of VyOS 1.4.0 that takes a while to import.
    pub(crate) fn large(&self) -> PathBuf {
        let archive = RootFs::tiny().marker("large").padding(LARGE).tar();
        self.file("vyos-1.4.0-amd64.tar", &archive)
    }

    /// What stands in an image of the engine.
    pub(crate) fn marker(&self, name: &str) -> String {
        let said = self.engine.run(name, &["/bin/cat", "/etc/marker"]);
        said.trim().to_owned()
    }

    /// Waits until the engine has an image, and looks into it.
    pub(crate) fn has(&self, window: &Window, name: &str, marker: &str) {
        window.wait_within(PATIENCE, &format!("{name} in the engine"), || {
            let images = self.engine.images();
            images.iter().any(|image| image == name).then_some(())
        });
        assert_eq!(self.marker(name), marker);
    }
}
