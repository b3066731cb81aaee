//! What a packet is, in a line of words. Pure; nothing that comes from a network can make it fail.
//!
//! Headers of IP and below it are read by etherparse; the protocols of routers and switches are few bytes each.

mod control;
mod frame;
mod internet;
mod names;
mod read;
mod routing;
#[cfg(test)]
mod tests;
mod transport;

use labwright_labs::links::CapturedPacket;

use super::Packet;

/// What is said of a packet. The innermost addresses and protocol that are known stand for all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    source: String,
    destination: String,
    protocol: String,
    summary: String,
}

impl Said {
    /// Without addresses: those of what is around it count.
    fn of(protocol: &str, summary: impl Into<String>) -> Self {
        Self {
            protocol: protocol.to_owned(),
            summary: summary.into(),
            ..Self::default()
        }
    }

    /// With addresses, unless it has some of its own.
    fn between(mut self, source: &str, destination: &str) -> Self {
        if self.source.is_empty() && self.destination.is_empty() {
            source.clone_into(&mut self.source);
            destination.clone_into(&mut self.destination);
        }
        self
    }

    /// Behind a label: `VLAN 10`.
    fn behind(mut self, label: &str) -> Self {
        self.summary = if self.summary.is_empty() {
            label.to_owned()
        } else {
            format!("{label}: {}", self.summary)
        };
        self
    }
}

/// What the window is told of a packet.
pub(super) fn packet(number: u64, captured: &CapturedPacket) -> Packet {
    let said = frame::frame(&captured.bytes, 0);
    Packet {
        number,
        at_us: captured.at_ns / 1000,
        source: said.source,
        destination: said.destination,
        protocol: said.protocol,
        length: captured.length,
        summary: said.summary,
        sent: captured.sent,
    }
}
