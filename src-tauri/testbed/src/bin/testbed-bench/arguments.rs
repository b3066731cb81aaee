//! The command line.

use std::path::PathBuf;

use labwright_testbed::Kind;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The engine's own import against `lw import`.
    Import,
    /// The engine's own pull against `lw pull`.
    Pull,
    /// `lw lab deploy` and `destroy` against the engine's own client.
    Lab,
    /// `lw install` against the same commands in one ssh session.
    Install,
    /// `lw import` with its history on the disk against in memory.
    History,
    /// The window's start, its costs at rest and during an import, and a large lab in it.
    Desktop,
    /// Only the large lab.
    Drawing,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The program to measure: `lw`, or for the desktop the window's.
    pub(crate) program: PathBuf,
    /// What to measure.
    pub(crate) what: What,
    /// On which engines.
    pub(crate) engines: Vec<Kind>,
    /// How often.
    pub(crate) rounds: usize,
}

impl Arguments {
    /// Reads `PROGRAM import|pull|lab|install|history|desktop|drawing [--engine KIND]… [--rounds N]`.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let program = arguments.next();
        let program = program.ok_or("the path of the program is missing")?;
        let what = match arguments.next().as_deref() {
            Some("import") => What::Import,
            Some("pull") => What::Pull,
            Some("lab") => What::Lab,
            Some("install") => What::Install,
            Some("history") => What::History,
            Some("desktop") => What::Desktop,
            Some("drawing") => What::Drawing,
            other => {
                let found = other.unwrap_or("nothing");
                return Err(format!(
                    "import, pull, lab, install, history, desktop or drawing was expected, not {found}"
                ));
            }
        };
        let mut engines = Vec::new();
        let mut rounds = 3;
        while let Some(option) = arguments.next() {
            let value = arguments.next();
            let value = value.ok_or_else(|| format!("{option} wants a value"))?;
            match option.as_str() {
                "--engine" => engines.push(kind(&value)?),
                "--rounds" => rounds = positive(&value)?,
                _ => return Err(format!("unknown option {option}")),
            }
        }
        if engines.is_empty() {
            engines = match what {
                What::Import | What::Pull | What::Lab => Kind::ALL.to_vec(),
                What::Install | What::History | What::Desktop | What::Drawing => {
                    vec![Kind::Classic]
                }
            };
        }
        Ok(Self {
            program: PathBuf::from(program),
            what,
            engines,
            rounds,
        })
    }
}

fn kind(name: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| format!("no engine {name}: classic, containerd or podman"))
}

fn positive(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{text} is no number of rounds"))
}
