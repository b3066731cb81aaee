//! Programs that are run in containers.

use std::{collections::BTreeMap, pin::Pin};

use bollard::models::ExecConfig;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use super::{logs::OutputStream, output::Output};
use crate::{Action, Engine, EngineError, RequestError, connection::Connection};

/// How much of each stream [`Engine::run`] keeps.
const KEPT: usize = 1 << 20;
/// How much is read at once.
const PIECE: usize = 64 << 10;
/// What an engine takes for the wish to detach from a terminal. Its usual ^P ^Q would keep every ^P back until the next
/// key, and end the connection of its own; these are keys that nobody types in a row.
const DETACH_KEYS: &str = "ctrl-@,ctrl-_,ctrl-@,ctrl-_";

/// A program to run in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecSettings {
    /// The program with its arguments. No shell reads them.
    pub command: Vec<String>,
    /// Who runs it; the container's user if not given.
    pub user: Option<String>,
    /// Variables besides the container's.
    pub environment: BTreeMap<String, String>,
    /// A terminal of this size.
    pub terminal: Option<TerminalSize>,
    /// Whether it reads an input; without, it finds its end at once.
    pub input: bool,
}

/// The size of a terminal in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    /// Characters in a line.
    pub columns: u16,
    /// Lines.
    pub rows: u16,
}

/// A program that runs in a container. Dropping it leaves it running, without a reader.
pub struct Exec {
    /// What it reads. Shutting it down is the end of its input.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
    /// What it prints, until it ends.
    pub output: OutputStream,
    /// The handle to ask for the rest.
    pub handle: ExecHandle,
}

/// One run of a program in a container.
#[derive(Clone, Debug)]
pub struct ExecHandle {
    engine: Engine,
    container: String,
    id: String,
}

/// What a program did that has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecResult {
    /// Its exit code; 126 or 127 where it could not be started.
    pub exit_code: i64,
    /// What it printed, the first MiB.
    pub out: Vec<u8>,
    /// What it printed to standard error, the first MiB.
    pub error: Vec<u8>,
}

/// What an engine says of a program that it runs, or ran.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    #[serde(default)]
    running: bool,
    #[serde(default)]
    exit_code: Option<i64>,
}

impl Engine {
    /// Starts a program in a running container.
    pub async fn exec(
        &self,
        container: &str,
        settings: &ExecSettings,
    ) -> Result<Exec, EngineError> {
        let refused = |source| self.refused(Action::Run, container, source);
        let docker = self.connection().docker();
        let made = docker.create_exec(container, config(settings)).await;
        let made = made.map_err(|source| refused(source.into()))?;
        let path = format!("/exec/{}/start", made.id);
        let terminal = settings.terminal.is_some();
        let body = serde_json::json!({ "Detach": false, "Tty": terminal });
        let stream = self.connection().upgrade(&path, &body).await;
        let (reader, writer) = tokio::io::split(stream.map_err(refused)?);
        let arriving = pieces(reader, self.connection().clone());
        let handle = ExecHandle {
            engine: self.clone(),
            container: container.to_owned(),
            id: made.id,
        };
        if let Some(size) = settings.terminal {
            handle.resize(size).await?;
        }
        Ok(Exec {
            input: Box::pin(writer),
            output: self.output(Action::Run, container, terminal, arriving),
            handle,
        })
    }

    /// Runs a program in a running container to its end.
    pub async fn run(
        &self,
        container: &str,
        settings: &ExecSettings,
    ) -> Result<ExecResult, EngineError> {
        let mut exec = self.exec(container, settings).await?;
        let mut result = ExecResult::default();
        while let Some(piece) = exec.output.next().await {
            match piece? {
                Output::Out(bytes) => keep(&mut result.out, &bytes),
                Output::Error(bytes) => keep(&mut result.error, &bytes),
            }
        }
        result.exit_code = exec.handle.exit_code().await?;
        Ok(result)
    }
}

impl ExecHandle {
    /// Changes the size of its terminal. A program that has ended has none any more, which is no error.
    pub async fn resize(&self, size: TerminalSize) -> Result<(), EngineError> {
        let (rows, columns) = (size.rows.to_string(), size.columns.to_string());
        let query = [("h", rows.as_str()), ("w", columns.as_str())];
        let path = format!("/exec/{}/resize", self.id);
        let connection = self.engine.connection();
        match connection.send(reqwest::Method::POST, &path, &query).await {
            Err(source) if source.status().is_none() => {
                Err(self
                    .engine
                    .refused(Action::ResizeTerminal, &self.container, source))
            }
            _ => Ok(()),
        }
    }

    /// The exit code of a program that has ended.
    pub async fn exit_code(&self) -> Result<i64, EngineError> {
        Ok(self.state().await?.exit_code.unwrap_or_default())
    }

    /// The exit code of a program; none while it runs.
    pub async fn ended(&self) -> Result<Option<i64>, EngineError> {
        let state = self.state().await?;
        Ok(state.exit_code.filter(|_| !state.running))
    }

    async fn state(&self) -> Result<State, EngineError> {
        let path = format!("/exec/{}/json", self.id);
        let state = self.engine.connection().get(&path, &[]).await;
        state.map_err(|source| self.engine.refused(Action::Run, &self.container, source))
    }
}

fn config(settings: &ExecSettings) -> ExecConfig {
    let variable = |(name, value): (&String, &String)| format!("{name}={value}");
    ExecConfig {
        attach_stdin: Some(settings.input),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        tty: Some(settings.terminal.is_some()),
        detach_keys: settings.terminal.map(|_| DETACH_KEYS.to_owned()),
        env: Some(settings.environment.iter().map(variable).collect()),
        cmd: Some(settings.command.clone()),
        user: settings.user.clone(),
        ..ExecConfig::default()
    }
}

/// What is read, piece by piece. That the other side is gone without a goodbye is the end too, unless the way there failed.
fn pieces(
    reader: impl AsyncRead + Send + Unpin + 'static,
    connection: Connection,
) -> impl Stream<Item = Result<Bytes, RequestError>> {
    stream::try_unfold(
        (reader, connection),
        |(mut reader, connection)| async move {
            let mut buffer = vec![0; PIECE];
            let read = reader.read(&mut buffer).await;
            let length = read.map_err(RequestError::broken)?;
            buffer.truncate(length);
            if length == 0 {
                connection.checked_end()?;
                return Ok(None);
            }
            Ok(Some((buffer.into(), (reader, connection))))
        },
    )
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    let room = KEPT.saturating_sub(kept.len()).min(bytes.len());
    kept.extend_from_slice(&bytes[..room]);
}
