//! The figures that are shown are those that were measured.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use labwright_testbed::archives::RootFs;
use serde_json::{Value, json};

use crate::bench::{Bench, PATIENCE};

/// How often the window is compared with the process.
const SAMPLES: usize = 100;

/// Keeps every figure that the strip shows while the archive is sent, to the byte, in its order.
const RECORD: &str = "const shown = (window.__figures = []);
    new MutationObserver(() => {
        const strip = document.querySelector('footer .strip');
        const figures = strip?.querySelector('.figures');
        if (strip?.querySelector('.step')?.textContent !== 'Send' || !figures?.title) return;
        if (shown.at(-1)?.[0] !== figures.title) shown.push([figures.title, figures.textContent]);
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });";

/// The last of them, and how many there are.
const NOW: &str = "return [window.__figures.at(-1)?.[0] ?? null, window.__figures.length];";

/// A moment of the import.
struct Sample {
    /// How much the process had read of the file before the page was looked at.
    before: u64,
    /// What the page showed.
    shown: u64,
    /// How much had been read afterwards.
    after: u64,
}

#[test]
fn what_is_shown_was_read_and_is_what_lw_tells() {
    let bench = Bench::new();
    let archive = RootFs::tiny().marker("true").padding(1200 << 20).tar();
    let size = archive.len() as u64;
    let file = bench.file("vyos-1.4.0-amd64.tar", &archive);
    drop(archive);
    let window = bench.open();
    window.run(RECORD, &[]);
    bench.hand_over(&[&file]);
    window.wait_within(PATIENCE, "the archive to be sent", || {
        (window.run(NOW, &[])[1] != 0).then_some(())
    });
    // The second one follows the job of the first.
    let path = file.to_str().unwrap();
    let mut lw = bench
        .lw(&["import", path, "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(lw.stdout.take().unwrap());

    let mut samples: Vec<Sample> = Vec::new();
    while samples.len() < SAMPLES {
        let before = position(window.program(), &file);
        let shown = window.run(NOW, &[]);
        let after = position(window.program(), &file);
        let (Some(before), Some(after)) = (before, after) else {
            break;
        };
        let shown = done(shown[0].as_str().unwrap(), size);
        samples.push(Sample {
            before,
            shown,
            after,
        });
    }
    bench.has(&window, "vyos:1.4.0", "true");
    let told = sent(told);
    assert!(lw.wait().unwrap().success());

    let recorded = window.run("return window.__figures", &[]);
    let recorded = recorded.as_array().unwrap();
    let titles = recorded.iter().map(|pair| pair[0].as_str().unwrap());
    let shown: Vec<u64> = titles.map(|title| done(title, size)).collect();
    assert!(shown.is_sorted(), "{shown:?}");
    assert_eq!(
        samples.len(),
        SAMPLES,
        "the import was too short to be looked at so often"
    );
    for sample in &samples {
        assert!(
            sample.shown <= sample.after,
            "{} of {} read were shown",
            sample.shown,
            sample.after
        );
        // One event may be on its way while the page is looked at; the one after it may not.
        let place = shown.partition_point(|figure| *figure <= sample.shown);
        if let Some(overdue) = shown.get(place + 1) {
            let (before, shown) = (sample.before, sample.shown);
            assert!(
                before < *overdue,
                "{before} were read, {shown} shown, {overdue} due"
            );
        }
    }
    assert!(!told.is_empty(), "lw told nothing");
    // The last figure of all comes with the end of the step, which is shown in its place.
    let all: BTreeSet<u64> = shown.into_iter().chain([size]).collect();
    let unseen: Vec<_> = told.difference(&all).collect();
    assert!(
        unseen.is_empty(),
        "lw told {unseen:?}, which the window did not show"
    );
}

/// How far the process has read the file: the position of its descriptor.
fn position(process: u32, file: &Path) -> Option<u64> {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let ours = descriptors.flatten().find(|one| {
        fs::read_link(one.path()).is_ok_and(|target| target.ends_with(file.file_name().unwrap()))
    })?;
    let number = ours.file_name();
    let number = number.to_str()?;
    let info = fs::read_to_string(format!("/proc/{process}/fdinfo/{number}")).ok()?;
    let position = info.lines().find_map(|line| line.strip_prefix("pos:"))?;
    position.trim().parse().ok()
}

/// `388,976,640 of 618,659,840 bytes`: the first of the two; the second is the file's size.
fn done(title: &str, size: u64) -> u64 {
    let plain = title.replace(',', "");
    let (done, total) = plain.trim_end_matches(" bytes").split_once(" of ").unwrap();
    assert_eq!(total.parse(), Ok(size), "{title}");
    done.parse().unwrap()
}

/// The figures of the step that sends, as `lw --json` tells them.
fn sent(lines: impl BufRead) -> BTreeSet<u64> {
    let mut step = Value::Null;
    let mut told = BTreeSet::new();
    for line in lines.lines() {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let change = &event["change"];
        if change["type"] == "step_added" && change["name"] == "Send" {
            step = change["step"].clone();
        }
        if change["type"] == "progress"
            && change["step"] == step
            && change["progress"]["unit"] == json!("bytes")
        {
            told.insert(change["progress"]["done"].as_u64().unwrap());
        }
    }
    told
}
