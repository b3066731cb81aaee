//! What an engine is asked to do with containers, networks and volumes.

use std::fmt;

/// One request of an engine, apart from those for images, which have errors of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a container.
    CreateContainer,
    /// Start it.
    StartContainer,
    /// Stop it.
    StopContainer,
    /// Send it a signal.
    SignalContainer,
    /// Stop it and start it.
    RestartContainer,
    /// Remove it.
    RemoveContainer,
    /// Describe it.
    InspectContainer,
    /// Look whether it is healthy.
    CheckHealth,
    /// Put files into it.
    PutFiles,
    /// Give files of it.
    GetFiles,
    /// Give its output.
    ReadLogs,
    /// Run a program in it.
    Run,
    /// Change a terminal's size.
    ResizeTerminal,
    /// Make a network.
    CreateNetwork,
    /// Describe it.
    InspectNetwork,
    /// List the networks.
    ListNetworks,
    /// Remove one.
    RemoveNetwork,
    /// Make a volume.
    CreateVolume,
    /// List the volumes.
    ListVolumes,
    /// Remove one.
    RemoveVolume,
    /// Say how large the machine is.
    TellCapacity,
    /// Read a request of some length.
    MeasureLink,
}

impl Action {
    /// The verb with its object, and the stable name of the failure.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::CreateContainer => ("create container", "engine_create_container"),
            Self::StartContainer => ("start container", "engine_start_container"),
            Self::StopContainer => ("stop container", "engine_stop_container"),
            Self::SignalContainer => ("send a signal to container", "engine_signal_container"),
            Self::RestartContainer => ("restart container", "engine_restart_container"),
            Self::RemoveContainer => ("remove container", "engine_remove_container"),
            Self::InspectContainer => ("describe container", "engine_inspect_container"),
            Self::CheckHealth => ("check the health of container", "engine_check_health"),
            Self::PutFiles => ("take files for container", "engine_put_files"),
            Self::GetFiles => ("give files of container", "engine_get_files"),
            Self::ReadLogs => ("give the output of container", "engine_read_logs"),
            Self::Run => ("run a program in container", "engine_run"),
            Self::ResizeTerminal => ("resize a terminal of container", "engine_resize_terminal"),
            Self::CreateNetwork => ("create network", "engine_create_network"),
            Self::InspectNetwork => ("describe network", "engine_inspect_network"),
            Self::ListNetworks => ("list its networks", "engine_list_networks"),
            Self::RemoveNetwork => ("remove network", "engine_remove_network"),
            Self::CreateVolume => ("create volume", "engine_create_volume"),
            Self::ListVolumes => ("list its volumes", "engine_list_volumes"),
            Self::RemoveVolume => ("remove volume", "engine_remove_volume"),
            Self::TellCapacity => ("say how large its machine is", "engine_capacity"),
            Self::MeasureLink => ("read a test of the link", "engine_measure_link"),
        }
    }

    pub(super) const fn code(self) -> &'static str {
        self.words().1
    }
}

impl fmt::Display for Action {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.words().0)
    }
}
