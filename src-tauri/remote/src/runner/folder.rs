//! A job's folder on the host: made, stopped, looked into.

use super::far_plan::FarPlan;
use crate::ssh::{Connection, Script, SshError};
use labwright_jobs::JobId;

/// The runner, and what checks Python's packages.
const RUNNER: &str = include_str!("runner.sh");
const VERIFY: &str = include_str!("verify.py");

/// How many bytes of a node's log are fetched.
const LOG_BYTES: &str = "65536";

/// What became of starting a runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Started {
    /// It runs, or ran: it was started now or before.
    Running,
    /// It cannot be started there, and why: a code of `docs/runner.md`, `no_setsid` or `no_start`, and what was said.
    Refused { code: String, text: String },
}

/// Starts the runner of a job, unless it was started before.
pub(crate) async fn start(
    connection: &Connection,
    job: &JobId,
    plan: &FarPlan<'_>,
) -> Result<Started, SshError> {
    let plan = plan.text();
    let size = (RUNNER.len() + plan.len()).to_string();
    let script = Script::new("the start of the runner", include_str!("start.sh"))
        .with("job", job.as_str())
        .with("runner", RUNNER)
        .with("verify", VERIFY)
        .with("plan", &plan)
        .with("size", &size);
    let output = connection.run(&script).await?;
    let output = String::from_utf8_lossy(&output);
    let refused = output
        .lines()
        .find_map(|line| line.strip_prefix("refused "));
    Ok(refused.map_or(Started::Running, |refused| {
        let (code, text) = refused.split_once(' ').unwrap_or((refused, ""));
        Started::Refused {
            code: code.to_owned(),
            text: text.trim().to_owned(),
        }
    }))
}

/// Stops the runner of a job, first politely. What ended already stays as it is.
pub(crate) async fn cancel(connection: &Connection, job: &JobId) -> Result<(), SshError> {
    let body = concat!(include_str!("alive.sh"), include_str!("cancel.sh"));
    let script = Script::new("the end of the runner", body).with("job", job.as_str());
    connection.run(&script).await.map(drop)
}

/// Removes what a look has written on the host, once it has ended.
pub(crate) async fn forget(connection: &Connection, job: &JobId) -> Result<(), SshError> {
    let body = "folder=${XDG_CACHE_HOME:-$HOME/.cache}/labwright/jobs/$job\n[ -f \"$folder/exit\" ] && rm -rf -- \"$folder\"\ntrue";
    let script = Script::new("the removal of a look's folder", body).with("job", job.as_str());
    connection.run(&script).await.map(drop)
}

/// The last of what one node's programs printed. Empty if nothing is kept any more.
pub(crate) async fn node_log(
    connection: &Connection,
    job: &JobId,
    number: usize,
) -> Result<String, SshError> {
    let body = "tail -c \"$bytes\" -- \"${XDG_CACHE_HOME:-$HOME/.cache}/labwright/jobs/$job/nodes/$number.log\" 2>/dev/null\ntrue";
    let script = Script::new("the look into a node's log", body)
        .with("job", job.as_str())
        .with("number", &number.to_string())
        .with("bytes", LOG_BYTES);
    let output = connection.run(&script).await?;
    Ok(String::from_utf8_lossy(&output).replace('\r', "\n"))
}
