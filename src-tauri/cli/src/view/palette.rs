//! Colour, for state only.

use console::{Style, StyledObject};

/// Colours text, or leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Palette {
    on: bool,
}

impl Palette {
    /// Colours, if `on`.
    pub(crate) fn new(on: bool) -> Self {
        Self { on }
    }

    /// Whether it colours at all.
    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// Something that went well.
    pub(crate) fn good<T>(self, text: T) -> StyledObject<T> {
        self.apply(&Style::new().green(), text)
    }

    /// Something that went wrong.
    pub(crate) fn bad<T>(self, text: T) -> StyledObject<T> {
        self.apply(&Style::new().red().bold(), text)
    }

    /// Something to look at.
    pub(crate) fn warning<T>(self, text: T) -> StyledObject<T> {
        self.apply(&Style::new().yellow(), text)
    }

    /// Something that goes on.
    pub(crate) fn active<T>(self, text: T) -> StyledObject<T> {
        self.apply(&Style::new().cyan(), text)
    }

    /// Something that matters less.
    pub(crate) fn faint<T>(self, text: T) -> StyledObject<T> {
        self.apply(&Style::new().dim(), text)
    }

    /// What something is about.
    pub(crate) fn strong<T>(self, text: T) -> StyledObject<T> {
        self.apply(&Style::new().bold(), text)
    }

    fn apply<T>(self, style: &Style, text: T) -> StyledObject<T> {
        style.apply_to(text).force_styling(self.on)
    }
}
