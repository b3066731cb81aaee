//! Reading a lab's topology.

use super::error::DeployError;
use super::request::Surroundings;
use crate::kinds::Kinds;
use crate::topology::{Origin, Topology};
use std::io;
use std::path::{Path, PathBuf};

/// What topology files end with.
const ENDINGS: [&str; 2] = [".clab.yml", ".clab.yaml"];

/// Reads and checks a topology's file.
pub async fn read(
    file: &Path,
    kinds: &Kinds,
    surroundings: &Surroundings,
) -> Result<Topology, DeployError> {
    let text = tokio::fs::read_to_string(file).await;
    let text = text.map_err(|source| DeployError::File {
        file: file.to_owned(),
        source,
    })?;
    let origin = Origin {
        file,
        kinds,
        git: None,
        home: surroundings.home.as_deref(),
    };
    let variable = |name: &str| (surroundings.variable)(name);
    Topology::parse(&text, &origin, &variable).map_err(|source| DeployError::Topology {
        file: file.to_owned(),
        source: Box::new(source),
    })
}

/// The topology's file: the path itself, or the only one in a folder.
pub fn topology_file(path: &Path) -> Result<PathBuf, DeployError> {
    let failed = |source| DeployError::File {
        file: path.to_owned(),
        source,
    };
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let entries = std::fs::read_dir(path).map_err(failed)?;
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = files.filter(|file| is_topology(file)).collect();
    files.sort();
    match files.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(failed(io::Error::new(
            io::ErrorKind::NotFound,
            "the folder has no *.clab.yml",
        ))),
        several => Err(failed(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("the folder has {} topologies: name one", several.len()),
        ))),
    }
}

/// The topology's file: the path itself, or all in a folder, however deep, in the order of their names.
pub fn topology_files(path: &Path) -> Result<Vec<PathBuf>, DeployError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |source| DeployError::File {
            file: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // A link to a folder could lead back.
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(entry.path());
            } else if is_topology(&entry.path()) {
                files.push(entry.path());
            }
        }
    }
    if files.is_empty() {
        return Err(DeployError::File {
            file: path.to_owned(),
            source: io::Error::new(io::ErrorKind::NotFound, "no *.clab.yml is below it"),
        });
    }
    files.sort();
    Ok(files)
}

fn is_topology(file: &Path) -> bool {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.is_some_and(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)))
}
