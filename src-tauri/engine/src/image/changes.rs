//! Import settings as the lines of a Dockerfile that engines take, `changes`.
//!
//! Docker parses them as it parses a Dockerfile: `"`, `\` and `$` are special inside quotes, and a
//! line break ends the instruction. Podman has a parser of its own (`libpod/util`): it takes one pair
//! of quotes off a value, and nothing in it is special.

use crate::{EngineKind, ImportSettings};

/// One line for each setting.
pub(super) fn changes(kind: EngineKind, settings: &ImportSettings) -> Vec<String> {
    let pair = |word: &'static str| {
        move |(key, value): (&String, &String)| format!("{word} {key}={}", quoted(kind, value))
    };
    let list = |word: &'static str| move |values: &Vec<String>| format!("{word} {}", json(values));
    let line =
        |word: &'static str| move |value: &String| format!("{word} {}", escaped(kind, value));
    settings
        .labels
        .iter()
        .map(pair("LABEL"))
        .chain(settings.env.iter().map(pair("ENV")))
        .chain(settings.exposed_ports.iter().map(line("EXPOSE")))
        .chain(settings.working_dir.iter().map(line("WORKDIR")))
        .chain(settings.user.iter().map(line("USER")))
        .chain(settings.entrypoint.iter().map(list("ENTRYPOINT")))
        .chain(settings.command.iter().map(list("CMD")))
        .collect()
}

fn quoted(kind: EngineKind, value: &str) -> String {
    format!("\"{}\"", escaped(kind, value))
}

fn escaped(kind: EngineKind, value: &str) -> String {
    match kind {
        EngineKind::Podman => value.to_owned(),
        EngineKind::Docker => value.chars().fold(String::new(), |mut escaped, c| {
            match c {
                '"' | '\\' | '$' => escaped.extend(['\\', c]),
                '\n' => escaped.push(' '),
                c => escaped.push(c),
            }
            escaped
        }),
    }
}

/// Both parsers read a command in the form of a JSON list, and expand nothing in it.
fn json(values: &[String]) -> String {
    serde_json::Value::from(values).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_for_both_engines() {
        let settings = ImportSettings {
            labels: [("a", "plain"), ("b", r#"q"b\d$x"#), ("c", "two\nlines")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            command: Some(vec!["/sbin/init".into(), "a b\"$c".into()]),
            entrypoint: Some(vec!["/e".into()]),
            env: [("CEOS".to_owned(), "1 2".to_owned())].into(),
            exposed_ports: vec!["22/tcp".into()],
            working_dir: Some("/x y".into()),
            user: Some("1:1".into()),
            architecture: Some("arm64".into()),
        };
        let both = [EngineKind::Docker, EngineKind::Podman];
        insta::assert_snapshot!(
            both.map(|kind| changes(kind, &settings).join("\n"))
                .join("\n\n")
        );
    }
}
