//! The id that an engine gives to an image.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

/// A text that is no image id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an image id: sha256: and 64 hexadecimal digits are expected")]
pub struct ImageIdError {
    /// What was given.
    pub text: String,
}

/// An image's id, always in the form `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/", type = "string")]
pub struct ImageId(String);

impl ImageId {
    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as engines show them.
    pub fn short(&self) -> &str {
        self.0.get(7..19).unwrap_or(&self.0)
    }
}

impl FromStr for ImageId {
    type Err = ImageIdError;

    /// Accepts the digits with or without the algorithm: Podman reports them bare.
    fn from_str(text: &str) -> Result<Self, ImageIdError> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let valid = digits.len() == 64
            && digits
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !valid {
            return Err(ImageIdError {
                text: text.to_owned(),
            });
        }
        Ok(Self(format!("sha256:{digits}")))
    }
}

impl Serialize for ImageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ImageId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl AsRef<str> for ImageId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn digits_are_enough_and_short_is_twelve() {
        let digits = "0123456789abcdef".repeat(4);
        let id: ImageId = digits.parse().unwrap();
        assert_eq!(id.as_str(), format!("sha256:{digits}"));
        assert_eq!(id.as_str().parse::<ImageId>().unwrap(), id);
        assert_eq!(id.short(), "0123456789ab");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "sha256:",
            "abc",
            &"A".repeat(64),
            &"a".repeat(65),
            "sha512:aa",
        ] {
            assert!(text.parse::<ImageId>().is_err(), "{text:?}");
        }
    }
}
