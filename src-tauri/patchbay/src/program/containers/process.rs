//! What `/proc` says about a process, as text (proc(5), cgroups(7)).

/// Which of these containers the process belongs to, by its `cgroup` file.
///
/// Every engine writes the container's id into the path, in its own manner: `docker/ID`, `docker-ID.scope`,
/// `libpod-ID.scope`, and `/../ID` where the reader's own group is the root. A container in a container has both ids in
/// its path; the last one is its own.
pub(super) fn container_of<'a>(cgroup: &str, wanted: &[&'a str]) -> Option<&'a str> {
    let place = |id: &&str| {
        cgroup
            .lines()
            .filter_map(|line| own_group(line)?.rfind(id))
            .max()
    };
    let found = wanted.iter().filter_map(|id| Some((place(id)?, *id)));
    found.max_by_key(|(place, _)| *place).map(|(_, id)| id)
}

/// A line is `number:controllers:path`. Podman's monitor is in a group with the container's id too, its own.
fn own_group(line: &str) -> Option<&str> {
    let path = line.splitn(3, ':').nth(2)?;
    (!path.contains("conmon-")).then_some(path)
}

/// How deep in PID namespaces the process is, if it is the first of its own: what `NSpid` in its `status` file says.
pub(super) fn depth_of_first(status: &str) -> Option<usize> {
    let numbers = status
        .lines()
        .find_map(|line| line.strip_prefix("NSpid:"))?;
    let numbers: Vec<_> = numbers.split_whitespace().collect();
    (numbers.len() > 1 && numbers.last() == Some(&"1")).then_some(numbers.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "4f1c6d1b6f0f4c5a8f6e2d7b9a0c3e5f7d9b1a2c4e6f8091a3b5c7d9e1f20324";
    const B: &str = "b0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eaf";

    /// As seen from a helper with `pid=host`, with the ids in the place of `A` and `B`.
    const GROUPS: [(&str, &str, Option<&str>); 9] = [
        (
            "docker, v1",
            "12:pids:/docker/A\n1:name=systemd:/docker/A\n0::/docker/A\n",
            Some(A),
        ),
        (
            "docker with the systemd driver, v2",
            "0::/system.slice/docker-A.scope\n",
            Some(A),
        ),
        ("docker, v2, private group", "0::/../A\n", Some(A)),
        (
            "docker with systemd, v2, private group",
            "0::/../docker-A.scope/init.scope\n",
            Some(A),
        ),
        (
            "podman, v1",
            "9:memory:/machine.slice/libpod-A.scope\n1:name=systemd:/machine.slice/libpod-A.scope\n",
            Some(A),
        ),
        (
            "podman, cgroupfs, v1",
            "9:memory:/libpod_parent/libpod-A\n0::/\n",
            Some(A),
        ),
        (
            "podman's monitor",
            "0::/machine.slice/libpod-conmon-A.scope\n",
            None,
        ),
        ("docker in docker", "0::/docker/A/docker/B\n", Some(B)),
        (
            "nothing of ours",
            "1:name=systemd:/user.slice\n0::/user.slice\n",
            None,
        ),
    ];

    #[test]
    fn a_container_is_known_by_its_groups() {
        for (name, text, expected) in GROUPS {
            let text = text.replace('A', A).replace('B', B);
            assert_eq!(container_of(&text, &[B, A]), expected, "{name}");
        }
        let inner = "0::/docker/A/docker/B\n".replace('A', A).replace('B', B);
        assert_eq!(
            container_of(&inner, &[A]),
            Some(A),
            "known by its outer one, and too deep"
        );
    }

    #[test]
    fn the_first_process_is_known_by_its_number() {
        assert_eq!(depth_of_first("Name:\tsh\nNSpid:\t4711\t1\n"), Some(2));
        assert_eq!(depth_of_first("NSpid:\t4711\t57\t1\n"), Some(3));
        assert_eq!(depth_of_first("NSpid:\t4712\t7\n"), None);
        assert_eq!(
            depth_of_first("NSpid:\t1\n"),
            None,
            "the host's own first process"
        );
        assert_eq!(depth_of_first("Name:\told kernel\n"), None);
    }
}
