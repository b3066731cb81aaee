//! What a kind's placeholders are filled in with, and what comes of it.

use super::kind::Given;
use super::template::{Values, fill, fill_words, linewise};
use super::{Kind, Runs, WriteWhen};
use crate::topology::{InterfaceName, LabName, MacAddress, NodeName};
use ipnet::{Ipv4Net, Ipv6Net};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What hardware addresses of a chassis begin with: an address that nobody was given, to one receiver.
const CHASSIS_MAC: u8 = 0x1a;

/// What is known of one node when its container is planned.
#[derive(Debug, Clone)]
pub struct NodeFacts<'a> {
    /// The lab.
    pub lab: &'a LabName,
    /// The node.
    pub node: &'a NodeName,
    /// The file's `type`.
    pub node_type: Option<&'a str>,
    /// The user's variables, those of files and labels included.
    pub environment: &'a BTreeMap<String, String>,
    /// The ports that links use, in the order of the file.
    pub interfaces: &'a [InterfaceName],
    /// The file's `entrypoint`.
    pub entrypoint: Option<&'a [String]>,
    /// The file's `cmd`.
    pub command: Option<&'a [String]>,
    /// The file's `user`.
    pub user: Option<&'a str>,
    /// Whether it has a network namespace of its own: kernel settings of a network that it shares are not its to make.
    pub owns_network: bool,
    /// The file's `sysctls`.
    pub sysctls: &'a BTreeMap<String, String>,
    /// Its end of the management network.
    pub management: ManagementFacts<'a>,
    /// The text of the `startup-config`.
    pub startup_config: Option<&'a str>,
    /// The file's `suppress-startup-config`.
    pub suppress_startup_config: bool,
    /// The text of the `license`.
    pub license: Option<&'a str>,
}

/// A node's end of the management network.
#[derive(Debug, Clone, Copy, Default)]
pub struct ManagementFacts<'a> {
    /// Its address.
    pub ipv4: Option<Ipv4Net>,
    /// Its address.
    pub ipv6: Option<Ipv6Net>,
    /// The way out.
    pub ipv4_gateway: Option<Ipv4Addr>,
    /// The way out.
    pub ipv6_gateway: Option<Ipv6Addr>,
    /// Its hardware address.
    pub mac: Option<MacAddress>,
    /// What the node itself calls it, where it is not the kind's usual name.
    pub interface: Option<&'a str>,
}

/// What a kind makes of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// All variables.
    pub environment: BTreeMap<String, String>,
    /// The entry point; the image's where it is none.
    pub entrypoint: Option<Vec<String>>,
    /// The command; the image's where it is none.
    pub command: Option<Vec<String>>,
    /// The user; the image's where it is none.
    pub user: Option<String>,
    /// Kernel settings; the user's go before the kind's.
    pub sysctls: BTreeMap<String, String>,
    /// Files that are put in before the start.
    pub files: Vec<RenderedFile>,
}

/// A file that is put into a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenderedFile {
    /// In the node.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its permissions.
    pub mode: u32,
    /// When it is written.
    pub when: WriteWhen,
}

impl Kind {
    /// What this kind makes of a node. The user's settings go before the kind's.
    pub fn render(&self, facts: &NodeFacts<'_>) -> Rendered {
        let mut values = facts.values(self);
        let environment = self.environment(facts, &values);
        values.extend(
            environment
                .iter()
                .map(|(name, value)| (format!("env.{name}"), value.clone())),
        );
        let setenv = environment
            .iter()
            .map(|(name, value)| format!("systemd.setenv={name}={value}"));
        let lists = BTreeMap::from([("systemd_setenv", setenv.collect())]);
        let words = |words: &Vec<String>| fill_words(words, &values, &lists);
        let given = facts.command.filter(|_| !self.command_is_fixed);
        let mut sysctls = self.sysctls.clone();
        sysctls.retain(|name, _| facts.owns_network || !name.starts_with("net."));
        sysctls.extend(facts.sysctls.clone());
        Rendered {
            entrypoint: facts
                .entrypoint
                .map(<[_]>::to_vec)
                .or(self.entrypoint.as_ref().map(words)),
            command: given
                .map(<[_]>::to_vec)
                .or(self.command.as_ref().map(words)),
            user: facts.user.map(str::to_owned).or(self.user.clone()),
            files: self.rendered_files(facts, &values),
            sysctls,
            environment,
        }
    }

    /// The variables of a node: the kind's, one piece for each port, `CLAB_INTFS`, and before them the user's.
    fn environment(&self, facts: &NodeFacts<'_>, values: &Values) -> BTreeMap<String, String> {
        let own = self.environment.iter();
        let own = own.filter_map(|(name, text)| Some((name.clone(), fill(text, values)?)));
        let mut environment: BTreeMap<_, _> = own.collect();
        for (name, text) in &self.environment_per_port {
            let pieces = facts
                .interfaces
                .iter()
                .filter_map(|port| fill(text, &port_values(port)));
            environment.insert(name.clone(), pieces.collect());
        }
        environment.extend(facts.environment.clone());
        if self.runs == Runs::Container {
            environment.insert("CLAB_INTFS".to_owned(), facts.interfaces.len().to_string());
        }
        environment
    }

    fn rendered_files(&self, facts: &NodeFacts<'_>, values: &Values) -> Vec<RenderedFile> {
        let rendered = |file: &super::KindFile| {
            let of_config = !matches!(file.given, Given::Nothing | Given::License);
            let suppressed = of_config && facts.suppress_startup_config;
            let given = facts.given(file.given).map(str::to_owned);
            let template = file.template.as_deref().and_then(super::table::file);
            let text = given.or_else(|| template.map(|text| linewise(text, values)))?;
            let (path, mode, when) = (file.path.clone(), file.mode, file.when);
            (!suppressed).then_some(RenderedFile {
                path,
                text,
                mode,
                when,
            })
        };
        self.files.iter().filter_map(rendered).collect()
    }
}

impl NodeFacts<'_> {
    /// What of the user's a file is made of.
    fn given(&self, given: Given) -> Option<&str> {
        let is_json = |text: &&str| text.trim_start().starts_with('{');
        match given {
            Given::Nothing => None,
            Given::StartupConfig => self.startup_config,
            Given::StartupConfigJson => self.startup_config.filter(is_json),
            Given::StartupConfigCommands => self.startup_config.filter(|text| !is_json(text)),
            Given::License => self.license,
        }
    }

    /// What the placeholders become, without the variables.
    fn values(&self, kind: &Kind) -> Values {
        let management = &self.management;
        let text = |value: &dyn ToString| Some(value.to_string());
        let interface = management
            .interface
            .or(kind.interfaces.management_title.as_deref());
        let user = self.environment.iter();
        let mut values: Values = user
            .map(|(name, value)| (format!("env.{name}"), value.clone()))
            .collect();
        let known = [
            ("node", text(self.node)),
            ("lab", text(self.lab)),
            (
                "type",
                self.node_type
                    .or(kind.default_type.as_deref())
                    .map(str::to_owned),
            ),
            ("ports", text(&self.interfaces.len())),
            (
                "management_ipv4",
                management.ipv4.map(|net| net.to_string()),
            ),
            (
                "management_ipv6",
                management.ipv6.map(|net| net.to_string()),
            ),
            (
                "management_ipv4_gateway",
                management.ipv4_gateway.map(|address| address.to_string()),
            ),
            (
                "management_ipv6_gateway",
                management.ipv6_gateway.map(|address| address.to_string()),
            ),
            ("management_interface", interface.map(str::to_owned)),
            ("management_mac", management.mac.map(|mac| mac.to_string())),
            (
                "system_mac",
                management.mac.map(|mac| mac.following().to_string()),
            ),
            ("base_mac", text(&self.base_mac())),
        ];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        values.extend(known);
        let model = kind
            .model(self.node_type)
            .into_iter()
            .flat_map(|(_, model)| model);
        values.extend(model.map(|(name, value)| (format!("model.{name}"), value.clone())));
        values
    }

    /// The first of the hardware addresses that a chassis gives to its ports: the last three bytes are its own to count.
    fn base_mac(&self) -> MacAddress {
        let MacAddress([_, _, _, first, second, _]) =
            MacAddress::derived([0; 3], &format!("{}/{}/base", self.lab, self.node));
        MacAddress([CHASSIS_MAC, first, second, 0, 0, 0])
    }
}

/// `port` is the Linux name, `port_slashed` the same with slashes for dashes, as XRd has it.
fn port_values(port: &InterfaceName) -> Values {
    let name = port.as_str();
    let pairs = [
        ("port", name.to_owned()),
        ("port_slashed", name.replace('-', "/")),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}
