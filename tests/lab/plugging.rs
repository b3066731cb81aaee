//! Links that are plugged, unplugged, spoiled and listened to while their nodes run, through a real patchbay.

use crate::bench::Lab;
use crate::two_hosts::{pair, port};
use crate::wait::until;
use labwright_testbed::Kind;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs;
use std::process::{Child, Command, Stdio};

#[track_caller]
fn link(lab: &Lab, arguments: &[&str]) {
    let (action, rest) = arguments.split_first().unwrap();
    lab.program
        .succeed(&[&["link", action, &lab.name], rest].concat());
}

/// `lw link list --json`.
fn links(lab: &Lab) -> Value {
    let told = lab.program.succeed(&["link", "list", &lab.name, "--json"]);
    serde_json::from_str(&told).unwrap()
}

/// Twelve seconds of pings, five in a second.
fn pinging(lab: &Lab) -> Child {
    let mut command = lab.engine.client();
    let container = lab.container("a");
    let ping = ["ping", "-i", "0.2", "-c", "60", "192.168.1.2"];
    command.args(["exec", &container]).args(ping);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

fn a_cable_is_pulled_and_plugged_under_a_ping(kind: Kind) {
    let lab = pair(kind, "plug-ping");
    let before = (port(&lab, "ifindex"), lab.told("b", "{{.State.StartedAt}}"));
    let ping = pinging(&lab);
    link(&lab, &["disconnect", "a:eth1"]);
    let state = links(&lab);
    assert_eq!(state["links"], json!([]));
    assert_eq!(state["free"].as_array().map(Vec::len), Some(2));
    assert_eq!(port(&lab, "carrier"), "0");
    link(&lab, &["connect", "b:eth1", "a:eth1"]);
    link(&lab, &["down", "a:eth1"]);
    assert_eq!(links(&lab)["links"][0]["state"], "down");
    assert_eq!(port(&lab, "carrier"), "0");
    link(&lab, &["up", "b:eth1"]);
    assert_eq!(links(&lab)["links"][0]["state"], "up");
    assert_eq!(port(&lab, "carrier"), "1");
    let printed = ping.wait_with_output().unwrap();
    let said = String::from_utf8(printed.stdout).unwrap();
    assert!(said.contains("seq=59 "), "the last is answered: {said}");
    let after = (port(&lab, "ifindex"), lab.told("b", "{{.State.StartedAt}}"));
    assert_eq!(after, before);
    lab.destroy();
}

/// A bridge with a spanning tree speaks to its neighbours from a reserved address, which a bridge between them would
/// keep to itself.
fn bridges_in_nodes_hear_each_other_and_large_frames_pass(kind: Kind) {
    let lab = pair(kind, "plug-span");
    assert_eq!(port(&lab, "mtu"), "9500");
    lab.exec("a", &["ping", "-c", "1", "-s", "9400", "192.168.1.2"]);
    for node in ["a", "b"] {
        let pid = &processes(&lab, &lab.container(node), "sleep")[0];
        let network = format!("--net=/proc/{pid}/ns/net");
        for words in [
            "link add br0 type bridge stp_state 1 forward_delay 200",
            "link set eth1 master br0",
            "link set br0 up",
        ] {
            let mut command = Command::new("nsenter");
            let command = command.args([&network, "ip"]).args(words.split(' '));
            assert!(command.status().unwrap().success(), "{words}");
        }
    }
    until("one root for both", || {
        let root = |node| lab.printed(node, &["cat", "/sys/class/net/br0/bridge/root_id"]);
        let (of_a, of_b) = (root("a"), root("b"));
        if of_a == of_b {
            Ok(())
        } else {
            Err((of_a, of_b))
        }
    });
    lab.destroy();
}

fn a_slow_link_is_slow_and_fast_again(kind: Kind) {
    let lab = pair(kind, "plug-slow");
    link(&lab, &["impair", "b:eth1", "--rate", "64kbit"]);
    let slow = &links(&lab)["links"][0]["impairments"][1];
    assert_eq!(slow["rate_bps"], 64_000);
    // 320,000 bytes in two seconds: the link takes 8,000 in each, and what its queue holds.
    let large = "ping -s 8000 -i 0.05 -c 40 -w 4 192.168.1.2 | grep -c 'bytes from'";
    let answered = || {
        let count = lab.exec("a", &["sh", "-c", large]);
        count.trim().parse::<u32>().unwrap()
    };
    let slow = answered();
    assert!(slow < 20, "{slow} of 40 came through");
    link(&lab, &["impair", "b:eth1", "--clear"]);
    assert_eq!(answered(), 40);
    lab.destroy();
}

fn what_is_captured_is_a_file_and_leaves_nothing_running(kind: Kind) {
    let lab = pair(kind, "plug-hear");
    let file = lab.program.folder.path().join("eth1.pcapng");
    let path = file.to_str().unwrap();
    let mut capture = lab
        .program
        .command(&["link", "capture", &lab.name, "a:eth1", "--output", path])
        .spawn()
        .unwrap();
    until("the capture to hear a ping", || {
        lab.ping("a", "192.168.1.2");
        let bytes = fs::read(&file).unwrap_or_default();
        // An echo request from the one to the other.
        let ends = [192, 168, 1, 1, 192, 168, 1, 2, 8, 0];
        let heard = bytes.windows(ends.len()).any(|window| window == ends);
        if heard { Ok(()) } else { Err(bytes.len()) }
    });
    assert!(capturing(&lab));
    kill_process(Pid::from_child(&capture), Signal::INT).unwrap();
    assert!(capture.wait().unwrap().success());
    assert_eq!(fs::read(&file).unwrap()[..4], [0x0a, 0x0d, 0x0d, 0x0a]);
    until("the patchbay to hear nobody", || {
        if capturing(&lab) { Err(()) } else { Ok(()) }
    });

    let mut killed = lab
        .program
        .command(&[
            "link",
            "capture",
            &lab.name,
            "a:eth1",
            "--replace",
            "--output",
            path,
        ])
        .spawn()
        .unwrap();
    until("the capture to begin", || {
        if capturing(&lab) { Ok(()) } else { Err(()) }
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    until("a capture that nobody reads to end", || {
        if capturing(&lab) { Err(()) } else { Ok(()) }
    });
    lab.destroy();
}

/// Frames of a node are not all handled by the processor that it runs on.
fn what_a_node_sends_is_handled_by_all_processors(kind: Kind) {
    let lab = pair(kind, "plug-spread");
    let patchbay = format!("labwright-{}-patchbay", lab.name);
    let process = processes(&lab, &patchbay, "serve").remove(0);
    let look = "mount -t sysfs none /sys && cat /sys/class/net/pb*/queues/rx-0/rps_cpus";
    let looked = Command::new("nsenter")
        .args(["--net", "--target", &process])
        .args(["unshare", "--mount", "sh", "-c", look])
        .output()
        .unwrap();
    let masks = String::from_utf8(looked.stdout).unwrap();
    let processors = std::thread::available_parallelism().unwrap().get();
    let all = format!("{:x}", (1_u128 << processors) - 1);
    let masks: Vec<&str> = masks.lines().collect();
    assert_eq!(masks, [all.as_str(), all.as_str()], "{process}");
    lab.destroy();
}

/// Whether a capture runs in the patchbay.
fn capturing(lab: &Lab) -> bool {
    let patchbay = format!("labwright-{}-patchbay", lab.name);
    !processes(lab, &patchbay, "capture").is_empty()
}

/// The processes of a container, as the host numbers them, that have this word in their command line.
fn processes(lab: &Lab, container: &str, word: &str) -> Vec<String> {
    let inspect = ["inspect", "--format", "{{.Id}}", container];
    let id = lab.engine.exec_cli(&inspect);
    let is_meant = |process: &fs::DirEntry| {
        let text = |name| fs::read_to_string(process.path().join(name)).unwrap_or_default();
        let command = text("cmdline");
        command.split('\0').any(|part| part == word) && text("cgroup").contains(id.trim())
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let meant = processes.filter(is_meant);
    meant
        .map(|process| process.file_name().into_string().unwrap())
        .collect()
}

on_each_engine!(
    a_cable_is_pulled_and_plugged_under_a_ping,
    bridges_in_nodes_hear_each_other_and_large_frames_pass,
    a_slow_link_is_slow_and_fast_again,
    what_a_node_sends_is_handled_by_all_processors,
    what_is_captured_is_a_file_and_leaves_nothing_running
);
