//! Why a table of kinds cannot be read.

use thiserror::Error;

/// A table of kinds that cannot be read.
#[derive(Debug, Error)]
pub enum KindsError {
    /// It is no valid TOML of kinds.
    #[error("the table of kinds in {from} is not valid")]
    Parse {
        /// Where it stands.
        from: String,
        /// Line, column and what is wrong there.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A pattern is no regular expression.
    #[error("a pattern of kind `{kind}` in {from} is not valid: {pattern}")]
    Pattern {
        /// Where it stands.
        from: String,
        /// The kind.
        kind: String,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: regex_lite::Error,
    },
    /// A placeholder that nobody fills in.
    #[error("kind `{kind}` in {from} has a placeholder that nobody fills in: {{{placeholder}}}")]
    Placeholder {
        /// Where it stands.
        from: String,
        /// The kind.
        kind: String,
        /// The placeholder without its braces.
        placeholder: String,
    },
    /// A file that the table names is none of the program's.
    #[error("kind `{kind}` in {from} names the file {file}, which does not come with the program")]
    File {
        /// Where it stands.
        from: String,
        /// The kind.
        kind: String,
        /// The file.
        file: String,
    },
    /// Two kinds have one name.
    #[error("two kinds in {from} are called `{name}`")]
    Duplicate {
        /// Where they stand.
        from: String,
        /// The name or alias.
        name: String,
    },
}
