//! The table of kinds, and what it makes of nodes.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use labwright_labs::kinds::{
    Kind, Kinds, KindsError, ManagementFacts, NodeFacts, PortError, Rendered, Runs,
};
use labwright_labs::topology::{
    InterfaceName, LabName, MacAddress, NodeName, read_environment_file,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::built_in().unwrap());

fn kinds() -> &'static Kinds {
    &KINDS
}

fn linux_name(kind: &str, written: &str) -> Result<InterfaceName, PortError> {
    let kinds = kinds();
    let kind = kinds.get(kind).unwrap();
    kind.interfaces.linux_name(written, &kind.environment, true)
}

/// What a kind makes of the node `leaf1` of the lab `dc1` with two ports.
fn rendered(kind: &Kind, change: impl Fn(&mut NodeFacts<'_>)) -> Rendered {
    rendered_with_command(kind, None, change)
}

/// The same with the file's `cmd`.
fn rendered_with(kind: &Kind, command: Option<&[String]>) -> Rendered {
    rendered_with_command(kind, command, |_| {})
}

fn rendered_with_command(
    kind: &Kind,
    command: Option<&[String]>,
    change: impl Fn(&mut NodeFacts<'_>),
) -> Rendered {
    let (lab, node): (LabName, NodeName) = ("dc1".parse().unwrap(), "leaf1".parse().unwrap());
    let environment = BTreeMap::from([("TZ".to_owned(), "a b; $(c) \"d\" 'e'".to_owned())]);
    let interfaces = [
        kind.interfaces.first.parse().unwrap(),
        "eth2".parse().unwrap(),
    ];
    let sysctls = BTreeMap::new();
    let mut facts = NodeFacts {
        lab: &lab,
        node: &node,
        node_type: None,
        environment: &environment,
        interfaces: &interfaces,
        entrypoint: None,
        command,
        user: None,
        owns_network: true,
        sysctls: &sysctls,
        management: ManagementFacts {
            ipv4: Some("172.20.20.11/24".parse().unwrap()),
            ipv6: Some("3fff:172:20:20::11/64".parse().unwrap()),
            ipv4_gateway: Some("172.20.20.1".parse().unwrap()),
            ipv6_gateway: None,
            mac: Some(MacAddress([0, 0x1c, 0x73, 1, 2, 0xff])),
            interface: None,
        },
        startup_config: None,
        suppress_startup_config: false,
        license: None,
    };
    change(&mut facts);
    kind.render(&facts)
}

#[test]
fn every_kind_of_containerlab_is_known_and_says_what_it_would_need() {
    let kinds = kinds();
    let mut list = String::new();
    for kind in kinds.all() {
        assert_eq!(
            kind.needs.is_some(),
            kind.runs == Runs::Elsewhere,
            "{}",
            kind.name
        );
        writeln!(list, "{} {:?} {:?}", kind.name, kind.aliases, kind.runs).unwrap();
    }
    insta::assert_snapshot!(list);
}

#[test]
fn a_kind_is_found_by_its_names_in_any_case() {
    let kinds = kinds();
    for name in ["ceos", "CEOS", "arista_ceos"] {
        assert_eq!(kinds.get(name).unwrap().name, "arista_ceos");
    }
    assert!(kinds.get("ceo").is_none());
}

#[test]
fn a_first_port_is_a_port_of_its_kind() {
    for kind in kinds().all() {
        let first = kind
            .interfaces
            .linux_name(&kind.interfaces.first, &kind.environment, true);
        assert_eq!(
            first.unwrap().as_str(),
            kind.interfaces.first,
            "{}",
            kind.name
        );
    }
}

#[test]
fn names_of_ports() {
    let cases = [
        (
            "arista_ceos",
            &[
                "eth1",
                "Ethernet1",
                "ethernet1",
                "Et1",
                "et1",
                "eth1_1",
                "Ethernet1/1",
                "Ethernet1/1/1",
                "eth1/1",
                "eth0",
                "Management1",
                "Ethernet0",
                "swp1",
            ][..],
        ),
        (
            "nokia_srlinux",
            &[
                "e1-1",
                "ethernet-1/1",
                "ethernet-1/1/4",
                "e1-1-4",
                "ethernet-0/1",
                "eth1",
                "mgmt0",
            ],
        ),
        (
            "cisco_xrd",
            &[
                "Gi0-0-0-0",
                "Gi0/0/0/0",
                "GigabitEthernet0/0/0/12",
                "gi 0/0/0/1",
                "Gi0/0/0",
                "eth1",
                "MgmtEth0/RP0/CPU0/0",
            ],
        ),
        ("juniper_crpd", &["eth1", "ge-0", "lo0", "eth0"]),
        (
            "linux",
            &["eth1", "ens3", "bond0.10", "eth0", "too-long-for-linux"],
        ),
        (
            "nokia_sros",
            &["eth3", "1/1/3", "1/1/c1/1", "e1-1-c1-1", "1/1/0"],
        ),
        ("nokia_srsim", &["1/1/c1/1", "1/x1/1/c1/1", "e1-1-c1-1"]),
        (
            "cisco_iol",
            &["e0/1", "Ethernet1/0", "Ethernet9/3", "eth5", "e0/0"],
        ),
        ("cisco_c8000v", &["Gi2", "GigabitEthernet 3", "Gi1"]),
        ("juniper_vmx", &["ge-0/0/0", "xe-0/0/9", "eth1"]),
        ("juniper_cjunosevolved", &["et-0/0/0", "eth4"]),
        ("cisco_c8000", &["FH0/0/0/1", "Hu0_0_0_0"]),
        ("mikrotik_ros", &["ether2", "ether1"]),
        ("juniper_vsrx", &["ge-0/0/99999999999999999999"]),
    ];
    let mut list = String::new();
    for (kind, names) in &cases {
        for name in *names {
            let found = linux_name(kind, name)
                .map_or_else(|error| error.to_string(), |name| name.to_string());
            writeln!(list, "{kind} {name}: {found}").unwrap();
        }
    }
    insta::assert_snapshot!(list);
}

#[test]
fn what_ceos_is_given() {
    let kinds = kinds();
    insta::assert_debug_snapshot!(rendered(kinds.get("ceos").unwrap(), |_| {}));
}

#[test]
fn every_variable_reaches_ceos_as_one_argument() {
    let kinds = kinds();
    let rendered = rendered(kinds.get("ceos").unwrap(), |_| {});
    let command = rendered.command.unwrap();
    assert_eq!(command[3], "/sbin/init");
    let arguments: Vec<_> = rendered
        .environment
        .iter()
        .map(|(name, value)| format!("systemd.setenv={name}={value}"))
        .collect();
    assert_eq!(command[4..], arguments);
}

#[test]
fn ceos_with_a_management_vrf_and_its_own_configuration() {
    let kinds = kinds();
    let ceos = kinds.get("ceos").unwrap();
    let environment = BTreeMap::from([
        ("CLAB_MGMT_VRF".to_owned(), "MGMT".to_owned()),
        ("INTFTYPE".to_owned(), "et".to_owned()),
    ]);
    let files = |rendered: Rendered| {
        rendered
            .files
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect::<BTreeMap<_, _>>()
    };
    let vrf = files(rendered(ceos, |facts| {
        facts.management.ipv6_gateway = Some("3fff:172:20:20::1".parse().unwrap());
    }));
    assert!(vrf["/mnt/flash/startup-config"].contains("\nipv6 route ::/0 3fff:172:20:20::1\n"));
    let (lab, node): (LabName, NodeName) = ("dc1".parse().unwrap(), "leaf1".parse().unwrap());
    let facts = NodeFacts {
        lab: &lab,
        node: &node,
        node_type: None,
        environment: &environment,
        interfaces: &[],
        entrypoint: None,
        command: None,
        user: None,
        owns_network: true,
        sysctls: &BTreeMap::new(),
        management: ManagementFacts::default(),
        startup_config: None,
        suppress_startup_config: false,
        license: None,
    };
    let rendered = ceos.render(&facts);
    assert_eq!(rendered.environment["INTFTYPE"], "et");
    insta::assert_snapshot!(rendered.files[1].text);
    let given = ceos.render(&NodeFacts {
        startup_config: Some("hostname {node}\n"),
        ..facts.clone()
    });
    assert_eq!(given.files[1].text, "hostname {node}\n");
    let suppressed = ceos.render(&NodeFacts {
        suppress_startup_config: true,
        ..facts
    });
    assert!(
        suppressed
            .files
            .iter()
            .all(|file| file.path != "/mnt/flash/startup-config")
    );
}

#[test]
fn what_the_other_containers_are_given() {
    let kinds = kinds();
    let names = ["linux", "nokia_srlinux", "cisco_xrd", "juniper_crpd"];
    let all: BTreeMap<_, _> = names
        .iter()
        .map(|name| (name, rendered(kinds.get(name).unwrap(), |_| {})))
        .collect();
    insta::assert_debug_snapshot!(all);
}

#[test]
fn sr_linux_takes_json_as_its_configuration_and_lines_as_commands() {
    let kinds = kinds();
    let srl = kinds.get("srl").unwrap();
    let paths = |text: &'static str| {
        let files = rendered(srl, |facts| facts.startup_config = Some(text)).files;
        files.into_iter().map(|file| file.path).collect::<Vec<_>>()
    };
    assert!(paths(" {\"a\": 1}").contains(&"/etc/opt/srlinux/config.json".to_owned()));
    assert!(paths("set / system").contains(&"/etc/opt/srlinux/labwright-startup.cli".to_owned()));
    assert_eq!(rendered(srl, |_| {}).files.len(), 1);
}

#[test]
fn the_users_words_go_before_the_kinds_but_for_ceos() {
    let kinds = kinds();
    let words = ["sleep".to_owned(), "1".to_owned()];
    let of = |kind| {
        rendered_with(kinds.get(kind).unwrap(), Some(&words))
            .command
            .unwrap()
    };
    assert_eq!(of("srl"), words);
    assert_eq!(of("linux"), words);
    assert_eq!(of("ceos")[0], "bash");
}

#[test]
fn a_shared_network_is_left_as_it_is() {
    let linux = kinds().get("linux").unwrap();
    assert_eq!(rendered(linux, |_| {}).sysctls.len(), 1);
    assert!(
        rendered(linux, |facts| facts.owns_network = false)
            .sysctls
            .is_empty()
    );
}

/// Runs the script with ports in a folder of its own. Returns what it says.
fn waited(ports: &[&str], wanted: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    for port in ports {
        std::fs::write(folder.path().join(port), "").unwrap();
    }
    let script = rendered(kinds().get("ceos").unwrap(), |_| {}).files[0]
        .text
        .clone();
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env("CLAB_INTFS", wanted)
        .env("CLAB_INTFS_SECONDS", "1")
        .env("CLAB_INTFS_CLASSES", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_script_waits_for_ports_and_says_for_which() {
    assert_eq!(
        waited(&["lo", "eth0"], "0"),
        "if-wait: 0 of 0 interfaces are there\n"
    );
    assert_eq!(
        waited(&["eth0", "eth1", "eth10_1", "et2"], "3"),
        "if-wait: 3 of 3 interfaces are there\n"
    );
    assert_eq!(
        waited(&["lo", "eth0", "eth1", "ethernet"], "2"),
        "if-wait: waiting for interfaces eth1, eth2, ... (1 of 2)\nif-wait: only 1 of 2 interfaces after 1 s; going on without the others\n"
    );
}

#[test]
fn the_stages_of_ceos_end_where_the_script_says_so() {
    let ceos = kinds().get("ceos").unwrap();
    let ends = |said: &str| {
        ceos.stages[0]
            .until_log
            .iter()
            .any(|text| said.contains(text.as_str()))
    };
    assert!(ends(&waited(&["eth1"], "1")));
    let timed_out = waited(&[], "1");
    let lines: Vec<_> = timed_out.lines().collect();
    assert!(!ends(lines[0]) && ends(lines[1]));
    assert!(
        ceos.readiness
            .bad
            .iter()
            .any(|marker| lines[1].contains(&marker.text))
    );
}

#[test]
fn a_table_that_is_wrong_is_refused() {
    let kind = |more: &str| {
        format!(
            "[[kind]]\nname = \"a\"\ntitle = \"A\"\nruns = \"container\"\n{more}\n[kind.interfaces]\nhelp = \"x\"\nfirst = \"eth1\"\nnames = [{{ pattern = '.+', name = \"{{name}}\" }}]\n"
        )
    };
    let refused = |text: &str| Kinds::parse(text, "kinds.toml").unwrap_err();
    assert!(Kinds::parse(&kind(""), "kinds.toml").is_ok());
    assert!(matches!(
        refused(&kind("colour = 1")),
        KindsError::Parse { .. }
    ));
    assert!(
        matches!(refused(&kind("environment = { A = \"{nodes}\" }")), KindsError::Placeholder { placeholder, .. } if placeholder == "nodes")
    );
    assert!(matches!(
        refused(&kind(
            "files = [{ path = \"/a\", template = \"b\", when = \"always\" }]"
        )),
        KindsError::File { .. }
    ));
    assert!(matches!(
        refused(&kind("").replace(".+", "(")),
        KindsError::Pattern { .. }
    ));
    assert!(matches!(
        refused(&(kind("") + &kind(""))),
        KindsError::Duplicate { .. }
    ));
}

#[test]
fn files_of_variables() {
    let text = "# comment\nA=1\nexport B = two words # comment\nC: yaml\nD='single $A # kept'\nE=\"double $A\\n${B}\"\nF=\nG=a#b\nH=$A-$MISSING-${A}x\r\nI=\"more\nthan one line\" # comment\nJ=\"\\$A\"\n\n";
    insta::assert_debug_snapshot!(read_environment_file(text).unwrap());
    for (text, error) in [
        (
            "A=1\nnothing\n",
            "line 2 is no variable: `NAME=value` is expected",
        ),
        ("A=1\n\nB=\"x", "a quote in line 3 is not closed"),
        ("=x", "line 1 is no variable: `NAME=value` is expected"),
    ] {
        assert_eq!(read_environment_file(text).unwrap_err().to_string(), error);
    }
}

proptest! {
    #[test]
    fn a_linux_name_is_its_own_linux_name(written in "(?:[Ee]t(?:h|hernet)?|Gi|ge-|ethernet-|port|e|swp)?[ ]?[0-9]{1,2}(?:[-/_][0-9]{1,2}){0,3}") {
        for kind in kinds().all() {
            let name = |written: &str| kind.interfaces.linux_name(written, &kind.environment, true);
            if let Ok(found) = name(&written) {
                prop_assert_eq!(name(found.as_str()).unwrap(), found, "{} of {}", written, kind.name);
            }
        }
    }

    #[test]
    fn no_file_of_variables_makes_the_reader_panic(text in "[A-C=:'\"$\\{}# \n\\\\ä]{0,40}") {
        let _ = read_environment_file(&text);
    }

    #[test]
    fn no_name_of_a_port_makes_a_kind_panic(written in "\\PC{0,24}") {
        for kind in kinds().all() {
            let _ = kind.interfaces.linux_name(&written, &kind.environment, false);
        }
    }
}
