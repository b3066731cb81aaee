//! Sizes and processors.

/// Units of sizes and their bytes, as the Go library `humanize` reads them, which containerlab uses for `memory` and
/// `shm-size`: `1GB` and `1g` are 1,000,000,000 bytes, `1GiB` and `1gi` are 1,073,741,824.
const SIZES: [(&str, u64); 19] = [
    ("", 1),
    ("b", 1),
    ("k", 1_000),
    ("kb", 1_000),
    ("ki", 1 << 10),
    ("kib", 1 << 10),
    ("m", 1_000_000),
    ("mb", 1_000_000),
    ("mi", 1 << 20),
    ("mib", 1 << 20),
    ("g", 1_000_000_000),
    ("gb", 1_000_000_000),
    ("gi", 1 << 30),
    ("gib", 1 << 30),
    ("t", 1_000_000_000_000),
    ("tb", 1_000_000_000_000),
    ("ti", 1 << 40),
    ("tib", 1 << 40),
    ("bytes", 1),
];

/// Bytes.
pub(super) fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .unwrap_or(text.len());
    let unit = text[end..].trim().to_lowercase();
    let (_, bytes) = SIZES.iter().find(|(name, _)| *name == unit)?;
    scaled(&text[..end].replace(',', ""), *bytes)
}

/// Thousandths of a processor.
pub(super) fn processors(text: &str) -> Option<u64> {
    let millis = scaled(text.trim(), 1_000)?;
    (1..=1_000_000).contains(&millis).then_some(millis)
}

/// A decimal number times a unit, rounded down; without floating point, so that nothing is lost.
fn scaled(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction = &fraction[..fraction.len().min(18)];
    let value = |text: &str| {
        if text.is_empty() {
            Some(0)
        } else {
            text.parse::<u64>().ok()
        }
    };
    let parts = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let whole = u128::from(value(whole)?) * u128::from(unit);
    let part = u128::from(value(fraction)?) * u128::from(unit) / parts;
    u64::try_from(whole + part).ok()
}
