//! What is left on the screen of a job on a host.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use labwright_jobs::Outcome;
use labwright_remote::install::{
    ConflictReport, FindingReport, HeadReport, InstallSummary, NodeReport, NodeResult,
};

use crate::view::Palette;
use crate::view::ending::{problem_lines, reference, result_lines};
use crate::view::story::Story;

fn finding(requirement: &str, state: &str, found: &str) -> FindingReport {
    FindingReport {
        requirement: requirement.to_owned(),
        state: state.to_owned(),
        found: found.to_owned(),
        text: format!("what there is to say of {requirement}"),
    }
}

fn node(name: &str, head: &str, findings: Vec<FindingReport>) -> NodeReport {
    NodeReport {
        name: name.to_owned(),
        head: Some(HeadReport {
            state: head.to_owned(),
            found: "1ae7cae2df8cca06027edfa3a24512671239d6c4".to_owned(),
        }),
        findings,
        ..NodeReport::default()
    }
}

/// One node is as it should be, one is not, and one is not there.
fn in_disorder() -> InstallSummary {
    let broken = vec![
        finding("numpy<2", "mismatch", "2.1.0"),
        finding("opencv-python", "missing", ""),
        finding("torch @ https://example.invalid/x.whl", "unparseable", ""),
        finding("six", "satisfied", "1.16.0"),
    ];
    let mut summary = InstallSummary {
        nodes: vec![
            node(
                "fine",
                "as_pinned",
                vec![finding("six", "satisfied", "1.16.0")],
            ),
            node("broken\x1b[31m", "other", broken),
            node("gone", "missing", Vec::new()),
        ],
        conflicts: vec![ConflictReport {
            nodes: vec!["broken".to_owned(), "fine".to_owned()],
            text: "scipy 1.9 requires numpy<1.26, but you have numpy 2.1.0.\n".to_owned(),
        }],
        conflicts_known: true,
        ..InstallSummary::default()
    };
    let counts = &mut summary.summary;
    (counts.satisfied, counts.mismatch, counts.missing) = (2, 1, 1);
    (counts.unparseable, counts.astray) = (1, 2);
    summary
}

fn in_order() -> InstallSummary {
    let mut summary = InstallSummary {
        nodes: vec![node(
            "fine",
            "as_pinned",
            vec![finding("six", "satisfied", "1.16.0")],
        )],
        conflicts_known: true,
        ..InstallSummary::default()
    };
    summary.summary.satisfied = 1;
    summary
}

/// Standard output, standard error, and what `--quiet` prints.
fn shown(kind: &str, summary: &InstallSummary) -> String {
    let mut story = Story::on_host(kind, &["fine", "broken", "gone"]);
    let result = serde_json::to_value(summary).unwrap();
    story
        .passes(61_000)
        .finishes(&Outcome::Succeeded { result });
    let palette = Palette::new(false);
    let results = result_lines(&story.job, palette).join("\n");
    let problems = problem_lines(&story.job, false, palette).join("\n");
    let quiet = reference(&story.job).unwrap_or_default();
    format!("{results}\n-- notes\n{problems}\n-- quiet\n{quiet}")
}

#[test]
fn a_verification_tells_what_is_wrong_and_counts_the_rest() {
    let unknown = InstallSummary {
        conflicts_known: false,
        ..InstallSummary::default()
    };
    let all = [in_disorder(), in_order(), unknown].map(|summary| shown("verify", &summary));
    insta::assert_snapshot!(all.join("\n====\n"));
}

#[test]
fn an_install_tells_what_it_did_and_warns_of_what_does_not_fit() {
    let mut done = in_disorder();
    let results = [
        NodeResult::Installed,
        NodeResult::Updated,
        NodeResult::Present,
    ];
    for (node, result) in done.nodes.iter_mut().zip(results) {
        node.outcome = Some(result);
    }
    let all = ["install", "repair"].map(|kind| shown(kind, &done));
    insta::assert_snapshot!(all.join("\n====\n"));
}
