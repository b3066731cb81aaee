//! The media types of images, in the OCI's words and in Docker's.

use super::image::{Layer, RegistryImage};
use crate::archives::Compression;

impl RegistryImage {
    pub(super) fn index_type(&self) -> &'static str {
        self.either(
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
        )
    }

    pub(super) fn manifest_type(&self) -> &'static str {
        self.either(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
        )
    }

    pub(super) fn config_type(&self) -> &'static str {
        self.either(
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.docker.container.image.v1+json",
        )
    }

    pub(super) fn layer_type(&self, layer: &Layer) -> String {
        let (base, joint) = match (layer, self.docker) {
            (Layer::Own(_), false) => ("application/vnd.oci.image.layer.v1.tar", '+'),
            (Layer::Own(_), true) => ("application/vnd.docker.image.rootfs.diff.tar", '.'),
            (Layer::Foreign { .. }, false) => (
                "application/vnd.oci.image.layer.nondistributable.v1.tar",
                '+',
            ),
            (Layer::Foreign { .. }, true) => {
                ("application/vnd.docker.image.rootfs.foreign.diff.tar", '.')
            }
        };
        match self.compression {
            Compression::None => base.to_owned(),
            Compression::Gzip | Compression::GzipMultiMember => format!("{base}{joint}gzip"),
            Compression::Zstd | Compression::ZstdMultiFrame => format!("{base}{joint}zstd"),
            other => panic!("layers in {other:?} have no media type"),
        }
    }

    fn either(&self, oci: &'static str, docker: &'static str) -> &'static str {
        if self.docker { docker } else { oci }
    }
}
