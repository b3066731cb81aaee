//! The grammar of image references, after the distribution project's `reference` package:
//! <https://pkg.go.dev/github.com/distribution/reference>.

use super::{ImageReference, ReferenceError};

const LONGEST_NAME: usize = 255;
const LONGEST_TAG: usize = 128;

/// Parses a text without blanks at its ends.
pub(super) fn image_reference(text: &str) -> Result<ImageReference, ReferenceError> {
    if text.is_empty() {
        return Err(ReferenceError::Empty);
    }
    let (named, digest) = match text.split_once('@') {
        Some((named, digest)) => (named, Some(checked_digest(digest)?)),
        None => (text, None),
    };
    let (name, tag) = split_tag(named);
    let repository = repository(text, name)?;
    let tag = tag.map(|tag| checked_tag(text, name, tag)).transpose()?;
    let tag = match (tag, &digest) {
        (None, None) => Some("latest".to_owned()),
        (tag, _) => tag,
    };
    Ok(ImageReference {
        repository,
        tag,
        digest,
    })
}

/// True where the first part of a name names a registry and not a folder on Docker Hub.
pub(super) fn is_domain(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost"
}

/// The last colon separates a tag only if no slash follows it: `host:5000/name` has none.
fn split_tag(named: &str) -> (&str, Option<&str>) {
    match named.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (named, None),
    }
}

fn repository(text: &str, name: &str) -> Result<String, ReferenceError> {
    let (domain, path) = match name.split_once('/') {
        Some((first, path)) if is_domain(first) => (Some(first), path),
        _ => (None, name),
    };
    if let Some(domain) = domain {
        check_domain(text, domain)?;
    }
    check_path(text, name, path)?;
    let length = name.chars().count();
    if length > LONGEST_NAME {
        return Err(ReferenceError::NameTooLong {
            reference: text.to_owned(),
            length,
        });
    }
    if path.len() == 64 && domain.is_none() && path.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(ReferenceError::LooksLikeId {
            reference: text.to_owned(),
        });
    }
    Ok(familiar(domain, path))
}

/// Leaves out what Docker Hub's names need not say.
fn familiar(domain: Option<&str>, path: &str) -> String {
    match domain {
        None | Some("docker.io" | "index.docker.io") => {
            // `library/a/b` is not an official image: only one part may follow.
            let short = path
                .strip_prefix("library/")
                .filter(|rest| !rest.contains('/'));
            // A folder that looks like a registry would be read back as one.
            let ambiguous = path
                .split_once('/')
                .is_some_and(|(first, _)| is_domain(first));
            match short {
                Some(short) => short.to_owned(),
                None if ambiguous => format!("docker.io/{path}"),
                None => path.to_owned(),
            }
        }
        Some(domain) => format!("{domain}/{path}"),
    }
}

fn check_domain(text: &str, domain: &str) -> Result<(), ReferenceError> {
    let (host, port) = match domain
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or("none"))),
        None => match domain.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (domain, None),
        },
    };
    let host_valid = if domain.starts_with('[') {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
    } else {
        host.split('.').all(is_host_label)
    };
    let port_valid = port.is_none_or(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    if host_valid && port_valid {
        return Ok(());
    }
    Err(ReferenceError::BadDomain {
        reference: text.to_owned(),
        domain: domain.to_owned(),
    })
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn check_path(text: &str, name: &str, path: &str) -> Result<(), ReferenceError> {
    let (head, rest) = (&name[..name.len() - path.len()], &text[name.len()..]);
    let lower = path.to_ascii_lowercase();
    if lower != path && lower.split('/').all(is_component) {
        let lower = format!("{head}{lower}{rest}");
        return Err(ReferenceError::UpperCase {
            reference: text.to_owned(),
            suggestion: accepted(&lower).unwrap_or(lower),
        });
    }
    let Some(part) = path.split('/').find(|part| !is_component(part)) else {
        return Ok(());
    };
    let parts: Option<Vec<String>> = path.split('/').map(closest_component).collect();
    Err(ReferenceError::BadComponent {
        reference: text.to_owned(),
        component: part.to_owned(),
        suggestion: parts.and_then(|parts| accepted(&format!("{head}{}{rest}", parts.join("/")))),
    })
}

/// The text, or what is close to it, if that is a reference. Each suggestion mends one kind of fault,
/// so that this ends.
fn accepted(text: &str) -> Option<String> {
    match image_reference(text) {
        Ok(_) => Some(text.to_owned()),
        Err(error) => error.suggestion().map(str::to_owned),
    }
}

fn closest_component(part: &str) -> Option<String> {
    if is_component(part) {
        return Some(part.to_owned());
    }
    closest(part, |c| c.is_ascii_lowercase() || c.is_ascii_digit())
        .filter(|close| is_component(close))
}

/// Lower-case letters and digits, joined by `.`, `_`, `__` or any number of dashes.
fn is_component(part: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = part.as_bytes();
    let ends_valid = bytes.first().is_some_and(|b| alphanumeric(*b))
        && bytes.last().is_some_and(|b| alphanumeric(*b));
    ends_valid
        && part
            .split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            .all(|joint| matches!(joint, "" | "." | "_" | "__") || joint.bytes().all(|b| b == b'-'))
}

fn checked_tag(text: &str, name: &str, tag: &str) -> Result<String, ReferenceError> {
    let length = tag.chars().count();
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if tag.is_empty() {
        return Err(ReferenceError::EmptyTag {
            reference: text.to_owned(),
        });
    }
    if !tag.bytes().all(|b| word(b) || b == b'.' || b == b'-')
        || !tag.bytes().next().is_some_and(word)
    {
        let suggestion = closest(tag, |c| c.is_ascii_alphanumeric() || c == '_')
            .and_then(|close| accepted(&format!("{name}:{close}")));
        return Err(ReferenceError::BadTag {
            tag: tag.to_owned(),
            suggestion,
        });
    }
    if length > LONGEST_TAG {
        return Err(ReferenceError::TagTooLong {
            tag: tag.to_owned(),
            length,
        });
    }
    Ok(tag.to_owned())
}

fn checked_digest(digest: &str) -> Result<String, ReferenceError> {
    let valid = digest.split_once(':').is_some_and(|(algorithm, hex)| {
        let digits = hex.bytes().all(|b| b.is_ascii_hexdigit());
        let length = if algorithm == "sha256" {
            hex.len() == 64
        } else {
            hex.len() >= 32
        };
        is_algorithm(algorithm) && digits && length
    });
    if valid {
        return Ok(digest.to_ascii_lowercase());
    }
    Err(ReferenceError::BadDigest {
        digest: digest.to_owned(),
    })
}

fn is_algorithm(algorithm: &str) -> bool {
    algorithm.split(['-', '_', '+', '.']).all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// The text with every run of characters that are not `kept` (after lower-casing where that helps)
/// turned into one dash; dots between kept characters stay. None where nothing is left.
fn closest(text: &str, kept: impl Fn(char) -> bool) -> Option<String> {
    let mut close = String::new();
    for c in text.chars() {
        let c = if kept(c) { c } else { c.to_ascii_lowercase() };
        match c {
            c if kept(c) => close.push(c),
            '.' if close.ends_with(&kept) => close.push('.'),
            _ if close.ends_with(&kept) => close.push('-'),
            _ => {}
        }
    }
    let end = close.trim_end_matches(['.', '-']).len();
    close.truncate(end);
    (!close.is_empty()).then_some(close)
}
