//! Containers: making them, running them, looking into them.

mod body;
mod detail;
mod exec;
mod files;
mod inspect;
mod lifecycle;
mod logs;
mod output;
mod settings;

pub(crate) use detail::or_default;
pub use detail::{
    ContainerAddress, ContainerDetail, ContainerId, ContainerStatus, ContainerSummary,
};
pub use exec::{Exec, ExecHandle, ExecResult, ExecSettings, TerminalSize};
pub(crate) use inspect::label_filter;
pub use logs::{LogSettings, OutputStream};
pub use output::Output;
pub use settings::{
    ContainerNetwork, ContainerSettings, Device, Dns, Endpoint, Healthcheck, Mount, MountSource,
    Privileges, PublishedPort, RestartPolicy,
};
