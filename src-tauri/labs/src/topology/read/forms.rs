//! The forms of a link, and the keys of each.

use crate::topology::{DEFAULT_LINK_MTU, Endpoint, InterfaceName, LinkForm, MacvlanMode};

/// The forms of a link, by `type`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Veth,
    Host,
    ManagementNet,
    Macvlan,
    Dummy,
    Vxlan,
    VxlanStitch,
}

/// What `type` may be. A `veth-stitch` is what every link is here: two ends joined by a redirect.
pub(super) const TYPES: [(&str, Option<Form>); 9] = [
    ("veth", Some(Form::Veth)),
    ("veth-stitch", Some(Form::Veth)),
    ("host", Some(Form::Host)),
    ("mgmt-net", Some(Form::ManagementNet)),
    ("macvlan", Some(Form::Macvlan)),
    ("dummy", Some(Form::Dummy)),
    ("vxlan", Some(Form::Vxlan)),
    ("vxlan-stitch", Some(Form::VxlanStitch)),
    ("brief", None),
];
/// What a short end may begin with instead of a node.
pub(super) const SPECIAL: [(&str, Form); 4] = [
    ("host", Form::Host),
    ("mgmt-net", Form::ManagementNet),
    ("macvlan", Form::Macvlan),
    ("dummy", Form::Dummy),
];
pub(super) const MODES: [(&str, MacvlanMode); 5] = [
    ("bridge", MacvlanMode::Bridge),
    ("vepa", MacvlanMode::Vepa),
    ("private", MacvlanMode::Private),
    ("passthru", MacvlanMode::Passthru),
    ("source", MacvlanMode::Source),
];
/// Keys that every form has.
pub(super) const COMMON: [&str; 4] = ["type", "mtu", "labels", "vars"];
pub(super) const VXLAN_KEYS: [&str; 7] = [
    "endpoint",
    "remote",
    "vni",
    "udp-port",
    "dst-port",
    "src-port",
    "parent-interface",
];

impl Form {
    /// The keys that this form has beside the common ones.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Veth => &["endpoints", "ipv4", "ipv6"],
            Self::Host | Self::ManagementNet => &["endpoint", "host-interface"],
            Self::Macvlan => &["endpoint", "host-interface", "mode"],
            Self::Dummy => &["endpoint"],
            Self::Vxlan | Self::VxlanStitch => &VXLAN_KEYS,
        }
    }
}

pub(super) fn with_host(
    form: Form,
    endpoint: Endpoint,
    host_interface: InterfaceName,
    mode: MacvlanMode,
) -> Option<LinkForm> {
    match form {
        Form::Host => Some(LinkForm::Host {
            endpoint,
            host_interface,
        }),
        Form::ManagementNet => Some(LinkForm::ManagementNet {
            endpoint,
            host_interface,
        }),
        Form::Macvlan => Some(LinkForm::Macvlan {
            endpoint,
            host_interface,
            mode,
        }),
        Form::Veth | Form::Dummy | Form::Vxlan | Form::VxlanStitch => None,
    }
}

pub(super) fn default_mtu(form: &LinkForm) -> Option<u32> {
    let follows = matches!(
        form,
        LinkForm::Macvlan { .. } | LinkForm::Vxlan { .. } | LinkForm::VxlanStitch { .. }
    );
    (!follows).then_some(DEFAULT_LINK_MTU)
}
