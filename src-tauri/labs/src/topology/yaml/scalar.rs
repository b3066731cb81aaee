//! What unquoted texts are, as Go's YAML library reads them (yaml.v2, which containerlab uses): YAML 1.1 where anything
//! goes, but the text as it was written wherever a text is wanted.

/// The truth that a text is, if it is one.
pub(in crate::topology) fn as_bool(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(false)
        }
        _ => None,
    }
}
