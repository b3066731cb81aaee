//! Interfaces that rest on one of the engine's host: asked for there, made here.

use std::net::IpAddr;
use std::os::fd::AsRawFd;

use labwright_patchbay::MacvlanMode;
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoMacVlan, InfoVxlan, LinkAttribute, MacVlanMode,
};
use nix::libc;

use super::{Device, Namespace, Request, link::new};

/// A share of the host's interface number `parent`, to be asked for in the host's namespace.
pub(crate) fn macvlan(
    device: &Device,
    parent: u32,
    mode: MacvlanMode,
    here: &Namespace,
) -> Request {
    let mode = match mode {
        MacvlanMode::Bridge => MacVlanMode::Bridge,
        MacvlanMode::Vepa => MacVlanMode::Vepa,
        MacvlanMode::Private => MacVlanMode::Private,
        MacvlanMode::Passthru => MacVlanMode::Passthrough,
    };
    let data = InfoData::MacVlan(vec![InfoMacVlan::Mode(mode)]);
    let rests_on = vec![LinkAttribute::Link(parent)];
    made_here(device, InfoKind::MacVlan, data, rests_on, here)
}

/// A tunnel, to be asked for in the host's namespace, through which its packets go from then on.
pub(crate) fn vxlan(
    device: &Device,
    remote: IpAddr,
    vni: u32,
    udp_port: u16,
    parent: Option<u32>,
    here: &Namespace,
) -> Request {
    let remote = match remote {
        IpAddr::V4(address) => InfoVxlan::Group(address),
        IpAddr::V6(address) => InfoVxlan::Group6(address),
    };
    let mut data = vec![InfoVxlan::Id(vni), remote, InfoVxlan::Port(udp_port)];
    data.extend(parent.map(InfoVxlan::Link));
    made_here(
        device,
        InfoKind::Vxlan,
        InfoData::Vxlan(data),
        Vec::new(),
        here,
    )
}

fn made_here(
    device: &Device,
    kind: InfoKind,
    data: InfoData,
    more: Vec<LinkAttribute>,
    here: &Namespace,
) -> Request {
    let mut message = new(device, kind, Some(data));
    message
        .attributes
        .push(LinkAttribute::NetNsFd(here.file().as_raw_fd()));
    message.attributes.extend(more);
    Request::create(libc::RTM_NEWLINK, &message)
}
