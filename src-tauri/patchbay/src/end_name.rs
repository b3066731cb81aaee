//! How an end of a link is called.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A text that names no end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the name of an end: node:interface is expected")]
pub struct EndNameError {
    /// What was given.
    pub text: String,
}

/// An end of a link: `node:interface`, `switch:interface`, or the name of an end outside, such as `host:uplink`.
///
/// Linux allows no colon in an interface's name and containerlab none in a node's, so the text is unambiguous.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndName {
    text: String,
    colon: usize,
}

impl EndName {
    /// The end called `interface` of a node or a switch.
    pub fn new(owner: &str, interface: &str) -> Result<Self, EndNameError> {
        format!("{owner}:{interface}").parse()
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the colon: a node, a switch, or a word such as `host`.
    pub fn owner(&self) -> &str {
        self.text.get(..self.colon).unwrap_or_default()
    }

    /// What stands behind the colon.
    pub fn interface(&self) -> &str {
        self.text.get(self.colon + 1..).unwrap_or_default()
    }
}

impl FromStr for EndName {
    type Err = EndNameError;

    fn from_str(text: &str) -> Result<Self, EndNameError> {
        let error = || EndNameError {
            text: text.to_owned(),
        };
        let (owner, interface) = text.split_once(':').ok_or_else(error)?;
        if owner.is_empty() || interface.is_empty() || interface.contains(':') {
            return Err(error());
        }
        Ok(Self {
            text: text.to_owned(),
            colon: owner.len(),
        })
    }
}

impl fmt::Display for EndName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for EndName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for EndName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn it_has_an_owner_and_an_interface() {
        let end: EndName = "leaf-1.a:eth1".parse().unwrap();
        assert_eq!((end.owner(), end.interface()), ("leaf-1.a", "eth1"));
        assert_eq!(EndName::new("leaf-1.a", "eth1").unwrap(), end);
    }

    #[test]
    fn what_is_no_end_is_refused() {
        for text in ["", "leaf1", ":eth1", "leaf1:", "leaf1:eth1:0"] {
            assert!(text.parse::<EndName>().is_err(), "{text:?}");
        }
    }
}
