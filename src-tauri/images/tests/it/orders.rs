//! Archives of several images, whose two documents name them in two orders: a containerd store
//! writes them so, every other time.

use crate::harness::Bench;
use labwright_testbed::Kind;
use labwright_testbed::archives::{DockerArchive, RootFs};
use serde_json::Value;
use std::io::Read;

/// The archive with `manifest.json` in reverse.
fn reversed(archive: &[u8]) -> Vec<u8> {
    let mut other = tar::Builder::new(Vec::new());
    for entry in tar::Archive::new(archive).entries().unwrap() {
        let mut entry = entry.unwrap();
        let (mut header, path) = (entry.header().clone(), entry.path().unwrap().into_owned());
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if path.ends_with("manifest.json") {
            let mut images: Vec<Value> = serde_json::from_slice(&content).unwrap();
            images.reverse();
            content = serde_json::to_vec(&images).unwrap();
            header.set_size(content.len() as u64);
        }
        other.append_data(&mut header, path, &content[..]).unwrap();
    }
    other.into_inner().unwrap()
}

async fn every_image_gets_its_own_name(kind: Kind) {
    let bench = Bench::private(kind).await;
    let names = ["one:1", "two:2"];
    let mut archive = DockerArchive::new().modern();
    for name in names {
        archive = archive.image(&[name], &[RootFs::tiny().marker(name)]);
    }
    for (order, tar) in [("one", archive.tar()), ("two", reversed(&archive.tar()))] {
        let path = bench.file("images.tar", &tar);
        let mut request = bench.request(&path);
        request.replace = true;
        bench.import(request).await;
        for name in names {
            assert_eq!(bench.marker(name), name, "{order}");
        }
    }
}

on_every_engine! { every_image_gets_its_own_name }
