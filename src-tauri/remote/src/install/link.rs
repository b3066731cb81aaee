//! The connection of an install: made, lost, and made again for as long as it takes.

use std::time::Duration;

use labwright_jobs::{CancelReason, JobContext};

use super::request::InstallJob;
use super::steps::Steps;
use crate::ssh::{Connection, SshError};

/// Seconds between attempts; the last goes on for ever.
const PAUSES: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// Why there is no connection.
pub(super) enum Unlinked {
    /// It failed, and will not come by itself.
    Failed(SshError),
    /// Somebody said stop while there was none.
    Stopped(CancelReason),
}

/// Connects. The first time a failure is one; once the runner was started, nothing but a word of the user ends the
/// attempts, since the work goes on there.
pub(super) async fn connect(
    job: &InstallJob,
    context: &JobContext,
    steps: &Steps,
    started: bool,
) -> Result<Connection, Unlinked> {
    let mut attempt = 0;
    loop {
        let request = &job.request;
        let opening =
            Connection::open(job.transport.clone(), &request.host, request.target.clone());
        let error = match or_stopped(context, opening).await? {
            Ok(connection) => {
                steps.go_on();
                return Ok(connection);
            }
            Err(error) if started => error,
            Err(error) => return Err(Unlinked::Failed(error)),
        };
        let pause = PAUSES.get(attempt).or(PAUSES.last()).copied().unwrap_or(30);
        attempt += 1;
        tracing::info!(host = request.host, error = %error, pause, "no connection");
        count_down(context, steps, &words(&request.host, &error), pause).await?;
    }
}

/// What the user reads while there is no connection.
fn words(host: &str, error: &SshError) -> String {
    if error.may_pass() {
        format!("the connection to {host}")
    } else {
        error.to_string()
    }
}

async fn count_down(
    context: &JobContext,
    steps: &Steps,
    what: &str,
    seconds: u64,
) -> Result<(), Unlinked> {
    steps.wait(&format!(
        "{what}: trying again in {seconds} s; the work goes on there"
    ));
    or_stopped(context, tokio::time::sleep(Duration::from_secs(seconds))).await?;
    steps.wait(&format!("{what}: trying again now; the work goes on there"));
    Ok(())
}

/// Waits for something that the user may end at any moment.
async fn or_stopped<T>(context: &JobContext, work: impl Future<Output = T>) -> Result<T, Unlinked> {
    tokio::select! {
        done = work => Ok(done),
        reason = context.cancel.cancelled() => Err(Unlinked::Stopped(reason)),
    }
}
