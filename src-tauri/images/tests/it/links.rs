//! Imports over a link: it is measured, and what is sent is compressed where that is faster.

use crate::harness::{Bench, SEND};
use labwright_engine::{Candidate, Engine};
use labwright_images::ImportRequest;
use labwright_jobs::{Change, Outcome};
use labwright_testbed::Kind;
use labwright_testbed::archives::{DockerArchive, RootFs, noise};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};

/// Bytes in a second that the link lets through.
const LINK: u64 = 4 << 20;

/// An address that leads to the engine, with pauses.
async fn slow_way(socket: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let engine = UnixStream::connect(&socket).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_engine, mut to_engine) = engine.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_engine, &mut to_client).await });
            tokio::spawn(async move {
                let mut buffer = vec![0; 16 << 10];
                while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
                    let pause = Duration::from_micros(count as u64 * 1_000_000 / LINK);
                    tokio::time::sleep(pause).await;
                    if to_engine.write_all(&buffer[..count]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    address
}

async fn bench(kind: Kind) -> Bench {
    let near = Bench::shared(kind).await;
    let address = slow_way(near.host.socket().to_owned()).await;
    let candidate = Candidate::explicit(&address).unwrap();
    Bench {
        engine: Engine::connect(&candidate).await.unwrap(),
        ..near
    }
}

/// Imports, and returns what was said while it was sent.
async fn sent(bench: &Bench, request: ImportRequest) -> String {
    let (_, mut events) = bench.monitor.subscribe().await;
    let handle = bench.submit(request).await;
    let mut said = String::new();
    while let Some(Ok(event)) = events.next().await {
        match event.change {
            Change::Log { step, line } if step == SEND => said.push_str(&line),
            Change::Finished { .. } => break,
            _ => {}
        }
    }
    let outcome = handle.outcome().await;
    assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
    said
}

/// Much of it is the same: compressed it is a fraction.
fn text(megabytes: usize) -> Vec<u8> {
    b"hostname leaf-1\n".repeat(megabytes << 16)
}

async fn a_root_file_system(kind: Kind) {
    let bench = bench(kind).await;
    let root = RootFs::tiny().marker("from afar").file("text", text(12));
    let path = bench.file("far-root.tar", &root.tar());
    let mut request = bench.request(&path);
    request.reference = Some("links:root".to_owned());
    let said = sent(&bench, request).await;
    let coding = match kind {
        // Of a containerd store it is known what it gets.
        Kind::Containerd => "",
        Kind::Classic | Kind::Podman => "compressing with gzip",
    };
    assert!(said.ends_with(coding), "{said}");
    assert_eq!(bench.marker("links:root"), "from afar");
    // The layer is what was in the file, whatever form it travelled in.
    let image = bench.engine.inspect("links:root").await.unwrap().unwrap();
    assert_eq!(image.layers, [format!("sha256:{}", root.digest())]);
}

async fn an_archive_of_images(kind: Kind) {
    let bench = bench(kind).await;
    let root = RootFs::tiny().marker("loaded afar").file("text", text(12));
    let archive = DockerArchive::new().image(&["vendor/far:1.0"], &[root]);
    let path = bench.file("far-images.tar", &archive.tar());
    let mut request = bench.request(&path);
    request.reference = Some("links:loaded".to_owned());
    let said = sent(&bench, request).await;
    let coding = match kind {
        Kind::Classic => "compressing with gzip",
        Kind::Containerd | Kind::Podman => "compressing with zstd",
    };
    assert!(said.ends_with(coding), "{said}");
    assert_eq!(bench.marker("links:loaded"), "loaded afar");
}

async fn what_cannot_be_compressed_is_sent_as_it_is(kind: Kind) {
    let bench = bench(kind).await;
    let root = RootFs::tiny().marker("noise").file("noise", noise(9 << 20));
    let archive = DockerArchive::new().image(&["vendor/noise:1.0"], &[root]);
    let path = bench.file("noise.tar", &archive.tar());
    let mut request = bench.request(&path);
    request.reference = Some("links:noise".to_owned());
    let said = sent(&bench, request).await;
    assert!(said.contains("sending as it is"), "{said}");
    assert_eq!(bench.marker("links:noise"), "noise");
}

on_every_engine! {
    a_root_file_system
    an_archive_of_images
    what_cannot_be_compressed_is_sent_as_it_is
}
