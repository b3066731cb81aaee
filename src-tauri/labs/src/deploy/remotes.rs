//! The other sides of vxlans that are given by name.

use crate::topology::{LinkForm, Topology, TunnelRemote};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Their addresses, by their names. What is not found has no link, and a note says so.
pub(super) async fn remotes(
    topology: &Topology,
    notes: &mut Vec<String>,
) -> BTreeMap<String, IpAddr> {
    let mut remotes = BTreeMap::new();
    for link in &topology.links {
        let (LinkForm::Vxlan { tunnel, .. } | LinkForm::VxlanStitch { tunnel, .. }) = &link.form
        else {
            continue;
        };
        let TunnelRemote::Name(name) = &tunnel.remote else {
            continue;
        };
        let found = tokio::net::lookup_host((name.as_str(), 0)).await;
        match found.ok().and_then(|mut found| found.next()) {
            Some(address) => {
                remotes.insert(name.clone(), address.ip());
            }
            None => notes.push(format!(
                "link {} is not made: no address of {name}, the other side of its vxlan, is known",
                link.number
            )),
        }
    }
    remotes
}
