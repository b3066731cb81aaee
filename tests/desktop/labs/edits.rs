//! Files that are changed through the drawing: only the lines that must change do.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use labwright_testbed::Window;
use serde_json::json;

use super::open_menu_of_drawing;
use crate::bench::Bench;

#[path = "../../../src-tauri/labs/tests/edits/diff.rs"]
mod diff;

/// Files that people have: with comments, anchors, aliases, odd indentation, in one line, in JSON, from Windows.
const FILES: [&str; 23] = [
    "aliased",
    "anchors",
    "braces",
    "comments",
    "documents",
    "extended",
    "extended-flow",
    "flow-nodes",
    "json",
    "merged",
    "no-newline",
    "no-newline-links",
    "not-indented",
    "null-bodies",
    "odd-indent",
    "one-line",
    "one-row",
    "plain",
    "quoted",
    "scalars",
    "unknown",
    "waits",
    "windows",
];

/// The names of the nodes that are drawn.
const DRAWN: &str =
    "return [...document.querySelectorAll('[id^=drawn-]')].map((node) => node.id.slice(6));";

/// Where a node stands, and whether it is chosen.
const PLACE: &str = "const node = document.getElementById(arguments[0]);
    if (!node) return null;
    const {x, y, width} = node.getBoundingClientRect();
    return {x, y, width, chosen: node.ariaPressed};";

/// Whether the sheet has gone, or what it says why not.
const ANSWER: &str = "const sheet = document.querySelector('dialog[open]');
    if (!sheet) return '';
    return sheet.querySelector('[aria-label=Error]')?.innerText.trim() ?? null;";

/// A lab of the folder of files, opened in the window.
struct Opened<'w> {
    window: &'w Window,
    path: std::path::PathBuf,
    text: String,
    told: String,
}

impl<'w> Opened<'w> {
    fn new(bench: &Bench, window: &'w Window, name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/labs/tests/edits");
        let text = fs::read_to_string(folder.join(format!("{name}.clab.yml"))).unwrap();
        let path = bench.file(&format!("{name}.clab.yml"), text.as_bytes());
        bench.hand_over(&[&path]);
        let title = path.to_str().unwrap();
        window.find(&format!("header [title='{title}']"));
        window.wait_for("its drawing", || (!drawn(window).is_empty()).then_some(()));
        Self {
            window,
            path,
            text,
            told: String::new(),
        }
    }

    /// Submits the sheet, and tells what became of the file.
    fn submit(&mut self, what: &str) {
        self.window.click_first("dialog[open] button[type=submit]");
        let answer = self.window.wait_for(&format!("the end of: {what}"), || {
            let answer = self.window.run(ANSWER, &[]);
            answer.as_str().map(str::to_owned)
        });
        let text = fs::read_to_string(&self.path).unwrap();
        writeln!(self.told, "== {what}").unwrap();
        if answer.is_empty() {
            self.told += &diff::diff(&self.text, &text);
        } else {
            assert_eq!(text, self.text, "what is refused changes nothing");
            writeln!(self.told, "refused: {answer}").unwrap();
            self.window.press("Escape");
            self.window.wait_until_gone("dialog[open]");
        }
        self.text = text;
    }

    fn write(&self, field: usize, text: &str) {
        self.window.find("dialog[open] input");
        let fields = self.window.find_all("dialog[open] input");
        fields[field].clear();
        fields[field].write(text);
    }

    /// Chooses a node as the mouse does, once the drawing has come to rest, and goes on with the keyboard.
    fn choose(&self, node: &str) {
        let id = format!("drawn-{node}");
        let place = || self.window.run(PLACE, &[json!(id)]);
        self.window.wait_for(&format!("{node} to be chosen"), || {
            let before = place();
            if before.is_null() || before != place() {
                return None;
            }
            self.window.click_first(&format!("[id='{id}']"));
            (place()["chosen"] == "true").then_some(())
        });
    }
}

fn drawn(window: &Window) -> Vec<String> {
    serde_json::from_value(window.run(DRAWN, &[])).unwrap()
}

#[test]
fn keep_all_that_is_not_meant() {
    let bench = Bench::new();
    let window = bench.open();
    let mut told = String::new();
    for name in FILES {
        let mut lab = Opened::new(&bench, &window, name);
        let nodes = drawn(&window);
        let (first, last) = (nodes.first().unwrap(), nodes.last().unwrap());

        open_menu_of_drawing(&window);
        window.click("[role=menuitem] span:first-child", "Add a node…");
        lab.write(0, "new1");
        lab.write(1, "debian:12");
        lab.submit("add new1");

        lab.choose(first);
        window
            .find(&format!("[aria-label='More for {first}']"))
            .click();
        window.click("[role=menuitem] span:first-child", "Connect…");
        lab.submit(&format!("connect {first}"));

        lab.choose(first);
        window.press("F2");
        lab.write(0, "renamed");
        lab.submit(&format!("rename {first}"));

        lab.choose(last);
        window.press("Delete");
        window.find("dialog[open] button.bad");
        lab.submit(&format!("remove {last}"));
        assert_eq!(window.errors(), Vec::<String>::new(), "{name}");
        writeln!(told, "######## {name}\n{}", lab.told).unwrap();
    }
    insta::assert_snapshot!(told);
}
