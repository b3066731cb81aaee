//! A lab whose images the engine does not have, from the folder it lies in to its end.

use std::fs;
use std::path::PathBuf;

use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::{Gate, LabImage, Registry, RegistryImage, Window};
use serde_json::{Value, json};

use super::{
    TERMINAL, WATCH, open_menu_of_drawing, says, seen, states, wait_for_states,
    wait_until_nothing_is_left,
};
use crate::bench::{Bench, PATIENCE};

const MIB: u64 = 1 << 20;

/// Whether nothing but these was shown, each at most once and in this order; a stage may be too short to be seen.
fn is_in_order(seen: &[String], order: &[&str]) -> bool {
    let place = |shown: &String| order.iter().position(|state| state == shown);
    let places: Option<Vec<usize>> = seen.iter().map(place).collect();
    places.is_some_and(|places| places.is_sorted_by(|a, b| a < b))
}

/// The lab of the first day: a switch whose image comes from a file, and a host whose image is in a registry.
struct First {
    bench: Bench,
    folder: PathBuf,
    file: PathBuf,
    pulled: String,
    _registry: Registry,
    _gate: Gate,
}

impl First {
    fn new() -> Self {
        let bench = Bench::new();
        let registry = Registry::open();
        let gate = Gate::before(&registry);
        RegistryImage::new("net/host", "1")
            .compression(Compression::None)
            .layer(&LabImage::busybox_root())
            .layer(&RootFs::empty().padding(12 * MIB))
            .push(&registry);
        gate.bytes_per_second(Some(8 * MIB));
        let pulled = gate.reference("net/host:1");
        let folder = bench.display.home().join("labs");
        fs::create_dir(&folder).unwrap();
        let text = format!(
            "# The lab of the first day.
name: fabric
mgmt: {{network: fabric, ipv4-subnet: 10.211.8.0/24}}
topology:
  nodes:
    leaf1: {{kind: arista_ceos, image: {}, env: {{STAND_IN_BOOT_SECONDS: 6}}}}
    host1:
      kind: linux # pulled
      image: {pulled}
      cmd: sleep 1000000
  links:
    - endpoints: [leaf1:eth1, host1:eth1]
",
            LabImage::ceos_stand_in().reference()
        );
        let file = folder.join("fabric.clab.yml");
        fs::write(&file, text).unwrap();
        let other = "name: other\ntopology: {nodes: {a: {kind: linux, image: nothing}}}\n";
        fs::write(folder.join("other.clab.yml"), other).unwrap();
        Self {
            bench,
            folder,
            file,
            pulled,
            _registry: registry,
            _gate: gate,
        }
    }

    /// From the folder into the lab, by the keyboard.
    fn open(&self) -> Window {
        let window = self.bench.open();
        self.bench.hand_over(&[&self.folder]);
        window.wait_for_text("other.clab.yml");
        window.wait_for("the lab in the list", || {
            let focus = "document.querySelector('[data-lab$=\"fabric.clab.yml\"]')?.focus();
                return document.activeElement.matches('[data-lab]');";
            window.run(focus, &[]).as_bool()?.then_some(())
        });
        window.press("Enter");
        wait_for_states(
            &window,
            &json!({"leaf1": "image missing", "host1": "image missing"}),
        );
        window
    }

    /// What is in the way is said, with what would bring it: one image is imported, the other one pulled on the way.
    fn bring(&self, window: &Window) {
        window.click("header button", "Start");
        window.wait_for_text("2 things are in the way");
        window.click("dialog button", "Import…");
        window.press("Escape");
        self.bench.hand_over(&[LabImage::ceos_stand_in().path()]);
        window.press("Control+1");
        wait_for_states(
            window,
            &json!({"leaf1": "not deployed", "host1": "image missing"}),
        );
        window.click("header button", "Start");
        window.wait_for_text("1 thing is in the way");
        window.click("dialog button", "Pull missing images");
        window.wait_for_text("Images that are brought first");
        window.click("dialog button.main", "Start");
        window.wait_until_gone("dialog");
    }

    /// Another host: drawn, connected, shown in the plan, and applied.
    fn add_host(&self, window: &Window) {
        open_menu_of_drawing(window);
        window.click("[role=menuitem] span:first-child", "Add a node…");
        window.find("dialog input").clear();
        window.find("dialog input").write("host2");
        choose(window, 0, "linux");
        window.find_all("dialog input")[1].write(&self.pulled);
        window.click("dialog button", "Add");
        window.wait_until_gone("dialog");
        window.find("#drawn-host2");
        window.click_first("[aria-label='More for host2']");
        window.click("[role=menuitem] span:first-child", "Connect…");
        choose(window, 1, "host1");
        window.click("dialog button", "Connect");
        window.wait_until_gone("dialog");
        let written = fs::read_to_string(&self.file).unwrap();
        assert!(
            written.starts_with("# The lab of the first day.\n"),
            "{written}"
        );
        assert!(written.contains("kind: linux # pulled"), "{written}");
        window.click("header button", "Apply…");
        window.wait_for_text("Untouched");
        window.click("dialog button", "Apply");
        window.wait_until_gone("dialog");
    }

    /// When the switch was started last, and how often by the engine.
    fn leaf_started(&self) -> String {
        let format = "{{.State.StartedAt}} {{.RestartCount}}";
        let said = ["inspect", "--format", format, "clab-fabric-leaf1"];
        self.bench.engine.exec_cli(&said)
    }
}

/// Chooses in the sheet: what the list at this place has, its kinds or nodes.
fn choose(window: &Window, place: usize, value: &str) {
    let choose = "const lists = [...document.querySelectorAll('dialog select')];
        const list = lists.filter((list) => [...list.options].some(({value}) => value === arguments[1]))[arguments[0]];
        list.value = arguments[1];
        list.dispatchEvent(new Event('change', {bubbles: true}));";
    window.run(choose, &[json!(place), json!(value)]);
}

/// Opens the console of a node that boots: it is there when the node is.
fn open_console(window: &Window) {
    window.wait_within(PATIENCE, "the switch to boot", || {
        let shown = states(window);
        shown["leaf1"].as_str()?.contains("agents").then_some(())
    });
    window.click_first("#drawn-leaf1");
    window.click("aside button", "Console");
    window.wait_for("the terminal to wait", || {
        let shown = window.run(TERMINAL, &[]);
        shown.as_str()?.contains("not ready yet").then_some(())
    });
}

/// Asserts that the drawing said how the images came, and each stage in its order.
fn assert_stages(window: &Window) {
    let brought = [
        "image missing",
        "importing",
        "pulling",
        "not deployed",
        "to come",
    ];
    let stages = [
        "creating",
        "starting",
        "wiring",
        "interfaces",
        "platform",
        "agents",
        "ready",
    ];
    let order = [&brought[..], &stages[..]].concat();
    let nodes = [
        ("leaf1", ["importing", "agents", "ready"]),
        ("host1", ["pulling", "creating", "ready"]),
    ];
    for (node, certain) in nodes {
        let mut shown = seen(window, node);
        // Between two stages.
        shown.retain(|state| state != "coming up");
        assert!(is_in_order(&shown, &order), "{node}: {shown:?}");
        let is_shown = |state: &&str| shown.iter().any(|shown| shown == state);
        assert!(certain.iter().all(is_shown), "{node}: {shown:?}");
    }
}

#[test]
fn a_lab_is_brought_from_its_folder_with_a_pull_and_an_import() {
    let lab = First::new();
    let window = lab.open();
    window.run(WATCH, &[]);
    lab.bring(&window);
    open_console(&window);
    wait_for_states(&window, &json!({"leaf1": "ready", "host1": "ready"}));
    says(&window, "show version", "4.99.1F");
    assert_stages(&window);

    let before = lab.leaf_started();
    lab.add_host(&window);
    let all = |state: &str| -> Value { json!({"leaf1": state, "host1": state, "host2": state}) };
    wait_for_states(&window, &all("ready"));
    assert_eq!(lab.leaf_started(), before, "what runs is left alone");

    // One is stopped, and its neighbour has its port still.
    window.click_first("#drawn-host1");
    window.click("aside button", "Stop");
    let stopped = json!({"leaf1": "ready", "host1": "stopped", "host2": "ready"});
    wait_for_states(&window, &stopped);
    assert_eq!(lab.leaf_started(), before);
    let engine = &lab.bench.engine;
    let port = [
        "exec",
        "clab-fabric-leaf1",
        "ip",
        "-o",
        "link",
        "show",
        "eth1",
    ];
    assert!(engine.exec_cli(&port).contains("eth1"));

    window.click("header button", "Stop");
    wait_for_states(&window, &all("stopped"));
    window.click("header button", "Destroy…");
    window.click("dialog button", "Destroy");
    wait_for_states(&window, &all("not deployed"));
    wait_until_nothing_is_left(&window, &lab.bench);
    assert_eq!(window.errors(), Vec::<String>::new());
}
