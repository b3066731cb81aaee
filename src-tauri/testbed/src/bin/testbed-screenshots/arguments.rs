//! The command line.

use std::path::PathBuf;

use labwright_testbed::Kind;

use crate::views::VIEWS;

/// All of it.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The program to take pictures of.
    pub(crate) program: PathBuf,
    /// Where the pictures go.
    pub(crate) folder: PathBuf,
    /// The private engine that the program is given.
    pub(crate) engine: Kind,
    only: Vec<String>,
}

impl Arguments {
    /// Reads `PROGRAM OUTFOLDER [--engine KIND] [--only VIEW]…`.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let program = arguments
            .next()
            .ok_or("the path of the program is missing")?;
        let folder = arguments
            .next()
            .ok_or("the folder for the pictures is missing")?;
        let mut engine = Kind::Classic;
        let mut only = Vec::new();
        while let Some(option) = arguments.next() {
            let value = arguments.next();
            let value = value.ok_or_else(|| format!("{option} wants a value"))?;
            match option.as_str() {
                "--engine" => engine = kind(&value)?,
                "--only" => only.push(known(value)?),
                _ => return Err(format!("unknown option {option}")),
            }
        }
        Ok(Self {
            program: PathBuf::from(program),
            folder: PathBuf::from(folder),
            engine,
            only,
        })
    }

    /// Whether this view was asked for.
    pub(crate) fn wants(&self, view: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == view)
    }
}

fn kind(name: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| format!("no engine {name}: classic, containerd or podman"))
}

fn known(view: String) -> Result<String, String> {
    if VIEWS.iter().any(|known| known.name == view) {
        return Ok(view);
    }
    let names: Vec<_> = VIEWS.iter().map(|view| view.name).collect();
    Err(format!("no view {view}: {}", names.join(", ")))
}
