//! Messages about interfaces.

use std::os::fd::AsRawFd;

use labwright_patchbay::MacAddress;
use netlink_packet_route::link::{
    AfSpecInet6, AfSpecUnspec, In6AddrGenMode, InfoBridge, InfoData, InfoKind, InfoVeth,
    LinkAttribute, LinkFlags, LinkHeader, LinkInfo, LinkMessage,
};
use nix::libc;

use super::{Namespace, Request};

/// Lets a bridge pass on what switches keep to themselves (LLDP, 802.1X and their like), as far as Linux allows: not
/// STP's, pause's and LACP's addresses. STP passes all the same, since the bridge does not speak it.
const PASS_ON: u16 = 0xfff8;

/// The group of interfaces that are about to go. No other is in it: everything here is the patchbay's.
const DOOMED: u32 = 0x000d_00ed;

/// The longest alias Linux keeps (`IFALIASZ`, without the closing zero).
const ALIAS: usize = 255;

/// An interface in the patchbay that is about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    /// Its number. We choose it, so that all that follows can be asked for at once.
    pub(crate) index: u32,
    /// What it is for, to be read by people.
    pub(crate) alias: String,
}

impl Device {
    /// What its name begins with; the number follows.
    pub(crate) const PREFIX: &'static str = "pb";

    /// Its name in the patchbay.
    pub(crate) fn name(&self) -> String {
        format!("{}{}", Self::PREFIX, self.index)
    }
}

/// The other side of a pair.
#[derive(Clone, Debug)]
pub(crate) struct Peer<'a> {
    /// Its name there.
    pub(crate) name: &'a str,
    /// Its hardware address; none to let the kernel choose.
    pub(crate) mac: Option<MacAddress>,
    /// The MTU of both sides in bytes; none to let the kernel choose.
    pub(crate) mtu: Option<u32>,
    /// Where it is.
    pub(crate) namespace: &'a Namespace,
}

/// A pair: our side here, the other made where it belongs, at once with its name, so that nothing there ever sees it
/// otherwise. Both are down: a new pair refuses to be up before both sides exist.
pub(crate) fn veth(device: &Device, peer: &Peer<'_>) -> Request {
    let mut other = LinkMessage::default();
    let fd = peer.namespace.file().as_raw_fd();
    other.attributes = vec![
        LinkAttribute::IfName(peer.name.to_owned()),
        LinkAttribute::NetNsFd(fd),
    ];
    let mac = peer
        .mac
        .map(|mac| LinkAttribute::Address(mac.bytes().to_vec()));
    let mtu = peer.mtu.map(LinkAttribute::Mtu);
    other.attributes.extend(mac.into_iter().chain(mtu.clone()));
    let data = InfoData::Veth(InfoVeth::Peer(other));
    let mut message = new(device, InfoKind::Veth, Some(data));
    message.attributes.extend(mtu);
    Request::create(libc::RTM_NEWLINK, &message)
}

/// A switch, up at once.
pub(crate) fn bridge(device: &Device) -> Request {
    let data = InfoData::Bridge(vec![
        InfoBridge::GroupFwdMask(PASS_ON),
        InfoBridge::MulticastSnooping(false),
    ]);
    let message = new(device, InfoKind::Bridge, Some(data));
    Request::create(libc::RTM_NEWLINK, &message)
}

pub(super) fn new(device: &Device, kind: InfoKind, data: Option<InfoData>) -> LinkMessage {
    let info = [LinkInfo::Kind(kind)]
        .into_iter()
        .chain(data.map(LinkInfo::Data));
    let mut message = by_index(device.index);
    message.attributes = vec![
        LinkAttribute::IfName(device.name()),
        LinkAttribute::LinkInfo(info.collect()),
    ];
    message
}

/// Makes a new interface keep silent: no address of its own, no ARP. And notes what it is for.
pub(crate) fn quiet(device: &Device, more: LinkFlags) -> Request {
    let mut message = by_index(device.index);
    message.header.flags = LinkFlags::Noarp | more;
    message.header.change_mask = LinkFlags::Noarp | more;
    let no_address = AfSpecInet6::AddrGenMode(In6AddrGenMode::None);
    message.attributes = vec![
        LinkAttribute::IfAlias(shortened(&device.alias)),
        LinkAttribute::AfSpecUnspec(vec![AfSpecUnspec::Inet6(vec![no_address])]),
    ];
    Request::change(libc::RTM_SETLINK, &message)
}

fn shortened(alias: &str) -> String {
    alias
        .chars()
        .scan(0, |bytes, c| {
            *bytes += c.len_utf8();
            (*bytes <= ALIAS).then_some(c)
        })
        .collect()
}

/// Sets an interface up or down.
pub(crate) fn set_up(index: u32, up: bool) -> Request {
    let mut message = by_index(index);
    message.header.flags = if up {
        LinkFlags::Up
    } else {
        LinkFlags::empty()
    };
    message.header.change_mask = LinkFlags::Up;
    Request::change(libc::RTM_SETLINK, &message)
}

/// Sets the interface of that name up, in a namespace where its number is not known.
pub(crate) fn set_up_by_name(name: &str) -> Request {
    let mut message = by_index(0);
    message.header.flags = LinkFlags::Up;
    message.header.change_mask = LinkFlags::Up;
    message
        .attributes
        .push(LinkAttribute::IfName(name.to_owned()));
    Request::change(libc::RTM_SETLINK, &message)
}

/// Gives an interface another hardware address.
pub(crate) fn set_mac(index: u32, mac: MacAddress) -> Request {
    set(index, LinkAttribute::Address(mac.bytes().to_vec()))
}

/// Gives an interface another MTU, in bytes.
pub(crate) fn set_mtu(index: u32, mtu: u32) -> Request {
    set(index, LinkAttribute::Mtu(mtu))
}

/// Makes an interface a port of a bridge, by the bridge's number; 0 to take it out.
pub(crate) fn port_of(index: u32, bridge: u32) -> Request {
    set(index, LinkAttribute::Controller(bridge))
}

fn set(index: u32, attribute: LinkAttribute) -> Request {
    let mut message = by_index(index);
    message.attributes.push(attribute);
    Request::change(libc::RTM_SETLINK, &message)
}

/// Takes an interface away, and with a pair its other side.
pub(crate) fn delete(index: u32) -> Request {
    Request::change(libc::RTM_DELLINK, &by_index(index))
}

/// Marks an interface to go with [`delete_doomed`].
pub(crate) fn doom(index: u32) -> Request {
    set(index, LinkAttribute::Group(DOOMED))
}

/// Takes all marked interfaces away.
pub(crate) fn delete_doomed() -> Request {
    let mut message = LinkMessage::default();
    message.attributes.push(LinkAttribute::Group(DOOMED));
    Request::change(libc::RTM_DELLINK, &message)
}

fn by_index(index: u32) -> LinkMessage {
    let mut message = LinkMessage::default();
    message.header = LinkHeader {
        index,
        ..LinkHeader::default()
    };
    message
}
