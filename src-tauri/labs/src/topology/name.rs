//! Names: of labs, of nodes, and of interfaces as Linux knows them.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Bytes that an interface's name may have in Linux (`IFNAMSIZ` less the closing zero).
pub const INTERFACE_NAME_BYTES: usize = 15;
/// Bytes that a name may have in DNS, which the engine's resolver serves node names by.
pub const NODE_NAME_BYTES: usize = 63;

/// A text that is no name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("a name is empty")]
    Empty,
    /// It begins with something other than a letter or a digit.
    #[error("`{name}` begins with `{character}`; a name begins with a letter or a digit")]
    Begin {
        /// What was given.
        name: String,
        /// Its first character.
        character: char,
    },
    /// It holds a character that names cannot have.
    #[error("`{}` has `{}`, which a name cannot have", name.escape_debug(), character.escape_debug())]
    Character {
        /// What was given.
        name: String,
        /// The first such character.
        character: char,
    },
    /// It is too long.
    #[error("`{name}` has {length} bytes; {limit} are allowed")]
    Long {
        /// What was given.
        name: String,
        /// Its length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// It is `.` or `..`.
    #[error("`{name}` cannot be a name")]
    Reserved {
        /// What was given.
        name: String,
    },
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                $check(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// A lab's name: letters, digits, `-`, `.` and `_`, beginning with a letter or a digit (containerlab's schema), and
    /// at most 63 bytes, which an engine's labels and names have room for.
    LabName,
    check_lab
);
name!(
    /// A node's name in its topology: a lab's letters, and at most 63 bytes, because it becomes a hostname. A bridge's may
    /// have a `|`.
    NodeName,
    check_node
);
name!(
    /// An interface's name as Linux knows it: at most 15 bytes, no slash, no colon, no blank.
    InterfaceName,
    check_interface
);

fn check_lab(text: &str) -> Result<(), NameError> {
    check(text, NODE_NAME_BYTES, |_| false)
}

fn check_node(text: &str) -> Result<(), NameError> {
    check(text, NODE_NAME_BYTES, |c| c == '|')
}

fn check(text: &str, limit: usize, also: fn(char) -> bool) -> Result<(), NameError> {
    let first = text.chars().next().ok_or(NameError::Empty)?;
    let name = || text.to_owned();
    let wrong = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') || also(*c));
    if let Some(character) = text.chars().find(wrong) {
        return Err(NameError::Character {
            name: name(),
            character,
        });
    }
    if !first.is_ascii_alphanumeric() {
        return Err(NameError::Begin {
            name: name(),
            character: first,
        });
    }
    within(text, limit)
}

/// What Linux's `dev_valid_name` says (`net/core/dev.c`), and no control characters.
fn check_interface(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    let wrong = |c: &char| matches!(c, '/' | ':') || c.is_whitespace() || c.is_control();
    if let Some(character) = text.chars().find(wrong) {
        return Err(NameError::Character {
            name: text.to_owned(),
            character,
        });
    }
    if matches!(text, "." | "..") {
        return Err(NameError::Reserved {
            name: text.to_owned(),
        });
    }
    within(text, INTERFACE_NAME_BYTES)
}

fn within(text: &str, limit: usize) -> Result<(), NameError> {
    if text.len() > limit {
        return Err(NameError::Long {
            name: text.to_owned(),
            length: text.len(),
            limit,
        });
    }
    Ok(())
}
