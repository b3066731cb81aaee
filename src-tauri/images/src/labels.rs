//! The labels by which an imported image tells where it came from.

use crate::recognition::Recognised;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The product's name. Source: the pre-defined annotation keys of the OCI Image Specification.
const TITLE: &str = "org.opencontainers.image.title";
/// The product's version, from the same place.
pub(crate) const VERSION: &str = "org.opencontainers.image.version";
/// The kind of node.
pub(crate) const KIND: &str = "labwright.kind";
/// The source file's name.
pub(crate) const SOURCE: &str = "labwright.source.name";
/// The source file's SHA-256, in hexadecimal.
pub(crate) const SHA256: &str = "labwright.source.sha256";
/// When it was imported, RFC 3339 in UTC.
pub(crate) const IMPORTED: &str = "labwright.imported";

/// The labels of an image that is made from a file.
pub(crate) fn of_source(
    recognised: &Recognised,
    file_name: &str,
    sha256: Option<&str>,
) -> BTreeMap<String, String> {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    [
        (TITLE, recognised.title.clone()),
        (VERSION, optional(&recognised.version)),
        (KIND, optional(&recognised.kind)),
        (SOURCE, file_name.to_owned()),
        (SHA256, sha256.unwrap_or_default().to_owned()),
        (IMPORTED, now),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
