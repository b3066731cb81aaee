//! From a YAML tree to a topology: every setting resolved, every problem found.

mod addresses;
mod blocks;
mod checks;
mod commands;
mod container;
mod context;
mod fields;
mod forms;
mod interfaces;
mod key_places;
mod keys;
mod levels;
mod links;
mod management;
mod no_effect;
mod nodes;
mod paths;
mod ports;
mod problems;
mod settings;
mod stages;
mod text;
mod topology;
mod units;
mod waits;

pub(super) use problems::MOST_PROBLEMS;
