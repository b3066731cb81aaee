//! Numbers and names in bytes.

/// One byte.
pub(super) fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Two bytes as a number.
pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(u16::from_be_bytes(two))
}

/// Four bytes as a number.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

/// What follows a place; nothing, where that is the end.
pub(super) fn after(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// `00:1c:73:00:00:01`.
pub(super) fn mac(bytes: &[u8], at: usize) -> Option<String> {
    let six = bytes.get(at..at.checked_add(6)?)?;
    let pairs: Vec<String> = six.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(pairs.join(":"))
}

/// `10.0.0.1`, of an address or of anything that is written like one.
pub(super) fn dotted(bytes: &[u8], at: usize) -> Option<String> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(std::net::Ipv4Addr::from(four).to_string())
}

/// The text of a name that a neighbour chose: one line, not too long.
pub(super) fn text(bytes: &[u8]) -> String {
    /// More of it would hide the rest.
    const LONGEST: usize = 60;
    let text = String::from_utf8_lossy(bytes);
    let shown = text.chars().filter(|character| !character.is_control());
    shown.take(LONGEST).collect()
}
