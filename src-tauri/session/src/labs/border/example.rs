//! Labs to begin with.

use serde::Serialize;
use ts_rs::TS;

/// A lab that comes with Labwright.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct ExampleLab {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// What one can see in it, in a sentence.
    pub about: String,
}
