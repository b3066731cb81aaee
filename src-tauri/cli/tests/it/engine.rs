//! No engine is a state with a way out.

use serde_json::Value;

use crate::program::Home;

/// An address in this home where nothing listens.
fn nowhere(home: &Home) -> String {
    format!("unix://{}/none.sock", home.path().display())
}

#[test]
fn an_engine_that_is_not_there_is_said_with_a_hint() {
    let home = Home::new();
    let address = nowhere(&home);
    let commands: [&[&str]; 5] = [
        &["engine"],
        &["engine", "show"],
        &["images"],
        &["images", "rm", "lab:1"],
        &["import", "a.tar"],
    ];
    let said = commands.map(|arguments| {
        let run = home.run(&[arguments, &["--engine", &address]].concat());
        assert_eq!(run.code, Some(1), "{run}");
        format!("lw {}\n{run}", arguments.join(" "))
    });
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn programs_get_it_as_json() {
    let home = Home::new();
    let run = home.run(&["engine", "show", "--json", "--engine", &nowhere(&home)]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["error"]["code"], "engine_socket_missing");
}

#[test]
fn the_engine_is_taken_from_the_environment_as_docker_does_it() {
    let home = Home::new();
    let said = |name: &str, value: &str| {
        let run = home.end(home.command(&["engine", "show"]).env(name, value));
        assert_eq!(run.code, Some(1), "{run}");
        run.stderr
    };
    let address = nowhere(&home);
    for name in ["LW_ENGINE", "DOCKER_HOST"] {
        assert!(said(name, &address).contains("none.sock"), "{name}");
    }
    assert!(said("DOCKER_CONTEXT", "gone").contains("there is no engine called gone"));
    assert!(said("DOCKER_HOST", "ssh://lab").contains("SSH"));
}

/// Logging in to a machine is not done by the way: who lists engines did not choose it.
#[test]
fn an_engine_over_ssh_that_nobody_chose_is_named_and_not_asked() {
    let home = Home::new();
    let context = home.path().join(".docker/contexts/meta/gpu");
    std::fs::create_dir_all(&context).unwrap();
    let meta = r#"{"Name":"gpu","Metadata":{},"Endpoints":{"docker":{"Host":"ssh://root@gpu-7"}}}"#;
    std::fs::write(context.join("meta.json"), meta).unwrap();
    let run = home.run(&["engine", "list"]);
    assert_eq!(run.code, Some(1), "{run}");
    let hint = "gpu, at ssh://root@gpu-7, is known and was not asked: lw engine show --engine gpu";
    assert!(run.stderr.contains(hint), "{run}");
    let chosen = home.run(&["engine", "show", "--engine", "gpu"]).stderr;
    assert!(chosen.contains("ssh"), "{chosen}");
}

#[test]
fn what_is_done_is_said_on_request_and_without_colours() {
    let home = Home::new();
    let context = home.path().join(".docker/contexts/meta/broken");
    std::fs::create_dir_all(&context).unwrap();
    std::fs::write(context.join("meta.json"), "{").unwrap();
    let address = nowhere(&home);
    let said = |option: &[&str]| {
        home.run(&[&["engine", "show", "--engine", &address], option].concat())
            .stderr
    };
    let (plain, verbose) = (said(&[]), said(&["-v"]));
    assert!(
        verbose.len() > plain.len() && verbose.ends_with(&plain),
        "{verbose}"
    );
    assert!(
        verbose.contains("meta.json") && !verbose.contains('\u{1b}'),
        "{verbose}"
    );
}

#[test]
fn a_broken_file_of_kinds_is_named() {
    let home = Home::new();
    let folder = home.path().join("config");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("kinds.toml"), "kind = 1\n").unwrap();
    let run = home.run(&["import", "a.tar"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("HOME/config/kinds.toml"), "{run}");
}
