//! Keys that are known but that nothing here goes by: each is told once, where it is written, whoever inherits it.

use super::keys;
use super::levels::Level;
use super::problems::{Problems, shown};
use super::stages::NAMES;
use crate::topology::yaml::{Data, Entry, Mapping, Value, as_bool};
use crate::topology::{Place, StageName};

const LOGIN: &str =
    "`lw console` and `lw exec` need no login; users are made in the node's `startup-config`";
const CERTIFICATES: &str =
    "no certificates are issued; make them yourself, and mount them with `binds`";
const TEMPLATES: &str =
    "no templates are filled in with it; write the configuration into the node's `startup-config`";
const ADDRESSES: &str =
    "set the address in the node's `startup-config`, or with `ip address add` in its `exec`";

/// Keys of a node, a group, a kind and the defaults, and what to do instead.
const OF_NODES: [(&str, &str); 10] = [
    (
        "cgroupns-mode",
        "the engine decides it for all containers: `default-cgroupns-mode` of Docker, `cgroupns` of Podman",
    ),
    (
        "cgroup-parent",
        "limit the node with `cpu`, `cpu-set` and `memory`",
    ),
    (
        "runtime",
        "all nodes run on one engine; choose it with `lw --engine`",
    ),
    ("credentials", LOGIN),
    ("username", LOGIN),
    ("password", LOGIN),
    (
        "components",
        "no kind that runs here has cards; choose the chassis with `type`",
    ),
    (
        "extras",
        "bring files with `binds`, and run commands with `exec`",
    ),
    ("config", TEMPLATES),
    (
        "position",
        "nothing is drawn by it; leave it out, or say it with a label",
    ),
];
/// Keys of a link, and what to do instead.
const OF_LINKS: [(&str, &str); 5] = [
    ("labels", "links have no labels here; put them on the nodes"),
    ("vars", TEMPLATES),
    ("ipv4", ADDRESSES),
    ("ipv6", ADDRESSES),
    (
        "src-port",
        "the kernel chooses the port that it sends from; `dst-port` can be chosen",
    ),
];
/// Keys of an end of a link, and what to do instead.
const OF_ENDS: [(&str, &str); 3] = [
    ("vars", TEMPLATES),
    ("ipv4", ADDRESSES),
    ("ipv6", ADDRESSES),
];

/// Tells what nothing goes by of the file itself, its `mgmt` and its `settings`.
pub(super) fn of_file(file: &Mapping, problems: &Problems) {
    let owner = |name| Owner { name, problems };
    if let Some(debug) = unless_false(file, "debug") {
        let instead = "`lw --verbose` says what is being done";
        owner("the file").tell(debug.place, "`debug`", instead);
    }
    let management = map_of(file, "mgmt");
    if let Some(access) = management.and_then(|map| unless_false(map, "external-access")) {
        let instead = "the host's firewall stays as it is; offer single ports with `ports`";
        owner("`mgmt`").tell(access.place, "`external-access`", instead);
    }
    if let Some(settings) = map_of(file, "settings") {
        owner("`settings`").key(settings, "certificate-authority", CERTIFICATES);
    }
}

/// Tells what nothing goes by of a node, a group, a kind or the defaults.
pub(super) fn of_level(level: &Level<'_>, problems: &Problems) {
    let owner = Owner {
        name: &level.owner,
        problems,
    };
    for (key, instead) in OF_NODES {
        owner.key(level.map, key, instead);
    }
    owner.certificate(level.map);
    owner.environment(level.map);
    owner.container(level.map);
    owner.stages(level.map);
}

/// Tells what nothing goes by of a link and its ends. `known` are the keys that a link of its form has.
pub(super) fn of_link(map: &Mapping, known: &[&str], owner: &str, problems: &Problems) {
    let owner = Owner {
        name: owner,
        problems,
    };
    for (key, instead) in OF_LINKS {
        if known.contains(&key) {
            owner.key(map, key, instead);
        }
    }
    let mode = map.get("mode").filter(|_| known.contains(&"mode"));
    if let Some(mode) = mode.filter(|mode| is_word(mode, "source")) {
        let instead = "no list of addresses can be given, and `bridge` is used; choose `bridge`, `vepa`, `private` or `passthru`";
        owner.tell(mode.place, "`mode: source`", instead);
    }
    for end in ends(map) {
        for (key, instead) in OF_ENDS {
            if let Some(entry) = written(end, key) {
                owner.tell(entry.place, &format!("`{key}` of an end"), instead);
            }
        }
    }
}

/// Who the keys belong to.
struct Owner<'a> {
    /// "node `leaf1`", "kind `linux`", "the defaults", "link 1".
    name: &'a str,
    problems: &'a Problems,
}

impl Owner<'_> {
    fn tell(&self, place: Place, what: &str, instead: &'static str) {
        let message = format!("{what} of {} has no effect", self.name);
        self.problems.no_effect(place, message, instead);
    }

    /// Tells a key, if something stands there.
    fn key(&self, map: &Mapping, key: &str, instead: &'static str) {
        if let Some(entry) = written(map, key) {
            self.tell(entry.place, &format!("`{key}`"), instead);
        }
    }

    /// A certificate is asked for unless `issue` says no.
    fn certificate(&self, map: &Mapping) {
        let issue = map_of(map, "certificate").and_then(|map| map.get("issue"));
        if !issue.is_some_and(is_false) {
            self.key(map, "certificate", CERTIFICATES);
        }
    }

    fn environment(&self, map: &Mapping) {
        let key = keys::IMPORT_ENVIRONMENT;
        if let Some(imports) = map_of(map, "env").and_then(|map| unless_false(map, key)) {
            let instead = "name each variable in `env` as `NAME: ${NAME}`, or list a file of them in `env-files`";
            self.tell(imports.place, &format!("`{key}` in `env`"), instead);
        }
    }

    /// Values of keys that have an effect with other values.
    fn container(&self, map: &Mapping) {
        let policy = map.get("image-pull-policy");
        if let Some(policy) = policy.filter(|policy| is_word(policy, "always")) {
            let instead =
                "an image that is there is not pulled again; `lw pull` brings a newer one";
            self.tell(policy.place, "`image-pull-policy: always`", instead);
        }
        if let Some(mode) = map.get("pid-mode")
            && let Data::Text { text, .. } = &mode.data
            && text.starts_with("container:")
        {
            let instead = "a node has processes of its own, or sees those of the engine's host with `pid-mode: host`";
            self.tell(mode.place, &format!("`pid-mode: {}`", shown(text)), instead);
        }
    }

    /// Nodes wait and run commands until they are configured.
    fn stages(&self, map: &Mapping) {
        let Some(stages) = map_of(map, "stages") else {
            return;
        };
        for (name, stage) in NAMES {
            match map_of(stages, name) {
                Some(map) if stage <= StageName::Configure => self.host_commands(map, name),
                Some(map) => self.late_stage(map, name),
                None => {}
            }
        }
    }

    fn late_stage(&self, map: &Mapping, stage: &str) {
        if let Some(exec) = written(map, "exec") {
            let instead = "commands run until the node is configured; put them into stage `configure`, or into the node's `exec`";
            self.tell(exec.place, &format!("`exec` in stage `{stage}`"), instead);
        }
        if let Some(waits) = written(map, "wait-for") {
            let instead =
                "nodes wait in the stages `create`, `create-links` and `configure`; put it there";
            let what = format!("`wait-for` in stage `{stage}`");
            self.tell(waits.place, &what, instead);
        }
    }

    fn host_commands(&self, map: &Mapping, stage: &str) {
        for item in items_of(map, "exec") {
            let Some(item) = as_map(item) else { continue };
            let Some(target) = item.get("target").filter(|target| is_word(target, "host")) else {
                continue;
            };
            let command = item.get("command").map(|command| &command.data);
            let Some(Data::Text { text, .. }) = command else {
                continue;
            };
            let what = format!("`target: host` for `{}` in stage `{stage}`", shown(text));
            let instead = "nothing is run on the engine's host; run it there yourself, or leave `target` out to run it in the node";
            self.tell(target.place, &what, instead);
        }
    }
}

/// The ends of a link that are maps.
fn ends(link: &Mapping) -> impl Iterator<Item = &Mapping> {
    let one = link.get("endpoint").into_iter();
    one.chain(items_of(link, "endpoints")).filter_map(as_map)
}

fn items_of<'a>(map: &'a Mapping, key: &str) -> &'a [Value] {
    match map.get(key).map(|value| &value.data) {
        Some(Data::List(items)) => items,
        _ => &[],
    }
}

fn map_of<'a>(map: &'a Mapping, key: &str) -> Option<&'a Mapping> {
    as_map(map.get(key)?)
}

fn as_map(value: &Value) -> Option<&Mapping> {
    match &value.data {
        Data::Map(map) => Some(map),
        Data::List(_) | Data::Text { .. } => None,
    }
}

/// The entry of a key, if it says something.
fn written<'a>(map: &'a Mapping, key: &str) -> Option<&'a Entry> {
    let says_something = |entry: &&Entry| match &entry.value.data {
        Data::Text { text, .. } => !entry.value.is_null() && !text.is_empty(),
        Data::List(items) => !items.is_empty(),
        Data::Map(map) => !map.entries.is_empty(),
    };
    map.entry(key).filter(says_something)
}

/// The entry of a key, if it says something else than no.
fn unless_false<'a>(map: &'a Mapping, key: &str) -> Option<&'a Entry> {
    written(map, key).filter(|entry| !is_false(&entry.value))
}

fn is_false(value: &Value) -> bool {
    matches!(&value.data, Data::Text { text, .. } if as_bool(text) == Some(false))
}

fn is_word(value: &Value, word: &str) -> bool {
    matches!(&value.data, Data::Text { text, .. } if text.trim().eq_ignore_ascii_case(word))
}
