//! Links, in all their forms.

use super::context::Context;
use super::fields::{Found, unknown_keys};
use super::forms::{COMMON, Form, MODES, SPECIAL, TYPES, default_mtu, with_host};
use super::interfaces::{End, Ends};
use super::keys;
use super::management::mtu;
use super::no_effect;
use super::problems::shown;
use crate::topology::yaml::{Data, Value};
use crate::topology::{
    Code, DEFAULT_VXLAN_PORT, Endpoint, InterfaceName, Link, LinkForm, MacvlanMode, Place, Tunnel,
    TunnelRemote,
};
use std::net::IpAddr;

/// All links, in the order of the file. Their ends are registered in `ends`.
pub(super) fn links(topology: Found<'_>, context: &Context<'_>, ends: &mut Ends<'_>) -> Vec<Link> {
    let list = topology
        .child("links")
        .map(|found| found.items())
        .unwrap_or_default();
    let numbered = list.iter().enumerate();
    numbered
        .filter_map(|(index, value)| link(value, index + 1, topology, context, ends))
        .collect()
}

fn link(
    value: &Value,
    number: usize,
    topology: Found<'_>,
    context: &Context<'_>,
    ends: &mut Ends<'_>,
) -> Option<Link> {
    let owner = format!("link {number}");
    let found = Found {
        owner: &owner,
        key: "links",
        value,
        problems: topology.problems,
    };
    let Data::Map(map) = &value.data else {
        let message = format!(
            "{owner} is {}; a map with `endpoints` is expected",
            value.noun()
        );
        context
            .problems
            .error(Code::WrongType, value.place, message);
        return None;
    };
    let form = match found.child("type") {
        Some(kind) => kind.choice(&TYPES)?,
        None => None,
    };
    let known: Vec<&str> = COMMON
        .iter()
        .chain(form.unwrap_or(Form::Veth).keys())
        .copied()
        .collect();
    unknown_keys(map, &known, &owner, context.problems);
    no_effect::of_link(map, &known, &owner, context.problems);
    let mut reader = Reader {
        found,
        context,
        ends,
        number,
    };
    let form = match form {
        None => reader.brief(),
        Some(Form::Veth) => reader.veth(),
        Some(form) => reader.single(form),
    };
    let mtu = found
        .child("mtu")
        .and_then(mtu)
        .or(default_mtu(form.as_ref()?));
    Some(Link {
        number,
        form: form?,
        mtu,
        place: value.place,
    })
}

/// Reads one link.
struct Reader<'r, 'a, 'k> {
    found: Found<'a>,
    context: &'r Context<'r>,
    ends: &'r mut Ends<'k>,
    number: usize,
}

impl<'a> Reader<'_, 'a, '_> {
    /// `endpoints: ["a:eth1", "b:eth1"]`.
    fn brief(&mut self) -> Option<LinkForm> {
        let (first, second) = self.two()?;
        let (first, second) = (self.short(first), self.short(second));
        let (first, second) = (first?, second?);
        let special = |end: &Short| {
            let wanted = end.node.trim().to_ascii_lowercase();
            SPECIAL
                .iter()
                .find(|(word, _)| *word == wanted)
                .map(|(_, form)| *form)
        };
        match (special(&first), special(&second)) {
            (None, None) => self.pair(first, second),
            (Some(form), None) => self.special(form, &first, second),
            (None, Some(form)) => self.special(form, &second, first),
            (Some(_), Some(_)) => {
                let message = format!("{} has no end at a node", self.found.owner);
                self.context
                    .problems
                    .error(Code::InvalidValue, first.place, message);
                None
            }
        }
    }

    fn pair(&mut self, first: Short, second: Short) -> Option<LinkForm> {
        let (a, b) = (self.port(first), self.port(second));
        Some(LinkForm::Veth { a: a?, b: b? })
    }

    /// A short link of which one end is no node's.
    fn special(&mut self, form: Form, special: &Short, end: Short) -> Option<LinkForm> {
        let endpoint = self.port(end);
        if form == Form::Dummy {
            return Some(LinkForm::Dummy {
                endpoint: endpoint?,
            });
        }
        let owned = form != Form::Macvlan;
        let host_interface = self.host_interface(&special.interface, special.place, owned);
        with_host(form, endpoint?, host_interface?, MacvlanMode::Bridge)
    }

    /// `type: veth` with ends as maps.
    fn veth(&mut self) -> Option<LinkForm> {
        let (first, second) = self.two()?;
        let (a, b) = (self.long(first), self.long(second));
        Some(LinkForm::Veth { a: a?, b: b? })
    }

    /// A form with one end at a node.
    fn single(&mut self, form: Form) -> Option<LinkForm> {
        let end = self.required("endpoint");
        let endpoint = end.and_then(|end| self.long(end.value));
        match form {
            Form::Veth | Form::Dummy => Some(LinkForm::Dummy {
                endpoint: endpoint?,
            }),
            Form::Vxlan => {
                let tunnel = self.tunnel();
                Some(LinkForm::Vxlan {
                    endpoint: endpoint?,
                    tunnel: tunnel?,
                })
            }
            Form::VxlanStitch => {
                let tunnel = self.tunnel();
                Some(LinkForm::VxlanStitch {
                    endpoint: endpoint?,
                    tunnel: tunnel?,
                })
            }
            Form::Host | Form::ManagementNet | Form::Macvlan => {
                let interface = self.required("host-interface");
                let owned = form != Form::Macvlan;
                let interface = interface
                    .and_then(|found| self.host_interface(found.text()?, found.place(), owned));
                let mode = self
                    .found
                    .child("mode")
                    .and_then(|mode| mode.choice(&MODES));
                with_host(form, endpoint?, interface?, mode.unwrap_or_default())
            }
        }
    }

    fn tunnel(&mut self) -> Option<Tunnel> {
        const MOST_VNI: u64 = (1 << 24) - 1;
        let (remote, vni) = (self.required("remote"), self.required("vni"));
        let port = |key| self.found.child(key).and_then(|found| port(found));
        let destination_port = port("dst-port").or_else(|| port("udp-port"));
        let parent = self.found.child("parent-interface");
        let parent = parent.and_then(|found| self.name(found.text()?, found.place()));
        let vni = vni.and_then(|found| {
            let vni = found
                .text()?
                .parse()
                .ok()
                .filter(|vni| (1..=MOST_VNI).contains(vni));
            vni.or_else(|| found.invalid(&format!("a number from 1 to {MOST_VNI}")))
        });
        let remote = remote.and_then(|found| {
            let text = found.text()?;
            host(text).or_else(|| found.invalid("an address or a host's name"))
        });
        Some(Tunnel {
            remote: remote?,
            vni: u32::try_from(vni?).ok()?,
            destination_port: destination_port.unwrap_or(DEFAULT_VXLAN_PORT),
            parent,
        })
    }

    /// The two items of `endpoints`.
    fn two(&self) -> Option<(&'a Value, &'a Value)> {
        let list = self.required("endpoints")?;
        match list.items() {
            [first, second] => Some((first, second)),
            _ if !matches!(list.value.data, Data::List(_)) => None,
            items => {
                let message = format!(
                    "{} has the wrong number of ends, {}; a link has two",
                    self.found.owner,
                    items.len()
                );
                self.context
                    .problems
                    .error(Code::InvalidValue, list.place(), message);
                None
            }
        }
    }

    /// `node:interface`. An end as a map is read too, as if the link had a type.
    fn short(&self, value: &Value) -> Option<Short> {
        let found = Found {
            key: "endpoints",
            value,
            ..self.found
        };
        if let Data::Map(_) = &value.data {
            let message = format!(
                "an end of {} is a map, but the link has no type",
                self.found.owner
            );
            let hint = Some("add `type: veth`".to_owned());
            self.context
                .problems
                .error_hint(Code::WrongType, value.place, message, hint);
            return None;
        }
        let text = found.text()?;
        match text.split_once(':') {
            Some((node, interface)) if !node.is_empty() && !interface.is_empty() => {
                let (node, interface) = (node.to_owned(), interface.to_owned());
                Some(Short {
                    node,
                    interface,
                    place: value.place,
                })
            }
            _ => found.invalid("`node:interface`"),
        }
    }

    /// `{node: …, interface: …, mac: …}`.
    fn long(&mut self, value: &Value) -> Option<Endpoint> {
        let found = Found {
            key: "endpoint",
            value,
            ..self.found
        };
        if let Data::Text { text, .. } = &value.data {
            let message = format!(
                "an end of {} is the text `{}`; its type wants a map",
                found.owner,
                shown(text)
            );
            let hint = Some("write `{node: …, interface: …}`, or leave the type out".to_owned());
            self.context
                .problems
                .error_hint(Code::WrongType, value.place, message, hint);
            return None;
        }
        found.map_of(keys::ENDPOINT)?;
        let text = |key| {
            let child = found.child(key);
            if child.is_none() {
                let message = format!("an end of {} has no `{key}`", found.owner);
                self.context
                    .problems
                    .error(Code::MissingKey, value.place, message);
            }
            child?.text().map(str::to_owned)
        };
        let (node, interface) = (text("node"), text("interface"));
        let mac = found.child("mac").and_then(|mac| {
            mac.text()?
                .parse()
                .ok()
                .or_else(|| mac.invalid("six bytes, such as `aa:c1:ab:00:00:01`"))
        });
        let end = Short {
            node: node?,
            interface: interface?,
            place: value.place,
        };
        self.port_with(end, mac)
    }

    fn port(&mut self, end: Short) -> Option<Endpoint> {
        self.port_with(end, None)
    }

    fn port_with(
        &mut self,
        end: Short,
        mac: Option<crate::topology::MacAddress>,
    ) -> Option<Endpoint> {
        let end = End {
            node: end.node,
            written: end.interface,
            place: end.place,
            link: self.number,
            mac,
        };
        self.ends.take(end, self.context)
    }

    fn required(&self, key: &'static str) -> Option<Found<'a>> {
        let child = self.found.child(key);
        if child.is_none() {
            let message = format!("{} has no `{key}`", self.found.owner);
            self.context
                .problems
                .error(Code::MissingKey, self.found.place(), message);
        }
        child
    }

    /// An interface of the engine's host. `owned` is one that the link makes: no other may make it too.
    fn host_interface(&mut self, text: &str, place: Place, owned: bool) -> Option<InterfaceName> {
        let name = self.name(text, place)?;
        if owned {
            self.ends.take_host(&name, place, self.context);
        }
        Some(name)
    }

    fn name(&self, text: &str, place: Place) -> Option<InterfaceName> {
        let parsed = text.parse::<InterfaceName>();
        parsed
            .map_err(|error| {
                let message = format!("no interface of the host can have this name: {error}");
                self.context
                    .problems
                    .error(Code::InvalidInterface, place, message);
            })
            .ok()
    }
}

/// A short end.
struct Short {
    node: String,
    interface: String,
    place: Place,
}

fn port(found: Found<'_>) -> Option<u16> {
    let port = found.text()?.parse().ok().filter(|port| *port > 0);
    port.or_else(|| found.invalid("a port from 1 to 65535"))
}

fn host(text: &str) -> Option<TunnelRemote> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(TunnelRemote::Address(address));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let numeric = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let named = !text.is_empty() && text.len() <= 253 && text.chars().all(known) && !numeric;
    named.then(|| TunnelRemote::Name(text.to_owned()))
}
