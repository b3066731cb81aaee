//! What `lw link` asks of a patchbay, makes of its answers, and says where there is none. The patchbay is a script here.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use labwright_testbed::Kind;
use rustix::process::{Pid, Signal, kill_process};

use crate::labs::Lab;
use crate::program::Home;
use crate::terminal::Terminal;

/// Answers the one call of a conversation, and writes down what it was.
const PROGRAM: &str = r#"#!/bin/sh
reply() { echo "{\"reply\":{\"id\":1,\"outcome\":$1}}"; }
case $1 in
talk)
    read -r line
    echo "$line" >> /asked
    case $line in
    *'"status"'*) reply '{"done":{"status":{"version":"0","program":"","protocol":1,"wiring":"","ends":[
        {"end":"h1:eth1","state":{"is":"wired","carrier":true,"mtu":9500,"mac":null,"ifindex":2},"since_ms":0},
        {"end":"h1:eth2","state":{"is":"waiting"},"since_ms":0}],
        "links":[{"ends":["h1:eth1","sw:eth1"],"state":{"is":"up"},"impairments":[{"loss_ppm":5000},{}]}]}}}' | tr -d '\n'; echo ;;
    *h11:*) reply '{"refused":[{"code":"end_unknown","object":"h11:eth1","message":"there is no end h11:eth1"}]}' ;;
    *) reply '{"done":"done"}' ;;
    esac ;;
capture)
    echo "$*" >> /asked
    [ "$2" != h1:eth9 ] || { echo 'there is no end h1:eth9' >&2; exit 1; }
    printf 'CAPTURE' ;;
esac
cat > /dev/null
[ "$1" != capture ] || printf 'REST'
"#;

/// Numbers as a capture holds them.
fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A section and a packet of 60 bytes, of which four are kept.
fn begun() -> Vec<u8> {
    let section = [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28];
    let packet = [6, 36, 0, 0, 0, 4, 60, 0x2525_2525, 36];
    [words(&section), words(&packet)].concat()
}

/// A packet of 1500 bytes, of which four are kept.
fn last() -> Vec<u8> {
    words(&[6, 36, 0, 0, 0, 4, 1500, 0x5c5c_5c5c, 36])
}

/// The bytes as printf takes them.
fn octal(bytes: &[u8]) -> String {
    let bytes = bytes.iter().map(|byte| format!("\\{byte:03o}"));
    bytes.collect::<Vec<_>>().concat()
}

fn held(kind: Kind, test: &str) -> Lab {
    let mut lab = Lab::start(kind, test, "sleep 6000");
    let half = &last()[..20];
    let rest = octal(&[&last(), half].concat());
    let program = PROGRAM.replace("CAPTURE", &octal(&begun()));
    lab.add_patchbay(&program.replace("REST", &rest));
    lab
}

#[test]
fn links_are_listed_and_changed() {
    let lab = held(Kind::Classic, "held");
    let commands: [&[&str]; 10] = [
        &["list", "LAB"],
        &["list", "LAB", "--json"],
        &["connect", "LAB", "h1:eth2", "sw:eth2"],
        &["disconnect", "LAB", "h1:eth1"],
        &["down", "LAB", "h1:eth1"],
        &["up", "LAB", "h1:eth1"],
        &[
            "impair", "LAB", "h1:eth1", "--delay", "10ms", "--rate", "1mbit",
        ],
        &["impair", "LAB", "h1:eth1", "--clear"],
        &["down", "LAB", "h11:eth1"],
        &["down", "LAB", "h1:eth0"],
    ];
    let said = commands.map(|arguments| {
        let run = lab.run(&[&["link"], arguments].concat());
        format!("lw link {}\n{run}", arguments.join(" "))
    });
    let said = format!("{}\n---- asked\n{}", said.join("\n"), lab.asked());
    insta::assert_snapshot!(said.replace(&lab.name, "LAB"));
}

fn a_capture_is_whole_when_it_is_stopped(kind: Kind) {
    let lab = held(kind, "capture");
    let capture = ["link", "capture", "LAB", "h1:eth1"];
    let whole = [begun(), last()].concat();
    let to_file = [&capture[..], &["-o", "new.pcapng", "--snap", "4"]].concat();
    let mut child = lab
        .command(&to_file)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let file = lab.file("new.pcapng");
    while std::fs::read(&file).unwrap_or_default() != begun() {
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "2 packets, 1.52 KiB of h1:eth1 in new.pcapng\n"
    );
    assert_eq!(std::fs::read(&file).unwrap(), whole);
    assert_eq!(lab.asked(), "capture h1:eth1 --snap 4\n");
    // The same into a pipe.
    let mut command = lab.command(&capture);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut pipe = BufReader::new(child.stdout.take().unwrap());
    assert!(!pipe.fill_buf().unwrap().is_empty());
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let mut piped = Vec::new();
    pipe.read_to_end(&mut piped).unwrap();
    assert_eq!((child.wait().unwrap().code(), piped), (Some(0), whole));
    // What cannot be heard makes no file.
    let run = lab.run(&["link", "capture", "LAB", "h1:eth9", "-o", "none.pcapng"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("there is no end h1:eth9"), "{run}");
    assert!(!lab.file("none.pcapng").exists());
}

on_each_engine!(a_capture_is_whole_when_it_is_stopped);

#[test]
fn links_are_not_changed_where_nobody_holds_them() {
    let mut lab = Lab::start(Kind::Classic, "unheld", "sleep 6000");
    let said = |lab: &Lab, arguments: &[&str]| {
        let run = lab.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
        run.stderr.replace(&lab.name, "LAB")
    };
    let missing = said(&lab, &["link", "list", "LAB"]);
    lab.add("patchbay", &["labwright.role=patchbay"], "true");
    lab.wait("patchbay");
    let stopped = said(&lab, &["link", "down", "LAB", "h1:eth1"]);
    insta::assert_snapshot!([missing, stopped].join("\n"));
}

#[test]
fn links_of_another_tool_s_lab_are_its_own() {
    let mut lab = Lab::start(Kind::Classic, "other", "true");
    // A lab none of whose containers has a role.
    lab.name.push('x');
    lab.add("h9", &[], "sleep 6000");
    let run = lab.run(&["link", "up", "LAB", "h9:eth1"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("was deployed by another tool"), "{run}");
    let run = lab.run(&["exec", "LAB", "h9", "--", "echo", "seen"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "seen\n"),
        "{run}"
    );
}

#[test]
fn a_capture_is_nothing_for_a_terminal() {
    let home = Home::new();
    let command = home.command(&["link", "capture", "dc1", "leaf1:eth1"]);
    let mut terminal = Terminal::start(&command, 24, 200);
    terminal.wait_for(b"lw link capture dc1 leaf1:eth1 | wireshark -k -i -");
    assert_eq!(terminal.end().0, Some(2));
}

#[test]
fn a_capture_does_not_replace_a_file_unasked() {
    let home = Home::new();
    std::fs::write(home.path().join("old.pcapng"), "old").unwrap();
    let run = home.run(&["link", "capture", "dc1", "leaf1:eth1", "-o", "old.pcapng"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("old.pcapng exists already"), "{run}");
}
