//! The text of a lab's file: read, written, checked, edited.

use std::path::Path;
use std::sync::PoisonError;

use labwright_jobs::ErrorReport;
use labwright_labs::kinds::Runs;
use labwright_labs::topology::{
    ChosenLink, Edit, Origin, Position, edit, rename_annotated, words, write_positions,
};

use super::Session;
use crate::labs::texts::TextError;
use crate::labs::{
    KeyWord, KindWord, LabEdit, LabText, LabView, LabWords, NodePosition, Turn, blocking, if_yaml,
    newer, texts,
};

impl Session {
    /// The text of a lab's file.
    pub async fn read_lab(&self, file: String) -> Result<LabText, ErrorReport> {
        if_yaml(Path::new(&file)).map_err(|error| error.report())?;
        let read = blocking(move || texts::read(Path::new(&file))).await?;
        read.map_err(|error| error.report())
    }

    /// Writes it, unless the file has changed since `revision`, or makes it with none; the new revision. A node that has another name now stays
    /// where it was put.
    pub async fn write_lab(
        &self,
        file: String,
        text: String,
        revision: String,
    ) -> Result<String, ErrorReport> {
        if_yaml(Path::new(&file)).map_err(|error| error.report())?;
        let reader = self.shared.labs.reader.clone();
        let before = self.shared.labs.topology(Path::new(&file));
        let writing = blocking(move || {
            let path = Path::new(&file);
            let written = texts::write(path, &text, &revision)?;
            let after = reader.parse(path, &text, None).topology;
            if let Some((from, to)) = before
                .zip(after)
                .and_then(|it| texts::renamed(&it.0, &it.1))
                && let Err(error) = rename_annotated(path, &from, &to)
            {
                tracing::warn!(%error, "a node is not where it was");
            }
            Ok::<_, TextError>(written)
        });
        let written = writing.await?;
        self.shared.labs.look().await;
        written.map_err(|error| error.report())
    }

    /// What a text would be as this file; nothing is written.
    pub fn check_lab(&self, file: &str, text: &str) -> LabView {
        self.shared.labs.check(Path::new(file), text)
    }

    /// The text after an edit; nothing is written.
    pub fn edit_lab(&self, file: &str, text: &str, wish: LabEdit) -> Result<String, ErrorReport> {
        let reader = &self.shared.labs.reader;
        let origin = Origin {
            file: Path::new(file),
            kinds: &reader.kinds,
            git: None,
            home: reader.surroundings.home.as_deref(),
        };
        let variable = |name: &str| (reader.surroundings.variable)(name);
        let edited = edit(text, &origin, &variable, &wanted(wish));
        edited.map_err(|error| error.report())
    }

    /// Keeps where nodes were put, beside the file. A node that a later wish has put elsewhere stays there.
    pub async fn place_nodes(
        &self,
        turn: &Turn,
        file: String,
        positions: Vec<NodePosition>,
    ) -> Result<(), ErrorReport> {
        if_yaml(Path::new(&file)).map_err(|error| error.report())?;
        let (placed, turn) = (self.shared.turns.placed(), turn.clone());
        let placing = blocking(move || {
            let mut placed = placed.lock().unwrap_or_else(PoisonError::into_inner);
            let positions = newer(&mut placed, &file, &turn, positions).into_iter();
            let positions = positions.map(|place| Position {
                node: place.node,
                x: place.x,
                y: place.y,
            });
            write_positions(Path::new(&file), &positions.collect::<Vec<_>>())
        });
        let written = placing.await?;
        written.map_err(|error| error.report())?;
        self.shared.labs.look().await;
        Ok(())
    }

    /// What can be written in a topology's file.
    pub fn lab_words(&self) -> Result<LabWords, ErrorReport> {
        let keys = words().map_err(|error| ErrorReport::of("words", &error))?;
        let keys = keys.into_iter().map(|word| KeyWord {
            within: word.within,
            key: word.key,
            about: word.about,
            values: word.values,
        });
        let kinds = self.shared.labs.kinds().all().iter().map(|kind| KindWord {
            name: kind.name.clone(),
            aliases: kind.aliases.clone(),
            title: kind.title.clone(),
            runs_here: kind.runs != Runs::Elsewhere,
            needs: kind.needs.clone().unwrap_or_default(),
        });
        Ok(LabWords {
            keys: keys.collect(),
            kinds: kinds.collect(),
        })
    }
}

fn wanted(wish: LabEdit) -> Edit {
    match wish {
        LabEdit::AddNode { name, kind, image } => Edit::AddNode { name, kind, image },
        LabEdit::AddLink { ends } => Edit::AddLink { ends },
        LabEdit::RenameNode { from, to } => Edit::RenameNode { from, to },
        LabEdit::Delete { nodes, links } => {
            let links = links.into_iter().map(|link| ChosenLink {
                number: link.number,
                ends: Some(link.ends),
            });
            Edit::Delete {
                nodes,
                links: links.collect(),
            }
        }
    }
}
