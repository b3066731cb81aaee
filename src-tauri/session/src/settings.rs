//! What the user can set, and the file that keeps it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;

/// What the user can set. What is missing in the file has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Settings {
    /// The engine to use, by name or address; the first that answers without one.
    pub engine: Option<String>,
    /// How many imports run at once, 1 to 8.
    pub imports_at_once: u8,
    /// How many pulls run at once, 1 to 8.
    pub pulls_at_once: u8,
    /// Light or dark.
    pub theme: Theme,
    /// Which ends of jobs are told by the desktop, while the window is not in front.
    pub notifications: Notifications,
    /// What closing the window does while jobs run.
    pub closing: Closing,
    /// How much the log says.
    pub log_level: LogLevel,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Which ends of jobs are told by the desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Notifications {
    /// All.
    #[default]
    All,
    /// Only failures.
    Failures,
    /// None.
    None,
}

/// What closing the window does while jobs run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Closing {
    /// It asks.
    #[default]
    Ask,
    /// The jobs go on, and the program stays in the tray until they have ended.
    Keep,
}

/// How much the log says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum LogLevel {
    /// What went wrong.
    Warnings,
    /// What was done as well.
    #[default]
    Information,
    /// Every request.
    Details,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            engine: None,
            imports_at_once: 2,
            pulls_at_once: 3,
            theme: Theme::default(),
            notifications: Notifications::default(),
            closing: Closing::default(),
            log_level: LogLevel::default(),
        }
    }
}

/// The settings could not be read or written.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not what this version writes.
    #[error("the settings in {} are not valid", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and what is wrong there.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A number is too small or too large.
    #[error("{name} must be between 1 and {most}, and is {given}")]
    Range {
        /// The setting.
        name: &'static str,
        /// What was given.
        given: u8,
        /// The largest that is allowed.
        most: u8,
    },
    /// The file cannot be written.
    #[error("cannot write the settings to {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl SettingsError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "settings_read",
            Self::Parse { .. } => "settings_parse",
            Self::Range { .. } => "settings_range",
            Self::Write { .. } => "settings_write",
        }
    }

    /// The failure in the form that crosses borders.
    pub fn report(&self) -> ErrorReport {
        let report = ErrorReport::of(self.code(), self);
        match self {
            Self::Read { path, .. } => {
                report.with_hint(format!("Check that you may read {}.", path.display()))
            }
            Self::Parse { path, .. } => report.with_hint(format!(
                "Correct {}, or move it away and start Labwright again.",
                path.display()
            )),
            Self::Range { .. } => report,
            Self::Write { .. } => {
                report.with_hint("Check that the disk has room and that you may write there.")
            }
        }
    }
}

/// More of one kind at once would only make each slower.
const MOST_AT_ONCE: u8 = 8;

impl Settings {
    /// Reads the file at `path`; a missing one holds the defaults.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => {
                return Err(SettingsError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let settings: Self = toml::from_str(&text).map_err(|source| SettingsError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// Writes them to `path`, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), SettingsError> {
        self.check()?;
        let failed = |source| SettingsError::Write {
            path: path.to_owned(),
            source,
        };
        let text = toml::to_string(self).map_err(|error| failed(io::Error::other(error)))?;
        let folder = path.parent().unwrap_or(path);
        fs::create_dir_all(folder).map_err(failed)?;
        let beside = path.with_extension("toml.new");
        fs::write(&beside, text).map_err(failed)?;
        fs::rename(&beside, path).map_err(failed)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let numbers = [
            ("imports_at_once", self.imports_at_once),
            ("pulls_at_once", self.pulls_at_once),
        ];
        let wrong = numbers
            .into_iter()
            .find(|(_, given)| !(1..=MOST_AT_ONCE).contains(given));
        match wrong {
            Some((name, given)) => Err(SettingsError::Range {
                name,
                given,
                most: MOST_AT_ONCE,
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;

    use super::{Closing, Settings, Theme};

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/settings.toml");
        assert_eq!(Settings::read(&file).unwrap(), Settings::default());

        let changed = Settings {
            engine: Some("podman".to_owned()),
            theme: Theme::Dark,
            closing: Closing::Keep,
            imports_at_once: 1,
            ..Settings::default()
        };
        changed.write(&file).unwrap();

        assert_eq!(Settings::read(&file).unwrap(), changed);
    }

    #[test]
    fn a_file_that_is_not_understood_is_an_error_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        for (text, code) in [
            ("theme = \"pink\"", "settings_parse"),
            ("colour = true", "settings_parse"),
            ("imports_at_once = 0", "settings_range"),
            ("imports_at_once = 200", "settings_range"),
        ] {
            fs::write(&file, text).unwrap();
            assert_eq!(Settings::read(&file).unwrap_err().code(), code, "{text}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
    }

    #[test]
    fn what_is_out_of_range_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        let wrong = Settings {
            pulls_at_once: 9,
            ..Settings::default()
        };
        assert_eq!(wrong.write(&file).unwrap_err().code(), "settings_range");
        assert!(!file.exists());
    }
}
