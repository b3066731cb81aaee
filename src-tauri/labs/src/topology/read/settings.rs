//! The settings of one node, from all its levels.

use super::blocks::{MOST_SECONDS, dns, healthcheck, owned};
use super::container::{network_mode, pid_mode};
use super::context::Context;
use super::fields::{Found, unknown_keys};
use super::levels::Levels;
use super::stages::stages;
use super::{keys, ports, units};
use crate::topology::{
    Bind, Command, LinkApplyMode, NodeSettings, PortMapping, PullPolicy, RestartPolicy, Volume,
};
use std::collections::BTreeMap;
use std::time::Duration;

const PULL_POLICIES: [(&str, PullPolicy); 3] = [
    ("ifnotpresent", PullPolicy::IfNotPresent),
    ("always", PullPolicy::Always),
    ("never", PullPolicy::Never),
];
const RESTART_POLICIES: [(&str, RestartPolicy); 4] = [
    ("no", RestartPolicy::No),
    ("on-failure", RestartPolicy::OnFailure),
    ("always", RestartPolicy::Always),
    ("unless-stopped", RestartPolicy::UnlessStopped),
];
const APPLY_MODES: [(&str, LinkApplyMode); 3] = [
    ("live", LinkApplyMode::Live),
    ("restart", LinkApplyMode::Restart),
    ("recreate", LinkApplyMode::Recreate),
];

/// Everything that the levels say of a node.
pub(super) fn settings(levels: &Levels<'_>, context: &Context<'_>, node: &str) -> NodeSettings {
    for level in &levels.levels {
        unknown_keys(level.map, keys::NODE, &level.owner, levels.problems);
    }
    let base = container(levels, context, node, identity(levels, context, node));
    let base = limits(levels, base);
    let base = network(levels, context, base);
    NodeSettings {
        ..lifecycle(levels, context, node, base)
    }
}

/// What a node is.
fn identity(levels: &Levels<'_>, context: &Context<'_>, node: &str) -> NodeSettings {
    let file = |key, magic: bool| {
        let text = levels.text(key)?;
        let text = if magic {
            context.magic(&text, node)
        } else {
            text
        };
        Some(context.content(&text))
    };
    let policy = levels.nearest("image-pull-policy");
    NodeSettings {
        node_type: levels.text("type").map(|text| text.trim().to_owned()),
        image: levels.text("image").map(|text| text.trim().to_owned()),
        image_pull_policy: policy
            .and_then(|found| found.choice(&PULL_POLICIES))
            .unwrap_or_default(),
        hostname: levels.text("hostname"),
        startup_config: file("startup-config", true),
        license: file("license", false),
        enforce_startup_config: levels.flag("enforce-startup-config").unwrap_or_default(),
        suppress_startup_config: levels.flag("suppress-startup-config").unwrap_or_default(),
        labels: levels.merged_pairs("labels"),
        ..NodeSettings::default()
    }
}

/// How its container is made.
fn container(
    levels: &Levels<'_>,
    context: &Context<'_>,
    node: &str,
    base: NodeSettings,
) -> NodeSettings {
    let words = |key| {
        levels
            .nearest(key)
            .and_then(|found| found.words(found.text()?))
    };
    let mut environment = levels.merged_pairs("env");
    environment.remove(keys::IMPORT_ENVIRONMENT);
    let files = levels.merged_items("env-files");
    NodeSettings {
        entrypoint: words("entrypoint"),
        command: words("cmd"),
        binds: binds(levels, context, node),
        volumes: volumes(levels, context, node),
        devices: levels.merged_texts("devices"),
        cap_add: levels.merged_texts("cap-add"),
        privileged: levels.flag("privileged"),
        pid_mode: pid_mode(levels),
        tmpfs: levels.merged_pairs("tmpfs"),
        security_options: levels.merged_texts("security-opts"),
        environment,
        environment_files: files.iter().map(|(_, file)| context.path(file)).collect(),
        user: levels.text("user"),
        sysctls: levels.merged_pairs("sysctls"),
        ..base
    }
}

/// What it may use.
fn limits(levels: &Levels<'_>, base: NodeSettings) -> NodeSettings {
    let size = |key| {
        let found = levels.nearest(key)?;
        units::size(found.text()?)
            .or_else(|| found.invalid("bytes with a unit, such as `512MiB` or `2GB`"))
    };
    let cpu = levels
        .nearest("cpu")
        .filter(|found| found.text() != Some("0"));
    let processors = |found: Found<'_>| {
        units::processors(found.text()?)
            .or_else(|| found.invalid("a number of processors, such as `1.5`"))
    };
    let set = |found: &Found<'_>| {
        let text = found.text()?;
        let known = text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '-'));
        if known {
            Some(text.to_owned())
        } else {
            found.invalid("numbers of processors, such as `0-1,3`")
        }
    };
    NodeSettings {
        memory: size("memory"),
        shm_size: size("shm-size"),
        cpu_millis: cpu.and_then(processors),
        cpu_set: levels.nearest("cpu-set").and_then(|found| set(&found)),
        ..base
    }
}

/// Its networks.
fn network(levels: &Levels<'_>, context: &Context<'_>, base: NodeSettings) -> NodeSettings {
    NodeSettings {
        network_mode: network_mode(levels, context),
        ports: port_mappings(levels),
        management_ipv4: address(levels, "mgmt-ipv4", "an IPv4 address"),
        management_ipv6: address(levels, "mgmt-ipv6", "an IPv6 address"),
        aliases: levels
            .own("aliases")
            .map(|found| owned(&found.texts()))
            .unwrap_or_default(),
        dns: levels.nearest("dns").map(dns).unwrap_or_default(),
        extra_hosts: levels.merged_texts("extra-hosts"),
        link_apply_mode: levels
            .nearest("link-apply-mode")
            .and_then(|found| found.choice(&APPLY_MODES)),
        ..base
    }
}

/// How it comes and goes.
fn lifecycle(
    levels: &Levels<'_>,
    context: &Context<'_>,
    node: &str,
    base: NodeSettings,
) -> NodeSettings {
    let delay = levels
        .nearest("startup-delay")
        .and_then(|found| found.count(MOST_SECONDS));
    NodeSettings {
        startup_delay: Duration::from_secs(delay.unwrap_or_default()),
        auto_remove: levels.flag("auto-remove").unwrap_or_default(),
        restart_policy: levels
            .nearest("restart-policy")
            .and_then(|found| found.choice(&RESTART_POLICIES)),
        exec: commands(levels, context, node),
        stages: stages(levels, context, node),
        healthcheck: levels.nearest("healthcheck").and_then(healthcheck),
        ..base
    }
}

fn commands(levels: &Levels<'_>, context: &Context<'_>, node: &str) -> Vec<Command> {
    let texts = levels.merged_items("exec").into_iter();
    texts
        .filter_map(|(found, text)| found.command(&context.magic(text, node)))
        .collect()
}

fn binds(levels: &Levels<'_>, context: &Context<'_>, node: &str) -> Vec<Bind> {
    let items = levels.merged_items("binds").into_iter();
    let binds = items.filter_map(|(found, text)| context.bind(found, text, node));
    let by_target: BTreeMap<_, _> = binds.map(|bind| (bind.target.clone(), bind)).collect();
    by_target.into_values().collect()
}

fn volumes(levels: &Levels<'_>, context: &Context<'_>, node: &str) -> Vec<Volume> {
    let items = levels.merged_items("volumes").into_iter();
    let volumes = items.filter_map(|(found, text)| context.volume(found, text, node));
    let by_target: BTreeMap<_, _> = volumes
        .map(|volume| (volume.target.clone(), volume))
        .collect();
    by_target.into_values().collect()
}

fn port_mappings(levels: &Levels<'_>) -> Vec<PortMapping> {
    let Some(found) = levels.nearest("ports") else {
        return Vec::new();
    };
    let items = found.items().iter().map(|item| found.with(item));
    items
        .filter_map(|item| Some(ports::mappings(item, item.text()?)))
        .flatten()
        .collect()
}

fn address<A: std::str::FromStr>(
    levels: &Levels<'_>,
    key: &'static str,
    wanted: &str,
) -> Option<A> {
    let found = levels.own(key)?;
    found
        .text()?
        .trim()
        .parse()
        .ok()
        .or_else(|| found.invalid(wanted))
}
