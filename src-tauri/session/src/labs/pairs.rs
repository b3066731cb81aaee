//! Which file belongs to which lab of the engine. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use labwright_labs::running::LabStanding;

use super::engine::EngineLabs;
use super::file::LabFile;
use super::files::Files;

/// What keys of labs begin with whose file is not known.
const BY_NAME: &str = "lab:";

/// A lab: its file, what the engine has of it, or both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    /// Names it when it is opened.
    pub(super) key: String,
    /// Its file.
    pub(super) file: Option<Arc<LabFile>>,
    /// What the engine has of it.
    pub(super) lab: Option<LabStanding>,
}

impl Pair {
    /// Its name; the file's where that cannot be read.
    pub(super) fn name(&self) -> String {
        if let Some(standing) = &self.lab {
            return standing.lab.name.clone();
        }
        let Some(file) = &self.file else {
            return self.key.trim_start_matches(BY_NAME).to_owned();
        };
        file.name()
            .map_or_else(|| stem(&file.path), ToOwned::to_owned)
    }

    /// The path of its file; empty where nobody knows it.
    pub(super) fn path(&self) -> String {
        let told = self.lab.as_ref().map(|standing| standing.lab.file.clone());
        let own = self.file.as_ref().map(|file| text(&file.path));
        own.or(told).unwrap_or_default()
    }
}

/// All labs: those that the engine has, then those that were opened last, then the others by name.
pub(super) fn pairs(files: &Files, engine: &EngineLabs) -> Vec<Pair> {
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for standing in &engine.labs {
        let file = file_of(standing, files).filter(|file| taken.insert(file.path.clone()));
        let told = Path::new(&standing.lab.file);
        let key = match &file {
            Some(file) => text(&file.path),
            // Its file is on another machine, or gone.
            None if told.is_absolute()
                && !is_there(files, told)
                && taken.insert(told.to_owned()) =>
            {
                text(told)
            }
            None => format!("{BY_NAME}{}", standing.lab.name),
        };
        pairs.push(Pair {
            key,
            file,
            lab: Some(standing.clone()),
        });
    }
    let others = files.listed.iter().filter(|path| !taken.contains(*path));
    let others = others.filter_map(|path| files.all.get(path));
    pairs.extend(others.map(|file| Pair {
        key: text(&file.path),
        file: Some(Arc::clone(file)),
        lab: None,
    }));
    let recent = files.recent.iter().enumerate();
    let ranks: BTreeMap<&Path, usize> = recent.map(|(rank, file)| (file.as_path(), rank)).collect();
    pairs.sort_by_cached_key(|pair| {
        let rank = ranks.get(Path::new(&pair.key)).copied();
        let rank = rank.unwrap_or(usize::MAX);
        (pair.lab.is_none(), rank, pair.name(), pair.key.clone())
    });
    pairs
}

/// The lab of a key. One that nobody has any more has only that.
pub(super) fn pair(key: &str, files: &Files, engine: &EngineLabs) -> Pair {
    let mut pairs = pairs(files, engine);
    if let Some(place) = pairs.iter().position(|pair| pair.key == key) {
        return pairs.swap_remove(place);
    }
    let named = key.strip_prefix(BY_NAME);
    // Its file became known since it was opened.
    let found = named.and_then(|name| pairs.into_iter().find(|pair| pair.lab_name() == Some(name)));
    Pair {
        key: key.to_owned(),
        file: match &found {
            Some(pair) => pair.file.clone(),
            None => files.all.get(Path::new(key)).cloned(),
        },
        lab: found.and_then(|pair| pair.lab),
    }
}

impl Pair {
    fn lab_name(&self) -> Option<&str> {
        self.lab.as_ref().map(|standing| standing.lab.name.as_str())
    }
}

/// The file that a lab was deployed from, unless it is another lab's today; else the only one that has its name, since
/// folders are moved.
fn file_of(standing: &LabStanding, files: &Files) -> Option<Arc<LabFile>> {
    let name = standing.lab.name.as_str();
    let told = files.all.get(Path::new(&standing.lab.file));
    let told = told.filter(|file| file.is_there && file.name().is_none_or(|its| its == name));
    if let Some(file) = told {
        return Some(Arc::clone(file));
    }
    if is_there(files, Path::new(&standing.lab.file)) {
        return None;
    }
    let listed = files.listed.iter().filter_map(|path| files.all.get(path));
    let mut same = listed.filter(|file| file.is_there && file.name() == Some(name));
    let only = same.next()?;
    same.next().is_none().then(|| Arc::clone(only))
}

fn is_there(files: &Files, path: &Path) -> bool {
    files.all.get(path).is_some_and(|file| file.is_there)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A file's name without what all topologies end with.
pub(crate) fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name
        .trim_end_matches(".yml")
        .trim_end_matches(".yaml")
        .trim_end_matches(".clab");
    stem.to_owned()
}
