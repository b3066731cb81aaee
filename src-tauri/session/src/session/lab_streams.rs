//! Terminals and captures of a lab: streams that end with the page that asked for them.

use std::path::PathBuf;

use labwright_jobs::ErrorReport;
use labwright_labs::links::{EndName, LinkError, Links};
use labwright_labs::running::lab;
use tokio::sync::mpsc;

use super::Session;
use crate::labs::{CaptureEvent, CaptureWish, PageId, Place, TerminalOutput, TerminalWish};

/// What shows a capture in all its details.
const WIRESHARK: &str = "wireshark";

impl Session {
    /// A page is there from now on. If it is another one, the streams of the one before end, and nobody looks at traffic.
    pub fn open_page(&self, page: &PageId) {
        if self.shared.turns.begin(Some(page.clone())) {
            self.close_streams();
        }
    }

    /// Opens a terminal for a page; its number, and what comes from it.
    pub async fn open_terminal(
        &self,
        page: &PageId,
        wish: TerminalWish,
    ) -> Result<(u64, mpsc::Receiver<TerminalOutput>), ErrorReport> {
        let engine = self.engine()?;
        let lab = lab(&engine, &wish.lab).await;
        let lab = lab.map_err(|error| error.report())?;
        let place = Place {
            engine: &engine,
            kinds: self.shared.labs.kinds(),
            node: lab.node(&wish.node).map_err(|error| error.report())?,
            lab: &lab,
        };
        let is_wanted = || self.shared.turns.has(page);
        self.shared.terminals.open(place, &wish, is_wanted).await
    }

    /// Types into a terminal.
    pub async fn type_into(&self, terminal: u64, text: String) -> Result<(), ErrorReport> {
        self.shared.terminals.type_into(terminal, text).await
    }

    /// Changes the size of a terminal, in characters.
    pub async fn resize_terminal(
        &self,
        terminal: u64,
        columns: u16,
        rows: u16,
    ) -> Result<(), ErrorReport> {
        self.shared.terminals.resize(terminal, columns, rows).await
    }

    /// Closes a terminal.
    pub fn close_terminal(&self, terminal: u64) {
        self.shared.terminals.close(terminal);
    }

    /// Listens to what passes an end; the capture's number, and what is told of it.
    pub async fn start_capture(
        &self,
        page: &PageId,
        wish: CaptureWish,
    ) -> Result<(u64, mpsc::Receiver<CaptureEvent>), ErrorReport> {
        let end: EndName = wish
            .end
            .parse()
            .map_err(|error| LinkError::End(error).report())?;
        let engine = self.engine()?;
        let lab = lab(&engine, &wish.lab).await;
        let lab = lab.map_err(|error| error.report())?;
        let links = Links::of(&engine, self.shared.labs.kinds(), &lab);
        let links = links.map_err(|error| error.report())?;
        let capture = links.capture(&end, None).await;
        let capture = capture.map_err(|error| error.report())?;
        let folder = self.shared.environment.cache_folder();
        let folder = folder.map_or_else(
            || self.folder_of_history(),
            |folder| folder.join("captures"),
        );
        let is_wanted = || self.shared.turns.has(page);
        self.shared
            .captures
            .begin(capture, &folder, is_wanted)
            .await
    }

    /// Asks a capture to end. What it has stays.
    pub fn stop_capture(&self, capture: u64) -> Result<(), ErrorReport> {
        self.shared.captures.stop(capture)
    }

    /// Saves what a capture has so far.
    pub async fn save_capture(&self, capture: u64, path: PathBuf) -> Result<(), ErrorReport> {
        self.shared.captures.save(capture, path).await
    }

    /// Opens a capture in Wireshark, which goes on with it while it runs.
    pub fn open_capture(&self, capture: u64) -> Result<(), ErrorReport> {
        let program = self.shared.environment.program(WIRESHARK);
        self.shared.captures.open(capture, program)
    }

    /// Forgets a capture.
    pub fn drop_capture(&self, capture: u64) {
        self.shared.captures.drop_one(capture);
    }

    /// The page that had terminals, captures and runs is gone, and nobody looks at traffic.
    fn close_streams(&self) {
        self.shared.terminals.close_all();
        self.shared.captures.drop_all();
        self.shared.runs.end_all();
        self.watch_traffic(false);
    }

    /// The same at the end of the program, which leaves no shell behind in a node.
    pub async fn end_streams(&self) {
        // What is being opened now is not kept.
        self.shared.turns.begin(None);
        self.close_streams();
        self.shared.terminals.end().await;
    }
}
