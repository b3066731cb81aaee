//! What is said of images of every shape.

use labwright_registry::{Registry, RemoteLayer};
use labwright_testbed::{
    RegistryImage,
    archives::{Compression, RootFs},
    registry::Blob,
};

use crate::{described, docker, platform};

fn layer(name: &str) -> RootFs {
    RootFs::empty().file(name, name.repeat(100))
}

fn layers(blobs: &[Blob]) -> Vec<RemoteLayer> {
    let layer = |blob: &Blob| RemoteLayer {
        digest: blob.digest.clone(),
        size: blob.size,
        media_type: blob.media_type.clone(),
    };
    blobs.iter().map(layer).collect()
}

#[tokio::test]
async fn a_single_manifest_has_its_platform_from_its_configuration() {
    let registry = labwright_testbed::Registry::open();
    for docker in [false, true] {
        let image = RegistryImage::new("lab/router", "1")
            .layer(&layer("a"))
            .layer(&layer("b"));
        let image = if docker { image.docker() } else { image };
        let pushed = image.push(&registry);
        let found = described(&pushed.reference, None).await.unwrap();
        let only = pushed.first();
        assert_eq!(found.digest, pushed.target.digest);
        assert_eq!(found.manifest_digest, only.manifest.digest);
        assert_eq!(found.config_digest, only.config.digest);
        assert_eq!(found.platform, platform("linux/amd64"));
        assert_eq!(found.platforms, [platform("linux/amd64")]);
        assert_eq!(found.layers, layers(&only.layers));
        assert_eq!(found.size(), only.layers[0].size + only.layers[1].size);
    }
}

#[tokio::test]
async fn an_index_is_described_for_each_of_its_platforms() {
    let registry = labwright_testbed::Registry::open();
    for docker in [false, true] {
        let image = RegistryImage::new("x", "1")
            .platform("linux/amd64")
            .layer(&layer("a"))
            .platform("linux/arm/v7")
            .layer(&layer("b"))
            .platform("linux/arm64/v8")
            .layer(&layer("c"))
            .layer(&layer("a"))
            .attestation();
        let image = if docker { image.docker() } else { image };
        let pushed = image.push(&registry);
        let asking = Registry::new(self::docker());
        for (wanted, place) in [("linux/amd64", 0), ("linux/arm/v7", 1), ("linux/arm64", 2)] {
            let wanted = platform(wanted);
            let found = asking
                .describe(&pushed.reference, &wanted, None)
                .await
                .unwrap();
            let expected = &pushed.platforms[place];
            assert_eq!(found.digest, pushed.target.digest);
            assert_ne!(found.digest, found.manifest_digest);
            assert_eq!(found.manifest_digest, expected.manifest.digest);
            assert_eq!(found.config_digest, expected.config.digest);
            assert_eq!(found.platform.to_string(), expected.platform);
            assert_eq!(found.layers, layers(&expected.layers));
            let all: Vec<_> = found.platforms.iter().map(ToString::to_string).collect();
            assert_eq!(all, ["linux/amd64", "linux/arm/v7", "linux/arm64/v8"]);
        }
        let wanted = platform("linux/s390x");
        let error = asking
            .describe(&pushed.reference, &wanted, None)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "registry_wrong_platform");
        let said = error.to_string();
        assert!(
            said.ends_with("only for linux/amd64, linux/arm/v7, linux/arm64/v8"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_single_manifest_for_another_platform_is_refused() {
    let registry = labwright_testbed::Registry::open();
    let image = RegistryImage::new("x", "1")
        .architecture("arm64")
        .layer(&layer("a"));
    let pushed = image.push(&registry);
    let error = described(&pushed.reference, None).await.unwrap_err();
    assert_eq!(error.code(), "registry_wrong_platform");
    let found = Registry::new(docker())
        .describe(&pushed.reference, &platform("linux/arm64/v8"), None)
        .await;
    assert_eq!(found.unwrap().platform, platform("linux/arm64"));
}

#[tokio::test]
async fn twelve_layers_in_zstd_with_a_repeated_and_a_foreign_one() {
    let registry = labwright_testbed::Registry::open();
    let image = RegistryImage::new("x", "1").compression(Compression::Zstd);
    let names: Vec<_> = (0..10).map(|number| format!("file-{number}")).collect();
    let image = names
        .iter()
        .fold(image, |image, name| image.layer(&layer(name)));
    let image = image.layer(&layer("file-3"));
    let pushed = image
        .foreign_layer("https://example.org/far", &layer("far"))
        .push(&registry);
    let found = described(&pushed.reference, None).await.unwrap();
    assert_eq!(found.layers.len(), 12);
    assert_eq!(found.layers, layers(&pushed.first().layers));
    assert!(found.layers[0].media_type.ends_with("+zstd"));
    let all: u64 = found.layers.iter().map(|layer| layer.size).sum();
    assert_eq!(found.size(), all - found.layers[3].size);
}

#[tokio::test]
async fn a_digest_names_an_image_with_a_tag_and_without() {
    let registry = labwright_testbed::Registry::open();
    let pushed = RegistryImage::new("x", "1")
        .layer(&layer("a"))
        .push(&registry);
    RegistryImage::new("x", "1")
        .layer(&layer("b"))
        .push(&registry);
    let digest = &pushed.target.digest;
    for name in [format!("x@{digest}"), format!("x:1@{digest}")] {
        let found = described(&registry.reference(&name), None).await.unwrap();
        assert_eq!(&found.digest, digest, "{name}");
        assert_eq!(found.layers, layers(&pushed.first().layers));
    }
    let found = described(&pushed.reference, None).await.unwrap();
    assert_ne!(&found.digest, digest);
}
