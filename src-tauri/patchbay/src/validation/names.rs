//! Which names Linux takes for an interface, and which we take for nodes and switches.

/// An interface's name has 15 bytes at most: `IFNAMSIZ` is 16, with the closing zero.
const LONGEST: usize = 15;

/// Names that Linux keeps for itself: the loopback, and the folders beside the interfaces' in `/proc/sys/net`.
const TAKEN: [&str; 3] = ["lo", "all", "default"];

/// Why Linux takes no interface of that name (`dev_valid_name` in net/core/dev.c), or nothing.
///
/// Stricter in two things: no control characters, and no `%`, which Linux would replace by a number.
pub fn interface_name_fault(name: &str) -> Option<&'static str> {
    match () {
        () if name.is_empty() => Some("is empty"),
        () if name.len() > LONGEST => Some("is longer than 15 bytes"),
        () if matches!(name, "." | "..") => Some("is a folder's"),
        () if TAKEN.contains(&name) => Some("is one that Linux keeps for itself"),
        () if name.bytes().any(is_refused) => {
            Some("has a blank, a colon, a slash, a percent sign or a control character")
        }
        () => None,
    }
}

/// 0xa0 is a blank to Linux, whose character table is Latin-1, also in the middle of a letter in UTF-8.
fn is_refused(byte: u8) -> bool {
    matches!(byte, b'/' | b':' | b'%' | b' ' | 0xa0) || byte.is_ascii_control()
}

/// Whether a node or a switch may have that name: links must be able to name its ends.
pub(super) fn is_owner(name: &str) -> bool {
    !name.is_empty() && !name.contains([':', '/']) && !name.contains(char::is_control)
}

/// Whether that is the id of a container: 64 lower-case hexadecimal digits.
pub(super) fn is_container_id(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
