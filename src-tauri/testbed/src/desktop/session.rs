//! What the session's own program knows: the colour scheme that programs are told, what they notified, and their icons in
//! the tray.

use std::fs;

use serde_json::Value;

use super::{Display, LIMIT, until};

const TRAY: &str = include_str!("tray.py");

/// A desktop notification, as a program sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The headline.
    pub summary: String,
    /// The text below it.
    pub body: String,
    /// The keys and labels of its buttons, in turn.
    pub actions: Vec<String>,
}

impl Display {
    /// What the desktop prefers from now on, dark or light. Running programs are told at once, as by a settings portal.
    pub fn prefer_dark(&self, dark: bool) {
        let scheme = if dark { "uint32:1" } else { "uint32:2" };
        self.run(
            "dbus-send",
            &[
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.portal.Desktop",
                "/org/freedesktop/portal/desktop",
                "dev.labwright.Testbed.SetColorScheme",
                scheme,
            ],
        );
    }

    /// The notifications so far, oldest first.
    pub fn notifications(&self) -> Vec<Notification> {
        let lines = fs::read_to_string(self.folder().join("notifications")).unwrap_or_default();
        lines.lines().map(read).collect()
    }

    /// The labels in the menu of the icon that was put into the tray last; waits for it.
    pub fn tray(&self) -> Vec<String> {
        let labels = self.ask_tray(None);
        labels.lines().map(str::to_owned).collect()
    }

    /// Chooses an entry of that menu.
    pub fn choose_in_tray(&self, label: &str) {
        self.ask_tray(Some(label));
    }

    fn ask_tray(&self, label: Option<&str>) -> String {
        let file = self.folder().join("tray");
        let icon = until(LIMIT, || {
            let lines = fs::read_to_string(&file).ok()?;
            lines.lines().last().map(str::to_owned)
        });
        let icon = icon.expect("a program puts an icon into the tray");
        let arguments: Vec<&str> = icon.split_whitespace().chain(label).collect();
        self.python(TRAY, &arguments)
    }
}

fn read(line: &str) -> Notification {
    let value: Value = serde_json::from_str(line).expect("the session writes JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let actions = value["actions"].as_array().into_iter().flatten();
    Notification {
        summary: text(&value["summary"]),
        body: text(&value["body"]),
        actions: actions.map(text).collect(),
    }
}
