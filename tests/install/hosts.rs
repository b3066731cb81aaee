//! Hosts: noted, listed, tested, forgotten, and their keys.

use crate::bench::Bench;
use crate::terminal::Terminal;
use std::process::Command;

/// What differs from run to run, and what stands for it.
fn told(bench: &Bench, text: &str) -> String {
    let port = bench.host.port().to_string();
    let config = bench.host.ssh_config();
    let text = text
        .replace(&bench.host.fingerprint(), "SHA256:FINGERPRINT")
        .replace(config.to_str().unwrap(), "SSH_CONFIG")
        .replace(bench.host.home().to_str().unwrap(), "HOME")
        .replace(&format!(":{port}"), ":PORT")
        .replace(bench.folder.path().to_str().unwrap(), "FOLDER");
    let facts = [
        "reachable",
        "user",
        "system",
        "free",
        "git",
        "python",
        "engine",
    ];
    let masked = text.lines().map(|line| {
        let fact = facts
            .iter()
            .find(|fact| line.starts_with(&format!("{fact:<9} ")));
        fact.map_or_else(|| line.to_owned(), |fact| format!("{fact:<9} [it]"))
    });
    masked.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_host_is_noted_listed_tested_and_forgotten() {
    let bench = Bench::new();
    let commands: [&[&str]; 9] = [
        &["host"],
        &["host", "add", "testhost"],
        &["host", "add", "testhost"],
        &[
            "host",
            "add",
            "gpu 8",
            "--destination",
            "root@gpu-8.invalid",
            "--port",
            "2207",
            "--no-test",
        ],
        &["host", "list"],
        &["host", "test", "testhost"],
        &["host", "test", "nobody.invalid"],
        &["host", "rm", "testhost"],
        &["host", "rm", "testhost"],
    ];
    let said = commands.map(|arguments| {
        let run = bench.run(arguments).to_string();
        format!("lw {}\n{}\n", arguments.join(" "), told(&bench, &run))
    });
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn programs_get_hosts_and_facts_as_json() {
    let bench = Bench::new();
    bench
        .run(&["host", "add", "testhost", "--no-test"])
        .succeeded();
    let json = |arguments: &[&str]| -> serde_json::Value {
        let run = bench.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&run.succeeded()).unwrap()
    };
    let listed = json(&["host"]);
    assert_eq!(listed[0]["name"], "testhost");
    let config = bench.host.ssh_config();
    assert_eq!(listed[0]["ssh_config"], config.to_str().unwrap());
    let address = format!("{}@127.0.0.1:{}", bench.host.user(), bench.host.port());
    assert_eq!(listed[0]["resolved"], address);
    let tested = json(&["host", "test", "testhost"]);
    assert_eq!(tested["host"], "testhost");
    assert_eq!(tested["home"], bench.host.home().to_str().unwrap());
    assert_eq!(tested["home_writable"], true);
    assert!(
        tested["round_trip"].is_u64() && tested["git"].is_string(),
        "{tested}"
    );
    assert_eq!(json(&["host", "rm", "testhost"])["destination"], "testhost");
    assert_eq!(json(&["host", "list"]).as_array().unwrap().len(), 0);
}

/// The host is noted with the configuration that it was tested with, and needs no option later.
#[test]
fn a_host_keeps_its_configuration() {
    let bench = Bench::new();
    bench
        .run(&["host", "add", "gpu-7", "--destination", "testhost"])
        .succeeded();
    let mut later = bench.command(&["host", "test", "gpu-7"]);
    let output = later.env_remove("LW_SSH_CONFIG").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn an_unknown_key_is_accepted_only_by_its_fingerprint_where_nobody_can_be_asked() {
    let bench = Bench::of_a_stranger();
    let fingerprint = bench.host.fingerprint();
    let refused = bench.run(&["host", "add", "testhost"]);
    insta::assert_snapshot!(told(&bench, &refused.to_string()));

    let error = bench
        .run(&["host", "test", "testhost", "--json"])
        .failed_with("host_key_unknown");
    assert!(error["chain"].to_string().contains(&fingerprint), "{error}");
    let hints = error["hints"].as_array().unwrap().iter();
    let command = hints
        .filter_map(|hint| hint.as_str()?.split_once("lw host test "))
        .map(|(_, rest)| rest.to_owned())
        .next_back()
        .unwrap();

    let other = "SHA256:k0RAVJUdVfS09mMJeMUJq2E1KuTBgmePtGQ2iQ36cbE";
    let different = bench.run(&["host", "test", "testhost", "--fingerprint", other]);
    insta::assert_snapshot!("another_fingerprint", told(&bench, &different.to_string()));
    assert_eq!(
        std::fs::read_to_string(bench.host.known_hosts()).unwrap(),
        ""
    );

    // The hint's own words, as a shell reads them.
    let script = format!("exec \"$0\" host test {command}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_lw")]);
    let envs = bench.command(&[]);
    shell.env_clear().envs(
        envs.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    bench.run(&["host", "test", "testhost"]).succeeded();
}

#[test]
fn at_a_terminal_an_unknown_key_is_asked_about() {
    let bench = Bench::of_a_stranger();
    let fingerprint = bench.host.fingerprint();
    let ask = |arguments: &[&str], answer: &[u8]| {
        let mut terminal = Terminal::start(&bench.command(arguments), 24, 200);
        terminal.wait_for(fingerprint.as_bytes());
        terminal.wait_for(b"[y/N] ");
        terminal.press(answer);
        terminal.end()
    };
    let (code, said) = ask(&["host", "add", "testhost"], b"\n");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("is not known") && said.contains("lw host rm testhost"),
        "{said}"
    );
    let (code, said) = ask(&["host", "test", "testhost"], b"y\n");
    assert_eq!(code, Some(0), "{said}");
    bench.run(&["host", "test", "testhost"]).succeeded();
}

#[test]
fn a_question_can_be_broken_off() {
    let bench = Bench::of_a_stranger();
    let mut terminal = Terminal::start(&bench.command(&["host", "add", "testhost"]), 24, 200);
    terminal.wait_for(b"[y/N] ");
    terminal.press(b"\x03");
    assert_eq!(terminal.end().0, Some(3));
    assert_eq!(
        std::fs::read_to_string(bench.host.known_hosts()).unwrap(),
        ""
    );
}

#[test]
fn a_changed_key_is_refused_whatever_is_said() {
    let bench = Bench::new();
    bench.run(&["host", "add", "testhost"]).succeeded();
    bench.host.change_key();
    let refused = bench.run(&["host", "test", "testhost"]).failed();
    assert!(
        refused.contains("shows another key than the one that is known"),
        "{refused}"
    );
    assert!(refused.contains("ssh-keygen -R"), "{refused}");
    let now = bench.host.fingerprint();
    let arguments = ["host", "test", "testhost", "--json", "--fingerprint", &now];
    bench.run(&arguments).failed_with("host_key_changed");
}

/// The configuration counts for engines, too: the name is one that only it knows.
#[test]
fn an_engine_is_asked_for_by_the_same_configuration() {
    let bench = Bench::new();
    let run = bench.run(&["engine", "show", "--engine", "ssh://testhost", "--json"]);
    assert!(bench.host.log().contains("Accepted publickey"), "{run}");
}
