//! Commands that make no sense end with 2, before anything is done.

use crate::program::Home;

#[test]
fn what_makes_no_sense_is_said_and_nothing_is_done() {
    let home = Home::new();
    let digits = "a".repeat(64);
    let wrong: [&[&str]; 30] = [
        &["imprt", "a.tar"],
        &["import"],
        &["import", "a.tar", "--no-such-option"],
        &["import", "a.tar", "b.tar", "--as", "lab:1"],
        &["import", "a.tar", "b.tar", "--sha256", &digits],
        &["import", "a.tar", "--sha256", "abc"],
        &["import", "ftp://lab.example/a.tar"],
        &["import", "a.tar", "--kind", "no_such_kind"],
        &["images", "rm"],
        &["images", "save", "frr:10.2"],
        &["images", "save", "frr:10.2", "frr.tar.xz"],
        &["images", "save", "frr:10.2", "frr"],
        &["images", "save", "frr:10.2", "-", "--json"],
        &["images", "copy", "frr:10.2"],
        &["images", "copy", "--to", "podman"],
        &["completions", "no-such-shell"],
        &["exec", "dc1", "h1", "ls"],
        &["exec", "dc1", "h1", "--tty", "--", "ls"],
        &["console", "dc1", "h1", "--shell", "sh -c 'a"],
        &["logs", "dc1", "h1", "--since", "10"],
        &["link", "up", "dc1", "leaf1"],
        &["link", "impair", "dc1", "leaf1:eth1", "--rate", "10mb"],
        &["link", "capture", "dc1", "leaf1:eth1", "--snap", "0"],
        &["host", "add"],
        &["host", "add", "gpu-7", "--port", "65536"],
        &[
            "host",
            "add",
            "gpu-7",
            "--no-test",
            "--fingerprint",
            "SHA256:x",
        ],
        &["install", "plan.csv"],
        &["install", "--host", "gpu-7"],
        &["install", "plan.csv", "--host", "gpu-7", "--jobs", "0"],
        &["verify", "plan.csv", "--host", "gpu-7", "--replace", "a"],
    ];
    let said = wrong.map(|arguments| {
        let run = home.run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}\n{run}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        let first = run.stderr.lines().next().expect("it says why");
        format!("lw {}\n  {first}\n", arguments.join(" "))
    });
    assert!(!home.history().exists(), "nothing was done");
    insta::assert_snapshot!(said.concat().replace(&digits, "aaaa…"));
}

#[test]
fn help_and_version_are_results() {
    let home = Home::new();
    for arguments in [["--help"].as_slice(), &["help", "import"], &["--version"]] {
        let run = home.run(arguments);
        assert_eq!(run.code, Some(0), "{run}");
        assert_eq!(run.stderr, "");
    }
    let version = home.run(&["--version"]).stdout;
    assert_eq!(version.trim(), concat!("lw ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help_of_save_and_copy_has_examples() {
    let home = Home::new();
    let help = ["save", "copy"].map(|name| home.run(&["images", name, "--help"]).stdout);
    insta::assert_snapshot!(help.join("\n====\n\n"));
}

#[test]
fn the_help_about_nodes_and_links_has_examples() {
    let home = Home::new();
    let commands: [&[&str]; 6] = [
        &["console"],
        &["logs"],
        &["exec"],
        &["link"],
        &["link", "impair"],
        &["link", "capture"],
    ];
    let help = commands.map(|command| home.run(&[command, &["--help"]].concat()).stdout);
    insta::assert_snapshot!(help.join("\n====\n\n"));
}

#[test]
fn the_help_about_hosts_and_installs_has_examples() {
    let home = Home::new();
    let commands: [&[&str]; 7] = [
        &["host"],
        &["host", "add"],
        &["host", "test"],
        &["install"],
        &["verify"],
        &["repair"],
        &["jobs", "attach"],
    ];
    let help = commands.map(|command| home.run(&[command, &["--help"]].concat()).stdout);
    insta::assert_snapshot!(help.join("\n====\n\n"));
}

#[test]
fn the_help_of_import_has_examples() {
    let help = Home::new().run(&["import", "--help"]).stdout;
    insta::assert_snapshot!(help);
}
