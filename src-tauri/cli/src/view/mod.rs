//! What lw shows: pure functions from states to lines, and the few places that write them.

mod bars;
mod canvas;
pub(crate) mod ending;
mod errors;
mod hosts;
mod impairments;
mod installs;
mod interrupted;
mod job_sheet;
mod job_view;
mod json;
pub(crate) mod labs;
mod lines;
mod palette;
mod plain;
mod quiet;
mod short;
mod steps;
#[cfg(test)]
pub(crate) mod story;
mod table;
mod text;
mod times;
mod transfers;
pub(crate) mod units;

pub(crate) use bars::{Bars, REDRAW};
pub(crate) use errors::{error_lines, hint_lines, note_lines, warning_lines};
pub(crate) use hosts::fact_lines;
pub(crate) use impairments::impairments;
pub(crate) use installs::repair_lines;
pub(crate) use job_sheet::{attach, job_sheet};
pub(crate) use job_view::JobView;
pub(crate) use json::{Json, error_json, record_json, to_json};
pub(crate) use lines::{state_name, time_taken};
pub(crate) use palette::Palette;
pub(crate) use plain::Plain;
pub(crate) use quiet::Quiet;
pub(crate) use table::{Column, table};
pub(crate) use text::printable;
pub(crate) use times::{iso, local};
