//! A stand-in for Arista's cEOS, which nobody may hand on: it boots as cEOS does, fails as cEOS does, and tells what it saw.
//!
//! `/sbin/init` looks at its interfaces, its environment and its flash once, at its start. If something is missing it
//! says what cEOS says when it finds no platform, and is never ready. `Cli` answers when it is ready.

use std::fs::File;

use super::LabImage;
use super::busybox;
use crate::archives::{Compression, RootFs};

/// What `/sbin/init` saw, as JSON: `lacks` (what it missed; empty if it boots), `arguments`, `environment`, `interfaces`
/// (`name`, `mac`, `mtu` in bytes, `up`, and `carrier`, which is null unless up), `flash_mounted` and
/// `system_mac_address`. Written before the boot goes on, and again at each start.
pub const SEEN: &str = "/var/log/seen.json";

/// A file that is there from the end of the boot until the node ends.
pub const READY: &str = "/var/run/ready";

/// A variable for a slower or quicker boot, in seconds; 2 without it. A file `boot-seconds` on the flash goes before it.
pub const BOOT_SECONDS: &str = "STAND_IN_BOOT_SECONDS";

/// What must be in the environment, and be handed to `/sbin/init` as `systemd.setenv=NAME=VALUE`.
pub const ENVIRONMENT: [&str; 8] = [
    "CEOS=1",
    "EOS_PLATFORM=ceoslab",
    "container=docker",
    "ETBA=1",
    "SKIP_ZEROTOUCH_BARRIER_IN_SYSDBINIT=1",
    "INTFTYPE=eth",
    "MAPETH0=1",
    "MGMT_INTF=eth0",
];

const NAME: &str = "cEOS64-lab-4.99.1F.tar.xz";
const REFERENCE: &str = "ceos:4.99.1F";
const RELEASE: &str = "Arista Networks EOS 4.99.1F (stand-in)\n";
const VERSION: &str = "SWI_VERSION=4.99.1F\nSWI_ARCH=x86_64\nSWI_VARIANT=cEOS-lab\n";

/// Several blocks, as a vendor's file has.
const COMPRESSION: Compression = Compression::Xz {
    block_size: 512 << 10,
    threads: 2,
};

impl LabImage {
    /// A node of kind `arista_ceos` in 1 MB, which bites where cEOS does. As with cEOS, only its kind knows its command.
    pub fn ceos_stand_in() -> Self {
        let root = root();
        Self::new(&root.digest(), NAME, REFERENCE, &[])
            .made_by(|path| COMPRESSION.compress_stream(root.tar().as_slice(), File::create(path)?))
    }
}

fn root() -> RootFs {
    busybox::root()
        .file("etc/Eos-release", RELEASE)
        .file("etc/swi-version", VERSION)
        .file("etc/marker", "cEOS\n")
        .folder("etc/stand-in")
        .file("etc/stand-in/environment", ENVIRONMENT.join("\n") + "\n")
        .folder("mnt")
        .folder("mnt/flash")
        .folder("var/log")
        .folder("var/run")
        .program("bin/bash", include_str!("bash.sh"))
        .program("sbin/init", include_str!("init.sh"))
        .program("usr/bin/Cli", include_str!("cli.sh"))
}
