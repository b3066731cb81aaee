//! The asynchronous half: the pump's pieces become the body of the engine's request.

use super::error::ImportError;
use super::pump::{Piece, Pump, PumpError, Pumped};
use futures_util::StreamExt;
use futures_util::stream;
use labwright_engine::{Engine, EngineError, ImageId, ImageReference, ImportSettings, UploadBody};
use labwright_jobs::{CancelToken, Step};
use tokio::sync::mpsc;

/// Pieces between the pump and the engine; half a megabyte each.
const BUFFERED: usize = 8;

/// What the engine is asked to make of the body.
pub(super) enum Upload {
    /// One image of a root file system.
    Import {
        reference: ImageReference,
        settings: Box<ImportSettings>,
    },
    /// The images of an archive.
    Load,
}

/// The engine's answer.
pub(super) enum Answer {
    Imported(ImageId),
    Loaded(Vec<String>),
}

/// Sends what `pump` yields to `engine`. When all is sent, `commit` begins.
pub(super) async fn send(
    engine: &Engine,
    upload: &Upload,
    pump: Pump,
    commit: Step,
    cancel: &CancelToken,
) -> Result<(Pumped, Answer), ImportError> {
    let name = pump.name.clone();
    let sending = pump.step.clone();
    let (sender, receiver) = mpsc::channel(BUFFERED);
    let body = body(receiver, sending, commit);
    let pumping = tokio::task::spawn_blocking(move || pump.run(&sender));
    let answer = tokio::select! {
        answer = request(engine, upload, body) => Some(answer),
        _ = cancel.cancelled() => None,
    };
    let Some(answer) = answer else {
        // The request and with it the body's receiver are gone, so the pump ends by itself.
        return Err(ImportError::Cancelled);
    };
    let pumped = pumping.await.map_err(|source| ImportError::Fault {
        name: name.clone(),
        source,
    })?;
    let engine_name = || engine.title().to_owned();
    match (pumped, answer) {
        (Ok(pumped), Ok(answer)) => Ok((pumped, answer)),
        (Err(PumpError::Ours(error)), _) => Err(*error),
        (_, Err(source)) => Err(ImportError::Engine {
            name,
            engine: engine_name(),
            source: Box::new(source),
        }),
        (Err(PumpError::EngineStopped), Ok(_)) => Err(ImportError::EndedEarly {
            name,
            engine: engine_name(),
        }),
    }
}

async fn request(
    engine: &Engine,
    upload: &Upload,
    body: UploadBody,
) -> Result<Answer, EngineError> {
    match upload {
        Upload::Import {
            reference,
            settings,
        } => engine
            .import(reference, settings, body)
            .await
            .map(Answer::Imported),
        Upload::Load => engine.load(body).await.map(Answer::Loaded),
    }
}

/// The pieces as a body. Its proper end is the moment from which the engine works alone.
fn body(receiver: mpsc::Receiver<Piece>, sending: Step, commit: Step) -> UploadBody {
    stream::unfold((receiver, false), move |(mut receiver, failed)| {
        let (sending, commit) = (sending.clone(), commit.clone());
        async move {
            let Some(piece) = receiver.recv().await else {
                if !failed {
                    sending.succeed();
                    commit.start_clock();
                }
                return None;
            };
            let failed = failed || piece.is_err();
            Some((piece, (receiver, failed)))
        }
    })
    .boxed()
}
