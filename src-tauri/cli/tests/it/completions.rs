//! Completions are there for every shell.

use std::process::Stdio;

use crate::program::Home;

#[test]
fn every_shell_gets_all_commands() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = home.run(&["completions", shell]);
        assert_eq!(run.code, Some(0), "{run}");
        for word in [
            "import",
            "sha256",
            "retry",
            "engine",
            "attach",
            "fingerprint",
        ] {
            assert!(run.stdout.contains(word), "{shell} does not know {word}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let home = Home::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = home.command(&["completions", "bash"]);
    command.stdout(writer).stderr(Stdio::piped());
    let run = home.end(&mut command);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let home = Home::new();
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut command = home.command(&["completions", "bash"]);
    command.stdout(full.unwrap()).stderr(Stdio::piped());
    let run = home.end(&mut command);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .starts_with("error: the result cannot be written\nbecause "),
        "{run}"
    );
}
