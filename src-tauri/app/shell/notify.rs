//! Telling that a job ended, while nobody looks.

use std::time::Duration;

use labwright_jobs::{JobState, Outcome};
use labwright_session::{Notifications, Session};
use notify_rust::Notification;
use tauri::{AppHandle, Manager};

use super::window;

/// A desktop that does not take a notification by then will not.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells the end of a job by a notification of the desktop, if the user wants that, and waits until the desktop has taken
/// it: the program may end right after its last job.
pub(super) async fn job_ended(app: &AppHandle, job: &JobState, outcome: &Outcome) {
    let settings = app.state::<Session>().settings();
    let wanted = settings.borrow().settings.notifications;
    let Some((title, body)) = words(job, outcome, wanted) else {
        return;
    };
    if window::is_in_front(app) {
        return;
    }
    let name = app.package_info().name.clone();
    let showing = tauri::async_runtime::spawn_blocking(move || {
        let mut notification = Notification::new();
        notification
            .appname(&name)
            .icon("labwright")
            .summary(&title)
            .body(&body);
        notification.show().map(drop)
    });
    match tokio::time::timeout(PATIENCE, showing).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => tracing::info!(%error, "the desktop shows no notifications"),
        Ok(Err(error)) => tracing::error!(%error, "a notification was not shown"),
        Err(_) => tracing::info!("the desktop does not take notifications"),
    }
}

/// What a notification says; none for what the user did, or does not want to hear.
fn words(job: &JobState, outcome: &Outcome, wanted: Notifications) -> Option<(String, String)> {
    let title = job.title.clone();
    match (outcome, wanted) {
        (_, Notifications::None)
        | (Outcome::Cancelled { .. }, _)
        | (Outcome::Succeeded { .. }, Notifications::Failures) => None,
        (Outcome::Succeeded { .. }, _) => Some((title, "Done.".to_owned())),
        (Outcome::Failed { error }, _) => Some((title, format!("Failed: {}", error.message))),
        (Outcome::Lost { why }, _) => Some((title, format!("Lost: {why}"))),
    }
}

#[cfg(test)]
mod tests {
    use labwright_jobs::{CancelReason, Change, ErrorReport, JobEvent, JobId, JobState, Outcome};
    use labwright_session::Notifications;

    use super::words;

    #[test]
    fn only_what_is_wanted_is_told() {
        let queued = JobEvent {
            job: JobId::generate(),
            seq: 1,
            at: labwright_jobs::Timestamp(0),
            change: Change::Queued {
                kind: "import".to_owned(),
                title: "Import a.tar into docker".to_owned(),
            },
        };
        let Some(job) = JobState::begin(&queued) else {
            panic!("a job begins with being queued");
        };
        let error = ErrorReport::new("no_space", "a.tar does not fit");
        let outcomes = [
            Outcome::Succeeded {
                result: serde_json::Value::Null,
            },
            Outcome::Failed { error },
            Outcome::Cancelled {
                by: CancelReason::User,
            },
            Outcome::Lost {
                why: "gone".to_owned(),
            },
        ];
        let told = |wanted| {
            let told = outcomes.iter().map(|outcome| words(&job, outcome, wanted));
            told.map(|words| words.map_or("-".to_owned(), |(_, body)| body))
                .collect::<Vec<_>>()
                .join(" | ")
        };
        assert_eq!(
            told(Notifications::All),
            "Done. | Failed: a.tar does not fit | - | Lost: gone"
        );
        assert_eq!(
            told(Notifications::Failures),
            "- | Failed: a.tar does not fit | - | Lost: gone"
        );
        assert_eq!(told(Notifications::None), "- | - | - | -");
    }
}
