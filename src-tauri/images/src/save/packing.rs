//! How an archive is compressed, by its file's name.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// As the engine sends it.
    Plain,
    /// gzip, which everyone reads.
    Gzip,
    /// zstd, on all cores: smaller, and many times faster.
    Zstd,
}

/// Ends of names, and what they mean.
const ENDS: [(&str, Packing); 4] = [
    (".tar", Packing::Plain),
    (".tar.gz", Packing::Gzip),
    (".tgz", Packing::Gzip),
    (".tar.zst", Packing::Zstd),
];
/// Ends of names for .xz, which would take many times as long as .zst and save little.
const XZ_ENDS: [&str; 3] = [".tar.xz", ".txz", ".tar.lzma"];

/// A file's name does not say how it shall be compressed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackingError {
    /// It asks for xz.
    #[error("`{name}` asks for xz, which Labwright reads and does not write")]
    Xz {
        /// The file's name.
        name: String,
        /// The same name, for zstd.
        better: String,
    },
    /// It says nothing.
    #[error("`{name}` does not say how the archive shall be compressed")]
    Unknown {
        /// The file's name.
        name: String,
    },
}

impl PackingError {
    /// A stable name for the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Xz { .. } => "packing_xz",
            Self::Unknown { .. } => "packing_unknown",
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Xz { better, .. } => {
                format!("Use zstd, which is about as small and much faster: {better}.")
            }
            Self::Unknown { .. } => {
                let ends: Vec<_> = ENDS.iter().map(|(end, _)| *end).collect();
                format!("Let the name end in one of {}.", ends.join(", "))
            }
        }
    }
}

impl Packing {
    /// By the end of a file's name, in small or capital letters.
    pub fn of_name(name: &str) -> Result<Self, PackingError> {
        let small = name.to_ascii_lowercase();
        // A name that is nothing but an end is a hidden file without one.
        let ends_in = |end: &str| small.len() > end.len() && small.ends_with(end);
        if let Some((_, packing)) = ENDS.iter().find(|(end, _)| ends_in(end)) {
            return Ok(*packing);
        }
        let name = name.to_owned();
        match XZ_ENDS.iter().find(|end| ends_in(end)) {
            Some(end) => Err(PackingError::Xz {
                better: format!("{}.tar.zst", &name[..name.len() - end.len()]),
                name,
            }),
            None => Err(PackingError::Unknown { name }),
        }
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "not compressed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_how() {
        for (name, packing) in [
            ("frr.tar", Packing::Plain),
            ("frr-10.2.TAR", Packing::Plain),
            ("frr.tar.gz", Packing::Gzip),
            ("frr.tgz", Packing::Gzip),
            ("frr.Tar.Gz", Packing::Gzip),
            ("frr.tar.zst", Packing::Zstd),
            ("a.tar.xz.tar.zst", Packing::Zstd),
        ] {
            assert_eq!(Packing::of_name(name), Ok(packing), "{name}");
        }
    }

    #[test]
    fn a_name_that_does_not_say_is_refused() {
        for name in [
            "frr",
            "frr.gz",
            "frr.zst",
            "frr.zip",
            "tar",
            ".tar",
            "frr.tar.bz2",
            "",
        ] {
            let error = Packing::of_name(name);
            assert!(matches!(error, Err(PackingError::Unknown { .. })), "{name}");
        }
    }

    #[test]
    fn xz_is_refused_with_a_better_name() {
        for (name, better) in [
            ("frr.tar.xz", "frr.tar.zst"),
            ("FRR.TXZ", "FRR.tar.zst"),
            ("frr.tar.lzma", "frr.tar.zst"),
        ] {
            let error = Packing::of_name(name).map_err(|error| error.hint());
            let hint = format!("Use zstd, which is about as small and much faster: {better}.");
            assert_eq!(error, Err(hint), "{name}");
        }
    }
}
