//! A container's settings in the words of Docker's API.

use std::collections::HashMap;
use std::time::Duration;

use bollard::models::{
    ContainerCreateBody, DeviceMapping, EndpointIpamConfig, EndpointSettings, HealthConfig,
    HostConfig, MountTmpfsOptions, MountType, NetworkingConfig, PortBinding, PortMap,
    RestartPolicy as Policy, RestartPolicyNameEnum,
};

use super::settings::{
    ContainerNetwork, ContainerSettings, Device, Endpoint, Healthcheck, Mount, MountSource,
    Privileges, PublishedPort, RestartPolicy,
};

/// Capabilities by these names are all that there are, or that the engine usually gives.
const ALL: &str = "ALL";

pub(super) fn body(settings: &ContainerSettings) -> ContainerCreateBody {
    ContainerCreateBody {
        hostname: settings.hostname.clone(),
        user: settings.user.clone(),
        tty: Some(settings.terminal),
        open_stdin: Some(settings.terminal),
        exposed_ports: filled(settings.ports.iter().map(|port| port.container.clone())),
        env: filled(settings.environment.iter().map(variable)),
        cmd: settings.command.clone(),
        entrypoint: settings.entrypoint.clone(),
        healthcheck: settings.healthcheck.as_ref().map(healthcheck),
        image: Some(settings.image.clone()),
        labels: Some(settings.labels.clone().into_iter().collect()),
        stop_signal: settings.stop_signal.clone(),
        stop_timeout: settings.stop_timeout.map(seconds),
        host_config: Some(host(settings)),
        networking_config: networking(&settings.network),
        ..ContainerCreateBody::default()
    }
}

fn host(settings: &ContainerSettings) -> HostConfig {
    let (privileged, add, drop) = privileges(&settings.privileges);
    HostConfig {
        network_mode: network_mode(&settings.network),
        pid_mode: settings.host_processes.then(|| "host".to_owned()),
        privileged: Some(privileged),
        cap_add: filled(add),
        cap_drop: filled(drop),
        security_opt: filled(settings.security_options.iter().cloned()),
        readonly_rootfs: Some(settings.read_only),
        mounts: filled(settings.mounts.iter().map(mount)),
        sysctls: Some(settings.sysctls.clone().into_iter().collect()),
        devices: filled(settings.devices.iter().map(device)),
        shm_size: settings.shared_memory.map(bytes),
        memory: settings.memory.map(bytes),
        nano_cpus: settings.processors.map(nano),
        cpuset_cpus: settings.processor_set.clone(),
        restart_policy: Some(policy(settings.restart)),
        auto_remove: Some(settings.auto_remove),
        port_bindings: Some(bindings(&settings.ports)),
        dns: filled(settings.dns.servers.iter().cloned()),
        dns_search: filled(settings.dns.search.iter().cloned()),
        dns_options: filled(settings.dns.options.iter().cloned()),
        extra_hosts: filled(settings.extra_hosts.iter().cloned()),
        ..HostConfig::default()
    }
}

/// An empty list is left out: some engines take it for a wish.
fn filled<T>(all: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let all: Vec<T> = all.into_iter().collect();
    (!all.is_empty()).then_some(all)
}

fn variable((name, value): (&String, &String)) -> String {
    format!("{name}={value}")
}

fn privileges(wanted: &Privileges) -> (bool, Vec<String>, Vec<String>) {
    match wanted {
        Privileges::Privileged => (true, Vec::new(), Vec::new()),
        Privileges::Added(names) => (false, names.clone(), Vec::new()),
        Privileges::Only(names) => (false, names.clone(), vec![ALL.to_owned()]),
    }
}

fn network_mode(network: &ContainerNetwork) -> Option<String> {
    match network {
        ContainerNetwork::Usual => None,
        ContainerNetwork::None => Some("none".to_owned()),
        ContainerNetwork::Host => Some("host".to_owned()),
        ContainerNetwork::Container(container) => Some(format!("container:{container}")),
        ContainerNetwork::Named(endpoint) => Some(endpoint.network.clone()),
    }
}

fn networking(network: &ContainerNetwork) -> Option<NetworkingConfig> {
    let ContainerNetwork::Named(endpoint) = network else {
        return None;
    };
    let endpoints = HashMap::from([(endpoint.network.clone(), endpoint_settings(endpoint))]);
    Some(NetworkingConfig {
        endpoints_config: Some(endpoints),
    })
}

fn endpoint_settings(endpoint: &Endpoint) -> EndpointSettings {
    EndpointSettings {
        ipam_config: Some(EndpointIpamConfig {
            ipv4_address: endpoint.ipv4.map(|address| address.to_string()),
            ipv6_address: endpoint.ipv6.map(|address| address.to_string()),
            ..EndpointIpamConfig::default()
        }),
        mac_address: endpoint.mac.clone(),
        aliases: filled(endpoint.aliases.iter().cloned()),
        ..EndpointSettings::default()
    }
}

fn mount(mount: &Mount) -> bollard::models::Mount {
    let (typ, source, tmpfs) = match &mount.source {
        MountSource::Volume(name) => (MountType::VOLUME, Some(name.clone()), None),
        MountSource::Host(path) => (MountType::BIND, Some(path.clone()), None),
        MountSource::Memory(size) => (MountType::TMPFS, None, Some(*size)),
    };
    bollard::models::Mount {
        target: Some(mount.target.clone()),
        source,
        typ: Some(typ),
        read_only: Some(mount.read_only),
        tmpfs_options: tmpfs.map(|size| MountTmpfsOptions {
            size_bytes: Some(bytes(size)),
            ..MountTmpfsOptions::default()
        }),
        ..bollard::models::Mount::default()
    }
}

fn device(device: &Device) -> DeviceMapping {
    DeviceMapping {
        path_on_host: Some(device.host.clone()),
        path_in_container: Some(device.container.clone()),
        cgroup_permissions: Some(device.permissions.clone()),
    }
}

fn policy(restart: RestartPolicy) -> Policy {
    let (name, tries) = match restart {
        RestartPolicy::No => (RestartPolicyNameEnum::NO, None),
        RestartPolicy::OnFailure(tries) => (RestartPolicyNameEnum::ON_FAILURE, Some(tries.into())),
        RestartPolicy::Always => (RestartPolicyNameEnum::ALWAYS, None),
        RestartPolicy::UnlessStopped => (RestartPolicyNameEnum::UNLESS_STOPPED, None),
    };
    Policy {
        name: Some(name),
        maximum_retry_count: tries,
    }
}

fn bindings(ports: &[PublishedPort]) -> PortMap {
    let mut bindings = PortMap::new();
    for port in ports {
        let binding = PortBinding {
            host_ip: Some(port.host_address.clone()),
            host_port: Some(port.host_port.clone()),
        };
        let of_port = bindings.entry(port.container.clone()).or_default();
        of_port.get_or_insert_default().push(binding);
    }
    bindings
}

fn healthcheck(check: &Healthcheck) -> HealthConfig {
    HealthConfig {
        test: Some(check.test.clone()),
        interval: check.interval.map(nanoseconds),
        timeout: check.timeout.map(nanoseconds),
        retries: check.retries.map(Into::into),
        start_period: check.start_period.map(nanoseconds),
        ..HealthConfig::default()
    }
}

fn bytes(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn seconds(time: Duration) -> i64 {
    bytes(time.as_secs())
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "no machine has a billion processors"
)]
fn nano(processors: f64) -> i64 {
    (processors * 1e9).round() as i64
}
