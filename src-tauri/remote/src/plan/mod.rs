//! Plans: what is to be installed on a host, read from four formats. Pure.
//!
//! A plan comes from anywhere, and what it says ends up in the arguments of git, pip and an engine on somebody's host:
//! every field of a plan that was read has passed `check`. What is wrong is told all at once.

mod assembly;
mod check;
mod error;
mod format;
mod model;
mod names;
mod near;
mod read;
mod select;
mod text;

#[cfg(test)]
mod tests;

pub use error::{PlanError, PlanProblem, UnknownNode};
pub use model::{ImageSource, InstallPlan, NodeSource, PlanFormat, PlanNode};
pub use select::parents;

use assembly::Assembly;
use format::Outline;

/// Reads a plan. `name` is what its file is called: it stands in messages, and says nothing of the format.
pub fn read_plan(name: &str, bytes: &[u8]) -> Result<InstallPlan, PlanError> {
    let name = &text::visible(name);
    let text = format::text(name, bytes)?;
    let plan = match format::outline(name, text)? {
        Outline::Json => read::json::read(name, text)?,
        Outline::Known(format) => {
            let mut plan = Assembly::new(name, format);
            match format {
                PlanFormat::Csv => read::csv::read(text, &mut plan),
                _ => read::own::read(text, &mut plan),
            }
            plan
        }
    };
    plan.finish()
}
