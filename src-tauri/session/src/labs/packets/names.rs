//! What numbers are called: the field's words.

/// Protocols by their port, of which one side is enough.
const TCP: [(u16, &str); 13] = [
    (22, "SSH"),
    (23, "Telnet"),
    (49, "TACACS+"),
    (53, "DNS"),
    (80, "HTTP"),
    (179, "BGP"),
    (443, "TLS"),
    (639, "MSDP"),
    (646, "LDP"),
    (830, "NETCONF"),
    (5201, "iperf3"),
    (6030, "gNMI"),
    (57400, "gNMI"),
];

const UDP: [(u16, &str); 25] = [
    (53, "DNS"),
    (67, "DHCP"),
    (68, "DHCP"),
    (69, "TFTP"),
    (123, "NTP"),
    (161, "SNMP"),
    (162, "SNMP"),
    (319, "PTP"),
    (320, "PTP"),
    (514, "Syslog"),
    (520, "RIP"),
    (521, "RIPng"),
    (546, "DHCPv6"),
    (547, "DHCPv6"),
    (646, "LDP"),
    (1812, "RADIUS"),
    (1813, "RADIUS"),
    (1985, "HSRP"),
    (2029, "HSRPv6"),
    (3784, "BFD"),
    (3785, "BFD"),
    (4784, "BFD"),
    (5201, "iperf3"),
    (5353, "mDNS"),
    (6343, "sFlow"),
];

/// The ports of vxlan: its own, Linux's, and containerlab's.
pub(super) const VXLAN: [u16; 3] = [4789, 8472, 14789];
/// Where BFD's packets have its header.
pub(super) const BFD: [u16; 2] = [3784, 4784];

/// The protocol of a TCP connection.
pub(super) fn tcp(ports: [u16; 2]) -> Option<&'static str> {
    named(&TCP, ports)
}

/// The protocol of a UDP packet.
pub(super) fn udp(ports: [u16; 2]) -> Option<&'static str> {
    named(&UDP, ports)
}

/// The lower port is the service's.
fn named(names: &[(u16, &'static str)], mut ports: [u16; 2]) -> Option<&'static str> {
    ports.sort_unstable();
    let name = |port: &u16| names.iter().find(|(known, _)| known == port);
    ports.iter().find_map(name).map(|(_, name)| *name)
}

/// The name of a number in a list of them.
pub(super) fn word<N: PartialEq + Copy>(
    names: &[(N, &'static str)],
    number: N,
) -> Option<&'static str> {
    let found = names.iter().find(|(known, _)| *known == number);
    found.map(|(_, name)| *name)
}

/// The names of the bits that are set, the first for the lowest.
pub(super) fn bits(names: &[&'static str], set: u16) -> String {
    let names = names.iter().enumerate();
    let names = names.filter(|(bit, _)| set >> bit & 1 == 1);
    let names: Vec<&str> = names.map(|(_, name)| *name).collect();
    names.join(", ")
}
