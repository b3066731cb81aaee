//! What the terminal reads of jobs that install, verify or repair on a host. Pure.

use labwright_jobs::{JobState, Outcome, StepOutcome, StepState};
use labwright_remote::install::InstallSummary;

/// The step in which the host says what it has: after it, the runner works there.
pub(crate) const PREPARE: &str = "Prepare";

/// The step above the nodes.
pub(crate) const NODES: &str = "Nodes";

/// Whether the job works on nodes of a host.
pub(crate) fn is_on_host(job: &JobState) -> bool {
    ["install", "verify", "repair"].contains(&job.kind.as_str())
}

/// The host that such a job works on. Its subject names the folder there, too.
pub(crate) fn host_of(job: &JobState) -> &str {
    let subject = job.subject.as_deref().unwrap_or("its host");
    let ends = [":/", ":~"].into_iter().filter_map(|end| subject.find(end));
    ends.min().map_or(subject, |end| &subject[..end])
}

/// What such a job ended with, if it succeeded.
pub(crate) fn summary(job: &JobState) -> Option<InstallSummary> {
    match &job.outcome {
        Some(Outcome::Succeeded { result }) if is_on_host(job) => {
            serde_json::from_value(result.clone()).ok()
        }
        _ => None,
    }
}

/// Whether something is not as the plan says. What is unknown or not understood is no fault.
pub(crate) fn has_faults(summary: &InstallSummary) -> bool {
    let counts = &summary.summary;
    let faults = counts.mismatch + counts.missing + counts.astray + summary.conflicts.len();
    faults > 0
}

/// Whether the job looked for faults and found some: who asked for that gets another exit code.
pub(crate) fn found_faults(job: &JobState) -> bool {
    job.kind != "install" && summary(job).is_some_and(|summary| has_faults(&summary))
}

/// Whether the work goes on on the host, whatever becomes of this process: its runner has said something.
pub(crate) fn runs_by_itself(job: &JobState) -> bool {
    let is_prepare = |step: &&StepState| step.name == PREPARE;
    let prepare = job.children(None).find(is_prepare);
    // It waits only for another job's turn on the host, and the runner tells that.
    let told =
        |step: &StepState| step.waiting.is_some() || step.outcome == Some(StepOutcome::Succeeded);
    is_on_host(job) && prepare.is_some_and(told)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use labwright_jobs::{Change, Outcome, StepId};
    use labwright_remote::install::{ConflictReport, InstallSummary};

    use super::{found_faults, host_of, runs_by_itself};
    use crate::view::story::Story;

    #[test]
    fn work_goes_on_by_itself_once_the_runner_has_spoken() {
        let mut story = Story::on_host("install", &["a"]);
        story.starts(1).ends(1).starts(2);
        assert!(!runs_by_itself(&story.job));
        let mut waits = story.clone();
        waits.waits(2, Some("another install on this host: the job 01a1"));
        assert!(runs_by_itself(&waits.job));
        assert!(runs_by_itself(&story.ends(2).job));
        let mut failed = Story::on_host("install", &["a"]);
        failed.starts(2).then(Change::StepFinished {
            step: StepId(2),
            outcome: labwright_jobs::StepOutcome::Cancelled,
        });
        assert!(!runs_by_itself(&failed.job));
    }

    fn ended(kind: &str, change: fn(&mut InstallSummary)) -> bool {
        let mut summary = InstallSummary::default();
        change(&mut summary);
        let mut story = Story::on_host(kind, &["a"]);
        let result = serde_json::to_value(summary).unwrap();
        found_faults(&story.finishes(&Outcome::Succeeded { result }).job)
    }

    #[test]
    fn the_folder_is_no_part_of_the_host() {
        for (subject, host) in [
            ("gpu-7", "gpu-7"),
            ("gpu-7:/opt/it's a: /folder", "gpu-7"),
            ("root@fe80::1:~/ComfyUI", "root@fe80::1"),
        ] {
            let mut story = Story::on_host("install", &["a"]);
            story.then(Change::Subject {
                subject: subject.to_owned(),
            });
            assert_eq!(host_of(&story.job), host);
        }
    }

    #[test]
    fn only_what_is_wrong_is_a_fault_and_only_for_who_looked() {
        let faults: [fn(&mut InstallSummary); 4] = [
            |summary| summary.summary.mismatch = 1,
            |summary| summary.summary.missing = 1,
            |summary| summary.summary.astray = 1,
            |summary| summary.conflicts.push(ConflictReport::default()),
        ];
        for fault in faults {
            assert!(ended("verify", fault));
            assert!(ended("repair", fault));
            assert!(!ended("install", fault));
        }
        let unclear: [fn(&mut InstallSummary); 3] = [
            |_| {},
            |summary| summary.summary.unknown = 3,
            |summary| summary.summary.unparseable = 3,
        ];
        for unclear in unclear {
            assert!(!ended("verify", unclear));
        }
    }
}
