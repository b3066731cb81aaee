//! An interface's hardware address.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A text that is no hardware address of an interface.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a MAC address: six pairs of hexadecimal digits with colons are expected")]
pub struct MacAddressError {
    /// What was given.
    pub text: String,
}

/// A hardware address, written `aa:c1:ab:00:00:01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress([u8; 6]);

impl MacAddress {
    /// The address of these six bytes.
    pub const fn new(bytes: [u8; 6]) -> Self {
        Self(bytes)
    }

    /// Its six bytes.
    pub const fn bytes(self) -> [u8; 6] {
        self.0
    }

    /// Whether an interface may have it: it is neither a group's nor all zeros (Linux's `is_valid_ether_addr`).
    pub fn is_assignable(self) -> bool {
        self.0[0] & 1 == 0 && self.0 != [0; 6]
    }
}

impl FromStr for MacAddress {
    type Err = MacAddressError;

    /// Takes colons or dashes between the pairs.
    fn from_str(text: &str) -> Result<Self, MacAddressError> {
        let error = || MacAddressError {
            text: text.to_owned(),
        };
        let separator = if text.contains('-') { '-' } else { ':' };
        let mut bytes = [0; 6];
        let mut pairs = text.split(separator);
        for byte in &mut bytes {
            let pair = pairs.next().ok_or_else(error)?;
            let digits = pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
            *byte =
                (digits.then(|| u8::from_str_radix(pair, 16).ok()).flatten()).ok_or_else(error)?;
        }
        match pairs.next() {
            None => Ok(Self(bytes)),
            Some(_) => Err(error()),
        }
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.map(|byte| format!("{byte:02x}")).join(":"))
    }
}

impl Serialize for MacAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MacAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes: [u8; 6]) {
            let address = MacAddress::new(bytes);
            prop_assert_eq!(address.to_string().parse::<MacAddress>().unwrap(), address);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "aa:c1:ab:00:00",
            "aa:c1:ab:00:00:01:02",
            "aa:c1:ab:00:00:+1",
            "aac1ab000001",
        ] {
            assert!(text.parse::<MacAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn groups_and_zeros_are_not_for_interfaces() {
        assert!(!MacAddress::new([1, 0, 0, 0, 0, 1]).is_assignable());
        assert!(!MacAddress::new([0; 6]).is_assignable());
        assert!(MacAddress::new([0xaa, 0xc1, 0xab, 0, 0, 1]).is_assignable());
    }
}
