//! Labs in the window, on a real engine.

mod bringing;
mod edits;
mod figures;
mod life;

use std::path::PathBuf;

use labwright_testbed::{LabImage, Window};
use serde_json::{Value, json};

use crate::bench::{Bench, PATIENCE};

/// The states that the drawing shows, by the nodes' names, without times and figures.
const STATES: &str = "const states = {};
    for (const node of document.querySelectorAll('[id^=drawn-]'))
        states[node.id.slice(6)] = (node.querySelector('.state') ?? node).textContent.trim().replace(/,? \\d.*$/, '');
    return states;";

/// A lab of two hosts, whose image the engine has.
fn two_hosts(bench: &Bench, name: &str) -> PathBuf {
    let image = LabImage::busybox();
    bench.engine.import(&image);
    let image = image.reference();
    let text = format!(
        "name: {name}\nmgmt: {{network: {name}, ipv4-subnet: 10.211.7.0/24}}\ntopology:
  defaults: {{kind: linux, image: {image}, cmd: sleep 1000000}}
  nodes:
    a: # the first
      exec: [ip address add 10.0.0.1/24 dev eth1]
    b:
      exec: [ip address add 10.0.0.2/24 dev eth1]
  links:
    - endpoints: [a:eth1, b:eth1]
"
    );
    bench.file(&format!("{name}.clab.yml"), text.as_bytes())
}

fn states(window: &Window) -> Value {
    window.run(STATES, &[])
}

/// Waits until the drawing shows these states.
fn wait_for_states(window: &Window, wanted: &Value) {
    window.wait_within(PATIENCE, &format!("{wanted} in the drawing"), || {
        (states(window) == *wanted).then_some(())
    });
}

/// Waits until the engine has no container any more: the patchbay goes after the nodes.
fn wait_until_nothing_is_left(window: &Window, bench: &Bench) {
    window.wait_for("the engine to have nothing", || {
        let left = bench.engine.exec_cli(&["ps", "--all", "--quiet"]);
        left.is_empty().then_some(())
    });
}

/// Notes from now on what the drawing says of each node, each state once, without its time and figures.
const WATCH: &str = "const seen = window.seen = {};
    const look = () => {
        for (const node of document.querySelectorAll('[id^=drawn-]')) {
            const words = node.querySelector('.state').textContent.trim().replace(/,? \\d.*$/, '');
            const states = seen[node.id.slice(6)] ??= [];
            if (states.at(-1) !== words) states.push(words);
        }
    };
    look();
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});";

/// What the drawing said of a node since it is watched, in that order.
fn seen(window: &Window, node: &str) -> Vec<String> {
    let seen = window.run("return window.seen[arguments[0]] ?? [];", &[json!(node)]);
    serde_json::from_value(seen).unwrap()
}

/// Opens what can be done with the empty part of the drawing, as the right button does.
fn open_menu_of_drawing(window: &Window) {
    let open = "const pane = document.querySelector('.svelte-flow__pane');
        const {left, top} = pane.getBoundingClientRect();
        const at = {clientX: left + 8, clientY: top + 8, bubbles: true, cancelable: true, button: 2};
        pane.dispatchEvent(new MouseEvent('contextmenu', at));";
    window.run(open, &[]);
}

/// What the terminal in front shows.
const TERMINAL: &str = "return document.querySelector('.dock .xterm-rows')?.innerText ?? '';";

/// Types a command into the terminal in front, and waits for what it prints.
fn says(window: &Window, command: &str, wanted: &str) {
    let typed = format!("{command}\n");
    window.find(".dock .xterm-helper-textarea").write(&typed);
    window.wait_within(PATIENCE, &format!("{wanted} after {command}"), || {
        let shown = window.run(TERMINAL, &[]);
        shown.as_str()?.contains(wanted).then_some(())
    });
}
