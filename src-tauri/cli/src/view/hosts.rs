//! What a host has, as lines of text. Pure.

use labwright_remote::host::HostFacts;

use super::text::{pad, printable};
use super::units;

/// How wide the names of the facts are.
const FACT: usize = 9;

/// What a test found.
pub(crate) fn fact_lines(name: &str, round_trip: u64, facts: &HostFacts) -> Vec<String> {
    let none = || "none".to_owned();
    let home = if facts.home_writable {
        facts.home.clone()
    } else {
        format!("{}, in which nothing can be written", facts.home)
    };
    let engine = facts
        .engine
        .clone()
        .or_else(|| facts.engine_problem.clone());
    let setsid = "missing (package util-linux); an install needs it";
    let lines = [
        ("host", Some(name.to_owned())),
        ("reachable", Some(format!("yes, in {round_trip} ms"))),
        (
            "user",
            Some(format!("{} on {}", facts.user, facts.hostname)),
        ),
        ("system", Some(facts.system.clone())),
        ("shell", Some(facts.shell.clone())),
        ("home", Some(home)),
        (
            "free",
            Some(
                facts
                    .free_space
                    .map_or_else(|| "not known".to_owned(), units::bytes),
            ),
        ),
        ("git", Some(facts.git.clone().unwrap_or_else(none))),
        ("python", Some(facts.python.clone().unwrap_or_else(none))),
        ("engine", Some(engine.unwrap_or_else(none))),
        (
            "systemd",
            Some(
                if facts.systemd {
                    "yes"
                } else {
                    "no; nothing needs it"
                }
                .to_owned(),
            ),
        ),
        ("setsid", (!facts.setsid).then(|| setsid.to_owned())),
    ];
    let told = lines.into_iter().filter_map(|(name, value)| {
        let value = printable(&value?);
        Some(format!("{} {value}", pad(name, FACT)))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use labwright_remote::host::HostFacts;

    use super::fact_lines;

    fn facts() -> HostFacts {
        HostFacts {
            user: "root".to_owned(),
            hostname: "c0ffee".to_owned(),
            system: "Debian GNU/Linux 12 (bookworm) x86_64".to_owned(),
            shell: "/bin/bash".to_owned(),
            home: "/root".to_owned(),
            home_writable: true,
            free_space: Some(420 << 30),
            git: Some("2.39.5".to_owned()),
            python: Some("3.11.2".to_owned()),
            engine: Some("Docker 28.5.2".to_owned()),
            engine_problem: None,
            systemd: true,
            setsid: true,
        }
    }

    #[test]
    fn all_that_a_host_has_and_lacks_is_told() {
        let bare = HostFacts {
            home_writable: false,
            free_space: None,
            git: None,
            python: None,
            engine: None,
            engine_problem: Some("Docker is there, but does not answer: \x1b[31mno".to_owned()),
            systemd: false,
            setsid: false,
            ..facts()
        };
        let shown = [facts(), bare].map(|facts| fact_lines("gpu-7", 23, &facts).join("\n"));
        insta::assert_snapshot!(shown.join("\n\n"));
    }
}
