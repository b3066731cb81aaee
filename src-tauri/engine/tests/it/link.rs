//! How fast bytes reach an engine, over a link that lets only so many through.

use std::{path::PathBuf, time::Duration};

use labwright_engine::{Candidate, Engine};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UnixStream},
    time::sleep,
};

use crate::bench::{self, Kind, on_each_engine};

on_each_engine! { a_link_is_measured_and_nothing_changes }

/// Bytes in a second that the slow link lets through.
const SLOW: u64 = 2 << 20;

/// An address that leads to the socket, with pauses.
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
                    sleep(Duration::from_micros(count as u64 * 1_000_000 / SLOW)).await;
                    if to_engine.write_all(&buffer[..count]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    address
}

async fn a_link_is_measured_and_nothing_changes(kind: Kind) {
    let (testbed, near) = bench::shared(kind).await;
    let volumes = || testbed.exec_cli(&["volume", "ls", "--quiet"]);
    assert!(!volumes().contains('/'));
    let near = near.measure_link().await.unwrap();
    let address = slow_way(testbed.socket().to_owned()).await;
    let candidate = Candidate::explicit(&address).unwrap();
    let far = Engine::connect(&candidate).await.unwrap();
    let far = far.measure_link().await.unwrap();
    // A busy machine can make it slower than the pauses do, but nothing makes it faster.
    assert!(far < SLOW * 11 / 10 && far > SLOW / 5, "{far} of {SLOW}");
    assert!(near > 2 * far, "{near} is not much more than {far}");
    assert!(!volumes().contains('/'));
}
