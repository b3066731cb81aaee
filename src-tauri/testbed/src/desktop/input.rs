//! The window among others on the screen, and a hand on mouse and keyboard: what a page cannot be asked for.

use std::time::Duration;

use super::{Display, LIMIT, Window, until};

/// A page that has not its window's size by then will not get it.
const RESIZE_LIMIT: Duration = Duration::from_secs(2);

impl Display {
    /// Moves the pointer to this place on the screen.
    pub fn point(&self, x: i32, y: i32) {
        self.run("xdotool", &["mousemove", &x.to_string(), &y.to_string()]);
    }

    /// Clicks at this place on the screen, as a hand on the mouse does.
    pub fn click(&self, x: f64, y: f64) {
        let (x, y) = (format!("{x:.0}"), format!("{y:.0}"));
        self.run("xdotool", &["mousemove", &x, &y, "click", "1"]);
    }

    /// Takes hold at the first of these places with the left button, leads the pointer along the others with a pause after
    /// each, and lets go.
    pub fn lead(&self, places: &[(f64, f64)], pause: Duration) {
        let pause = format!("{:.3}", pause.as_secs_f64());
        let places = places
            .iter()
            .map(|(x, y)| (format!("{x:.0}"), format!("{y:.0}")));
        let places: Vec<(String, String)> = places.collect();
        let mut moves = Vec::new();
        for (number, (x, y)) in places.iter().enumerate() {
            moves.extend(["mousemove", x, y]);
            if number == 0 {
                moves.extend(["mousedown", "1"]);
            }
            moves.extend(["sleep", &pause]);
        }
        moves.extend(["mouseup", "1"]);
        self.run("xdotool", &moves);
    }

    /// Turns the wheel at this place by so many notches, with a pause after each; up, unless they are negative.
    pub fn turn_wheel(&self, (x, y): (f64, f64), notches: i32, pause: Duration) {
        let (x, y) = (format!("{x:.0}"), format!("{y:.0}"));
        let pause = format!("{:.0}", pause.as_secs_f64() * 1000.0);
        let count = notches.unsigned_abs().to_string();
        // What X calls buttons 4 and 5.
        let button = if notches < 0 { "5" } else { "4" };
        let turns = ["click", "--repeat", &count, "--delay", &pause, button];
        self.run("xdotool", &[&["mousemove", &x, &y][..], &turns].concat());
    }

    /// Presses keys as the keyboard does, in `xdotool`'s names (`ctrl+o`, `Escape`); they go where the screen's focus is,
    /// native dialogs included.
    pub fn strike(&self, keys: &str) {
        self.run("xdotool", &["key", keys]);
    }

    /// The visible windows with this title, by their numbers.
    pub fn windows(&self, title: &str) -> Vec<u32> {
        let pattern = format!("^{title}$");
        // It fails if there is none.
        let list = self.try_run("xdotool", &["search", "--onlyvisible", "--name", &pattern]);
        list.unwrap_or_default()
            .lines()
            .filter_map(|line| line.parse().ok())
            .collect()
    }
}

impl Window {
    /// The window's number on the display: the visible one that belongs to the program's process.
    pub fn id(&self) -> u32 {
        let title = self.title();
        let found = until(LIMIT, || self.display.windows(&title).first().copied());
        found.unwrap_or_else(|| self.fail(&format!("no window on the screen is called {title:?}")))
    }

    /// The page's title, which the window bears too.
    pub fn title(&self) -> String {
        let title = self.driver.get("title");
        let title = title.unwrap_or_else(|refusal| self.fail(&format!("title: {refusal}")));
        title.as_str().unwrap_or_default().to_owned()
    }

    /// Gives it the screen's focus, as a click on its title bar would.
    pub fn focus(&self) {
        let id = self.id().to_string();
        self.display.run("xdotool", &["windowfocus", "--sync", &id]);
    }

    /// Takes the screen's focus away from every window: window 0 is none.
    pub fn unfocus(&self) {
        self.display.run("xdotool", &["windowfocus", "0"]);
    }

    /// Its place on the screen and its size: x, y, width, height.
    pub fn rect(&self) -> (i32, i32, i32, i32) {
        let id = self.id().to_string();
        let text = self
            .display
            .run("xdotool", &["getwindowgeometry", "--shell", &id]);
        let number = |name: &str| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.and_then(|line| line.parse().ok()).unwrap_or_default()
        };
        (number("X"), number("Y"), number("WIDTH"), number("HEIGHT"))
    }

    /// Gives it another size, in pixels, and waits until its page has it.
    pub fn resize(&self, width: i32, height: i32) {
        let id = self.id().to_string();
        let (columns, rows) = (width.to_string(), height.to_string());
        self.wait_for(&format!("a page of {width}×{height}"), || {
            // A window that is just being brought to the front takes a size of its own meanwhile.
            self.display
                .run("xdotool", &["windowsize", &id, &columns, &rows]);
            until(RESIZE_LIMIT, || {
                let size = self.run("return [innerWidth, innerHeight]", &[]);
                (size == serde_json::json!([width, height])).then_some(())
            })
        });
    }
}
