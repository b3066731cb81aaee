//! Why a text is not an image reference, and what it could have been.

/// A text that is no image reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Nothing but blanks was given.
    #[error("an image reference is empty")]
    Empty,
    /// The repository has upper-case letters.
    #[error("image reference {reference:?} has upper-case letters in its repository")]
    UpperCase {
        /// What was given.
        reference: String,
        /// The same in lower case, and with what else had to be mended.
        suggestion: String,
    },
    /// The repository is longer than 255 characters.
    #[error(
        "the repository of image reference {reference:?} has {length} characters; 255 are allowed"
    )]
    NameTooLong {
        /// What was given.
        reference: String,
        /// Its length in characters.
        length: usize,
    },
    /// The tag is longer than 128 characters.
    #[error("tag {tag:?} has {length} characters; 128 are allowed")]
    TagTooLong {
        /// The tag.
        tag: String,
        /// Its length in characters.
        length: usize,
    },
    /// A `:` with nothing behind it.
    #[error("image reference {reference:?} ends in an empty tag")]
    EmptyTag {
        /// What was given.
        reference: String,
    },
    /// The tag holds a character that tags do not allow.
    #[error("tag {tag:?} has characters that a tag cannot have")]
    BadTag {
        /// The tag.
        tag: String,
        /// A reference with a tag that is close to it.
        suggestion: Option<String>,
    },
    /// One part of the path, between slashes, is not allowed.
    #[error("{component:?} in image reference {reference:?} is not a valid part of a repository")]
    BadComponent {
        /// What was given.
        reference: String,
        /// The part.
        component: String,
        /// A reference that is close to it.
        suggestion: Option<String>,
    },
    /// The registry's host or port is not one.
    #[error("{domain:?} in image reference {reference:?} is not a registry's host and port")]
    BadDomain {
        /// What was given.
        reference: String,
        /// The host and port.
        domain: String,
    },
    /// What stands after `@` is not a digest.
    #[error("{digest:?} is not a digest")]
    BadDigest {
        /// The text after the `@`.
        digest: String,
    },
    /// The repository is 64 hexadecimal digits, which engines read as an id.
    #[error("image reference {reference:?} reads as an image id")]
    LooksLikeId {
        /// What was given.
        reference: String,
    },
}

impl ReferenceError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "reference_empty",
            Self::UpperCase { .. } => "reference_upper_case",
            Self::NameTooLong { .. } => "reference_name_too_long",
            Self::TagTooLong { .. } => "reference_tag_too_long",
            Self::EmptyTag { .. } => "reference_tag_empty",
            Self::BadTag { .. } => "reference_tag_invalid",
            Self::BadComponent { .. } => "reference_component_invalid",
            Self::BadDomain { .. } => "reference_domain_invalid",
            Self::BadDigest { .. } => "reference_digest_invalid",
            Self::LooksLikeId { .. } => "reference_looks_like_id",
        }
    }

    /// A reference that is close to what was refused.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UpperCase { suggestion, .. } => Some(suggestion),
            Self::BadTag { suggestion, .. } | Self::BadComponent { suggestion, .. } => {
                suggestion.as_deref()
            }
            _ => None,
        }
    }

    /// What to do instead.
    pub fn hints(&self) -> Vec<String> {
        let rule = match self {
            Self::Empty => "Give a name such as ceos:4.35.1F.",
            Self::UpperCase { .. } => "Only the tag, after the colon, may have upper-case letters.",
            Self::NameTooLong { .. } | Self::TagTooLong { .. } => "Choose a shorter one.",
            Self::EmptyTag { .. } => "Write a tag after the colon, or leave the colon out.",
            Self::BadTag { .. } => {
                "A tag has letters, digits, '_', '.' and '-', and begins with none of the last two."
            }
            Self::BadComponent { .. } => {
                "A part has lower-case letters and digits, joined by '.', '_', '__' or dashes."
            }
            Self::BadDomain { .. } => "Write the registry as host or host:port.",
            Self::BadDigest { .. } => "A digest is sha256: and 64 hexadecimal digits.",
            Self::LooksLikeId { .. } => "Choose a repository that is not 64 hexadecimal digits.",
        };
        let close = self.suggestion().map(|text| format!("Use {text}"));
        close.into_iter().chain([rule.to_owned()]).collect()
    }
}
