//! A lab's days: started, stopped, cables pulled, the window killed, the lab removed.

use serde_json::json;

use super::{TERMINAL, says, two_hosts, wait_for_states, wait_until_nothing_is_left};
use crate::bench::Bench;

#[test]
fn a_lab_is_opened_started_stopped_and_removed() {
    let bench = Bench::new();
    let window = bench.open();
    let file = two_hosts(&bench, "window-life");
    bench.hand_over(&[&file]);
    window.wait_for_text("window-life");
    wait_for_states(&window, &json!({"a": "not deployed", "b": "not deployed"}));
    window.click("header button", "Start");
    wait_for_states(&window, &json!({"a": "ready", "b": "ready"}));
    window.click("header button", "Stop");
    wait_for_states(&window, &json!({"a": "stopped", "b": "stopped"}));
    window.click("header button", "Start");
    wait_for_states(&window, &json!({"a": "ready", "b": "ready"}));
    window.click("header button", "Destroy…");
    window.click("dialog button", "Destroy");
    wait_for_states(&window, &json!({"a": "not deployed", "b": "not deployed"}));
    wait_until_nothing_is_left(&window, &bench);
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn a_cable_is_pulled_and_plugged_while_a_console_pings() {
    let bench = Bench::new();
    let window = bench.open();
    let file = two_hosts(&bench, "window-cable");
    let deployed = bench
        .lw(&["lab", "deploy", file.to_str().unwrap()])
        .status()
        .unwrap();
    assert!(deployed.success());
    bench.hand_over(&[&file]);
    wait_for_states(&window, &json!({"a": "ready", "b": "ready"}));
    window.click_first("#drawn-a");
    window.click("aside button", "Shell");
    window.wait_for("the shell's prompt", || {
        let shown = window.run(TERMINAL, &[]);
        shown.as_str()?.contains('#').then_some(())
    });
    says(&window, "ping -c 1 10.0.0.2", "1 packets received");

    window.click_first("#drawn-b");
    window.click_first("aside li button");
    window.click("aside button", "Set down");
    window.wait_for_text("Set up");
    says(&window, "ping -c 1 -W 1 10.0.0.2", "0 packets received");
    window.click("aside button", "Set up");
    window.wait_for_text("Set down");
    says(&window, "clear; ping -c 1 10.0.0.2", "1 packets received");

    window.click_first("#drawn-b");
    window.click("aside button", "Stop");
    wait_for_states(&window, &json!({"a": "ready", "b": "stopped"}));
    says(&window, "clear; ip -o link show eth1", "eth1");
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn a_deployment_goes_on_over_a_reload_and_is_done_again_after_a_kill() {
    let bench = Bench::new();
    let window = bench.open();
    let file = two_hosts(&bench, "window-killed");
    let text = std::fs::read_to_string(&file).unwrap();
    let waits = "exec: [\"sh -c 'until test -e /go; do sleep 1; done'\"]";
    let text = text.replacen("exec: [ip address add 10.0.0.1/24 dev eth1]", waits, 1);
    std::fs::write(&file, text).unwrap();
    bench.hand_over(&[&file]);
    wait_for_states(&window, &json!({"a": "not deployed", "b": "not deployed"}));
    window.click("header button", "Start");
    window.wait_for_text("commands");
    window.reload();
    // What b has to run is done, so that only a is interrupted.
    wait_for_states(&window, &json!({"a": "commands", "b": "ready"}));
    window.kill();
    assert!(window.ends_within(std::time::Duration::from_secs(10)));

    let window = bench.open();
    bench.hand_over(&[&file]);
    wait_for_states(&window, &json!({"a": "booting", "b": "ready"}));
    window.wait_for_text("1 of 2 ready");
    window.press("Control+4");
    window.wait_for_text("interrupted");
    window.press("Control+1");
    bench
        .engine
        .exec_cli(&["exec", "clab-window-killed-a", "touch", "/go"]);
    window.click("header button", "Apply…");
    window.wait_for_text("they have not run since it was started");
    window.click("dialog button", "Apply");
    wait_for_states(&window, &json!({"a": "ready", "b": "ready"}));
    assert_eq!(window.errors(), Vec::<String>::new());
}
