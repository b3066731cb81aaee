//! `mgmt`: the management network.

use super::fields::Found;
use super::keys;
use crate::topology::{Code, ManagementNetwork, Subnet, SubnetChoice};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// What the engine's network is called, unless the file says otherwise.
const NETWORK: &str = "clab";
const IPV4: (Ipv4Addr, u8) = (Ipv4Addr::new(172, 20, 20, 0), 24);
const IPV6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x3fff, 0x172, 0x20, 0x20, 0, 0, 0, 0), 64);
/// Bytes that an interface's MTU may be, in Linux: an IPv4 host must take 68, and the kernel's limit is 65535.
pub(super) const MTU: std::ops::RangeInclusive<u32> = 68..=65_535;

/// The management network.
pub(super) fn management(file: Found<'_>) -> ManagementNetwork {
    let found = file.child("mgmt");
    if let Some(found) = found {
        found.map_of(keys::MANAGEMENT);
    }
    let child = |key| found.and_then(|found| found.child(key));
    let text = |key| child(key).and_then(|found| found.text().map(str::to_owned));
    let skip_when_unused = child("skip-when-unused").and_then(|found| found.flag());
    let ipv4 = child("ipv4-subnet").or_else(|| child("ipv4_subnet"));
    let ipv6 = child("ipv6-subnet").or_else(|| child("ipv6_subnet"));
    let neither = ipv4.is_none() && ipv6.is_none();
    let ipv4_default = Ipv4Net::new(IPV4.0, IPV4.1).ok().filter(|_| neither);
    let ipv6_default = Ipv6Net::new(IPV6.0, IPV6.1).ok().filter(|_| neither);
    let options = child("driver-opts")
        .map(|found| found.pairs())
        .unwrap_or_default();
    ManagementNetwork {
        network: text("network").unwrap_or_else(|| NETWORK.to_owned()),
        bridge: text("bridge"),
        ipv4: family(ipv4, child("ipv4-gw"), child("ipv4-range"), ipv4_default),
        ipv6: family(ipv6, child("ipv6-gw"), child("ipv6-range"), ipv6_default),
        mtu: child("mtu").and_then(mtu),
        skip_when_unused: skip_when_unused.unwrap_or_default(),
        driver_options: options
            .into_iter()
            .map(|(entry, text)| (entry.key.clone(), text))
            .collect::<BTreeMap<_, _>>(),
    }
}

/// An MTU that Linux takes.
pub(super) fn mtu(found: Found<'_>) -> Option<u32> {
    let mtu = found.text()?.parse().ok().filter(|mtu| MTU.contains(mtu));
    mtu.or_else(|| found.invalid(&format!("bytes from {} to {}", MTU.start(), MTU.end())))
}

fn family<Net, Address>(
    subnet: Option<Found<'_>>,
    gateway: Option<Found<'_>>,
    range: Option<Found<'_>>,
    default: Option<Net>,
) -> Subnet<Net, Address>
where
    Net: FromStr + Copy + Display + Into<IpNet>,
    Address: FromStr + Copy + Display + Into<IpAddr>,
{
    let choice = subnet.and_then(choice).or(default.map(SubnetChoice::Fixed));
    let choice = choice.unwrap_or(SubnetChoice::Off);
    let within = choice.fixed().map(Into::into);
    let gateway = gateway.and_then(|found| {
        let address: Address = found
            .text()?
            .parse()
            .ok()
            .or_else(|| found.invalid("an address of the family"))?;
        inside(found, within, address.into().into()).then_some(address)
    });
    let range = range.and_then(|found| {
        let net: Net = found
            .text()?
            .parse()
            .ok()
            .or_else(|| found.invalid("a subnet of the family"))?;
        inside(found, within, net.into()).then_some(net)
    });
    Subnet {
        subnet: choice,
        gateway,
        range,
    }
}

fn choice<Net: FromStr + Copy + Into<IpNet>>(found: Found<'_>) -> Option<SubnetChoice<Net>> {
    let text = found.text()?;
    if text == "auto" {
        return Some(SubnetChoice::Auto);
    }
    let net: Net = text
        .parse()
        .ok()
        .or_else(|| found.invalid("a subnet with its length, or `auto`"))?;
    let net_of: IpNet = net.into();
    if net_of.addr() == net_of.network() {
        return Some(SubnetChoice::Fixed(net));
    }
    let message = format!(
        "`{}` has bits behind its length; the engine would refuse it",
        found.key
    );
    let hint = Some(format!("write `{}`", net_of.trunc()));
    found
        .problems
        .error_hint(Code::InvalidAddress, found.place(), message, hint);
    None
}

fn inside(found: Found<'_>, subnet: Option<IpNet>, inner: IpNet) -> bool {
    let Some(subnet) = subnet.filter(|subnet| !subnet.contains(&inner)) else {
        return true;
    };
    let message = format!(
        "`{}` lies outside of the management subnet {subnet}",
        found.key
    );
    found
        .problems
        .error(Code::InvalidAddress, found.place(), message);
    false
}
