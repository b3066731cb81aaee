//! What is said to the kernel, and what it says.

mod ethtool;
mod link;
mod namespace;
mod observed;
mod outside;
mod probe;
mod queue;
mod raw;
mod redirect;
mod refusal;
mod socket;
#[cfg(test)]
mod tests;

pub(crate) use ethtool::{Ethtool, checksum_offload_off};
pub(crate) use link::{
    Device, Peer, bridge, delete, delete_doomed, doom, port_of, quiet, set_mac, set_mtu, set_up,
    set_up_by_name, veth,
};
pub(crate) use namespace::{Namespace, NamespaceId, in_namespace};
pub(crate) use observed::Observed;
pub(crate) use outside::{macvlan, vxlan};
pub(crate) use probe::{Abilities, Matching};
pub(crate) use queue::{no_queue, queue};
pub(crate) use redirect::{classifier, no_redirect, redirect};
pub(crate) use refusal::Refusal;
pub(crate) use socket::{LinkEvents, LinkNews, Request, RouteSocket};
