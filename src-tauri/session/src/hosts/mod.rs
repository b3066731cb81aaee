//! Hosts as the window has them, and how both shells reach them.

mod book;
mod border;
mod plans;
mod reach;
mod work;

pub use book::goes_on_alone;
pub(crate) use book::{HostBook, KINDS as HOST_KINDS, is_on};
pub use border::{
    HostHistory, HostStanding, HostView, HostsState, InstallWish, PlanView, PlanWish,
};
pub use labwright_remote::host::Host;
pub use labwright_remote::install::{NodeStanding, Prospect};
pub use plans::{PlanFileError, PlanUse, nodes_folder, read, request};
pub use reach::Reach;
pub use work::install_job;
