//! An element of the page.

use serde_json::{Value, json};

use super::Window;

/// The name under which the protocol passes elements: <https://www.w3.org/TR/webdriver2/#dfn-web-element-identifier>.
pub(super) const REFERENCE: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element that was found. The page may have taken it away meanwhile: then what is done with it fails.
#[derive(Clone, Debug)]
pub struct Element<'a> {
    window: &'a Window,
    id: String,
    /// For messages: by what it was found.
    css: String,
}

impl<'a> Element<'a> {
    pub(super) fn new(window: &'a Window, id: &str, css: &str) -> Self {
        Self {
            window,
            id: id.to_owned(),
            css: css.to_owned(),
        }
    }

    /// The text that it shows.
    pub fn text(&self) -> String {
        string(&self.ask("text"))
    }

    /// An attribute's value; nothing if it has none.
    pub fn attribute(&self, name: &str) -> Option<String> {
        // The driver's own answer does not tell an attribute that is missing from an empty one.
        let script = "return arguments[0].getAttribute(arguments[1])";
        let value = self.window.run(script, &[self.reference(), json!(name)]);
        value.as_str().map(str::to_owned)
    }

    /// A property's value, such as a field's `value` or `disabled`.
    pub fn property(&self, name: &str) -> Value {
        self.ask(&format!("property/{name}"))
    }

    /// Its place in the page and its size, in CSS pixels: x, y, width, height.
    pub fn rect(&self) -> (f64, f64, f64, f64) {
        let rect = self.ask("rect");
        let number = |name: &str| rect[name].as_f64().unwrap_or_default();
        (number("x"), number("y"), number("width"), number("height"))
    }

    /// Whether it can be seen, apart from what may lie over it.
    pub fn is_shown(&self) -> bool {
        self.ask("displayed") == true
    }

    /// Clicks into its middle, after scrolling it into view. Fails if something lies over it.
    pub fn click(&self) {
        self.order("click", json!({}));
    }

    /// Types into it, after what is there.
    pub fn write(&self, text: &str) {
        self.order("value", json!({ "text": text }));
    }

    /// Empties a field.
    pub fn clear(&self) {
        self.order("clear", json!({}));
    }

    /// For a script's arguments.
    pub fn reference(&self) -> Value {
        json!({ REFERENCE: self.id })
    }

    fn ask(&self, what: &str) -> Value {
        let answer = self
            .window
            .driver
            .get(&format!("element/{}/{what}", self.id));
        answer.unwrap_or_else(|refusal| {
            self.window
                .fail(&format!("{what} of {:?}: {refusal}", self.css))
        })
    }

    fn order(&self, what: &str, body: Value) {
        let path = format!("element/{}/{what}", self.id);
        if let Err(refusal) = self.window.driver.post(&path, body) {
            self.window
                .fail(&format!("{what} on {:?}: {refusal}", self.css));
        }
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
