//! Saving the configurations of a lab's nodes.

use super::error::{LabError, PartError};
use super::find::{RunningLab, RunningNode};
use crate::kinds::Kinds;
use futures_util::future::join_all;
use futures_util::{StreamExt, TryStreamExt};
use labwright_engine::{Engine, ExecSettings};
use serde::Serialize;
use std::io::{self, Read as _};

/// A node's saved configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedNode {
    /// The node.
    pub node: String,
    /// The file's name in the node, without its folder; made of the kind where it is the command's output.
    pub file: String,
    /// What it holds.
    pub text: String,
}

/// Lets every chosen node save its configuration, which is kept in its volume, and returns what was saved. Nodes of kinds
/// that save nothing are left out.
pub async fn save(
    engine: &Engine,
    kinds: &Kinds,
    lab: &RunningLab,
    nodes: &[String],
) -> Result<Vec<SavedNode>, LabError> {
    let chosen = lab.chosen(nodes)?;
    let work = chosen.iter().map(|node| async move {
        let saved = save_one(engine, kinds, node).await;
        saved.map_err(|error| (node.name.clone(), error))
    });
    let (mut saved, mut failed) = (Vec::new(), Vec::new());
    for outcome in join_all(work).await {
        match outcome {
            Ok(node) => saved.extend(node),
            Err(error) => failed.push(error),
        }
    }
    if failed.is_empty() {
        return Ok(saved);
    }
    Err(LabError::Parts {
        lab: lab.name.clone(),
        action: "save",
        failed,
    })
}

async fn save_one(
    engine: &Engine,
    kinds: &Kinds,
    node: &RunningNode,
) -> Result<Option<SavedNode>, PartError> {
    let Some(save) = kinds.get(&node.kind).and_then(|kind| kind.save.as_ref()) else {
        return Ok(None);
    };
    let asked = ExecSettings {
        command: save.command.clone(),
        ..ExecSettings::default()
    };
    let result = engine.run(&node.container, &asked).await?;
    let said = String::from_utf8_lossy(&[&*result.out, &*result.error].concat()).into_owned();
    if result.exit_code != 0 {
        return Err(PartError::Command {
            command: save.command.join(" "),
            exit_code: result.exit_code,
            output: said.lines().last().unwrap_or_default().to_owned(),
        });
    }
    let node = node.clone();
    let Some(path) = &save.file else {
        let text = String::from_utf8_lossy(&result.out).into_owned();
        let file = format!("{}.cfg", node.name);
        return Ok(Some(SavedNode {
            node: node.name,
            file,
            text,
        }));
    };
    let text = file_text(engine, &node.container, path).await?;
    let file = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok(text.map(|text| SavedNode {
        node: node.name,
        file,
        text,
    }))
}

/// The text of an archive's first entry, which must be a whole file.
fn first_file(archive: &[u8]) -> io::Result<String> {
    let mut archive = tar::Archive::new(archive);
    let entry = archive.entries()?.next();
    let mut entry = entry.ok_or(io::ErrorKind::UnexpectedEof)??;
    if !entry.header().entry_type().is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text)?;
    if text.len() as u64 != entry.size() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The text of one file of a container.
async fn file_text(
    engine: &Engine,
    container: &str,
    path: &str,
) -> Result<Option<String>, PartError> {
    let Some(files) = engine.get_files(container, path).await? else {
        return Ok(None);
    };
    let bytes = files.map(|piece| piece.map(|piece| piece.to_vec()));
    let bytes = bytes.try_concat().await;
    let text = bytes.and_then(|bytes: Vec<u8>| first_file(&bytes));
    text.map(Some).map_err(|source| PartError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::first_file;

    fn archive(kind: tar::EntryType, text: &str) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_entry_type(kind);
        header.set_cksum();
        let mut archive = tar::Builder::new(Vec::new());
        archive.append(&header, text.as_bytes()).unwrap();
        archive.into_inner().unwrap()
    }

    #[test]
    fn only_a_whole_file_is_a_configuration() {
        let text = "hostname leaf1\n".repeat(100);
        let whole = archive(tar::EntryType::Regular, &text);
        assert_eq!(first_file(&whole).unwrap(), text);
        for length in [0, 100, 600, 1024] {
            assert!(first_file(&whole[..length]).is_err(), "{length}");
        }
        assert!(first_file(&archive(tar::EntryType::Directory, "")).is_err());
    }
}
