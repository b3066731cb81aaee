//! Consoles, programs and logs of nodes, on every engine, in a real terminal where it matters.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use labwright_testbed::{Engine, Kind};
use rustix::process::{Pid, Signal, kill_process};

use crate::labs::Lab;
use crate::terminal::Terminal;

const ROWS: u16 = 24;
const COLUMNS: u16 = 80;
const WAITS: &str = "sleep 6000";

fn console(lab: &Lab, arguments: &[&str]) -> Terminal {
    Terminal::start(&lab.command(arguments), ROWS, COLUMNS)
}

fn a_console_is_a_terminal(kind: Kind) {
    let lab = Lab::start(kind, "terminal", WAITS);
    let mut console = console(&lab, &["console", "LAB", "h1"]);
    console.wait_for(b"Ctrl-P Ctrl-Q leaves.");
    console.wait_for(b"# ");
    assert!(console.is_raw());
    console.press(b"stty size\r");
    console.wait_for(b"24 80\r\n");
    console.resize(31, 99);
    // The size takes its way through the engine; the shell hears of it by a signal.
    console.press(b"until [ \"$(stty size)\" = '31 99' ]; do sleep 0.1; done; echo res''ized\r");
    console.wait_for(b"resized\r\n");
    // Bytes that are no text, and a key that would end lw itself.
    let script = b"sh -c 'trap \"echo got it; exit\" INT; printf \"\\001\\377\\033[7mx\"; while :; do sleep 0.1; done'\r";
    console.press(script);
    console.wait_for(b"\x01\xff\x1b[7mx");
    console.press(b"\x03");
    console.wait_for(b"got it\r\n");
    console.wait_for(b"# ");
    console.press(b"exit 7\r");
    assert_eq!(console.end().0, Some(7));
}

fn who_leaves_lets_the_program_go_on(kind: Kind) {
    let lab = Lab::start(kind, "leave", WAITS);
    let mut console = console(&lab, &["console", "LAB", "h1"]);
    console.wait_for(b"# ");
    console.press(b"echo rea''dy; sleep 5998\r");
    console.wait_for(b"ready");
    console.press(b"\x10\x11");
    let (code, said) = console.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("left h1; sh goes on there"), "{said}");
    assert!(lab.ask(&["ps"]).contains("sleep 5998"));
}

fn every_key_arrives_in_the_end(kind: Kind) {
    let lab = Lab::start(kind, "keys", WAITS);
    let keys = "stty raw -echo; echo ready; exec od -An -v -tx1 -w1";
    let exec = ["exec", "LAB", "h1", "--tty", "--", "sh", "-c", keys];
    let mut console = console(&lab, &exec);
    console.wait_for(b"ready");
    console.press(b"\x10");
    console.wait_for(b" 10");
    console.press(b"\x11");
    console.wait_for(b" 11");
    console.press(b"\x03\x10\x10x");
    for shown in [b" 03", b" 10", b" 10", b" 78"] {
        console.wait_for(shown);
    }
    console.press(b"\x10\x11");
    assert_eq!(console.end().0, Some(0));
}

fn a_signal_leaves_the_terminal_as_it_was(kind: Kind) {
    let lab = Lab::start(kind, "signal", WAITS);
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let mut console = console(&lab, &["--quiet", "console", "LAB", "h1"]);
        console.wait_for(b"# ");
        assert!(console.is_raw());
        console.signal(signal);
        assert_eq!(console.end().0, Some(3), "{signal:?}");
    }
    // Two in a row end it at once, wherever it is.
    let mut console = console(&lab, &["console", "LAB", "h1"]);
    console.wait_for(b"# ");
    console.signal(Signal::TERM);
    console.signal(Signal::INT);
    assert_eq!(console.end().0, Some(3));
}

fn a_program_that_is_not_there_is_said(kind: Kind) {
    let lab = Lab::start(kind, "missing", WAITS);
    let mut console = console(&lab, &["console", "LAB", "h1", "--shell", "/bin/zsh -l"]);
    console.wait_for(b"`/bin/zsh -l` cannot be started in node h1");
    console.wait_for(b"/bin/zsh");
    console.wait_for(b"--shell sh opens another shell");
    assert_eq!(console.end().0, Some(1));
    for command in ["nothing", "/etc/passwd"] {
        let run = lab.run(&["exec", "LAB", "h1", "--", command]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
        assert!(run.stderr.contains("No shell reads the command."), "{run}");
    }
    // What a program says of itself is its own.
    for (script, code) in [
        ("exit 127", 127),
        ("echo OCI runtime exec failed; exit 5", 5),
    ] {
        let run = lab.run(&["exec", "LAB", "h1", "--", "sh", "-c", script]);
        assert_eq!(run.code, Some(code), "{run}");
        assert_eq!(!run.stdout.is_empty(), code == 5, "{run}");
        assert_eq!(run.stderr, "", "{run}");
    }
}

fn a_command_s_output_and_end_are_its_own(kind: Kind) {
    let lab = Lab::start(kind, "exec", WAITS);
    let script = "echo out; echo error >&2; printf 'no\\000text\\377'; exit 42";
    let (code, out, error) = lab.feed(&["exec", "LAB", "h1", "--", "sh", "-c", script], b"");
    assert_eq!(code, Some(42));
    assert_eq!(out, b"out\nno\0text\xff");
    assert_eq!(error, b"error\n");
    // More than all pipes between hold, both ways at once.
    let much: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (code, out, error) = lab.feed(&["exec", "LAB", "h1", "--", "cat"], &much);
    assert_eq!((code, error), (Some(0), Vec::new()));
    assert!(out == much, "{} of {} bytes", out.len(), much.len());
    // Who does not read its input ends all the same.
    let (code, _, error) = lab.feed(&["exec", "LAB", "h1", "--", "sh", "-c", "exit 3"], &much);
    assert_eq!(code, Some(3), "{}", String::from_utf8_lossy(&error));
    let typed = b"echo $((6 * 7))\ntty\nexit 5\n";
    let (code, out, _) = lab.feed(&["console", "LAB", "h1"], typed);
    assert_eq!(code, Some(5));
    assert_eq!(String::from_utf8_lossy(&out), "42\nnot a tty\n");
}

fn what_does_not_run_is_said_and_its_log_shown(kind: Kind) {
    let lab = Lab::start(
        kind,
        "stopped",
        "echo one; sleep 0.5; echo two >&2; sleep 0.5; echo three; sleep 6000",
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    while lab.run(&["logs", "LAB", "h1"]).stdout != "one\nthree\n" {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(100));
    }
    lab.stop();
    let said = |arguments: &[&str]| {
        let run = lab.run(arguments);
        format!("lw {}\n{run}", arguments.join(" ")).replace(&lab.name, "LAB")
    };
    let said = [
        said(&["exec", "LAB", "h1", "--", "true"]),
        said(&["console", "LAB", "h1", "--json"]),
        said(&["logs", "LAB", "h1"]),
        said(&["logs", "LAB", "h1", "--last", "1", "--since", "1h"]),
        said(&["logs", "LAB", "h2"]),
    ];
    insta::allow_duplicates! {
        insta::assert_snapshot!("stopped", said.join("\n"));
    }
    let timed = lab
        .run(&["logs", "LAB", "h1", "--last", "1", "--timestamps"])
        .stdout;
    let (time, line) = timed.split_once(' ').expect(&timed);
    assert!(time.parse::<jiff::Timestamp>().is_ok(), "{timed}");
    assert_eq!(line, "three\n");
}

fn a_log_is_followed_until_it_is_enough(kind: Kind) {
    let lab = Lab::start(kind, "follow", "while :; do echo again; sleep 0.2; done");
    let mut command = lab.command(&["logs", "LAB", "h1", "--follow"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..10 {
        assert_eq!(lines.next().unwrap().unwrap(), "again");
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

fn a_signal_ends_lw_and_the_command_s_input(kind: Kind) {
    let lab = Lab::start(kind, "ends", WAITS);
    let script = "echo here; cat; echo over > /over";
    let mut command = lab.command(&["exec", "LAB", "h1", "--", "sh", "-c", script]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "here");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let over = lab.ask(&["sh", "-c", "until cat /over; do sleep 0.1; done"]);
    assert_eq!(over, "over\n");
}

fn an_engine_that_dies_leaves_the_terminal_as_it_was(kind: Kind) {
    let lab = Lab::start_in(Engine::private(kind), "dies", WAITS);
    let mut console = console(&lab, &["console", "LAB", "h1"]);
    console.wait_for(b"# ");
    lab.kill_engine();
    console.wait_for(b"error:");
    console.wait_for(b"because");
    assert_eq!(console.end().0, Some(1));
}

on_each_engine!(
    a_console_is_a_terminal,
    who_leaves_lets_the_program_go_on,
    every_key_arrives_in_the_end,
    a_signal_leaves_the_terminal_as_it_was,
    a_program_that_is_not_there_is_said,
    a_command_s_output_and_end_are_its_own,
    what_does_not_run_is_said_and_its_log_shown,
    a_log_is_followed_until_it_is_enough,
    a_signal_ends_lw_and_the_command_s_input,
    an_engine_that_dies_leaves_the_terminal_as_it_was
);
