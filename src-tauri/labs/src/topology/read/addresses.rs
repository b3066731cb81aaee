//! Management addresses: inside of their subnets, and each once.

use super::context::Context;
use crate::topology::{Code, KeyPlace, ManagementNetwork, NetworkMode, Node, Place, SubnetChoice};
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::IpAddr;

/// Checks the management addresses of all nodes. `places` are those of the keys of the file.
pub(super) fn check(
    nodes: &[Node],
    management: &ManagementNetwork,
    places: &Places<'_>,
    context: &Context<'_>,
) {
    let mut taken = HashMap::new();
    let v4 = Family {
        net: net(&management.ipv4.subnet),
        off: management.ipv4.subnet == SubnetChoice::Off,
        key: "ipv4",
    };
    let v6 = Family {
        net: net(&management.ipv6.subnet),
        off: management.ipv6.subnet == SubnetChoice::Off,
        key: "ipv6",
    };
    let gateways = [
        management.ipv4.gateway.map(IpAddr::V4),
        management.ipv6.gateway.map(IpAddr::V6),
    ];
    for node in nodes {
        let settings = &node.settings;
        let addresses = [
            (settings.management_ipv4.map(IpAddr::V4), &v4),
            (settings.management_ipv6.map(IpAddr::V6), &v6),
        ];
        for (address, family) in addresses {
            let Some(address) = address else { continue };
            let place = places.of(node, &format!("mgmt-{}", family.key));
            if settings.network_mode != NetworkMode::Management {
                let message = format!(
                    "`mgmt-{}` of node `{}` has no effect",
                    family.key, node.name
                );
                let hint = "its network mode keeps it off the management network".to_owned();
                context
                    .problems
                    .warning(Code::NoEffect, place, message, Some(hint));
                continue;
            }
            family.check(address, node, place, &gateways, context);
            if let Some((first, other)) = taken.insert(address, (place, &node.name)) {
                let what = format!(
                    "management address {address} of node `{}` is used twice, by node `{other}` too",
                    node.name
                );
                context
                    .problems
                    .twice(Code::DuplicateAddress, place, first, &what);
            }
        }
    }
}

struct Family {
    net: Option<IpNet>,
    off: bool,
    key: &'static str,
}

impl Family {
    fn check(
        &self,
        address: IpAddr,
        node: &Node,
        place: Place,
        gateways: &[Option<IpAddr>; 2],
        context: &Context<'_>,
    ) {
        let error = |message: String, hint: String| {
            context
                .problems
                .error_hint(Code::InvalidAddress, place, message, Some(hint));
        };
        let (name, key) = (&node.name, self.key);
        if self.off {
            let message = format!(
                "node `{name}` has `mgmt-{key}`, but the management network has no such subnet"
            );
            error(message, format!("add `{key}-subnet` to `mgmt`"));
        }
        let Some(net) = self.net else { return };
        if !net.contains(&address) {
            let message =
                format!("management address {address} of node `{name}` lies outside of {net}");
            error(
                message,
                format!("choose one inside, or another `{key}-subnet`"),
            );
        } else if address == net.network() || (address == net.broadcast() && address.is_ipv4()) {
            let message = format!(
                "management address {address} of node `{name}` is that of the subnet itself"
            );
            error(message, "choose one between".to_owned());
        } else if gateways.contains(&Some(address)) {
            let message = format!("management address {address} of node `{name}` is the gateway's");
            error(message, "choose another".to_owned());
        }
    }
}

fn net<Net: Copy + Into<IpNet>>(choice: &SubnetChoice<Net>) -> Option<IpNet> {
    choice.fixed().map(Into::into)
}

/// Where the keys of nodes stand.
pub(super) struct Places<'a> {
    by_path: HashMap<&'a str, Place>,
}

impl<'a> Places<'a> {
    pub(super) fn new(keys: &'a [KeyPlace]) -> Self {
        Self {
            by_path: keys
                .iter()
                .map(|key| (key.path.as_str(), key.value))
                .collect(),
        }
    }

    /// Where a node's own value of a key stands; the node itself where the value comes from elsewhere.
    pub(super) fn of(&self, node: &Node, key: &str) -> Place {
        let path = format!("topology.nodes.{}.{key}", node.name);
        self.by_path
            .get(path.as_str())
            .copied()
            .unwrap_or(node.place)
    }
}
