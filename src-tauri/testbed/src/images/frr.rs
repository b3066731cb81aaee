//! A real router: FRRouting in a small Debian.

use sha2::{Digest, Sha256};

use super::LabImage;

/// What makes the archive. `script/testbed-setup` runs it and, as here, names the folder after its digest.
const RECIPE: &str = include_str!("../../../../script/testbed-frr");

const NAME: &str = "frr-8.4.tar";
const REFERENCE: &str = "frr:8.4";
const COMMAND: &[&str] = &["/usr/local/bin/start-frr"];

impl LabImage {
    /// FRR 8.4 of Debian 12 with zebra, staticd, ospfd and watchfrr running, configured by `/etc/frr/frr.conf`; `vtysh`,
    /// iproute2, ping and tcpdump are there too. 90 MB.
    ///
    /// A container of it needs the capabilities `NET_ADMIN`, `NET_RAW` and `SYS_ADMIN`, and no more than those beside an
    /// engine's usual ones.
    pub fn frr() -> Self {
        let image = Self::new(
            &hex::encode(Sha256::digest(RECIPE)),
            NAME,
            REFERENCE,
            COMMAND,
        );
        assert!(
            image.path().exists(),
            "{} is missing: run script/testbed-setup",
            image.path().display()
        );
        image
    }
}
