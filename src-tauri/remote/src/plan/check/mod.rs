//! Whether the fields of a node are safe to hand to git, pip and an engine, and sensible.
//!
//! Each check says what is wrong as the end of a sentence that begins with the field.

mod package;
mod path;
mod url;

use labwright_engine::ImageReference;

use super::model::{ImageSource, NodeSource, PlanNode};
use super::text::{is_hidden, shown, tidy};

pub(super) use package::package;
pub(super) use path::{host_folder, inner_path};
pub(super) use url::url;

/// No field is longer.
const LONGEST: usize = 2000;
/// No name is longer.
const LONGEST_NAME: usize = 200;
const LOGIN: &str = "holds a login. It would be kept in files and in the history, here and on the host: leave it out, and let \
     git on the host know it (a credential helper, or a key for SSH)";

/// Something wrong with a field.
pub(super) struct Finding {
    /// The key of the field in a plan of ours.
    pub(super) key: &'static str,
    /// Which field, and what is wrong with it.
    pub(super) what: String,
}

/// What a field is called in a message, and how it is checked.
type Check = fn(&str) -> Result<(), String>;

/// All that is wrong with a node.
pub(super) fn node(node: &PlanNode) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut field = |key, label, check: Check, text: &str| {
        findings.extend(finding(key, label, check, text));
    };
    field("name", "name", name, &node.name);
    if let Some(title) = &node.title {
        field("title", "title", plain, title);
    }
    match &node.source {
        NodeSource::Git {
            url,
            folder,
            reference,
            requirements,
            packages,
        } => {
            field("url", "URL", self::url, url);
            field("folder", "folder", path::folder, folder);
            if let Some(text) = reference {
                field("ref", "ref", git_reference, text);
            }
            if let Some(text) = requirements {
                field("requirements", "requirements file", inner_path, text);
            }
            for text in packages {
                field("packages", "package", package, text);
            }
        }
        NodeSource::Packages { packages } => {
            for text in packages {
                field("packages", "package", package, text);
            }
        }
        NodeSource::Image { image } => image_fields(image, field),
        NodeSource::Other => {}
    }
    findings
}

fn image_fields(
    image: &ImageSource,
    mut field: impl FnMut(&'static str, &'static str, Check, &str),
) {
    match image {
        ImageSource::Registry { reference } | ImageSource::Engine { reference } => {
            field("reference", "reference", image_reference, reference);
        }
        ImageSource::File { path, reference } => {
            field("file", "file", archive, path);
            if let Some(text) = reference {
                field("reference", "reference", image_reference, text);
            }
        }
    }
}

/// What a check says of a field, as a sentence.
pub(super) fn finding(key: &'static str, label: &str, check: Check, text: &str) -> Option<Finding> {
    let wrong = check(text).err()?;
    let what = match text {
        "" => format!("its {label} is empty"),
        text => format!("its {label} {} {wrong}", shown(text)),
    };
    Some(Finding { key, what })
}

/// What every field must be: something, in one line, without anything hidden.
pub(super) fn plain(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
        return Err(format!(
            "holds the control character {:#04x}",
            u32::from(hidden)
        ));
    }
    if text.trim() != text {
        return Err("begins or ends with a blank".to_owned());
    }
    if text.len() > LONGEST {
        return Err(format!("is longer than {LONGEST} bytes"));
    }
    Ok(())
}

/// What a program would take for an option.
fn not_an_option(text: &str) -> Result<(), String> {
    if text.starts_with('-') {
        return Err("begins with `-`, which programs take for an option".to_owned());
    }
    Ok(())
}

/// Whether a text can be a node's name.
pub(super) fn is_name(text: &str) -> bool {
    name(text).is_ok()
}

/// Words of a person as a title that passes.
pub(super) fn as_title(text: &str) -> String {
    let start: String = tidy(text).chars().take(LONGEST_NAME).collect();
    start.trim_end().to_owned()
}

fn name(text: &str) -> Result<(), String> {
    plain(text)?;
    not_an_option(text)?;
    if !text.contains(char::is_alphanumeric) {
        return Err("has no letter and no digit".to_owned());
    }
    if text.len() > LONGEST_NAME {
        return Err(format!("is longer than {LONGEST_NAME} bytes"));
    }
    Ok(())
}

/// The rules of `git check-ref-format`; what names a commit obeys them too.
pub(super) fn git_reference(text: &str) -> Result<(), String> {
    plain(text)?;
    not_an_option(text)?;
    if let Some(c) = text
        .chars()
        .find(|c| c.is_whitespace() || r"~^:?*[\".contains(*c))
    {
        return Err(format!("holds `{c}`, which no commit, tag or branch has"));
    }
    let part = |part: &str| {
        let lock =
            part.len() >= 5 && part.as_bytes()[part.len() - 5..].eq_ignore_ascii_case(b".lock");
        part.is_empty() || part.starts_with('.') || lock
    };
    if text == "@"
        || text.contains("..")
        || text.contains("@{")
        || text.ends_with('.')
        || text.split('/').any(part)
    {
        return Err("cannot be the name of a commit, tag or branch".to_owned());
    }
    Ok(())
}

fn archive(text: &str) -> Result<(), String> {
    plain(text)?;
    not_an_option(text)
}

fn image_reference(text: &str) -> Result<(), String> {
    plain(text)?;
    let parsed = text.parse::<ImageReference>();
    parsed.map(|_| ()).map_err(|error| {
        let near = error
            .suggestion()
            .map(|near| format!("; did you mean `{near}`?"));
        format!("cannot name an image: {error}{}", near.unwrap_or_default())
    })
}
