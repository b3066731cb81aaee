//! What the tests share: an engine of each kind, archives, and streams that misbehave.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use labwright_engine::{Candidate, Engine, ImageReference, UploadBody};
use labwright_testbed::Engine as Testbed;
pub(crate) use labwright_testbed::Kind;
use labwright_testbed::archives::noise;

/// Liveness: far more than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Runs one test on each kind of engine, as three tests.
macro_rules! on_each_engine {
    ($($test:ident)*) => {$(
        mod $test {
            use crate::bench::Kind;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn classic() {
                super::$test(Kind::Classic).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn containerd() {
                super::$test(Kind::Containerd).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn podman() {
                super::$test(Kind::Podman).await;
            }
        }
    )*};
}
pub(crate) use on_each_engine;

/// An engine that other tests may use too.
pub(crate) async fn shared(kind: Kind) -> (Testbed, Engine) {
    connected(
        tokio::task::spawn_blocking(move || Testbed::shared(kind))
            .await
            .unwrap(),
    )
    .await
}

/// An engine that may be killed.
pub(crate) async fn private(kind: Kind) -> (Testbed, Engine) {
    connected(
        tokio::task::spawn_blocking(move || Testbed::private(kind))
            .await
            .unwrap(),
    )
    .await
}

pub(crate) async fn connected(testbed: Testbed) -> (Testbed, Engine) {
    let candidate = Candidate::explicit(&testbed.address()).unwrap();
    let engine = Engine::connect(&candidate).await.unwrap();
    (testbed, engine)
}

pub(crate) fn reference(text: &str) -> ImageReference {
    text.parse().unwrap()
}

/// A root file system with a program in it that a container can run, and one file of the given text.
pub(crate) fn root_file_system(text: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut program = std::fs::File::open("/bin/busybox").expect("busybox-static is installed");
    archive.append_file("busybox", &mut program).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    archive
        .append_data(&mut header, "text", text.as_bytes())
        .unwrap();
    archive.into_inner().unwrap()
}

/// The bytes in pieces, as a file is read.
pub(crate) fn body(bytes: Vec<u8>) -> UploadBody {
    let bytes = Bytes::from(bytes);
    let pieces = (0..bytes.len()).step_by(65536);
    let pieces: Vec<io::Result<Bytes>> = pieces
        .map(|at| Ok(bytes.slice(at..bytes.len().min(at + 65536))))
        .collect();
    stream::iter(pieces).boxed()
}

/// The bytes, and then an error.
pub(crate) fn failing_body(bytes: Vec<u8>, message: &str) -> UploadBody {
    let error = io::Error::other(message.to_owned());
    body(bytes).chain(stream::iter([Err(error)])).boxed()
}

/// The bytes, and then nothing, for ever; the flag is set when the stream is dropped.
pub(crate) fn stuck_body(bytes: Vec<u8>) -> (UploadBody, Arc<AtomicBool>) {
    let dropped = Arc::new(AtomicBool::new(false));
    let flag = SetWhenDropped(Arc::clone(&dropped));
    let body = body(bytes).chain(stream::pending()).map(move |piece| {
        let _kept = &flag;
        piece
    });
    (body.boxed(), dropped)
}

struct SetWhenDropped(Arc<AtomicBool>);

impl Drop for SetWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The beginning of a tar with one file of noise: whole headers, but not the whole file.
pub(crate) fn cut_tar(declared: u64, sent: usize) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("noise").unwrap();
    header.set_size(declared);
    header.set_mode(0o644);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(noise(sent));
    bytes
}

/// Waits until the condition holds; panics after a long time.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(LONG, waiting).await.is_ok();
    assert!(in_time, "waited too long until {what}");
}
