//! Settings that are maps of their own: certificates, health checks, logins, variables.

use super::context::Context;
use super::fields::Found;
use super::levels::Levels;
use super::{keys, units};
use crate::topology::yaml::as_json;
use crate::topology::{Certificate, Credentials, Dns, Healthcheck};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::time::Duration;

/// A day. Nobody waits longer for a node on purpose.
pub(super) const MOST_SECONDS: u64 = 86_400;

pub(super) fn dns(found: Found<'_>) -> Dns {
    found.map_of(keys::DNS);
    let texts = |key| {
        found
            .child(key)
            .map(|list| owned(&list.texts()))
            .unwrap_or_default()
    };
    let server = |item: Found<'_>| {
        item.text()?
            .parse()
            .ok()
            .or_else(|| item.invalid("an address"))
    };
    let servers = found.child("servers").map(|list| {
        list.items()
            .iter()
            .filter_map(|item| server(list.with(item)))
            .collect()
    });
    Dns {
        servers: servers.unwrap_or_default(),
        options: texts("options"),
        search: texts("search"),
    }
}

pub(super) fn certificate(levels: &Levels<'_>) -> Certificate {
    let mut certificate = Certificate::default();
    for found in levels.all("certificate") {
        found.map_of(keys::CERTIFICATE);
        let child = |key| found.child(key);
        if let Some(issue) = child("issue").and_then(|found| found.flag()) {
            certificate.issue = issue;
        }
        let size = child("key-size").and_then(|found| found.small());
        certificate.key_size = size.filter(|size| *size > 0).or(certificate.key_size);
        certificate.validity = child("validity-duration")
            .and_then(duration)
            .or(certificate.validity);
        let names = child("sans").map(|found| owned(&found.texts()));
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            certificate.alternative_names = names;
        }
    }
    certificate
}

pub(super) fn duration(found: Found<'_>) -> Option<Duration> {
    units::duration(found.text()?).or_else(|| found.invalid("a time such as `8760h` or `1h30m`"))
}

pub(super) fn healthcheck(found: Found<'_>) -> Option<Healthcheck> {
    found.map_of(keys::HEALTHCHECK)?;
    let seconds = |key| {
        let count = found.child(key).and_then(|found| found.count(MOST_SECONDS));
        Duration::from_secs(count.unwrap_or_default())
    };
    Some(Healthcheck {
        test: found
            .child("test")
            .map(|list| owned(&list.texts()))
            .unwrap_or_default(),
        interval: seconds("interval"),
        timeout: seconds("timeout"),
        start_period: seconds("start-period"),
        retries: found
            .child("retries")
            .and_then(|found| found.small())
            .unwrap_or_default(),
    })
}

/// User and password of the nearest level that has one of them, and the nearest key.
pub(super) fn credentials(levels: &Levels<'_>, context: &Context<'_>) -> Credentials {
    let mut credentials = Credentials::default();
    let text = |found: Option<Found<'_>>| found.and_then(|found| found.text().map(str::to_owned));
    for level in levels.levels.iter().rev() {
        let one = Levels {
            levels: vec![level],
            problems: levels.problems,
        };
        let block = one.own("credentials");
        if let Some(block) = block {
            block.map_of(keys::CREDENTIALS);
        }
        let child = |key| {
            block
                .and_then(|block| block.child(key))
                .or_else(|| one.own(key))
        };
        let (username, password) = (text(child("username")), text(child("password")));
        if credentials.username.is_none() && credentials.password.is_none() {
            (credentials.username, credentials.password) = (username, password);
        }
        let key = text(block.and_then(|block| block.child("identity-file")));
        credentials.identity_file = credentials
            .identity_file
            .or(key.map(|key| context.path(&key)));
    }
    credentials
}

pub(super) fn config_vars(levels: &Levels<'_>) -> BTreeMap<String, Json> {
    let mut merged = Json::Object(serde_json::Map::new());
    for found in levels.all("config") {
        found.map_of(keys::CONFIG);
        if let Some(vars) = found.child("vars").filter(|vars| vars.map().is_some()) {
            merge(&mut merged, as_json(vars.value));
        }
    }
    match merged {
        Json::Object(map) => map.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

/// Merges maps deeply; anything else is replaced.
fn merge(into: &mut Json, from: Json) {
    match (into, from) {
        (Json::Object(into), Json::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Json::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

pub(super) fn magic_json(value: Json, context: &Context<'_>, node: &str) -> Json {
    match value {
        Json::String(text) => Json::String(context.magic(&text, node)),
        Json::Array(items) => items
            .into_iter()
            .map(|item| magic_json(item, context, node))
            .collect(),
        Json::Object(map) => {
            let entries = map
                .into_iter()
                .map(|(key, value)| (key, magic_json(value, context, node)));
            Json::Object(entries.collect())
        }
        other => other,
    }
}

/// Variables of a link or an end of one.
pub(super) fn vars(found: Option<Found<'_>>) -> BTreeMap<String, Json> {
    let map = found.and_then(|found| found.map());
    let entries = map.map(|map| map.entries.as_slice()).unwrap_or_default();
    let pair = |entry: &crate::topology::yaml::Entry| (entry.key.clone(), as_json(&entry.value));
    entries.iter().map(pair).collect()
}

pub(super) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
