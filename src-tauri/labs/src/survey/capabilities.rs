//! Which capabilities a container can be given at all.

/// Linux's capabilities in the order of their numbers (`include/uapi/linux/capability.h`).
const NAMES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

/// Capabilities that engines of 2021 and older do not know by name, and no network system needs.
const LATE: [&str; 3] = ["PERFMON", "BPF", "CHECKPOINT_RESTORE"];
/// What machines that refuse privileged containers usually lack, where it cannot be looked up.
const SCARCE: [&str; 1] = ["SYS_RESOURCE"];

/// The capabilities that a container can be given by name. `status` is `/proc/self/status` of the engine's machine, where that
/// is this one.
pub(super) fn grantable(status: Option<&str>) -> Vec<String> {
    let bounds = status.and_then(bounding_set);
    let grantable = NAMES
        .iter()
        .enumerate()
        .filter(|(number, name)| match bounds {
            Some(bounds) => bounds & (1 << number) != 0,
            None => !SCARCE.contains(name),
        });
    grantable
        .map(|(_, name)| (*name).to_owned())
        .filter(|name| !LATE.contains(&name.as_str()))
        .collect()
}

/// Whether the machine is known to lack some, so that no container can be privileged.
pub(super) fn lacks_some(status: Option<&str>) -> bool {
    let all = (1 << NAMES.len()) - 1;
    let bounds = status.and_then(bounding_set);
    bounds.is_some_and(|bounds| bounds & all != all)
}

/// The most that a process of this machine can have (proc(5)).
fn bounding_set(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("CapBnd:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_lacks_is_left_out() {
        let all_but_resource = format!(
            "Name:\tx\nCapBnd:\t{:016x}\n",
            (1_u64 << 41) - 1 - (1 << 24)
        );
        let names = grantable(Some(&all_but_resource));
        assert!(names.iter().any(|name| name == "NET_ADMIN"));
        assert!(names.iter().all(|name| name != "SYS_RESOURCE"));
        assert!(lacks_some(Some(&all_but_resource)));
        assert!(!lacks_some(Some(&format!("CapBnd:\t{:016x}\n", u64::MAX))));
        let none = grantable(Some("CapBnd:\t0000000000001000\n"));
        assert_eq!(none, ["NET_ADMIN"]);
    }

    #[test]
    fn where_nothing_is_known_what_is_scarce_is_left_out() {
        let names = grantable(None);
        assert_eq!(names.len(), NAMES.len() - LATE.len() - SCARCE.len());
        assert!(!lacks_some(None));
    }
}
