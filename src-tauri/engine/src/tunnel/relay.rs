//! Bytes from a client to the far side and back, until one of them has left.

use std::{io, pin::pin, time::Duration};

use futures_util::FutureExt;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Interest},
    net::{UnixStream, unix::ReadHalf},
    time::{interval, sleep, timeout},
};

use super::DialStream;

/// How much is copied at once.
const PIECE: usize = 64 << 10;
/// How often is looked whether a client that says no more has gone. No system tells it once the end of its words was
/// read.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
/// How long the far side may still read what a client said before it went.
const FAREWELL: Duration = Duration::from_secs(1);

/// How copying in one direction failed.
enum Broken {
    Read(io::Error),
    Write,
}

/// Copies both ways. It ends when the far side has ended or the client has gone; that the client writes no more is only
/// passed on.
///
/// The error is the far side's. The client is still open then, so that the reason can be kept before it hears of it.
pub(super) async fn relay(client: &mut UnixStream, far: Box<dyn DialStream>) -> io::Result<()> {
    both_ways(client, far).await?;
    client.shutdown().await.ok();
    // Closing a socket that has something unread in it would tell the client an error in place of the end.
    let mut nowhere = tokio::io::sink();
    let _ = timeout(FAREWELL, tokio::io::copy(client, &mut nowhere)).await;
    Ok(())
}

async fn both_ways(client: &mut UnixStream, far: Box<dyn DialStream>) -> io::Result<()> {
    let (mut from_far, mut to_far) = tokio::io::split(far);
    let (mut from_client, mut to_client) = client.split();
    let mut answer = pin!(pass(&mut from_far, &mut to_client));
    let asking = async move {
        // Why the far side takes no more, it says itself: its answer, or its failure, is read meanwhile.
        let _ = pass(&mut from_client, &mut to_far).await;
        to_far.shutdown().await.ok();
        from_client
    };
    let silent_client = tokio::select! {
        answer = &mut answer => return match answer {
            Ok(0) => Err(silence()),
            answer => failure_of(answer),
        },
        client = asking => client,
    };
    tokio::select! {
        answer = answer => failure_of(answer),
        () = gone(&silent_client) => Ok(()),
    }
}

fn silence() -> io::Error {
    let text = "the connection ended before anything came from there";
    io::Error::new(io::ErrorKind::UnexpectedEof, text)
}

/// A client that reads no more is no failure.
fn failure_of(answer: Result<u64, Broken>) -> io::Result<()> {
    match answer {
        Err(Broken::Read(error)) => Err(error),
        Err(Broken::Write) | Ok(_) => Ok(()),
    }
}

/// Copies until the end, and returns how many bytes came.
async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> Result<u64, Broken> {
    let mut buffer = vec![0; PIECE];
    let mut passed = 0;
    loop {
        let count = from.read(&mut buffer).await.map_err(Broken::Read)?;
        if count == 0 {
            return Ok(passed);
        }
        let written = to.write_all(&buffer[..count]).await;
        written.map_err(|_| Broken::Write)?;
        to.flush().await.map_err(|_| Broken::Write)?;
        passed += count as u64;
    }
}

/// Waits until a client that writes no more does not read any more either.
async fn gone(client: &ReadHalf<'_>) {
    let mut looks = interval(BETWEEN_LOOKS);
    loop {
        looks.tick().await;
        let state = client.ready(Interest::WRITABLE).now_or_never();
        if matches!(state, Some(Ok(state)) if state.is_write_closed()) {
            return sleep(FAREWELL).await;
        }
    }
}

#[cfg(test)]
mod tests;
