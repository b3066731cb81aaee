//! Ports of nodes that the host offers: `[address:][port:]port[/protocol]`, each a number or a range.

use super::fields::Found;
use crate::topology::{PortMapping, Protocol};
use std::net::IpAddr;

const WANTED: &str = "`host-port:node-port`, with `address:` before or `/udp` behind it";

/// The mappings of one item; a range is many.
pub(super) fn mappings(found: Found<'_>, text: &str) -> Vec<PortMapping> {
    parse(found, text)
        .or_else(|| found.invalid(WANTED))
        .unwrap_or_default()
}

fn parse(found: Found<'_>, text: &str) -> Option<Vec<PortMapping>> {
    let (ports, protocol) = match text.rsplit_once('/') {
        Some((ports, protocol)) => (ports, parse_protocol(protocol)?),
        None => (text, Protocol::Tcp),
    };
    let (host, container) = match ports.rsplit_once(':') {
        Some((host, container)) => (Some(host), container),
        None => (None, ports),
    };
    let (address, host) = match host.map(|host| host.rsplit_once(':').unwrap_or(("", host))) {
        Some((address, port)) => (unbracketed(address), port),
        None => ("", ""),
    };
    let address = if address.is_empty() {
        None
    } else {
        Some(address.parse().ok()?)
    };
    let (first, last) = range(container)?;
    let host = if host.is_empty() {
        None
    } else {
        Some(range(host)?)
    };
    if first == 0 {
        return None;
    }
    if let Some((from, to)) = host.filter(|(from, to)| first == last && from < to) {
        one_of(found, from, to);
    }
    spread(host, (first, last), address, protocol)
}

/// A range of the host for one port of the node: the engine could choose.
fn one_of(found: Found<'_>, from: u16, to: u16) {
    let message = format!(
        "the range `{from}-{to}` in `{}` of {} has no effect",
        found.key, found.owner
    );
    let instead =
        "the first port of it is offered; write only that one, or none to let the engine choose";
    found.problems.no_effect(found.place(), message, instead);
}

fn spread(
    host: Option<(u16, u16)>,
    (first, last): (u16, u16),
    host_address: Option<IpAddr>,
    protocol: Protocol,
) -> Option<Vec<PortMapping>> {
    let mapping = |offset: u16, host_port| PortMapping {
        host_address,
        host_port,
        container_port: first + offset,
        protocol,
    };
    let count = last - first;
    let mappings = match host {
        None => (0..=count).map(|offset| mapping(offset, None)).collect(),
        Some((from, to)) if to - from == count => (0..=count)
            .map(|offset| mapping(offset, Some(from + offset)))
            .collect(),
        Some((from, _)) if count == 0 => vec![mapping(0, Some(from))],
        Some(_) => return None,
    };
    Some(mappings)
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    let (first, last): (u16, u16) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

fn unbracketed(text: &str) -> &str {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(text)
}

fn parse_protocol(text: &str) -> Option<Protocol> {
    match text.to_ascii_lowercase().as_str() {
        "tcp" => Some(Protocol::Tcp),
        "udp" => Some(Protocol::Udp),
        "sctp" => Some(Protocol::Sctp),
        _ => None,
    }
}
