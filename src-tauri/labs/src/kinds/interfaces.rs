//! Names of ports: as people and vendors write them, and as Linux knows them.

use crate::topology::{InterfaceName, NameError};
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// How a kind names its ports.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterfaceRules {
    /// What it accepts, for people: `eth1 or Ethernet1, Ethernet1/1`.
    pub help: String,
    /// Its first port that is not the management's, in Linux.
    pub first: String,
    /// What its management port is called in its own command line.
    pub management_title: Option<String>,
    /// What the management port is called. A link cannot use it while the node is on the management network.
    #[serde(default)]
    pub management: Vec<InterfaceRule>,
    /// Patterns of names, tried in order.
    pub names: Vec<InterfaceRule>,
}

/// A pattern, and the Linux name that follows from it.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "RuleText")]
pub struct InterfaceRule {
    /// The pattern as it stands in the table; it must fit the whole name.
    pub pattern: String,
    /// The Linux name: `{group}` is a group of the pattern, `{number}` the port's number, `{env.NAME}` a variable.
    pub name: String,
    /// What slashes in groups become.
    pub slash: String,
    /// Added to the group `port` for `{number}`.
    pub add: i64,
    /// Ports in a slot: the group `slot` times this is added too.
    pub slot_size: i64,
    compiled: Option<Regex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    pattern: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    slash: String,
    #[serde(default)]
    add: i64,
    #[serde(default)]
    slot_size: i64,
}

impl From<RuleText> for InterfaceRule {
    fn from(text: RuleText) -> Self {
        let RuleText {
            pattern,
            name,
            slash,
            add,
            slot_size,
        } = text;
        Self {
            pattern,
            name,
            slash,
            add,
            slot_size,
            compiled: None,
        }
    }
}

/// A name that is no port of the kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PortError {
    /// It is the management port.
    #[error("`{written}` is the management port")]
    Management {
        /// As written.
        written: String,
    },
    /// It is none that the kind has.
    #[error("`{}` is no port of this kind", written.escape_debug())]
    Unknown {
        /// As written.
        written: String,
        /// What the kind accepts.
        help: String,
    },
    /// Its number is lower than the kind's first port.
    #[error("`{written}` lies before the first port")]
    Low {
        /// As written.
        written: String,
        /// What the kind accepts.
        help: String,
    },
    /// Linux cannot have it.
    #[error("Linux cannot have an interface of that name")]
    Name(#[source] NameError),
}

impl InterfaceRules {
    /// The Linux name of a port.
    ///
    /// `environment` are the node's variables with the kind's, since some kinds name ports by them. `managed` tells
    /// whether the node is on the management network; if not, its management port is a port like any other.
    pub fn linux_name(
        &self,
        written: &str,
        environment: &BTreeMap<String, String>,
        managed: bool,
    ) -> Result<InterfaceName, PortError> {
        let fits = |rule: &InterfaceRule| rule.captures(written).is_some();
        if managed && self.management.iter().any(fits) {
            return Err(PortError::Management {
                written: written.to_owned(),
            });
        }
        let unknown = || PortError::Unknown {
            written: written.to_owned(),
            help: self.help.clone(),
        };
        let rule = self
            .names
            .iter()
            .find(|rule| fits(rule))
            .ok_or_else(unknown)?;
        let low = || PortError::Low {
            written: written.to_owned(),
            help: self.help.clone(),
        };
        let name = rule.render(written, environment).ok_or_else(low)?;
        name.parse().map_err(PortError::Name)
    }

    pub(super) fn rules_mut(&mut self) -> impl Iterator<Item = &mut InterfaceRule> {
        self.management.iter_mut().chain(&mut self.names)
    }
}

impl InterfaceRule {
    pub(super) fn compile(&mut self) -> Result<(), regex_lite::Error> {
        self.compiled = Some(Regex::new(&format!("^(?:{})$", self.pattern))?);
        Ok(())
    }

    fn captures<'t>(&self, written: &'t str) -> Option<regex_lite::Captures<'t>> {
        self.compiled.as_ref()?.captures(written)
    }

    fn render(&self, written: &str, environment: &BTreeMap<String, String>) -> Option<String> {
        let groups = self.captures(written)?;
        let mut name = String::new();
        let mut rest = self.name.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (placeholder, behind) = after.split_once('}')?;
            name.push_str(before);
            name.push_str(&self.value(placeholder, written, &groups, environment)?);
            rest = behind;
        }
        name.push_str(rest);
        Some(name)
    }

    fn value(
        &self,
        placeholder: &str,
        written: &str,
        groups: &regex_lite::Captures<'_>,
        environment: &BTreeMap<String, String>,
    ) -> Option<String> {
        if let Some(variable) = placeholder.strip_prefix("env.") {
            return environment.get(variable).cloned();
        }
        match placeholder {
            "name" => Some(written.to_owned()),
            "number" => self.number(groups),
            group => Some(groups.name(group)?.as_str().replace('/', &self.slash)),
        }
    }

    /// The port's number among all ports, from 1.
    fn number(&self, groups: &regex_lite::Captures<'_>) -> Option<String> {
        let group = |name| {
            groups
                .name(name)
                .map_or(Some(0), |found| found.as_str().parse::<i64>().ok())
        };
        let slots = group("slot")?.checked_mul(self.slot_size)?;
        let number = group("port")?.checked_add(self.add)?.checked_add(slots)?;
        (number >= 1).then(|| number.to_string())
    }
}
