//! What programs read.

use std::io;

use labwright_jobs::{ErrorReport, JobEvent, JobRecord, JobState, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::job_view::JobView;
use super::times::iso;
use crate::output::Output;

/// Prints every event, one a line, as `docs/events.md` describes them.
#[derive(Debug)]
pub(crate) struct Json {
    /// Whether nothing but events is printed.
    pub(crate) quiet: bool,
}

impl JobView for Json {
    fn event(&mut self, output: &Output, _job: &JobState, event: &JobEvent) -> io::Result<()> {
        output.result(&serde_json::to_string(event)?)
    }

    fn note(&mut self, output: &Output, text: &str) {
        if !self.quiet {
            output.note(text);
        }
    }
}

/// One array or object, to be read by people as well.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

/// An error without a job, in one line.
pub(crate) fn error_json(error: &ErrorReport) -> String {
    json!({ "error": error }).to_string()
}

/// A job of the history, and whether it was left: its work may go on on a host, and nobody follows it. Times are in ISO
/// 8601, unlike those of events.
pub(crate) fn record_json(record: &JobRecord) -> io::Result<Value> {
    let mut value = serde_json::to_value(record)?;
    value["left"] = Value::Bool(record.is_left());
    if let Some(job) = value.get_mut("job") {
        for key in ["queued_at", "started_at", "finished_at"] {
            readable_time(job, key);
        }
        for step in items(job, "steps") {
            readable_time(step, "started_at");
            readable_time(step, "finished_at");
        }
        for line in items(job, "log") {
            readable_time(line, "at");
        }
    }
    Ok(value)
}

fn items<'a>(job: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    let items = job.get_mut(key).and_then(Value::as_array_mut);
    items.into_iter().flatten()
}

fn readable_time(object: &mut Value, key: &str) {
    if let Some(value) = object.get_mut(key)
        && let Some(milliseconds) = value.as_i64()
    {
        *value = Value::String(iso(Timestamp(milliseconds)));
    }
}
