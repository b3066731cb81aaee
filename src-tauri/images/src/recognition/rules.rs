//! The rules and their interpreter.

use super::name::{file_stem, repository_part, tag_part};
use labwright_archive::{Architecture, ArchiveFacts};
use labwright_jobs::ErrorReport;
use regex_lite::{Captures, Regex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use thiserror::Error;
use ts_rs::TS;

const BUILT_IN: &str = include_str!("kinds.toml");
/// A name that no rule knows: everything before the last number is the name.
const GENERIC: &str = r"^(?<name>.*?[A-Za-z].*?)[-_ ]v?(?<version>\d[0-9A-Za-z.\-]*)$";

/// The rules could not be read.
#[derive(Debug, Error)]
pub enum RulesError {
    /// The file could not be read.
    #[error("cannot read the recognition rules in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no valid TOML of rules.
    #[error("the recognition rules in {from} are not valid")]
    Parse {
        /// Where they stand.
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
        /// The rule.
        kind: String,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: regex_lite::Error,
    },
}

impl RulesError {
    /// The failure in the form that crosses borders.
    pub fn report(&self) -> ErrorReport {
        let place = match self {
            Self::Read { path, .. } => path.display().to_string(),
            Self::Parse { from, .. } | Self::Pattern { from, .. } => from.clone(),
        };
        ErrorReport::of("recognition_rules", self)
            .with_hint(format!("Correct {place}, or move it away."))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    #[serde(default)]
    kind: Vec<KindText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindText {
    name: String,
    title: String,
    #[serde(default)]
    file: Vec<String>,
    #[serde(default)]
    content: Vec<ContentText>,
    #[serde(default)]
    architectures: BTreeMap<String, Architecture>,
    reference: String,
    command: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContentText {
    file: String,
    pattern: String,
}

/// Maps file names and contents to kinds of image.
#[derive(Debug, Clone)]
pub struct Rules {
    kinds: Vec<Kind>,
    generic: Regex,
}

#[derive(Debug, Clone)]
struct Kind {
    name: String,
    title: String,
    /// Whether it is from the user's own file.
    own: bool,
    file: Vec<Regex>,
    content: Vec<(String, Regex)>,
    architectures: BTreeMap<String, Architecture>,
    reference: String,
    command: Option<Vec<String>>,
}

/// One kind of node, for a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct KindEntry {
    /// Its name, `arista_ceos`.
    pub name: String,
    /// For people, `Arista cEOS`.
    pub title: String,
    /// The reference that is proposed, `ceos:{version}`.
    pub reference: String,
    /// Whether the rule is the user's own.
    pub own: bool,
}

/// What the rules make of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The kind's name; none if no rule fits.
    pub kind: Option<String>,
    /// For people: the kind's title, or the file's stem.
    pub title: String,
    /// The version, if it was told.
    pub version: Option<String>,
    /// The architecture, from the name or the content.
    pub architecture: Option<Architecture>,
    /// The proposed reference. It is a guess where `kind` is none.
    pub reference: String,
    /// What a container of the image runs without a command of its own.
    pub command: Option<Vec<String>>,
}

impl Rules {
    /// The rules that come with the program.
    pub fn built_in() -> Result<Self, RulesError> {
        let from = "the program itself";
        let generic = compile(GENERIC, "generic", from)?;
        Ok(Self {
            kinds: parse(BUILT_IN, from)?,
            generic,
        })
    }

    /// Adds the rules in the file at `path`, which go before the others and replace those of the
    /// same name; a missing file adds none.
    pub fn with_file(self, path: &Path) -> Result<Self, RulesError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(self),
            Err(source) => {
                return Err(RulesError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let mut kinds = parse(&text, &path.display().to_string())?;
        for kind in &mut kinds {
            kind.own = true;
        }
        let replaced: Vec<_> = kinds.iter().map(|kind| kind.name.clone()).collect();
        kinds.extend(
            self.kinds
                .into_iter()
                .filter(|kind| !replaced.contains(&kind.name)),
        );
        Ok(Self {
            kinds,
            generic: self.generic,
        })
    }

    /// Names of all kinds, in the order in which they are tried.
    pub fn kinds(&self) -> Vec<&str> {
        self.kinds.iter().map(|kind| kind.name.as_str()).collect()
    }

    /// All kinds, in the order in which they are tried.
    pub fn entries(&self) -> Vec<KindEntry> {
        let entry = |kind: &Kind| KindEntry {
            name: kind.name.clone(),
            title: kind.title.clone(),
            reference: kind.reference.clone(),
            own: kind.own,
        };
        self.kinds.iter().map(entry).collect()
    }

    /// What a kind is called for people.
    pub fn title(&self, name: &str) -> Option<&str> {
        let kind = self.kinds.iter().find(|kind| kind.name == name);
        kind.map(|kind| kind.title.as_str())
    }

    /// Names of the files inside an archive that the rules want to see.
    pub fn wanted_files(&self) -> Vec<String> {
        self.kinds
            .iter()
            .flat_map(|kind| kind.content.iter().map(|(file, _)| file.clone()))
            .collect()
    }

    /// Recognises a file by its name alone.
    pub fn by_name(&self, file_name: &str) -> Recognised {
        self.recognise(file_name, None, None)
    }

    /// Recognises a file. `chosen` is a kind that the user gave; it must be one of [`Self::kinds`].
    pub fn recognise(
        &self,
        file_name: &str,
        facts: Option<&ArchiveFacts>,
        chosen: Option<&str>,
    ) -> Recognised {
        let names = candidate_names(file_name, facts);
        let kinds = || {
            self.kinds
                .iter()
                .filter(|kind| chosen.is_none_or(|chosen| chosen == kind.name))
        };
        let by_name = names
            .iter()
            .find_map(|stem| kinds().find_map(|kind| kind.match_name(stem)));
        let by_content = facts.and_then(|facts| kinds().find_map(|kind| kind.match_content(facts)));
        let chosen_kind = chosen.and_then(|_| kinds().next()).map(|kind| Match {
            kind,
            version: None,
            architecture: None,
        });
        let found = match (by_name, by_content) {
            (Some(first), Some(second)) => Some(first.completed_by(second)),
            (first, second) => first.or(second).or(chosen_kind),
        };
        let stem = file_stem(file_name);
        let mut recognised = match found {
            Some(found) => self.of_kind(found, &names),
            None => self.of_unknown(stem),
        };
        recognised.architecture = facts
            .and_then(|facts| facts.architecture)
            .or(recognised.architecture);
        recognised
    }

    fn of_kind(&self, found: Match<'_>, names: &[String]) -> Recognised {
        let guess = || {
            names.iter().find_map(|stem| {
                self.generic
                    .captures(stem)
                    .and_then(|groups| group(&groups, "version"))
            })
        };
        let version = found.version.or_else(guess);
        let tag = version
            .as_deref()
            .map_or_else(|| "latest".to_owned(), tag_part);
        Recognised {
            kind: Some(found.kind.name.clone()),
            title: found.kind.title.clone(),
            reference: found.kind.reference.replace("{version}", &tag),
            version,
            architecture: found.architecture,
            command: found.kind.command.clone(),
        }
    }

    fn of_unknown(&self, stem: &str) -> Recognised {
        let groups = self.generic.captures(stem);
        let name = groups
            .as_ref()
            .and_then(|groups| group(groups, "name"))
            .unwrap_or_else(|| stem.to_owned());
        let version = groups.as_ref().and_then(|groups| group(groups, "version"));
        let tag = version
            .as_deref()
            .map_or_else(|| "latest".to_owned(), tag_part);
        Recognised {
            kind: None,
            title: stem.to_owned(),
            reference: format!("{}:{tag}", repository_part(&name)),
            version,
            architecture: None,
            command: None,
        }
    }
}

/// The stem of the file's name, and that of an archive inside it.
fn candidate_names(file_name: &str, facts: Option<&ArchiveFacts>) -> Vec<String> {
    let mut names = vec![file_stem(file_name).to_owned()];
    if let Some(labwright_archive::Shape::Nested { entry, .. }) = facts.map(|facts| &facts.shape) {
        let name = entry.rsplit('/').next().unwrap_or(entry);
        names.push(file_stem(name).to_owned());
    }
    names
}

struct Match<'a> {
    kind: &'a Kind,
    version: Option<String>,
    architecture: Option<Architecture>,
}

impl Match<'_> {
    fn completed_by(self, other: Self) -> Self {
        if self.kind.name != other.kind.name {
            return self;
        }
        Self {
            version: self.version.or(other.version),
            ..self
        }
    }
}

impl Kind {
    fn match_name(&self, stem: &str) -> Option<Match<'_>> {
        let groups = self
            .file
            .iter()
            .find_map(|pattern| pattern.captures(stem))?;
        let edition = group(&groups, "edition").map(|edition| edition.to_ascii_lowercase());
        let architecture = edition.and_then(|edition| self.architectures.get(&edition).copied());
        Some(Match {
            kind: self,
            version: group(&groups, "version"),
            architecture,
        })
    }

    fn match_content(&self, facts: &ArchiveFacts) -> Option<Match<'_>> {
        self.content.iter().find_map(|(file, pattern)| {
            let groups = pattern.captures(facts.texts.get(file)?)?;
            Some(Match {
                kind: self,
                version: group(&groups, "version"),
                architecture: None,
            })
        })
    }
}

fn group(groups: &Captures<'_>, name: &str) -> Option<String> {
    groups
        .name(name)
        .map(|found| found.as_str().to_owned())
        .filter(|text| !text.is_empty())
}

fn parse(text: &str, from: &str) -> Result<Vec<Kind>, RulesError> {
    let file: RulesFile = toml::from_str(text).map_err(|source| RulesError::Parse {
        from: from.to_owned(),
        source: Box::new(source),
    })?;
    file.kind
        .into_iter()
        .map(|kind| kind.compile(from))
        .collect()
}

fn compile(pattern: &str, kind: &str, from: &str) -> Result<Regex, RulesError> {
    Regex::new(pattern).map_err(|source| RulesError::Pattern {
        from: from.to_owned(),
        kind: kind.to_owned(),
        pattern: pattern.to_owned(),
        source,
    })
}

impl KindText {
    fn compile(self, from: &str) -> Result<Kind, RulesError> {
        let file = self
            .file
            .iter()
            .map(|pattern| compile(pattern, &self.name, from))
            .collect::<Result<_, _>>()?;
        let content = self
            .content
            .into_iter()
            .map(|content| Ok((content.file, compile(&content.pattern, &self.name, from)?)))
            .collect::<Result<_, RulesError>>()?;
        Ok(Kind {
            file,
            content,
            name: self.name,
            title: self.title,
            own: false,
            architectures: self.architectures,
            reference: self.reference,
            command: self.command,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
mod tests {
    use super::*;

    #[test]
    fn vendors_file_names() {
        let rules = Rules::built_in().unwrap();
        let seen: Vec<String> = [
            "cEOS64-lab-4.35.1F.tar.xz",
            "cEOS64-lab-4.35.1F (1).tar.xz",
            "cEOS-lab-4.28.0F.tar",
            "cEOSarm-lab-4.34.2F-EFT1.tar.xz",
            "xrd-control-plane-container-x64.24.4.1.tgz",
            "xrd-vrouter-container-x64.dockerv1.tgz",
            "xrd-vrouter-container-x64.24.4.1.tgz",
            "junos-routing-crpd-docker-amd64-23.4R1.10.tgz",
            "junos-routing-crpd-docker-24.2R1.14.tgz",
            "cJunosEvolved-25.2R1.8-EVO.tar.gz",
            "docker-sonic-vs.gz",
            "docker-sonic-vs-202411.tar.gz",
            "vyos-1.5-rolling-202411210008-amd64.tar",
            "vyos-1.4.0-generic-amd64.tar",
            "srlinux-24.10.1-492.tar.xz",
            "frr-10.2.1.tar.gz",
            "frr_v10.1.tar",
            "My Router v2.1.tar.gz",
            "backup.tar",
            "日本.tar",
        ]
        .iter()
        .map(|name| {
            let seen = rules.by_name(name);
            format!(
                "{name} → {} · {} · {} · {}",
                seen.kind.as_deref().unwrap_or("?"),
                seen.version.as_deref().unwrap_or("?"),
                seen.architecture
                    .map_or_else(|| "?".to_owned(), |architecture| architecture.to_string()),
                seen.reference
            )
        })
        .collect();
        insta::assert_snapshot!(seen.join("\n"));
    }

    #[test]
    fn a_users_file_adds_and_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kinds.toml");
        assert_eq!(
            Rules::built_in()
                .unwrap()
                .with_file(&path)
                .unwrap()
                .kinds()
                .len(),
            9
        );
        std::fs::write(&path, "[[kind]]\nname = 'linux'\ntitle = 'Ours'\nfile = ['^ours-(?<version>.+)$']\nreference = 'ours:{version}'\n").unwrap();
        let rules = Rules::built_in().unwrap().with_file(&path).unwrap();
        assert_eq!(rules.by_name("ours-7.tar").reference, "ours:7");
        assert_eq!(rules.by_name("frr-10.tar").kind, None);
        std::fs::write(
            &path,
            "[[kind]]\nname = 'x'\ntitle = 'X'\nfile = ['(']\nreference = 'x'\n",
        )
        .unwrap();
        assert!(
            matches!(Rules::built_in().unwrap().with_file(&path), Err(RulesError::Pattern { kind, .. }) if kind == "x")
        );
    }
}
