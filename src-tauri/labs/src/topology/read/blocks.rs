//! Settings that are maps of their own: health checks, and how names are resolved.

use super::fields::Found;
use super::keys;
use crate::topology::{Dns, Healthcheck};
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

pub(super) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
