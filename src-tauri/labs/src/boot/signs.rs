//! What a node's lines say of its boot: pure.

use super::error::{BootError, LINES};
use crate::kinds::{BootStage, Kind, LogMarker};
use std::collections::VecDeque;

/// The longest line that is looked at.
const LINE_BYTES: usize = 8 << 10;

/// Reads what a node prints, and says which stages are over.
#[derive(Debug)]
pub(super) struct Signs<'a> {
    kind: &'a Kind,
    /// How many stages are over.
    over: usize,
    rest: Vec<u8>,
    last: VecDeque<String>,
}

impl<'a> Signs<'a> {
    pub(super) fn new(kind: &'a Kind) -> Self {
        Self {
            kind,
            over: 0,
            rest: Vec::new(),
            last: VecDeque::new(),
        }
    }

    /// The stage that it is in; none when all are over.
    pub(super) fn stage(&self) -> Option<&'a BootStage> {
        self.kind.stages.get(self.over)
    }

    /// How many stages are over.
    pub(super) fn over(&self) -> usize {
        self.over
    }

    /// What it printed last.
    pub(super) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }

    /// Reads on. Fails where a line says that the node will not come up.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<(), BootError> {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self
            .rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
        {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            self.line(&String::from_utf8_lossy(&line))?;
        }
        if self.rest.len() > LINE_BYTES {
            let line = std::mem::take(&mut self.rest);
            self.line(&String::from_utf8_lossy(&line))?;
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), BootError> {
        let line = printable(line);
        if line.is_empty() {
            return Ok(());
        }
        let holds = |marker: &&LogMarker| line.contains(&marker.text);
        if let Some(bad) = self.kind.readiness.bad.iter().find(holds) {
            return Err(BootError::Sign {
                meaning: bad.meaning.clone(),
                hint: bad.hint.clone(),
                line,
            });
        }
        let ends = |stage: &BootStage| stage.until_log.iter().any(|text| line.contains(text));
        let mut stages = self.kind.stages.iter().enumerate().skip(self.over).rev();
        if let Some((place, _)) = stages.find(|(_, stage)| ends(stage)) {
            self.over = place + 1;
        }
        if self.last.len() == LINES {
            self.last.pop_front();
        }
        self.last.push_back(line);
        Ok(())
    }
}

/// Without what moves a terminal's cursor.
fn printable(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape sequence ends with a letter.
            let _ = characters.find(char::is_ascii_alphabetic);
        } else if !character.is_control() {
            text.push(character);
        }
    }
    text.trim().to_owned()
}
