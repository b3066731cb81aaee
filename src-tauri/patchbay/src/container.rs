//! What the patchbay's container must be like.

use serde::{Deserialize, Serialize};

/// The program's place in its image, which holds nothing else.
pub const PROGRAM: &str = "/labwright-patchbay";

/// Where the container's volume is mounted. The wiring is kept there over restarts.
pub const STATE_FOLDER: &str = "/state";

/// The capabilities the container needs, and no others.
///
/// `NET_RAW` is for captures alone: Linux opens packet sockets to nobody without it (packet(7)). `SYS_PTRACE` is what
/// reading another process's namespaces takes (`proc_pid_ns(5)`).
pub const CAPABILITIES: [&str; 4] = ["NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_PTRACE"];

/// The container's security options. Docker's AppArmor profile and the SELinux type of containers keep one container from
/// looking into the namespaces of another that is less confined, such as a privileged node. Seccomp stays as it is.
pub const SECURITY_OPTIONS: [&str; 2] = ["apparmor=unconfined", "label=disable"];

/// The container's command: keeps the lab wired until it is stopped.
pub const SERVE_COMMAND: &str = "serve";

/// To be started in the container: [`crate::Call`] lines in, [`crate::Message`] lines out.
pub const TALK_COMMAND: &str = "talk";

/// To be started in the container with an end's name and, if wanted, `--snap N`: writes pcapng.
pub const CAPTURE_COMMAND: &str = "capture";

/// Prints one [`VersionLine`].
pub const VERSION_COMMAND: &str = "version";

/// What [`VERSION_COMMAND`] prints, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLine {
    /// The program's version.
    pub version: String,
    /// [`crate::PROTOCOL`] of the program.
    pub protocol: u32,
}
