//! Pictures, as PNG.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Display;

/// Draws the whole screen into a file, with the GTK that the drags need anyway.
const SCREEN: &str = include_str!("screen.py");

/// A PNG.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl Picture {
    pub(super) fn from_base64(text: &str) -> Self {
        let bytes = STANDARD.decode(text);
        Self(bytes.unwrap_or_else(|error| panic!("the driver's picture is not base64: {error}")))
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Width and height in pixels: the first two numbers of the first chunk (PNG, section 11.2.1).
    pub fn size(&self) -> (u32, u32) {
        let number = |at: usize| {
            let bytes = self
                .0
                .get(at..at + 4)
                .and_then(|bytes| bytes.try_into().ok());
            u32::from_be_bytes(bytes.expect("a PNG has a header"))
        };
        (number(16), number(20))
    }

    /// Writes it into a file; folders that are missing are made.
    pub fn save(&self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .unwrap_or_else(|error| panic!("cannot make {}: {error}", folder.display()));
        }
        self.try_save(path)
            .unwrap_or_else(|error| panic!("{error}"));
    }

    pub(super) fn try_save(&self, path: &Path) -> Result<(), String> {
        fs::write(path, &self.0)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Picture({:?}, {} bytes)",
            self.size(),
            self.0.len()
        )
    }
}

impl Display {
    /// The whole screen, with everything that is on it: the window, the source of a drag, what is being dragged.
    pub fn picture(&self) -> Picture {
        self.try_picture()
            .unwrap_or_else(|error| panic!("no picture of the screen: {error}"))
    }

    pub(super) fn try_picture(&self) -> Result<Picture, String> {
        let path = self.folder().join("tmp/screen.png");
        let text = path.display().to_string();
        self.try_run("/usr/bin/python3", &["-c", SCREEN, &text])?;
        let bytes = fs::read(&path).map_err(|error| error.to_string())?;
        Ok(Picture(bytes))
    }
}
