//! Commands: texts that become words without any shell.

use super::fields::Found;
use super::problems::shown;
use crate::topology::{Code, Command};

impl Found<'_> {
    /// The words of a command. Quotes and backslashes mean what they do in a shell; nothing else does.
    pub(super) fn words(&self, text: &str) -> Option<Vec<String>> {
        if let Some(words) = shlex::split(text) {
            return Some(words);
        }
        let message = format!(
            "a quote in `{}` of {} is not closed: `{}`",
            self.key,
            self.owner,
            shown(text)
        );
        let hint = "close it, or put a backslash before it".to_owned();
        self.problems
            .error_hint(Code::InvalidValue, self.place(), message, Some(hint));
        None
    }

    /// A command that is to be run. Nothing if it is empty.
    pub(super) fn command(&self, text: &str) -> Option<Command> {
        let words = self.words(text)?;
        (!words.is_empty()).then(|| Command {
            text: text.to_owned(),
            words,
        })
    }
}
