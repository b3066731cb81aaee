//! What can be written in a topology's file, for who writes one: a sentence for each key.

use serde::Deserialize;
use thiserror::Error;

const TABLE: &str = include_str!("words.toml");
/// What stands in the table for each place that has the keys of a node.
const NODE: &str = "{node}";
/// Those places.
const NODES: [&str; 4] = [
    "topology.defaults",
    "topology.kinds.*",
    "topology.groups.*",
    "topology.nodes.*",
];

/// A key that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The keys above it, with `*` for a name of the user's: `topology.nodes.*`. Lists add nothing.
    pub within: String,
    /// The key.
    pub key: String,
    /// What it says, in a sentence.
    pub about: String,
    /// The values that it takes, where they can be counted.
    pub values: Vec<String>,
}

/// The table that comes with the program cannot be read.
#[derive(Debug, Error)]
#[error("the words that come with the program cannot be read")]
pub struct WordsError(#[from] Box<toml::de::Error>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    place: Vec<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    within: Vec<String>,
    keys: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    key: String,
    about: String,
    #[serde(default)]
    values: Vec<String>,
}

/// All keys, by where they stand.
pub fn words() -> Result<Vec<Word>, WordsError> {
    let table: Table = toml::from_str(TABLE).map_err(Box::new)?;
    let mut words = Vec::new();
    for place in &table.place {
        for within in place.within.iter().flat_map(|within| each(within)) {
            let word = |line: &Line| Word {
                within: within.clone(),
                key: line.key.clone(),
                about: line.about.clone(),
                values: line.values.clone(),
            };
            words.extend(place.keys.iter().map(word));
        }
    }
    Ok(words)
}

fn each(within: &str) -> Vec<String> {
    match within.strip_prefix(NODE) {
        Some(rest) => NODES.iter().map(|node| format!("{node}{rest}")).collect(),
        None => vec![within.to_owned()],
    }
}
