//! The program under WebDriver: its start, its end, its processes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::process::{self, Process};
use super::webdriver::Driver;
use super::{Display, LIMIT, until};

/// Sends the window what a title bar's button does.
const CLOSE: &str = include_str!("close.py");

/// Whether WebKit composes its frames: `0` makes it, whatever the program would choose.
pub const COMPOSING: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// How a program is to be started.
#[derive(Clone, Debug)]
pub struct Launch {
    program: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    failures: PathBuf,
}

impl Launch {
    /// The program at this path, without arguments.
    pub fn new(program: impl AsRef<Path>) -> Self {
        let program = program.as_ref();
        Self {
            program: fs::canonicalize(program)
                .unwrap_or_else(|error| panic!("no program {}: {error}", program.display())),
            arguments: Vec::new(),
            variables: Vec::new(),
            failures: env::temp_dir().join("labwright-failures"),
        }
    }

    /// With one more argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// With a variable beside the display's own.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Where a failed wait leaves its picture; `labwright-failures` in the system's temporary folder if not said.
    #[must_use]
    pub fn failures(mut self, folder: impl Into<PathBuf>) -> Self {
        self.failures = folder.into();
        self
    }

    /// Starts it, and returns when its page can be asked.
    ///
    /// WebKit composes its frames, as it does with a graphics device: otherwise the driver never gets a picture. A caller
    /// that takes none gives the variable without a value, and sees the program as its users do.
    pub fn open(&self, display: &Display) -> Window {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let log = display.folder().join(format!("window-{number}.log"));
        let mut variables = vec![(COMPOSING.to_owned(), "0".to_owned())];
        variables.extend(self.variables.iter().cloned());
        // Tauri 2 lets itself be driven only then (tauri-runtime-wry, `lib.rs`).
        variables.push(("TAURI_WEBVIEW_AUTOMATION".to_owned(), "true".to_owned()));
        let mut driver = Driver::start(display, &variables, &log);
        if let Err(refusal) = driver.begin(&self.program, &self.arguments) {
            let log = fs::read_to_string(&log).unwrap_or_default();
            panic!(
                "{} did not open its window: {refusal}\n{log}",
                self.program.display()
            );
        }
        let program = process::child_of(driver.process);
        let program = program.expect("the driver has just started the program");
        let window = Window {
            display: display.clone(),
            driver,
            program,
            log,
            failures: self.failures.clone(),
        };
        window.watch_for_errors();
        window
    }
}

/// The program's one window. Dropping it ends the program.
///
/// Without a window manager it stands at the screen's top left, without a frame: places in the page are places on the
/// screen, as long as nothing is scrolled.
#[derive(Debug)]
pub struct Window {
    pub(super) display: Display,
    pub(super) driver: Driver,
    program: u32,
    log: PathBuf,
    pub(super) failures: PathBuf,
}

impl Window {
    /// The display it is on.
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// The number of the program's process, as `/proc` has it where the test runs.
    pub fn program(&self) -> u32 {
        self.program
    }

    /// Whether the program itself has not ended yet.
    pub fn runs(&self) -> bool {
        !self.processes().is_empty()
    }

    /// The program's processes: itself first, then WebKit's. Empty once it has ended.
    pub fn processes(&self) -> Vec<Process> {
        process::tree(self.program)
    }

    /// What the program and WebKit have printed.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Kills the program itself at once, as `kill -9` does. WebKit's processes end by themselves, as for any user.
    pub fn kill(&self) {
        process::kill(self.program);
        assert!(self.ends_within(LIMIT), "the program survived SIGKILL");
    }

    /// Closes the window as a user does, by the button in its title bar. The program may ask, stay, or end.
    pub fn close(&self) {
        let id = self.id().to_string();
        self.display.python(CLOSE, &[&id]);
    }

    /// Waits until the program and WebKit's processes have ended; whether they did in time.
    pub fn ends_within(&self, limit: Duration) -> bool {
        let processes = self.processes();
        let ended = || (!processes.iter().any(Process::runs)).then_some(());
        until(limit, ended).is_some()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.driver.finish();
        for process in self.processes() {
            process::kill(process.id);
        }
    }
}
