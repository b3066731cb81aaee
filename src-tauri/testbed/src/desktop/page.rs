//! The page inside the window: what it shows, what it does, and what went wrong in it.

use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::element::{Element, REFERENCE};
use super::keys::chord;
use super::{LIMIT, Picture, Window, until};

/// Collects what goes wrong from now on. The page is not changed in any other way.
const WATCH: &str = include_str!("watch.js");

/// How much of the page's text and of the log a failure shows.
const SHOWN: usize = 3000;

impl Window {
    /// The first element that matches the selector; waits for it for [`LIMIT`].
    pub fn find(&self, css: &str) -> Element<'_> {
        let found = until(LIMIT, || self.find_all(css).into_iter().next());
        found.unwrap_or_else(|| self.fail(&format!("nothing on the page matches {css:?}")))
    }

    /// All elements that match now.
    ///
    /// The driver stumbles over an element that the page takes away while it lists them: then it is asked again.
    pub fn find_all(&self, css: &str) -> Vec<Element<'_>> {
        let body = json!({ "using": "css selector", "value": css });
        let list = || match self.driver.post("elements", body.clone()) {
            Err(refusal) if refusal.error == "stale element reference" => None,
            found => Some(found),
        };
        let found = self.wait_for(&format!("{css:?} to be listed"), list);
        let found = found.unwrap_or_else(|refusal| self.fail(&format!("{css:?}: {refusal}")));
        let references = found.as_array().into_iter().flatten();
        references
            .filter_map(|reference| reference[REFERENCE].as_str())
            .map(|id| Element::new(self, id, css))
            .collect()
    }

    /// Clicks the first element that matches the selector and shows this text and no other; waits for it for [`LIMIT`].
    ///
    /// A page that draws itself anew between the look and the click is looked at again.
    pub fn click(&self, css: &str, text: &str) {
        let script = "const [css, text] = arguments;
            const all = [...document.querySelectorAll(css)];
            return all.find((one) => one.textContent.trim() === text && !one.disabled) ?? null;";
        let clicked = until(LIMIT, || {
            let found = self.run(script, &[json!(css), json!(text)]);
            let path = format!("element/{}/click", found[REFERENCE].as_str()?);
            self.driver.post(&path, json!({})).ok().map(drop)
        });
        clicked.unwrap_or_else(|| {
            self.fail(&format!("no {css:?} with the text {text:?} to click on"))
        });
    }

    /// Clicks the first element that matches the selector, as soon as there is one. One that the page draws anew meanwhile
    /// is looked for again.
    pub fn click_first(&self, css: &str) {
        let clicked = until(LIMIT, || {
            let found = self.run(
                "return document.querySelector(arguments[0]);",
                &[json!(css)],
            );
            let path = format!("element/{}/click", found[REFERENCE].as_str()?);
            self.driver.post(&path, json!({})).ok().map(drop)
        });
        clicked.unwrap_or_else(|| self.fail(&format!("no {css:?} to click on")));
    }

    /// Waits for [`LIMIT`] until nothing matches any more.
    pub fn wait_until_gone(&self, css: &str) {
        self.wait_for(&format!("{css:?} to be gone"), || {
            self.find_all(css).is_empty().then_some(())
        });
    }

    /// Waits for [`LIMIT`] until the page shows this text somewhere.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("the text {text:?}"), || {
            self.text().contains(text).then_some(())
        });
    }

    /// Looks for [`LIMIT`] until there is something; otherwise fails with what was waited for.
    pub fn wait_for<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        self.wait_within(LIMIT, what, look)
    }

    /// The same with another limit.
    pub fn wait_within<T>(
        &self,
        limit: Duration,
        what: &str,
        look: impl FnMut() -> Option<T>,
    ) -> T {
        let found = until(limit, look);
        found.unwrap_or_else(|| self.fail(&format!("waited {limit:?} in vain for {what}")))
    }

    /// The text that the page shows.
    pub fn text(&self) -> String {
        let text = self.run("return document.body ? document.body.innerText : ''", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Runs the body of a function in the page, with these as `arguments`; what it returns. A promise is waited for.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.try_run(script, arguments)
            .unwrap_or_else(|error| self.fail(&format!("{error}\nin the script: {script}")))
    }

    /// The same; what the page throws is returned.
    pub fn try_run(&self, script: &str, arguments: &[Value]) -> Result<Value, super::Refusal> {
        let body = json!({ "script": script, "args": arguments });
        self.driver.post("execute/sync", body)
    }

    /// Runs the body of a function whose last argument is what takes the result; what it was given.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({ "script": script, "args": arguments });
        let result = self.driver.post("execute/async", body);
        result.unwrap_or_else(|error| self.fail(&format!("{error}\nin the script: {script}")))
    }

    /// Presses keys together and lets them go, such as `Control+1`, `Escape` or `a`, wherever the focus is.
    pub fn press(&self, keys: &str) {
        let keys = chord(keys);
        let event = |kind: &str, key: &char| json!({ "type": kind, "value": key.to_string() });
        let down = keys.iter().map(|key| event("keyDown", key));
        let up = keys.iter().rev().map(|key| event("keyUp", key));
        let actions: Vec<_> = down.chain(up).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.order("actions", json!({ "actions": [keyboard] }));
    }

    /// Loads the page again, as the webview's own reload does.
    pub fn reload(&self) {
        self.order("refresh", json!({}));
        self.watch_for_errors();
    }

    /// What the page reported since it was loaded: uncaught errors, rejected promises, `console.error`, and what the
    /// content security policy kept away. What happens before the driver sees the page is missed.
    pub fn errors(&self) -> Vec<String> {
        let list = self.run("return window.__testbedErrors ?? ['errors are not watched: the page loaded itself again']", &[]);
        let texts = list.as_array().into_iter().flatten();
        texts
            .map(|text| text.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// The page as a picture, without the window's frame.
    pub fn picture(&self) -> Picture {
        let value = self.driver.get("screenshot");
        let value = value.unwrap_or_else(|refusal| panic!("no picture of the page: {refusal}"));
        Picture::from_base64(value.as_str().unwrap_or_default())
    }

    /// Fails with this message, the page's text and errors, the end of the log, and a picture of the screen.
    pub fn fail(&self, message: &str) -> ! {
        let text = self.try_run("return document.body.innerText", &[]);
        let text = text.map_or_else(
            |refusal| format!("({refusal})"),
            |text| text.as_str().unwrap_or_default().to_owned(),
        );
        let errors = self.try_run("return (window.__testbedErrors ?? []).join('\\n')", &[]);
        let errors = errors
            .ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default();
        let log = self.log();
        let picture = self.leave_picture();
        panic!(
            "{message}\n--- the page shows:\n{}\n--- its errors:\n{errors}\n--- the end of the program's log:\n{}\n--- the screen: {}",
            start(&text),
            tail(&log),
            picture
        );
    }

    pub(super) fn order(&self, path: &str, body: Value) {
        if let Err(refusal) = self.driver.post(path, body) {
            self.fail(&format!("{path}: {refusal}"));
        }
    }

    pub(super) fn watch_for_errors(&self) {
        self.run(WATCH, &[]);
    }

    fn leave_picture(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}.png", std::process::id());
        let path = self.failures.join(name);
        let written = fs::create_dir_all(&self.failures)
            .map_err(|error| error.to_string())
            .and_then(|()| self.display.try_picture())
            .and_then(|picture| picture.try_save(&path));
        shown(written, &path)
    }
}

fn shown(written: Result<(), impl Display>, path: &Path) -> String {
    match written {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("no picture: {error}"),
    }
}

fn start(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

fn tail(text: &str) -> String {
    let skipped = text.chars().count().saturating_sub(SHOWN);
    text.chars().skip(skipped).collect()
}
