//! An engine that is reached over TCP.

use labwright_engine::{Candidate, Engine, ImportSettings};
use tokio::net::{TcpListener, UnixStream};

use crate::bench::{self, Kind, body, failing_body, on_each_engine, reference, root_file_system};

on_each_engine! { everything_works_over_tcp }

async fn everything_works_over_tcp(kind: Kind) {
    let (testbed, _) = bench::shared(kind).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let socket = testbed.socket().to_owned();
    let forwarding = tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut engine = UnixStream::connect(&socket).await.unwrap();
            tokio::spawn(
                async move { tokio::io::copy_bidirectional(&mut client, &mut engine).await },
            );
        }
    });
    let engine = Engine::connect(&Candidate::explicit(&address).unwrap())
        .await
        .unwrap();
    assert!(!engine.info().local);
    assert_eq!(engine.free_space(), None);

    let name = reference("engine-tcp:1");
    let settings = ImportSettings::default();
    let id = engine
        .import(&name, &settings, body(root_file_system("tcp")))
        .await
        .unwrap();
    assert_eq!(
        engine.inspect("engine-tcp:1").await.unwrap().unwrap().id,
        id
    );
    assert!(
        engine
            .images()
            .await
            .unwrap()
            .iter()
            .any(|image| image.id == id)
    );
    engine.remove(id.as_str(), true).await.unwrap();

    let cut = failing_body(root_file_system("cut"), "cut");
    let error = engine.import(&name, &settings, cut).await.unwrap_err();
    assert_eq!(error.code(), "engine_upload_source", "{error:?}");
    assert_eq!(engine.inspect("engine-tcp:1").await.unwrap(), None);
    forwarding.abort();
}
