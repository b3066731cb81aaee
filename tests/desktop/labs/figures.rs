//! What the window says of a lab that comes up is what `lw lab inspect` says.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use labwright_testbed::{LabImage, Window};
use serde::Deserialize;
use serde_json::Value;

use crate::bench::Bench;

/// Two changes that come together are drawn within so many milliseconds.
const MOMENT: f64 = 1000.0;
const SAMPLES: usize = 100;
/// Nodes that start one after the other, so that there is something to see at any time.
const HOSTS: u32 = 8;

/// Notes from now on, with the page's time, what the header and the table say, whenever that changes.
const WATCH: &str = "const shown = window.shown = [];
    const look = () => {
        const nodes = {};
        for (const row of document.querySelectorAll('[role=grid][aria-label=Nodes] [role=row]')) {
            const name = row.querySelector('.named .cut')?.textContent;
            const cells = [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent.trim());
            if (name) nodes[name] = {state: cells[1].replace(/,? \\d.*$/, ''), address: cells[4], links: cells[5]};
        }
        const words = document.querySelector('header [aria-live=polite]').textContent.trim();
        const at = performance.now();
        const now = {words, nodes};
        const last = shown.at(-1);
        if (!last || JSON.stringify(last.now) !== JSON.stringify(now)) shown.push({at, now});
    };
    look();
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});";

/// What the page showed from a moment on, in milliseconds since it was loaded.
#[derive(Debug, Deserialize)]
struct Shown {
    at: f64,
    now: Face,
}

#[derive(Debug, Deserialize)]
struct Face {
    words: String,
    nodes: BTreeMap<String, Row>,
}

#[derive(Clone, Debug, Deserialize)]
struct Row {
    state: String,
    address: String,
    links: String,
}

/// What `lw lab inspect` said between two moments; null where there was no lab.
struct Sample {
    from: f64,
    to: f64,
    said: Value,
}

impl Sample {
    fn take(bench: &Bench, window: &Window, lab: &str) -> Self {
        let from = now(window);
        let output = bench.lw(&["lab", "inspect", lab, "--json"]).output();
        let output = output.unwrap();
        let said = if output.status.success() {
            serde_json::from_slice(&output.stdout).unwrap()
        } else {
            Value::Null
        };
        let to = now(window);
        Self { from, to, said }
    }

    /// Whether the page showed what fits meanwhile, or shows it next, or in a moment: what is asked may be told before it is
    /// drawn, and two changes that come together are drawn one after the other.
    fn is_shown<T: PartialEq>(
        &self,
        shown: &[Shown],
        face: impl Fn(&Face) -> T,
        fits: impl Fn(&T) -> bool,
    ) -> bool {
        let from = shown
            .partition_point(|shown| shown.at <= self.from)
            .saturating_sub(1);
        let to = shown.partition_point(|shown| shown.at <= self.to);
        let mut values = shown[from..]
            .iter()
            .map(|shown| (shown.at, face(&shown.now)))
            .enumerate();
        let mut last = None;
        values.find_map(|(number, (at, value))| {
            let is_next = from + number >= to && last.as_ref() != Some(&value);
            match fits(&value) {
                true => Some(true),
                false if is_next && at > self.to + MOMENT => Some(false),
                false => {
                    last = Some(value);
                    None
                }
            }
        }) == Some(true)
    }

    fn nodes(&self) -> &[Value] {
        self.said["nodes"].as_array().map_or(&[], Vec::as_slice)
    }

    fn state(&self, name: &str) -> (&str, &str) {
        let node = self.nodes().iter().find(|node| node["name"] == name);
        let text = |key: &str| node.and_then(|node| node[key].as_str());
        (
            text("state").unwrap_or("absent"),
            text("ipv4").unwrap_or_default(),
        )
    }

    /// The words of the header.
    fn words(&self, nodes: usize) -> String {
        let ready = self.nodes().iter().filter(|node| node["state"] == "ready");
        match ready.count() {
            _ if self.said.is_null() => "not deployed".to_owned(),
            ready if ready == nodes => format!("{ready} ready"),
            ready => format!("{ready} of {nodes} ready"),
        }
    }

    /// How many links of a node are up, as the table says it; none before the patchbay tells.
    fn links(&self, name: &str) -> Option<String> {
        let links = self.said["links"].as_array()?;
        let own = |link: &&Value| {
            let ends = link["ends"].as_array().into_iter().flatten();
            let mut owners = ends.filter_map(|end| end.as_str()?.split(':').next());
            owners.any(|owner| owner == name)
        };
        let own: Vec<&Value> = links.iter().filter(own).collect();
        let up = own.iter().filter(|link| link["state"] == "up").count();
        match own.len() {
            0 => None,
            all if up == all => Some(all.to_string()),
            all => Some(format!("{up} of {all} up")),
        }
    }
}

fn now(window: &Window) -> f64 {
    window
        .run("return performance.now();", &[])
        .as_f64()
        .unwrap()
}

/// Whether a node is shown as `lw` says it stands. What a job does to it just now is said only by the window.
fn agrees(shown: &str, state: &str) -> bool {
    match shown {
        "not deployed" => state == "absent",
        shown @ ("ready" | "booting" | "stopped" | "failed") => state == shown,
        _ => state != "failed",
    }
}

#[test]
fn a_hundred_times_while_a_lab_is_deployed_they_are_those_of_lw() {
    let bench = Bench::new();
    let window = bench.open();
    for image in [LabImage::busybox(), LabImage::ceos_stand_in()] {
        bench.engine.import(&image);
    }
    let mut text = format!(
        "name: figures\nmgmt: {{network: figures, ipv4-subnet: 10.211.9.0/24}}\ntopology:
  kinds:
    linux: {{image: {}, cmd: sleep 1000000}}
    arista_ceos: {{image: {}, env: {{STAND_IN_BOOT_SECONDS: 12}}}}
  nodes:
    leaf1: {{kind: arista_ceos}}
    leaf2: {{kind: arista_ceos}}
",
        LabImage::busybox().reference(),
        LabImage::ceos_stand_in().reference(),
    );
    for host in 1..=HOSTS {
        let delay = host * 2;
        writeln!(
            text,
            "    host{host}: {{kind: linux, startup-delay: {delay}}}"
        )
        .unwrap();
    }
    text += "  links:\n    - endpoints: [leaf1:eth20, leaf2:eth20]\n";
    for host in 1..=HOSTS {
        let leaf = 1 + host % 2;
        writeln!(
            text,
            "    - endpoints: [leaf{leaf}:eth{host}, host{host}:eth1]"
        )
        .unwrap();
    }
    let file = bench.file("figures.clab.yml", text.as_bytes());
    bench.hand_over(&[&file]);
    window.wait_for_text("not deployed");
    window.click("header label", "Table");
    window.wait_for("the table", || {
        let rows = window.find_all("[aria-label=Nodes] [role=row]").len();
        (rows > HOSTS as usize).then_some(())
    });
    window.run(WATCH, &[]);
    window.click("header button", "Start");

    let nodes = HOSTS as usize + 2;
    let all = format!("{nodes} ready");
    let mut samples = Vec::new();
    while samples.len() < SAMPLES
        || samples.last().map(|sample: &Sample| sample.words(nodes)) != Some(all.clone())
    {
        samples.push(Sample::take(&bench, &window, "figures"));
    }
    window.wait_for_text(&all);
    std::thread::sleep(Duration::from_millis(200));
    let shown = window.run("return window.shown;", &[]);
    let shown: Vec<Shown> = serde_json::from_value(shown).unwrap();

    for (number, sample) in samples.iter().enumerate() {
        let words = sample.words(nodes);
        let says = |face: &Face| face.words.clone();
        assert!(
            sample.is_shown(&shown, says, |shown| *shown == words),
            "sample {number}, {words}: {shown:?}"
        );
        for name in shown[0].now.nodes.keys() {
            let (state, address) = sample.state(name);
            let row = |face: &Face| face.nodes.get(name).cloned();
            assert!(
                sample.is_shown(
                    &shown,
                    |face| row(face).map(|row| row.state),
                    |shown| shown.as_ref().is_some_and(|shown| agrees(shown, state))
                ),
                "sample {number}, {name} is {state}: {shown:?}"
            );
            assert!(
                sample.is_shown(
                    &shown,
                    |face| row(face).map(|row| row.address),
                    |shown| shown.as_deref() == Some(address)
                ),
                "sample {number}, {name} has {address}: {shown:?}"
            );
            if let Some(links) = sample.links(name) {
                assert!(
                    sample.is_shown(
                        &shown,
                        |face| row(face).map(|row| row.links),
                        |shown| *shown == Some(links.clone())
                    ),
                    "sample {number}, the links of {name} are {links}: {shown:?}"
                );
            }
        }
    }
    let counts: std::collections::BTreeSet<String> =
        samples.iter().map(|sample| sample.words(nodes)).collect();
    assert!(counts.len() > 5, "the deployment was seen: {counts:?}");
    assert_eq!(window.errors(), Vec::<String>::new());
}
