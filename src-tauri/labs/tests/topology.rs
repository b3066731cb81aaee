//! What a topology file becomes.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod reading;

use labwright_labs::topology::{
    LinkForm, MacAddress, NetworkMode, Place, Topology, label_variable,
};
use reading::good;
use std::time::Duration;

const EVERYTHING: &str = include_str!("fixtures/everything.clab.yml");

fn small(nodes: &str) -> Topology {
    good(&format!("name: small\ntopology:\n  nodes:\n{nodes}"))
}

#[test]
fn every_key_is_read() {
    let mut topology = good(EVERYTHING);
    topology.source = labwright_labs::topology::Source::default();
    insta::assert_json_snapshot!(topology);
}

#[test]
fn what_is_serialised_can_be_read_again_but_for_passwords() {
    let topology = good(EVERYTHING);
    let json = serde_json::to_string(&topology).unwrap();
    assert!(!json.contains("secret"), "{json}");
    let again: Topology = serde_json::from_str(&json).unwrap();
    assert_eq!(again.links, topology.links);
    assert_eq!(serde_json::to_string(&again).unwrap(), json);
    assert!(
        !format!("{topology:?}")
            .replace("password: secret", "")
            .contains("\"secret\"")
    );
}

#[test]
fn the_source_and_the_place_of_every_key_are_kept() {
    let topology = good(EVERYTHING);
    assert_eq!(topology.source.text, EVERYTHING);
    let place = |path: &str| topology.source.find(path).unwrap();
    let image = place("topology.nodes.spine1.image");
    let line = EVERYTHING.lines().nth(image.key.line as usize - 1).unwrap();
    assert_eq!(line, "      image: \"ceos:spine\"");
    assert_eq!(
        (image.key.column, image.value.column, image.end.column),
        (7, 14, 26)
    );
    let end = place("topology.links[0].endpoints[1]");
    assert_eq!(topology.links[0].endpoints()[1].place, end.value);
}

#[test]
fn containers_are_called_by_the_prefix() {
    for (prefix, name) in [
        ("", "clab-l1-r1"),
        ("prefix: \"\"\n", "r1"),
        ("prefix: __lab-name\n", "l1-r1"),
        ("prefix: mine\n", "mine-l1-r1"),
    ] {
        let text =
            format!("name: l1\n{prefix}topology: {{nodes: {{r1: {{kind: linux, image: a}}}}}}");
        assert_eq!(good(&text).nodes[0].container, name);
    }
}

#[test]
fn the_management_network_has_containerlabs_defaults() {
    let both = small("    r1: {kind: linux, image: a}").management;
    assert_eq!(both.network, "clab");
    assert_eq!(
        both.ipv4.subnet.fixed().unwrap().to_string(),
        "172.20.20.0/24"
    );
    assert_eq!(
        both.ipv6.subnet.fixed().unwrap().to_string(),
        "3fff:172:20:20::/64"
    );
    let one = good("name: a\nmgmt: {ipv4-subnet: auto}\ntopology: {nodes: {}}").management;
    insta::assert_compact_json_snapshot!((one.ipv4, one.ipv6), @r#"[{"subnet": "auto", "gateway": null, "range": null}, {"subnet": "off", "gateway": null, "range": null}]"#);
}

#[test]
fn texts_are_texts_however_yaml_would_read_them() {
    let topology = small(
        "    r1:
      kind: linux
      image: a
      cmd: no
      user: 0777
      hostname: 1e3
      ports: [22:22, 0080:80]
      env: {A: yes, B: 1_000, C: 12:30:45, D: ~, E: 0x10, F: 3.10, 1: one, true: two}
      labels: {mac: 00:11:22:33:44:55}",
    );
    let settings = &topology.nodes[0].settings;
    assert_eq!(settings.command.as_deref().unwrap(), ["no"]);
    assert_eq!(settings.user.as_deref(), Some("0777"));
    assert_eq!(settings.hostname.as_deref(), Some("1e3"));
    assert_eq!(
        settings
            .ports
            .iter()
            .map(|p| (p.host_port, p.container_port))
            .collect::<Vec<_>>(),
        [(Some(22), 22), (Some(80), 80)]
    );
    assert_eq!(settings.labels["mac"], "00:11:22:33:44:55");
    insta::assert_compact_json_snapshot!(settings.environment, @r#"{"1": "one", "A": "yes", "B": "1_000", "C": "12:30:45", "D": "", "E": "0x10", "F": "3.10", "true": "two"}"#);
}

#[test]
fn anchors_aliases_and_merge_keys() {
    let topology = small(
        "    r1: &base
      kind: linux
      image: a
      env: &env {A: 1, B: 1}
    r2:
      <<: *base
      env: {<<: *env, B: 2}
    r3:
      <<: [{image: first}, *base, {cmd: last}]",
    );
    let of = |index: usize| &topology.nodes[index].settings;
    assert_eq!(of(1).image.as_deref(), Some("a"));
    insta::assert_compact_json_snapshot!(of(1).environment, @r#"{"A": "1", "B": "2"}"#);
    assert_eq!(of(2).image.as_deref(), Some("first"));
    assert_eq!(of(2).command.as_deref().unwrap(), ["last"]);
}

#[test]
fn variables_are_filled_in_before_anything_is_read() {
    let text = "name: v
topology:
  nodes:
    ${NODES}
    r3:
      kind: linux
      # ${UNCLOSED in a comment
      image: ceos:${VERSION:-latest}
      env:
        A: $VERSION
        B: '${UNSET:-text: with ${}'
        C: ${UNSET-$VERSION}
        D: ${EMPTY:=full}
        E: ${VERSION:+set}${UNSET:+set}
        F: $UNSET $1 ${1} $$VERSION a$ ${UNSET-}
        G: ${UNSET}";
    let topology = good(text);
    assert_eq!(topology.nodes.len(), 3);
    insta::assert_json_snapshot!(topology.nodes[2].settings.environment, @r#"
    {
      "A": "4.35.1F",
      "B": "text: with ${",
      "C": "4.35.1F",
      "D": "full",
      "E": "set",
      "F": "$UNSET $1 ${1} $VERSION a$",
      "G": "${UNSET}"
    }
    "#);
    let warning = topology
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    insta::assert_debug_snapshot!(warning, @r#"
    [
        "16:12: variable `UNSET` is not set, so `${UNSET}` stays as it is; set it, or give a default: `${UNSET:=…}`",
    ]
    "#);
}

#[test]
fn places_are_those_of_the_file_although_variables_moved_the_text() {
    let text = "name: v
topology:
  nodes:
    ${NODES}
    r3: {kind: linux, image: \"${VERSION}\"}
  links:
    - endpoints: [\"r1:${UNSET:-eth1}\", \"r9:eth1\"]
";
    let error = reading::read(text).unwrap_err();
    assert_eq!(
        error.problems[0].place,
        Place {
            line: 7,
            column: 40
        }
    );
    insta::assert_snapshot!(error, @"dc1.clab.yml:7:40: node `r9` in link 1 is not defined; did you mean `r3`?");
}

#[test]
fn magic_is_replaced_where_containerlab_does_it() {
    let topology = small(
        "    r1:
      kind: linux
      image: a
      startup-config: __clabNodeName__.cfg
      binds: [__clabNodeDir__/a:/a, __clabDir__/b:/b, ../up:/c, ~/home:/d, /abs/../x:/e]
      volumes: [__clabLabName__-v:/v]
      exec: [echo __clabNodeName__]
      env: {KEPT: __clabNodeName__}",
    );
    let settings = &topology.nodes[0].settings;
    let sources: Vec<_> = settings
        .binds
        .iter()
        .map(|bind| bind.source.to_str().unwrap())
        .collect();
    assert_eq!(
        sources,
        [
            "/labs/dc1/clab-small/r1/a",
            "/labs/dc1/clab-small/b",
            "/labs/up",
            "/home/ada/home",
            "/x"
        ]
    );
    assert_eq!(settings.volumes[0].name.as_deref(), Some("clab-small-v"));
    assert_eq!(settings.exec[0].words, ["echo", "r1"]);
    assert_eq!(settings.environment["KEPT"], "__clabNodeName__");
}

#[test]
fn shell_characters_are_characters() {
    let topology = small(
        r#"    r1:
      kind: linux
      image: a
      exec: ["sh -c 'echo $$(id); rm -rf /'", "echo a;b | c && d > e `f` $$G *"]"#,
    );
    let words: Vec<_> = topology.nodes[0]
        .settings
        .exec
        .iter()
        .map(|exec| &exec.words)
        .collect();
    assert_eq!(words[0], &["sh", "-c", "echo $(id); rm -rf /"]);
    assert_eq!(
        words[1],
        &[
            "echo", "a;b", "|", "c", "&&", "d", ">", "e", "`f`", "$G", "*"
        ]
    );
}

#[test]
fn sizes_times_and_processors() {
    for (written, bytes) in [
        ("512", 512),
        ("1gb", 1_000_000_000),
        ("1GiB", 1 << 30),
        ("1.5 Gi", 3 << 29),
        ("1g", 1_000_000_000),
        ("1,024kb", 1_024_000),
    ] {
        let topology = small(&format!(
            "    r1: {{kind: linux, image: a, memory: \"{written}\"}}"
        ));
        assert_eq!(topology.nodes[0].settings.memory, Some(bytes), "{written}");
    }
    let topology = small("    r1: {kind: linux, image: a, cpu: 0.25, startup-delay: 90}");
    let settings = &topology.nodes[0].settings;
    assert_eq!(settings.cpu_millis, Some(250));
    assert_eq!(settings.startup_delay, Duration::from_secs(90));
}

#[test]
fn ports_are_read_as_docker_reads_them() {
    let topology = small(
        "    r1: {kind: linux, image: a, ports: ['80', '8000-8002:80-82', '9000-9010:90', '[2001:db8::1]:53:53/UDP', '10.0.0.1::443']}",
    );
    let ports = topology.nodes[0].settings.ports.iter().map(|port| {
        let address = port
            .host_address
            .map(|address| address.to_string())
            .unwrap_or_default();
        format!(
            "{address}|{:?}|{}|{:?}",
            port.host_port, port.container_port, port.protocol
        )
    });
    insta::assert_debug_snapshot!(ports.collect::<Vec<_>>(), @r#"
    [
        "|None|80|Tcp",
        "|Some(8000)|80|Tcp",
        "|Some(8001)|81|Tcp",
        "|Some(8002)|82|Tcp",
        "|Some(9000)|90|Tcp",
        "2001:db8::1|Some(53)|53|Udp",
        "10.0.0.1|None|443|Tcp",
    ]
    "#);
}

#[test]
fn a_node_may_share_the_network_of_a_node_or_of_a_stranger() {
    let topology = small(
        "    r1: {kind: linux, image: a}
    r2: {kind: linux, image: a, network-mode: 'container:r1'}
    r3: {kind: linux, image: a, network-mode: 'container:clab-small-r1'}
    r4: {kind: linux, image: a, network-mode: 'container:elsewhere'}
    r5: {kind: linux, image: a, network-mode: none}
    r6: {kind: linux, image: a, network-mode: host}",
    );
    let modes: Vec<_> = topology
        .nodes
        .iter()
        .map(|node| &node.settings.network_mode)
        .collect();
    let r1 = || NetworkMode::Node("r1".parse().unwrap());
    assert_eq!(modes[1..3], [&r1(), &r1()]);
    assert_eq!(modes[3], &NetworkMode::Container("elsewhere".to_owned()));
    assert_eq!(modes[4..], [&NetworkMode::None, &NetworkMode::Host]);
    assert_eq!(topology.warnings.len(), 1);
}

#[test]
fn a_node_sees_its_own_processes_or_the_hosts() {
    let topology = small(
        "    r1: {kind: linux, image: a, pid-mode: host}
    r2: {kind: linux, image: a, pid-mode: private}
    r3: {kind: linux, image: a, pid-mode: 'container:r1'}
    r4: {kind: linux, image: a, env: {__IMPORT_ENVS: true, A: 1}}",
    );
    let of = |index: usize| topology.nodes[index].settings.pid_mode.as_deref();
    assert_eq!([0, 1, 2].map(of), [Some("host"), None, None]);
    let environment = topology.nodes[3].settings.environment.keys();
    assert_eq!(environment.collect::<Vec<_>>(), ["A"]);
}

#[test]
fn a_node_off_the_management_network_may_use_its_management_port() {
    let topology = good(
        "name: a\ntopology:\n  nodes:\n    r1: {kind: linux, image: a, network-mode: none}\n    s1: {kind: nokia_srlinux, image: a, network-mode: none}\n  links:\n    - endpoints: [r1:eth0, s1:mgmt0]",
    );
    let LinkForm::Veth { a, b } = &topology.links[0].form else {
        panic!()
    };
    assert_eq!(
        (a.interface.as_str(), b.interface.as_str()),
        ("eth0", "mgmt0")
    );
}

#[test]
fn interfaces_keep_what_was_written() {
    let topology = good(
        "name: a\ntopology:\n  nodes:\n    c1: {kind: ceos, image: a}\n    c2: {kind: ceos, image: a, env: {INTFTYPE: et}}\n  links:\n    - endpoints: [c1:Ethernet3/1, c2:Ethernet3/1]",
    );
    let port = &topology.node("c1").unwrap().interfaces[0];
    assert_eq!(
        (port.name.as_str(), port.written.as_str(), port.link),
        ("eth3_1", "Ethernet3/1", 1)
    );
    assert_eq!(
        topology.node("c2").unwrap().interfaces[0].name.as_str(),
        "et3_1"
    );
}

#[test]
fn labels_become_variables() {
    assert_eq!(label_variable("graph-icon"), "CLAB_LABEL_GRAPH_ICON");
    assert_eq!(label_variable("a.b/c+d_e f:1"), "CLAB_LABEL_A_B_C_D_EF1");
}

#[test]
fn hardware_addresses_are_read_as_go_reads_them() {
    for text in ["aa:c1:ab:00:00:01", "AA-C1-AB-00-00-01", "aac1.ab00.0001"] {
        assert_eq!(
            text.parse::<MacAddress>().unwrap().to_string(),
            "aa:c1:ab:00:00:01"
        );
    }
    for text in [
        "",
        "aa:c1:ab:00:00",
        "aa:c1:ab:00:00:0g",
        "aac1ab000001",
        "aa:c1-ab:00:00:01",
        "é:c1:ab:00:00:1",
    ] {
        assert!(text.parse::<MacAddress>().is_err(), "{text}");
    }
    let derived = MacAddress::derived([0, 0x1c, 0x73], "dc1/leaf1/management");
    assert_eq!(
        derived,
        MacAddress::derived([0, 0x1c, 0x73], "dc1/leaf1/management")
    );
    assert_ne!(
        derived,
        MacAddress::derived([0, 0x1c, 0x73], "dc1/leaf2/management")
    );
    assert!(derived.to_string().starts_with("00:1c:73:"));
}
