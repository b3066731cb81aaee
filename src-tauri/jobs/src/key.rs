//! Names of what must not be done twice at once.

/// Stands in a key between the name of a whole and that of a part of it.
pub const PART: char = '\u{1f}';

/// Whether two keys name the same, or one of them a part of the other.
pub(crate) fn meet(one: &str, other: &str) -> bool {
    let is_in = |whole: &str, part: &str| {
        let rest = part.strip_prefix(whole);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(PART))
    };
    is_in(one, other) || is_in(other, one)
}
