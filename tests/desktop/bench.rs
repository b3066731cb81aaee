//! A desktop with an engine, and Labwright on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use labwright_testbed::archives::RootFs;
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
            .failures(env!("CARGO_TARGET_TMPDIR"))
    }

    /// Opens the window, and waits until it knows the engine.
    pub(crate) fn open(&self) -> Window {
        let window = self.launch().open(&self.display);
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

    /// An archive of VyOS 1.4.0 that takes a while to import.
    pub(crate) fn large(&self) -> PathBuf {
        let archive = RootFs::tiny().marker("large").padding(LARGE).tar();
        self.file("vyos-1.4.0-amd64.tar", &archive)
    }

    /// Waits until the engine has an image, and looks into it.
    pub(crate) fn has(&self, window: &Window, name: &str, marker: &str) {
        window.wait_within(PATIENCE, &format!("{name} in the engine"), || {
            let images = self.engine.images();
            images.iter().any(|image| image == name).then_some(())
        });
        let said = self.engine.run(name, &["/bin/cat", "/etc/marker"]);
        assert_eq!(said.trim(), marker);
    }
}
