//! Verifying and repairing.

use crate::bench::Bench;
use crate::terminal::Terminal;
use std::process::Command;

fn upgrade(bench: &Bench) {
    let upgraded = Command::new(bench.comfy.join("venv/bin/python"))
        .args(["-m", "pip", "install", "-q", "tiny==2.0"])
        .envs(bench.index.variables())
        .status();
    assert!(upgraded.unwrap().success());
}

#[test]
fn what_is_broken_is_found_and_mended_and_nothing_is_changed_by_looking() {
    let bench = Bench::new();
    let plan = bench.table(&[("plain", ""), ("needy", "tiny==1.0")]);
    let about = |command| bench.about(command, &plan);
    let absent = bench.run(&about("verify"));
    assert_eq!(absent.code, Some(1), "{absent}");
    assert!(!bench.node("plain").exists(), "a look installs nothing");
    bench.run(&about("install")).succeeded();
    let fine = bench.run(&about("verify"));

    upgrade(&bench);
    let broken = bench.run(&about("verify"));
    let tables = [absent, fine, broken].map(|run| format!("exit {:?}\n{}", run.code, run.stdout));
    insta::assert_snapshot!(tables.join("\n"));
    let quiet = bench.run(&[about("verify"), vec!["--quiet"]].concat());
    assert_eq!(
        quiet.stdout, "needy: tiny==1.0: other version (2.0)\n",
        "{quiet}"
    );

    let ended = bench.start(&about("verify")).end();
    let result = &ended.outcome(1)["result"];
    assert_eq!(result["summary"]["mismatch"], 1, "{result}");

    let unasked = bench.run(&about("repair"));
    assert_eq!(unasked.code, Some(2), "{unasked}");
    assert!(unasked.stderr.contains("--yes"), "{unasked}");
    bench
        .run(&[about("repair"), vec!["--yes"]].concat())
        .succeeded();
    bench.run(&about("verify")).succeeded();
}

#[test]
fn a_repair_is_asked_about_at_a_terminal() {
    let bench = Bench::new();
    let plan = bench.table(&[("plain", "")]);
    let repair = bench.command(&bench.about("repair", &plan));
    for (answer, code) in [(b"n\n", 3), (b"y\n", 0)] {
        let mut terminal = Terminal::start(&repair, 30, 120);
        terminal.wait_for(b"Repair 1 node");
        terminal.wait_for(b"[y/N] ");
        terminal.press(answer);
        let (ended, said) = terminal.end();
        assert_eq!(ended, Some(code), "{said}");
        assert_eq!(bench.node("plain").exists(), code == 0);
    }
}
