//! Terminals and captures: each has a channel of its own to the page.

use std::path::PathBuf;

use labwright_session::Session;
use labwright_session::labs::{CaptureEvent, CaptureWish, PageId, TerminalOutput, TerminalWish};
use tauri::ipc::{Channel, InvokeResponseBody, IpcResponse};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

use super::Failure;

/// What a capture's file is called unless the user says otherwise.
const CAPTURE: &str = "capture.pcapng";

/// Opens a terminal; its number. Bytes come raw, everything else as JSON.
#[tauri::command]
pub(super) async fn open_terminal(
    session: State<'_, Session>,
    page: PageId,
    wish: TerminalWish,
    channel: Channel<InvokeResponseBody>,
) -> Result<u64, Failure> {
    let (terminal, mut output) = session.open_terminal(&page, wish).await?;
    tauri::async_runtime::spawn(async move {
        while let Some(output) = output.recv().await {
            let body = match output {
                TerminalOutput::Bytes(bytes) => Ok(InvokeResponseBody::Raw(bytes)),
                TerminalOutput::Event(event) => event.body(),
            };
            if body.and_then(|body| channel.send(body)).is_err() {
                return;
            }
        }
    });
    Ok(terminal)
}

/// Types into a terminal.
#[tauri::command]
pub(super) async fn type_into(
    session: State<'_, Session>,
    terminal: u64,
    text: String,
) -> Result<(), Failure> {
    session.type_into(terminal, text).await
}

/// Changes the size of a terminal, in characters.
#[tauri::command]
pub(super) async fn resize_terminal(
    session: State<'_, Session>,
    terminal: u64,
    columns: u16,
    rows: u16,
) -> Result<(), Failure> {
    session.resize_terminal(terminal, columns, rows).await
}

/// Closes a terminal.
#[tauri::command]
pub(super) async fn close_terminal(
    session: State<'_, Session>,
    terminal: u64,
) -> Result<(), Failure> {
    session.close_terminal(terminal);
    Ok(())
}

/// Listens to what passes an end; the capture's number.
#[tauri::command]
pub(super) async fn start_capture(
    session: State<'_, Session>,
    page: PageId,
    wish: CaptureWish,
    channel: Channel<CaptureEvent>,
) -> Result<u64, Failure> {
    let (capture, mut told) = session.start_capture(&page, wish).await?;
    tauri::async_runtime::spawn(async move {
        while let Some(event) = told.recv().await {
            if channel.send(event).is_err() {
                return;
            }
        }
    });
    Ok(capture)
}

/// Asks a capture to end.
#[tauri::command]
pub(super) async fn stop_capture(session: State<'_, Session>, capture: u64) -> Result<(), Failure> {
    session.stop_capture(capture)
}

/// Lets the user choose where a capture is saved; whether it was.
#[tauri::command]
pub(super) async fn save_capture(
    app: AppHandle,
    session: State<'_, Session>,
    capture: u64,
) -> Result<bool, Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let dialog = app.dialog().file().set_title("Save the capture");
    dialog
        .set_file_name(CAPTURE)
        .add_filter("Captures", &["pcapng"])
        .save_file(move |file| drop(tell.send(file)));
    let Some(file) = told.await.ok().flatten() else {
        return Ok(false);
    };
    let file = PathBuf::from(file.to_string());
    session.save_capture(capture, file).await?;
    Ok(true)
}

/// Opens a capture in Wireshark.
#[tauri::command]
pub(super) async fn open_capture(session: State<'_, Session>, capture: u64) -> Result<(), Failure> {
    session.open_capture(capture)
}

/// Forgets a capture.
#[tauri::command]
pub(super) async fn drop_capture(session: State<'_, Session>, capture: u64) -> Result<(), Failure> {
    session.drop_capture(capture);
    Ok(())
}
