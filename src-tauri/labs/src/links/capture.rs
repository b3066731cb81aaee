//! What passes an end of a link, as a capture file.

use super::LinkError;
use super::blocks::{Blocks, CapturedPacket, Counted};
use crate::labels;
use crate::patchbay::PatchbayError;
use crate::topology::LabName;
use bytes::Bytes;
use futures_util::StreamExt;
use labwright_engine::{Engine, EngineError, Exec, ExecSettings, Output};
use labwright_patchbay::{CAPTURE_COMMAND, EndName, PROGRAM};
use std::fmt;
use tokio::io::AsyncWriteExt;

/// How much of what is no capture is kept, for the error.
const SAID: usize = 2000;

/// A capture that runs in the patchbay. It ends with its input, so dropping it ends it.
pub struct Capture {
    lab: String,
    end: EndName,
    exec: Exec,
    blocks: Blocks,
    said: String,
    stopped: bool,
}

impl Capture {
    pub(super) async fn open(
        engine: &Engine,
        lab: &LabName,
        end: EndName,
        snap: Option<u32>,
    ) -> Result<Self, LinkError> {
        let mut command = [PROGRAM, CAPTURE_COMMAND, end.as_str()]
            .map(str::to_owned)
            .to_vec();
        command.extend(
            snap.into_iter()
                .flat_map(|snap| ["--snap".to_owned(), snap.to_string()]),
        );
        let settings = ExecSettings {
            command,
            input: true,
            ..ExecSettings::default()
        };
        let exec = engine.exec(&labels::patchbay_name(lab), &settings).await;
        let lab = lab.to_string();
        let exec = exec.map_err(|source| unreached(&lab, &end, source))?;
        Ok(Self {
            lab,
            end,
            exec,
            blocks: Blocks::default(),
            said: String::new(),
            stopped: false,
        })
    }

    /// The end that is listened to.
    pub fn end(&self) -> &EndName {
        &self.end
    }

    /// More of the file, always up to the end of a packet; none when it is whole. Nothing is lost where the caller does
    /// not wait for it. Fails where the capture ended without being [stopped](Self::stop).
    pub async fn next(&mut self) -> Result<Option<Bytes>, LinkError> {
        loop {
            let piece = match self.exec.output.next().await {
                Some(piece) => piece.map_err(|source| unreached(&self.lab, &self.end, source))?,
                None if self.stopped => return Ok(None),
                None => return Err(self.ended()),
            };
            match piece {
                Output::Out(bytes) => {
                    let whole = self
                        .blocks
                        .take(&bytes)
                        .map_err(|_| self.no_capture(&bytes))?;
                    if !whole.is_empty() {
                        return Ok(Some(whole));
                    }
                }
                Output::Error(bytes) => self.hear(&bytes),
            }
        }
    }

    /// Asks it to end. What it heard before still comes.
    pub async fn stop(&mut self) {
        self.stopped = true;
        // That it is gone already is what is wanted.
        let _gone = self.exec.input.shutdown().await;
    }

    /// The packets of what [`next`](Self::next) gave.
    pub fn packets(&self, piece: &Bytes) -> impl Iterator<Item = CapturedPacket> + use<> {
        self.blocks.packets(piece)
    }

    /// How much has come.
    pub fn counted(&self) -> Counted {
        self.blocks.counted()
    }

    fn hear(&mut self, bytes: &[u8]) {
        if self.said.len() < SAID {
            self.said.push_str(&String::from_utf8_lossy(bytes));
        }
    }

    fn ended(&self) -> LinkError {
        let said = match self.said.trim() {
            "" => "it did not say why",
            said => said,
        };
        LinkError::Ended {
            lab: self.lab.clone(),
            end: self.end.to_string(),
            said: said.to_owned(),
        }
    }

    /// An engine says on the same way that it could not start the program.
    fn no_capture(&mut self, bytes: &[u8]) -> LinkError {
        if self.counted() == Counted::default() && bytes.is_ascii() {
            self.hear(bytes);
            return self.ended();
        }
        LinkError::Format {
            lab: self.lab.clone(),
            end: self.end.to_string(),
        }
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

fn unreached(lab: &str, end: &EndName, source: EngineError) -> LinkError {
    let lab = lab.to_owned();
    if source.is_missing() {
        return PatchbayError::Missing { lab }.into();
    }
    let (end, source) = (end.to_string(), Box::new(source));
    LinkError::Engine { lab, end, source }
}
