//! File names, taken apart.

/// Endings that archivers, browsers and vendors add to a name, in lower case.
const ENDINGS: [&str; 17] = [
    ".tar",
    ".xz",
    ".txz",
    ".gz",
    ".tgz",
    ".zst",
    ".tzst",
    ".bz2",
    ".tbz2",
    ".tbz",
    ".lzma",
    ".tlz",
    ".lz4",
    ".img",
    ".docker",
    ".oci",
    ".download",
];

/// The name without its archive endings and without the ` (1)` of a second download:
/// `cEOS64-lab-4.35.1F (1).tar.xz` is `cEOS64-lab-4.35.1F`.
pub fn file_stem(name: &str) -> &str {
    let mut stem = name.trim();
    loop {
        let lower = stem.to_ascii_lowercase();
        let ending = ENDINGS
            .iter()
            .find(|ending| lower.ends_with(*ending) && lower.len() > ending.len());
        if let Some(ending) = ending {
            stem = &stem[..stem.len() - ending.len()];
        } else if let Some(shorter) = without_copy_number(stem) {
            stem = shorter;
        } else {
            return stem;
        }
    }
}

fn without_copy_number(stem: &str) -> Option<&str> {
    let (rest, number) = stem.strip_suffix(')')?.rsplit_once('(')?;
    let rest = rest.trim_end();
    (!rest.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(rest)
}

/// Makes any text usable as a part of a repository's name.
pub(super) fn repository_part(text: &str) -> String {
    let mut part = String::new();
    for character in text.to_ascii_lowercase().chars() {
        let fits = character.is_ascii_lowercase() || character.is_ascii_digit();
        if fits {
            part.push(character);
        } else if !part.is_empty() && !part.ends_with('-') {
            part.push('-');
        }
    }
    let part: String = part.trim_end_matches('-').chars().take(100).collect();
    if part.is_empty() {
        "image".to_owned()
    } else {
        part
    }
}

/// Makes any text usable as a tag.
pub(super) fn tag_part(text: &str) -> String {
    let tag: String = text
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_') {
                character
            } else {
                '-'
            }
        })
        .skip_while(|character| matches!(character, '.' | '-'))
        .take(128)
        .collect();
    if tag.is_empty() {
        "latest".to_owned()
    } else {
        tag
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;
    use labwright_engine::ImageReference;
    use proptest::prelude::*;

    #[test]
    fn endings_go() {
        assert_eq!(file_stem("cEOS64-lab-4.35.1F.tar.xz"), "cEOS64-lab-4.35.1F");
        assert_eq!(
            file_stem("cEOS64-lab-4.35.1F.tar (1).xz"),
            "cEOS64-lab-4.35.1F"
        );
        assert_eq!(
            file_stem("cEOS64-lab-4.35.1F (2).tar.xz"),
            "cEOS64-lab-4.35.1F"
        );
        assert_eq!(file_stem("x.TGZ"), "x");
        assert_eq!(file_stem(".tar"), ".tar");
    }

    proptest! {
        #[test]
        fn any_name_becomes_a_valid_reference(name in ".{0,200}", version in ".{0,200}") {
            let reference = format!("{}:{}", repository_part(file_stem(&name)), tag_part(&version));
            reference.parse::<ImageReference>().unwrap();
        }
    }
}
