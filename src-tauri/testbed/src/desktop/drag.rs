//! A real drag out of another program (XDND), moved by a hand on the mouse.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::{Display, LIMIT, process};

const PROGRAM: &str = include_str!("drag_source.py");

/// Where the window with the files stands: below an app of 1280×800.
const PLACE: (i32, i32) = (20, 830);
/// In how many steps the hand moves, and how long each takes.
const STEPS: i32 = 20;
const STEP: &str = "0.01";

/// How a drag ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DragEnd {
    /// Why nobody took the files, in GTK's words (`no-target`, `user-cancelled`); nothing if somebody did.
    pub failure: Option<String>,
    /// How often the files' names were asked for.
    pub asked: usize,
}

impl DragEnd {
    /// Whether a window took the files.
    pub fn accepted(&self) -> bool {
        self.failure.is_none()
    }
}

/// A small window of another program that files can be dragged out of, again and again. Dropping it ends the program.
#[derive(Debug)]
pub struct DragSource {
    display: Display,
    launcher: Child,
    lines: Mutex<Receiver<String>>,
    handle: (i32, i32),
    hand: Mutex<Hand>,
}

/// What the hand is doing.
#[derive(Debug, Default)]
struct Hand {
    place: (i32, i32),
    holds: bool,
    asked: usize,
}

impl DragSource {
    /// Shows the window, below an app of 1280×800.
    pub fn new(display: &Display, files: &[&Path]) -> Self {
        Self::at(display, PLACE, files)
    }

    /// Shows the window at this place on the screen.
    pub fn at(display: &Display, place: (i32, i32), files: &[&Path]) -> Self {
        let mut launcher = display
            .command("/usr/bin/python3")
            .args(["-c", PROGRAM, &place.0.to_string(), &place.1.to_string()])
            .args(files)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run nsenter (package util-linux): {error}"));
        let output = launcher.stdout.take().expect("it was asked for");
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Nobody listens any more when the source is being dropped.
                let _unwanted = sender.send(line);
            }
        });
        let mut source = Self {
            display: display.clone(),
            launcher,
            lines: Mutex::new(lines),
            handle: (0, 0),
            hand: Mutex::default(),
        };
        source.handle = source.wait_until_ready();
        source
    }

    /// Takes the files, if the hand does not have them yet, moves to this place on the screen and holds still there.
    pub fn hold_over(&self, x: i32, y: i32) {
        if !self.hand().holds {
            self.take_hold();
        }
        self.move_to((x, y));
    }

    /// Waits until the window below has asked for the files' names, which is what its overlay shows.
    pub fn wait_until_asked(&self) {
        if self.hand().asked == 0 {
            self.wait_for("the app to ask for the files", |line| {
                (line == "asked").then_some(())
            });
        }
    }

    /// Lets the files go where the hand is.
    pub fn let_go(&self) -> DragEnd {
        self.display.run("xdotool", &["mouseup", "1"]);
        self.end()
    }

    /// Carries the files back to where they came from and lets them go there: the app sees the drag leave.
    pub fn carry_back(&self) -> DragEnd {
        // Past the source's own window, which takes no files either.
        let (x, y) = self.handle;
        self.move_to((x + 400, y));
        self.let_go()
    }

    /// Gives up in the middle, with the Escape key.
    pub fn cancel(&self) -> DragEnd {
        self.display.strike("Escape");
        let end = self.end();
        self.display.run("xdotool", &["mouseup", "1"]);
        end
    }

    fn take_hold(&self) {
        let (x, y) = self.handle;
        self.display.point(x, y);
        self.display.run("xdotool", &["mousedown", "1"]);
        {
            let mut hand = self.hand();
            *hand = Hand {
                place: (x, y),
                holds: true,
                asked: 0,
            };
        }
        // GTK begins a drag only after the mouse has moved by some pixels.
        self.move_to((x + 30, y));
        self.wait_for("the drag to begin", |line| (line == "begun").then_some(()));
    }

    fn move_to(&self, to: (i32, i32)) {
        let from = self.hand().place;
        let mut arguments = Vec::new();
        for step in 1..=STEPS {
            let part = |from: i32, to: i32| (from + (to - from) * step / STEPS).to_string();
            arguments.extend([
                "mousemove".to_owned(),
                part(from.0, to.0),
                part(from.1, to.1),
            ]);
            arguments.extend(["sleep".to_owned(), STEP.to_owned()]);
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.display.run("xdotool", &arguments);
        self.hand().place = to;
    }

    fn end(&self) -> DragEnd {
        let mut failure = None;
        self.wait_for("the drag to end", |line| {
            if let Some(reason) = line.strip_prefix("failed ") {
                failure = Some(reason.to_owned());
            }
            line.starts_with("ended").then_some(())
        });
        let mut hand = self.hand();
        hand.holds = false;
        DragEnd {
            failure,
            asked: hand.asked,
        }
    }

    fn wait_until_ready(&self) -> (i32, i32) {
        self.wait_for("the window with the files", |line| {
            let (x, y) = line.strip_prefix("ready ")?.split_once(' ')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        })
    }

    /// Reads the source's lines until one is what was waited for.
    fn wait_for<T>(&self, what: &str, mut look: impl FnMut(&str) -> Option<T>) -> T {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let deadline = Instant::now() + LIMIT;
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            match lines.recv_timeout(rest.max(Duration::from_millis(1))) {
                Ok(line) => {
                    if line == "asked" {
                        self.hand().asked += 1;
                    }
                    if let Some(found) = look(&line) {
                        return found;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("waited {LIMIT:?} in vain for {what}"),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!(
                        "the drag source ended while waiting for {what}: is Debian's gir1.2-gtk-3.0 there?"
                    )
                }
            }
        }
    }

    fn hand(&self) -> std::sync::MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DragSource {
    fn drop(&mut self) {
        if self.hand().holds {
            // The button stays down for whoever comes next otherwise; the display may be ending too.
            let _ended = self.display.try_run("xdotool", &["mouseup", "1"]);
        }
        if let Some(program) = process::child_of(self.launcher.id()) {
            process::kill(program);
        }
        let _ended_already = self.launcher.kill();
        let _ended_already = self.launcher.wait();
    }
}
