//! Every shape of archive, in every compression, into every engine; a container starts from each.

use crate::harness::Bench;
use labwright_testbed::Kind;
use labwright_testbed::archives::{Compression, DockerArchive, OciArchive, RootFs, nested};

const COMPRESSIONS: [Compression; 13] = [
    Compression::None,
    Compression::Gzip,
    Compression::GzipMultiMember,
    Compression::Xz {
        block_size: 256 << 10,
        threads: 2,
    },
    Compression::XzMultiStream,
    Compression::XzPadded,
    Compression::XzSingleBlock,
    Compression::Lzma,
    Compression::Zstd,
    Compression::ZstdMultiFrame,
    Compression::Bzip2,
    Compression::Bzip2MultiMember,
    Compression::Lz4,
];

/// Imports an archive under a name of its own, starts a container, and removes the image.
async fn import_and_run(bench: &Bench, case: &str, bytes: &[u8], marker: &str) {
    let path = bench.file(case, bytes);
    let reference = format!("matrix:{}", case.to_lowercase().replace(['.', ' '], "-"));
    let mut request = bench.request(&path);
    request.reference = Some(reference.clone());
    let result = bench.import(request).await;
    assert_eq!(
        result.references,
        std::slice::from_ref(&reference),
        "{case}"
    );
    assert_eq!(bench.marker(&reference), marker, "{case}");
    assert!(
        bench
            .host
            .images()
            .iter()
            .all(|name| !name.contains("labwright-import")),
        "{case}"
    );
    std::fs::remove_file(path).unwrap();
}

async fn root_file_systems(kind: Kind) {
    let bench = Bench::shared(kind).await;
    for (index, compression) in COMPRESSIONS.into_iter().enumerate() {
        let marker = format!("root {index} {compression:?}");
        let root = RootFs::tiny().marker(&marker);
        let root = if index % 2 == 0 {
            root.dot_slash()
        } else {
            root
        };
        import_and_run(
            &bench,
            &format!("root-{index}.bin"),
            &compression.compress(&root.tar()),
            &marker,
        )
        .await;
    }
}

async fn docker_archives(kind: Kind) {
    let bench = Bench::shared(kind).await;
    for (index, compression) in COMPRESSIONS.into_iter().enumerate() {
        let marker = format!("docker {index}");
        let layers = [
            RootFs::tiny().marker("below"),
            RootFs::empty().marker(&marker),
        ];
        let mut archive = DockerArchive::new().image(&["vendor/router:1.0"], &layers);
        if index % 2 == 0 {
            archive = archive.manifest_last();
        }
        if index % 3 == 0 {
            archive = archive.modern();
        }
        import_and_run(
            &bench,
            &format!("docker-{index}.bin"),
            &compression.compress(&archive.tar()),
            &marker,
        )
        .await;
    }
}

async fn oci_archives(kind: Kind) {
    let bench = Bench::shared(kind).await;
    for (index, layer) in [Compression::None, Compression::Gzip, Compression::Zstd]
        .into_iter()
        .enumerate()
    {
        for (name, shape) in [("plain", 0), ("named", 1), ("index", 2), ("last", 3)] {
            let marker = format!("oci {index} {name}");
            let archive =
                OciArchive::new(&[RootFs::tiny().marker(&marker)]).layer_compression(layer);
            let archive = match shape {
                0 => archive,
                1 => archive
                    .ref_name("2.0")
                    .containerd_name("docker.io/vendor/router:2.0"),
                2 => archive
                    .platform("arm64", &[RootFs::tiny().marker("for arm64")])
                    .index_of_index(),
                _ => archive.index_last(),
            };
            import_and_run(
                &bench,
                &format!("oci-{index}-{name}.bin"),
                &Compression::Gzip.compress(&archive.tar()),
                &marker,
            )
            .await;
        }
    }
}

async fn archives_in_archives(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let inner = DockerArchive::new().image(
        &["localhost/ios-xr:24.4.1"],
        &[RootFs::tiny().marker("xrd")],
    );
    let path = bench.file(
        "xrd-control-plane-container-x64.24.4.1.tgz",
        &nested(&inner),
    );
    let result = bench.import(bench.request(&path)).await;
    assert_eq!(result.references, ["xrd-control-plane:24.4.1"]);
    assert_eq!(result.kind.as_deref(), Some("cisco_xrd"));
    assert_eq!(bench.marker("xrd-control-plane:24.4.1"), "xrd");
}

on_every_engine! { root_file_systems docker_archives oci_archives archives_in_archives }
