//! The table of kinds, read and checked.

use super::template::placeholders;
use super::{Kind, KindsError};
use serde::Deserialize;
use std::collections::BTreeMap;

const BUILT_IN: &str = include_str!("kinds.toml");

/// Placeholders that are filled in everywhere; `env.NAME` and `model.NAME` are too.
pub(super) const PLACEHOLDERS: [&str; 13] = [
    "node",
    "lab",
    "type",
    "ports",
    "management_ipv4",
    "management_ipv6",
    "management_ipv4_gateway",
    "management_ipv6_gateway",
    "management_interface",
    "management_mac",
    "system_mac",
    "base_mac",
    "systemd_setenv",
];
/// Placeholders that are filled in once for each port.
pub(super) const PORT_PLACEHOLDERS: [&str; 2] = ["port", "port_slashed"];

/// Files that come with the program, by the name that the table gives them.
pub(super) const FILES: [(&str, &str); 8] = [
    ("if-wait.sh", include_str!("files/if-wait.sh")),
    (
        "ceos-startup-config",
        include_str!("files/ceos-startup-config"),
    ),
    (
        "ceos-system-mac-address",
        include_str!("files/ceos-system-mac-address"),
    ),
    ("crpd-juniper.conf", include_str!("files/crpd-juniper.conf")),
    ("crpd-sshd-config", include_str!("files/crpd-sshd-config")),
    (
        "srlinux-topology.yml",
        include_str!("files/srlinux-topology.yml"),
    ),
    (
        "xrd-first-boot.cfg",
        include_str!("files/xrd-first-boot.cfg"),
    ),
    (
        "xrd-management-ipv6.sh",
        include_str!("files/xrd-management-ipv6.sh"),
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableText {
    kind: Vec<Kind>,
}

/// All kinds of node that are known.
#[derive(Debug, Clone)]
pub struct Kinds {
    kinds: Vec<Kind>,
    by_name: BTreeMap<String, usize>,
}

impl Kinds {
    /// The kinds that come with the program.
    pub fn built_in() -> Result<Self, KindsError> {
        Self::parse(BUILT_IN, "the program itself")
    }

    /// Reads a table; `from` says where it stands.
    pub fn parse(text: &str, from: &str) -> Result<Self, KindsError> {
        let parsed = toml::from_str::<TableText>(text).map_err(|source| KindsError::Parse {
            from: from.to_owned(),
            source: Box::new(source),
        })?;
        let mut kinds = parsed.kind;
        for kind in &mut kinds {
            compile(kind, from)?;
            check_placeholders(kind, from)?;
        }
        let by_name = index(&kinds, from)?;
        Ok(Self { kinds, by_name })
    }

    /// The kind of that name or alias, in any case, as containerlab reads it.
    pub fn get(&self, name: &str) -> Option<&Kind> {
        let index = self.by_name.get(&name.to_ascii_lowercase())?;
        self.kinds.get(*index)
    }

    /// All kinds, in the order of the table.
    pub fn all(&self) -> &[Kind] {
        &self.kinds
    }

    /// All names and aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

/// The text of a file that comes with the program.
pub(super) fn file(name: &str) -> Option<&'static str> {
    FILES
        .iter()
        .find(|(file, _)| *file == name)
        .map(|(_, text)| *text)
}

fn compile(kind: &mut Kind, from: &str) -> Result<(), KindsError> {
    let name = kind.name.clone();
    for rule in kind.interfaces.rules_mut() {
        rule.compile().map_err(|source| KindsError::Pattern {
            from: from.to_owned(),
            kind: name.clone(),
            pattern: rule.pattern.clone(),
            source,
        })?;
    }
    Ok(())
}

fn check_placeholders(kind: &Kind, from: &str) -> Result<(), KindsError> {
    let mut texts: Vec<&str> = kind.environment.values().map(String::as_str).collect();
    let words = kind.command.iter().chain(&kind.entrypoint).flatten();
    texts.extend(words.map(String::as_str));
    for template in kind
        .files
        .iter()
        .filter_map(|file| file.template.as_deref())
    {
        texts.push(file(template).ok_or_else(|| KindsError::File {
            from: from.to_owned(),
            kind: kind.name.clone(),
            file: template.to_owned(),
        })?);
    }
    let per_port = kind.environment_per_port.values();
    let known = |name: &str| {
        let prefixed = name.starts_with("env.") || name.starts_with("model.");
        prefixed || PLACEHOLDERS.contains(&name)
    };
    let unknown = texts
        .iter()
        .flat_map(|text| placeholders(text))
        .find(|name| !known(name));
    let unknown = unknown.or_else(|| {
        let mut names = per_port.flat_map(|text| placeholders(text));
        names.find(|name| !PORT_PLACEHOLDERS.contains(&name.as_str()))
    });
    match unknown {
        None => Ok(()),
        Some(placeholder) => Err(KindsError::Placeholder {
            from: from.to_owned(),
            kind: kind.name.clone(),
            placeholder,
        }),
    }
}

fn index(kinds: &[Kind], from: &str) -> Result<BTreeMap<String, usize>, KindsError> {
    let mut by_name = BTreeMap::new();
    for (index, kind) in kinds.iter().enumerate() {
        for name in kind.aliases.iter().chain([&kind.name]) {
            if by_name.insert(name.to_ascii_lowercase(), index).is_some() {
                let (from, name) = (from.to_owned(), name.clone());
                return Err(KindsError::Duplicate { from, name });
            }
        }
    }
    Ok(by_name)
}
