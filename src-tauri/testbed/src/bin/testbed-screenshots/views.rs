//! What pictures are taken of. A new view is a row.

/// A way into a view.
#[derive(Clone, Copy, Debug)]
#[expect(
    dead_code,
    reason = "the page that is there today is reached without a click or a key"
)]
pub(crate) enum Step {
    /// Waits until something matches the selector.
    Wait(&'static str),
    /// Clicks what matches the selector.
    Click(&'static str),
    /// Presses keys, such as `Control+1`.
    Press(&'static str),
}

/// A view, reached from where the program begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// The first part of the file's name.
    pub(crate) name: &'static str,
    /// The way into it.
    pub(crate) steps: &'static [Step],
}

/// All views.
pub(crate) const VIEWS: &[View] = &[View {
    name: "start",
    steps: &[Step::Wait("h1")],
}];

/// The window's sizes: the first is the one that it opens with.
pub(crate) const SIZES: [(i32, i32); 2] = [(1280, 800), (900, 600)];
