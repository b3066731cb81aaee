//! Follows all jobs, for the tray, the notifications and the question before leaving.

use labwright_jobs::{Change, Snapshot};
use labwright_session::Session;
use labwright_session::hosts::goes_on_alone;
use tauri::{AppHandle, Manager};

use super::{Shell, leaving, notify, tray};

/// Begins to follow.
pub(super) fn start(app: &AppHandle, session: &Session) {
    tauri::async_runtime::spawn(follow(app.clone(), session.clone()));
}

async fn follow(app: AppHandle, session: Session) {
    loop {
        let (mut jobs, mut events) = session.jobs().await;
        count(&app, &jobs);
        loop {
            let event = match events.next().await {
                Some(Ok(event)) => event,
                Some(Err(_)) => break,
                None => return,
            };
            if jobs.apply(&event).is_err() {
                break;
            }
            match &event.change {
                Change::Queued { .. } => drop(count(&app, &jobs)),
                Change::Finished { outcome } => {
                    if let Some(job) = jobs.job(&event.job) {
                        notify::job_ended(&app, job, outcome).await;
                    }
                    if count(&app, &jobs) == 0 {
                        leaving::jobs_ended(&app);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Tells how many jobs run or wait, and gives how many of them would end with the program.
fn count(app: &AppHandle, jobs: &Snapshot) -> usize {
    let active = || jobs.jobs.iter().filter(|job| job.is_active());
    let bound = active().filter(|job| !goes_on_alone(job)).count();
    app.state::<Shell>().set_jobs(bound);
    tray::tell(app, active().count());
    bound
}
