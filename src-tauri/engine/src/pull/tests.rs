//! Recorded answers of the three engines, and what they mean.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test may panic, and draws small numbers"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::Deserialize;

use super::{KnownLayer, LayerChange, LayerPhase, PullLine, PullState};
use crate::{RequestError, Store, pull::refusal};

const STORES: [(Store, &str); 3] = [
    (Store::Classic, "classic"),
    (Store::Containerd, "containerd"),
    (Store::Podman, "podman"),
];

#[derive(Deserialize)]
struct Layer {
    digest: String,
    size: u64,
}

fn fixture(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/pull/fixtures");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn manifests() -> BTreeMap<String, Vec<KnownLayer>> {
    let read: BTreeMap<String, Vec<Layer>> =
        serde_json::from_str(&fixture("manifests.json")).unwrap();
    let known = |layer: Layer| KnownLayer {
        digest: layer.digest,
        size: layer.size,
    };
    read.into_iter()
        .map(|(name, layers)| (name, layers.into_iter().map(known).collect()))
        .collect()
}

fn lines(engine: &str, what: &str) -> Vec<PullLine> {
    let text = fixture(&format!("{engine}-{what}.jsonl"));
    text.lines()
        .map(|line| PullLine::read(line.as_bytes()).unwrap())
        .collect()
}

/// What is shown of a state, in one line.
fn drawn(state: &PullState) -> String {
    let layers = state.layers().iter().map(|layer| {
        let mark = match layer.phase {
            LayerPhase::Pending => '·',
            LayerPhase::Downloading => '↓',
            LayerPhase::Downloaded => '=',
            LayerPhase::Unpacking => '>',
            LayerPhase::Complete => '✓',
            LayerPhase::Existing => '+',
        };
        let size = layer.size.map_or("?".to_owned(), |size| {
            format!("{:.0}%", layer.done as f64 / size as f64 * 100.0)
        });
        let retry = layer
            .retry_in
            .map_or(String::new(), |seconds| format!(" again in {seconds}"));
        format!("{mark}{} {size}{retry}", layer.id)
    });
    let totals = state.totals();
    let total = totals
        .total
        .map_or("?".to_owned(), |total| total.to_string());
    let figures = format!("{} of {total}, unpacked {}", totals.done, totals.unpacked);
    let count = format!("{}/{}", state.layers_done(), state.layers().len());
    format!(
        "{count} | {} | {figures}",
        layers.collect::<Vec<_>>().join("  ")
    )
}

/// Every state that differs from the one before by more than bytes.
fn story(state: &mut PullState, lines: &[PullLine]) -> String {
    let mut story = String::new();
    let mut before = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        // The recording has no times; an engine that fails says the last lines in one moment.
        let ends = matches!(lines.get(at + 1), Some(PullLine::Failed(_)));
        let moment = if ends {
            &lines[at..=at + 1]
        } else {
            std::slice::from_ref(line)
        };
        state.apply(moment);
        let phases: Vec<_> = state
            .layers()
            .iter()
            .map(|layer| (layer.phase, layer.retry_in.is_some()))
            .collect();
        if phases != before {
            writeln!(story, "{}", drawn(state)).unwrap();
            before = phases;
        }
    }
    if let Some(failure) = state.failure() {
        let message = failure.to_owned();
        let source = RequestError::Reported { message };
        let code = refusal(&source).map_or("?", |(code, _)| code);
        writeln!(story, "failed: {code}: {failure}").unwrap();
    } else {
        state.finish();
        writeln!(story, "end: {}", drawn(state)).unwrap();
    }
    story
}

#[test]
fn every_recording_with_its_manifest() {
    for (what, known) in manifests() {
        let mut all = String::new();
        for (store, engine) in STORES {
            let mut state = PullState::new(store, &known);
            let told = story(&mut state, &lines(engine, &what));
            writeln!(all, "{engine}\n{told}").unwrap();
        }
        insta::assert_snapshot!(format!("with_manifest_{what}"), all);
    }
}

#[test]
fn every_recording_without_its_manifest() {
    for what in manifests().keys() {
        let mut all = String::new();
        for (store, engine) in STORES {
            let mut state = PullState::new(store, &[]);
            let told = story(&mut state, &lines(engine, what));
            writeln!(all, "{engine}\n{told}").unwrap();
        }
        insta::assert_snapshot!(format!("without_manifest_{what}"), all);
    }
}

#[test]
fn nothing_ever_falls_and_what_succeeds_is_whole() {
    for (what, known) in manifests() {
        for (store, engine) in STORES {
            let mut state = PullState::new(store, &known);
            let mut before = state.totals();
            for line in lines(engine, &what) {
                state.apply(&[line]);
                let now = state.totals();
                assert!(now.done >= before.done, "{engine} {what}");
                assert!(now.unpacked >= before.unpacked, "{engine} {what}");
                assert!(Some(now.done) <= now.total, "{engine} {what}");
                before = now;
            }
            if state.failure().is_none() {
                state.finish();
                let totals = state.totals();
                assert_eq!(Some(totals.done), totals.total, "{engine} {what}");
                assert_eq!(state.layers_done(), known.len(), "{engine} {what}");
            }
        }
    }
}

#[test]
fn a_resumed_download_goes_on_where_it_was() {
    let known = [KnownLayer {
        digest: "sha256:aaaaaaaaaaaabbbb".to_owned(),
        size: 1000,
    }];
    let mut state = PullState::new(Store::Classic, &known);
    let mut came = |done, total| {
        let change = LayerChange::Downloading {
            done,
            total: Some(total),
        };
        let id = "aaaaaaaaaaaa".to_owned();
        state.apply(&[PullLine::Layer { id, change }]);
        state.totals().done
    };
    assert_eq!(came(400, 1000), 400);
    assert_eq!(came(10, 600), 410, "the total is what is left");
    assert_eq!(came(5, 1000), 410, "from the beginning, and not backwards");
    assert_eq!(came(600, 600), 1000);
}

#[test]
fn errors_in_every_form() {
    for line in [
        r#"{"errorDetail":{"message":"no"},"error":"no"}"#,
        r#"{"error":"no"}"#,
        r#"{"message":"no"}"#,
    ] {
        let read = PullLine::read(line.as_bytes()).unwrap();
        assert_eq!(read, PullLine::Failed("no".to_owned()), "{line}");
    }
    let unpacked = PullLine::read(br#"{"status":"Error unpacking image x: y"}"#).unwrap();
    assert!(matches!(unpacked, PullLine::Failed(_)), "{unpacked:?}");
    assert!(PullLine::read(b"<html>").is_err());
}

fn change() -> impl Strategy<Value = LayerChange> {
    prop_oneof![
        Just(LayerChange::Announced),
        (0..2000_u64, proptest::option::of(1..2000_u64))
            .prop_map(|(done, total)| LayerChange::Downloading { done, total }),
        (0..10_u64).prop_map(|seconds| LayerChange::Retrying { seconds }),
        Just(LayerChange::Downloaded),
        proptest::option::of(0..2000_u64).prop_map(|done| LayerChange::Unpacking { done }),
        Just(LayerChange::Complete),
        Just(LayerChange::Existing),
    ]
}

proptest! {
    /// Whatever an engine says, in whatever order.
    #[test]
    fn figures_never_fall_nor_pass_their_total(
        changes in prop::collection::vec((0..4_usize, change()), 0..80),
        store in prop::sample::select(vec![Store::Classic, Store::Containerd, Store::Podman]),
    ) {
        let known: Vec<_> = (0..3_u64)
            .map(|number| KnownLayer { digest: format!("sha256:{number:0>12}"), size: 1000 })
            .collect();
        let mut state = PullState::new(store, &known);
        let mut before = state.totals();
        for (layer, change) in changes {
            state.apply(&[PullLine::Layer { id: format!("{layer:0>12}"), change }]);
            let now = state.totals();
            prop_assert!(now.done >= before.done && now.unpacked >= before.unpacked);
            prop_assert!(now.done <= 3000 || now.total > Some(3000));
            prop_assert_eq!(state.layers().len(), 3);
            before = now;
        }
    }
}
