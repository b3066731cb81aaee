//! What a host has: one script, one question.

use std::collections::BTreeMap;

use super::record::HostFacts;
use crate::ssh::{Connection, Script, SshError};

/// Prints a name and a value on each line.
const PROBE: &str = include_str!("probe.sh");

/// Asks a host what it has. Nothing is changed there but that the folder for jobs is made.
pub async fn probe(connection: &Connection) -> Result<HostFacts, SshError> {
    let script = Script::new("the look at what the host has", PROBE);
    let told = connection.tell(&script).await?;
    let facts = read(&String::from_utf8_lossy(&told.output));
    facts.ok_or_else(|| SshError::NoShell {
        host: connection.host().to_owned(),
        said: told.complaints,
    })
}

fn read(text: &str) -> Option<HostFacts> {
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let values: BTreeMap<&str, &str> = lines.collect();
    values.get("done")?;
    let value = |name: &str| {
        let value = values.get(name).copied().map(str::trim);
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let text = |name: &str| value(name).unwrap_or_default();
    let kibibytes = value("free").and_then(|free| free.parse::<u64>().ok());
    Some(HostFacts {
        user: text("user"),
        hostname: text("hostname"),
        system: text("system"),
        shell: text("shell"),
        home: text("home"),
        home_writable: value("writable").as_deref() == Some("yes"),
        free_space: kibibytes.map(|free| free.saturating_mul(1024)),
        git: value("git"),
        python: value("python"),
        engine: value("engine"),
        engine_problem: value("engine_problem"),
        systemd: value("systemd").is_some(),
        setsid: value("setsid").is_some(),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::process::Command;

    use super::{PROBE, read};

    #[test]
    fn this_machine_tells_what_it_has() {
        for shell in [&["sh"][..], &["bash"], &["busybox", "sh"]] {
            let home = tempfile::tempdir().unwrap();
            let output = Command::new(shell[0])
                .args(&shell[1..])
                .args(["-c", PROBE])
                .env("HOME", home.path())
                .env_remove("XDG_CACHE_HOME")
                .output()
                .unwrap();
            let facts = read(&String::from_utf8(output.stdout).unwrap()).unwrap();
            assert_eq!(facts.home, home.path().to_str().unwrap());
            assert!(facts.home_writable, "{shell:?}");
            assert!(facts.free_space.is_some_and(|free| free > 0));
            assert!(facts.git.is_some_and(|git| git.starts_with('2')));
            assert!(facts.python.is_some_and(|python| python.starts_with('3')));
            assert!(facts.setsid);
        }
    }

    #[test]
    fn what_did_not_come_to_its_end_is_no_answer() {
        assert_eq!(read("user\troot\n"), None);
    }
}
