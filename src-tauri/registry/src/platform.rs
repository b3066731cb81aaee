//! The platform an image is for, and which of several an engine takes.
//!
//! The rules are containerd's, which Docker follows with both stores: <https://github.com/containerd/platforms>.

use std::{fmt, str::FromStr};

/// Lower than every real one: another architecture that the processor runs as well.
const OTHER_ARCHITECTURE: u32 = 10_000;

/// An operating system with a processor's architecture, `linux/arm64/v8`.
///
/// Aliases are turned into the names that images use: `x86_64` into `amd64`, `aarch64` into `arm64`, `armhf` into `arm/v7`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Platform {
    /// `linux`, `windows` …, as Go names it.
    pub os: String,
    /// `amd64`, `arm64` …, as Go names it.
    pub architecture: String,
    /// The version of the architecture, `v8`, where one is told.
    pub variant: Option<String>,
}

/// A text that is no platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a platform")]
pub struct PlatformError {
    text: String,
}

impl PlatformError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        "platform_invalid"
    }

    /// What to write instead.
    pub fn hints(&self) -> Vec<String> {
        vec!["Write a platform as linux/amd64 or linux/arm64/v8.".to_owned()]
    }
}

impl Platform {
    /// The platform of these names, aliases replaced.
    pub fn new(os: &str, architecture: &str, variant: Option<&str>) -> Self {
        let os = match os.to_ascii_lowercase().as_str() {
            "macos" => "darwin".to_owned(),
            other => other.to_owned(),
        };
        let (architecture, implied) = match architecture.to_ascii_lowercase().as_str() {
            "x86_64" | "x86-64" => ("amd64".to_owned(), None),
            "i386" | "i686" => ("386".to_owned(), None),
            "aarch64" => ("arm64".to_owned(), None),
            "armhf" => ("arm".to_owned(), Some("v7")),
            "armel" => ("arm".to_owned(), Some("v6")),
            other => (other.to_owned(), None),
        };
        let variant = variant.filter(|variant| !variant.is_empty()).or(implied);
        Self {
            os,
            architecture,
            variant: variant.map(with_letter),
        }
    }

    /// Whether an image for `offered` is one for this platform, as engines see it.
    pub fn accepts(&self, offered: &Self) -> bool {
        self.distance_to(offered).is_some()
    }

    /// Of those that are offered, the place of the one that an engine takes for this platform.
    pub(crate) fn choose<'a>(&self, offered: impl Iterator<Item = &'a Self>) -> Option<usize> {
        let distances = offered
            .enumerate()
            .filter_map(|(place, offered)| Some((self.distance_to(offered)?, place)));
        distances.min().map(|(_, place)| place)
    }

    /// What an index calls the platform of a manifest that is no image, such as an attestation.
    pub(crate) fn is_unknown(&self) -> bool {
        self.os == "unknown" || self.architecture == "unknown"
    }

    /// How far an offered platform is from the one that is wanted: 0 is the same, none does not run on it.
    fn distance_to(&self, offered: &Self) -> Option<u32> {
        if self.os != offered.os {
            return None;
        }
        if self.architecture == offered.architecture {
            return match (self.version(), offered.version()) {
                (Some(wanted), Some(offered)) => wanted.checked_sub(offered),
                _ => (self.variant == offered.variant || offered.variant.is_none()).then_some(0),
            };
        }
        // Processors of 64 bits run what was made for their predecessors of 32.
        match (self.architecture.as_str(), offered.architecture.as_str()) {
            ("amd64", "386") => Some(OTHER_ARCHITECTURE),
            ("arm64", "arm") => Some(OTHER_ARCHITECTURE + 1000 - offered.version()?.min(1000)),
            _ => None,
        }
    }

    /// The variant as a number that can be compared, 802 for `v8.2`, with the architecture's own where none is told.
    fn version(&self) -> Option<u32> {
        let variant = match (self.architecture.as_str(), self.variant.as_deref()) {
            ("amd64", None) => "v1",
            ("arm", None) => "v7",
            ("arm64", None) => "v8",
            ("amd64" | "arm" | "arm64", Some(variant)) => variant,
            _ => return None,
        };
        let (major, minor) = match variant.strip_prefix('v')?.split_once('.') {
            Some((major, minor)) => (major, minor.parse().ok()?),
            None => (variant.strip_prefix('v')?, 0_u32),
        };
        major
            .parse::<u32>()
            .ok()?
            .checked_mul(100)?
            .checked_add(minor)
    }
}

/// Some tools write `8` for `v8`.
fn with_letter(variant: &str) -> String {
    let variant = variant.to_ascii_lowercase();
    if variant.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("v{variant}");
    }
    variant
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, PlatformError> {
        let word = |part: &&str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        };
        let parts: Vec<_> = text.trim().split('/').collect();
        match parts.as_slice() {
            [os, architecture, rest @ ..] if rest.len() < 2 && parts.iter().all(word) => {
                Ok(Self::new(os, architecture, rest.first().copied()))
            }
            _ => Err(PlatformError {
                text: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    fn platform(text: &str) -> Platform {
        text.parse().unwrap()
    }

    #[test]
    fn aliases_are_one_platform() {
        for (text, shown) in [
            ("linux/x86_64", "linux/amd64"),
            ("Linux/AArch64", "linux/arm64"),
            ("linux/arm64/8", "linux/arm64/v8"),
            ("linux/armhf", "linux/arm/v7"),
            ("macos/arm64", "darwin/arm64"),
        ] {
            assert_eq!(platform(text).to_string(), shown);
        }
        for text in [
            "",
            "linux",
            "linux/",
            "/amd64",
            "linux/arm/v7/x",
            "linux/a b",
        ] {
            assert!(text.parse::<Platform>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn engines_take_the_nearest_that_runs() {
        for (wanted, offered, taken) in [
            ("linux/amd64", &["linux/arm64", "linux/amd64"][..], Some(1)),
            ("linux/arm64", &["linux/amd64", "linux/arm64/v8"], Some(1)),
            ("linux/arm64/v8", &["linux/arm64"], Some(0)),
            ("linux/arm/v7", &["linux/arm/v5", "linux/arm/v6"], Some(1)),
            ("linux/arm/v6", &["linux/arm/v7"], None),
            ("linux/arm", &["linux/arm/v8", "linux/arm/v7"], Some(1)),
            ("linux/amd64", &["linux/amd64/v3"], None),
            (
                "linux/amd64/v3",
                &["linux/amd64", "linux/amd64/v2"],
                Some(1),
            ),
            ("linux/amd64", &["linux/386", "linux/amd64"], Some(1)),
            ("linux/amd64", &["linux/386"], Some(0)),
            ("linux/arm64", &["linux/arm/v6", "linux/arm/v7"], Some(1)),
            ("linux/amd64", &["windows/amd64"], None),
            ("linux/riscv64", &["linux/riscv64"], Some(0)),
            ("linux/s390x", &["linux/amd64"], None),
        ] {
            let offered: Vec<_> = offered.iter().map(|text| platform(text)).collect();
            let found = platform(wanted).choose(offered.iter());
            assert_eq!(found, taken, "{wanted} of {offered:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(os in "[a-z]{1,8}", architecture in "[a-z0-9_]{1,8}", variant in proptest::option::of("v[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            let platform = Platform::new(&os, &architecture, variant.as_deref());
            prop_assert_eq!(&platform.to_string().parse::<Platform>().unwrap(), &platform);
            prop_assert!(platform.accepts(&platform));
        }
    }
}
