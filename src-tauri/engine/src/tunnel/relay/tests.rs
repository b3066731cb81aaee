//! What passes, and who hears of an end.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use proptest::prelude::*;
use tokio::{
    io::{DuplexStream, ReadBuf, duplex},
    task::JoinHandle,
};

use super::*;

/// Liveness: far more than anything here takes.
const LONG: Duration = Duration::from_secs(20);

/// A client, the engine's end of its stream, and what the relay says at last.
fn joined() -> (UnixStream, DuplexStream, JoinHandle<io::Result<()>>) {
    let (far, engine) = duplex(1000);
    let (client, relaying) = relayed(far);
    (client, engine, relaying)
}

fn relayed(far: impl DialStream + 'static) -> (UnixStream, JoinHandle<io::Result<()>>) {
    let (client, mut served) = UnixStream::pair().unwrap();
    let relaying = tokio::spawn(async move { relay(&mut served, Box::new(far)).await });
    (client, relaying)
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(LONG, future).await.unwrap()
}

async fn rest(from: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    soon(from.read_to_end(&mut bytes)).await.unwrap();
    bytes
}

/// A stream whose other side fails after these bytes.
struct Failing(&'static [u8]);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0.is_empty() {
            return Poll::Ready(Err(io::Error::other("Host key verification failed.")));
        }
        buffer.put_slice(self.0);
        self.0 = &[];
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Failing {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn the_end_of_what_a_client_says_is_not_the_end_of_the_answer() {
    let (mut client, mut engine, relaying) = joined();
    client.write_all(b"question").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(rest(&mut engine).await, b"question");
    // Longer than a client that has gone would be waited for.
    sleep(FAREWELL + 3 * BETWEEN_LOOKS).await;
    engine.write_all(b"answer").await.unwrap();
    drop(engine);
    assert_eq!(rest(&mut client).await, b"answer");
    soon(relaying).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_end_of_an_answer_ends_a_client_that_still_talks() {
    let (mut client, mut engine, relaying) = joined();
    client.write_all(b"question").await.unwrap();
    soon(engine.read_exact(&mut [0; 8])).await.unwrap();
    client.write_all(b"more").await.unwrap();
    engine.write_all(b"answer").await.unwrap();
    drop(engine);
    assert_eq!(rest(&mut client).await, b"answer");
    soon(relaying).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_goes_ends_the_stream() {
    let (mut client, mut engine, relaying) = joined();
    client.write_all(b"last words").await.unwrap();
    drop(client);
    assert_eq!(rest(&mut engine).await, b"last words");
    soon(relaying).await.unwrap().unwrap();
    assert!(engine.write_all(b"answer").await.is_err());
}

#[tokio::test]
async fn a_failure_is_known_before_the_client_hears_of_the_end() {
    for said in ["", "HTTP/1.1 200 OK"] {
        let (mut client, mut served) = UnixStream::pair().unwrap();
        client.write_all(b"question").await.unwrap();
        let failed = soon(relay(&mut served, Box::new(Failing(said.as_bytes())))).await;
        assert_eq!(
            failed.unwrap_err().to_string(),
            "Host key verification failed."
        );
        let mut got = vec![0; said.len()];
        client.read_exact(&mut got).await.unwrap();
        assert_eq!(got, said.as_bytes());
        assert!(client.read_u8().now_or_never().is_none(), "it was told");
    }
}

#[tokio::test]
async fn an_end_without_a_word_is_a_failure() {
    let (client, engine, relaying) = joined();
    drop(engine);
    let error = soon(relaying).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    drop(client);
}

/// Writes pieces of these sizes, and returns where to write more and all that was written.
async fn talk<W: AsyncWrite + Unpin>(mut to: W, sizes: &[usize], seed: u8) -> (W, Vec<u8>) {
    let mut said = Vec::new();
    for (index, size) in sizes.iter().enumerate() {
        let piece: Vec<u8> = (0..*size)
            .map(|at| (at * 31 + index * 7).to_le_bytes()[at % 2] ^ seed)
            .collect();
        to.write_all(&piece).await.unwrap();
        said.extend(piece);
    }
    (to, said)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 4, ..ProptestConfig::default() })]

    /// Both ways at once, whatever the sizes of what is written.
    #[test]
    fn bytes_pass_unchanged(
        asked in prop::collection::vec(1..150_000_usize, 1..6),
        answered in prop::collection::vec(1..150_000_usize, 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, engine, relaying) = joined();
            let (mut asks, to_client) = tokio::io::split(engine);
            let (mut answers, to_engine) = client.into_split();
            let asking = async {
                let (mut to_engine, said) = talk(to_engine, &asked, 1).await;
                to_engine.shutdown().await.unwrap();
                said
            };
            // The end of the answer is the end of all: it comes when everything was heard.
            let answering = async {
                let (heard, (mut to_client, said)) =
                    tokio::join!(rest(&mut asks), talk(to_client, &answered, 2));
                to_client.shutdown().await.unwrap();
                (heard, said)
            };
            let (asked, (heard, answered), got) = tokio::join!(asking, answering, rest(&mut answers));
            assert!(heard == asked, "what was asked changed");
            assert!(got == answered, "what was answered changed");
            soon(relaying).await.unwrap().unwrap();
        });
    }
}
