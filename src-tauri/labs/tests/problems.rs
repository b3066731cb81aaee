//! What is wrong with a topology file, where, and what would be right.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod reading;

use labwright_labs::topology::{Code, Place, Severity};
use reading::{good, read, read_as};

/// What is said of a text, errors and warnings.
fn said(text: &str) -> String {
    match read(text) {
        Ok(topology) => {
            let warnings = topology.warnings.iter().map(ToString::to_string);
            warnings.collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
    }
}

/// What is said of nodes and links in an otherwise good file; the first node stands in line 4.
fn of(nodes_and_links: &str) -> String {
    said(&format!(
        "name: lab\ntopology:\n  nodes:\n{nodes_and_links}"
    ))
}

/// What is said of one more setting of a node.
fn of_setting(setting: &str) -> String {
    of(&format!(
        "    r1:\n      kind: linux\n      image: a\n      {setting}"
    ))
}

#[test]
fn a_misspelt_node_is_named_with_what_was_meant() {
    let text = "    leaf1: {kind: linux, image: a}
    leaf2: {kind: linux, image: a}
    spine1: {kind: linux, image: a}
  links:
    - endpoints: [leaf1:eth1, spine1:eth1]
    - endpoints: [leaf2:eth1, spine1:eth2]
    - endpoints: [leaf1:eth3, leaf2:eth3]
    - endpoints: [leaf1:eth2, leaf3:eth1]";
    insta::assert_snapshot!(of(text), @"dc1.clab.yml:11:31: node `leaf3` in link 4 is not defined; did you mean `leaf2`?");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = include_str!("fixtures/broken.clab.yml");
    let error = read(text).unwrap_err();
    insta::assert_snapshot!(error);
    let places: Vec<_> = error.problems.iter().map(|problem| problem.place).collect();
    assert!(places.is_sorted());
}

#[test]
fn a_problem_of_the_defaults_is_told_once_however_many_inherit_it() {
    let text = "name: a\ntopology:\n  defaults: {cpu: many, kind: linux, image: a}\n  nodes: {r1: , r2: , r3: }";
    insta::assert_snapshot!(said(text), @"dc1.clab.yml:3:19: `cpu` of the defaults is `many`; it takes a number of processors, such as `1.5`");
}

#[test]
fn what_no_node_uses_is_checked_too() {
    let text = "name: a\ntopology:\n  kinds: {linxu: {}, linux: {memory: lots}}\n  groups: {g: {restart-policy: sometimes, mgmt-ipv4: 10.0.0.1}}\n  nodes: {}";
    insta::assert_snapshot!(said(text));
}

#[test]
fn files_that_are_no_topologies() {
    let texts = [
        "",
        "# nothing\n",
        "[]",
        "text",
        "name: a",
        "topology: {}",
        "a: [",
        "a: b: c",
        "\tname: a",
        "name: a\ntopology: []",
        "name: [a]\ntopology: {nodes: {}}",
        "name: a\ntopology:\n  nodes: [r1]",
        "name: a\ntopology:\n  nodes:\n    r1: linux",
        "name: a\ntopology: {nodes: {}}\n---\nname: b",
        "&a [*a]",
        "name: a\ntopology: {links: {}}",
        "? {a: b}\n: c",
        "name: a\0b",
    ];
    let said: Vec<_> = texts
        .iter()
        .map(|text| format!("{text:?}\n{}\n", said(text)))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn names() {
    let labs = ["a/b", "-a", "a b", "..", "ä", "a\u{202e}b", "\"\""]
        .map(|name| said(&format!("name: {name}\ntopology: {{nodes: {{}}}}")));
    let nodes = ["a/b", ".a", "a..b", "..", "é1", "\"a b\"", "a|b", "\"\""]
        .map(|name| of(&format!("    {name}: {{kind: linux, image: a}}")));
    let long = of(&format!(
        "    {}: {{kind: linux, image: a}}",
        "n".repeat(64)
    ));
    let prefix = said("name: a\nprefix: -x\ntopology: {nodes: {}}");
    let short = said("name: a\nprefix: ''\ntopology: {nodes: {r: {kind: linux, image: a}}}");
    insta::assert_snapshot!([labs.join("\n"), nodes.join("\n"), long, prefix, short].join("\n"));
}

#[test]
fn settings_that_are_not_what_they_should_be() {
    let settings = [
        "hostname: [a]",
        "exec: echo",
        "exec: ['echo \"']",
        "cmd: \"it's\"",
        "env: [A=1]",
        "env: {A: [1]}",
        "startup-delay: -1",
        "startup-delay: soon",
        "startup-delay: 86401",
        "auto-remove: maybe",
        "privileged: [true]",
        "restart-policy: sometimes",
        "image-pull-policy: alway",
        "cpu: 0.0001",
        "cpu: -1",
        "cpu: 1e3",
        "memory: 12 parsecs",
        "memory: 99999999999gib",
        "shm-size: b",
        "cpu-set: zero",
        "binds: [/only]",
        "binds: ['a:b']",
        "binds: ['a:/b:ro:x']",
        "binds: [':/b']",
        "volumes: ['/host:/b']",
        "volumes: ['a:b:c:d']",
        "ports: [http]",
        "ports: ['70000:80']",
        "ports: ['80:0']",
        "ports: ['1-3:1-2']",
        "ports: ['3-1:80']",
        "ports: ['80/icmp']",
        "ports: ['300.1.1.1:80:80']",
        "mgmt-ipv4: 10.0.0.256",
        "mgmt-ipv4: ::1",
        "mgmt-ipv6: 10.0.0.1",
        "network-mode: bridged",
        "network-mode: 'container:'",
        "network-mode: 'container:r2'",
        "dns: {servers: [dns.example]}",
        "dns: {server: [9.9.9.9]}",
        "certificate: {validity-duration: 1y}",
        "healthcheck: {test: true}",
        "healthcheck: {intervall: 5}",
        "stages: {boot: {}}",
        "stages: {create: {wait-for: [r2]}}",
        "stages: {create: {wait-for: [{node: r2, stage: create}]}}",
        "stages: {create: {wait-for: [{node: r1, stage: created}]}}",
        "stages: {create: {wait-for: [{node: r1}]}}",
        "stages: {create: {exec: [{phase: on-enter}]}}",
        "stages: {create: {exec: [{command: a, phase: later}]}}",
        "link-apply-mode: now",
        "cgroupns-mode: shared",
        "config: {var: {}}",
        "config: {vars: [1]}",
        "credentials: {user: ada}",
        "username: ada",
        "tmpfs: [/run]",
        "startup_config: x",
        "imgae: x",
        "publish: [x]",
        "extra-hosts: {a: b}",
        "image: b",
    ];
    let said: Vec<_> = settings
        .iter()
        .map(|setting| format!("{setting}\n  {}\n", of_setting(setting)))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn settings_that_nothing_here_goes_by() {
    let settings = [
        "stages: {create: {exec: [{command: echo hi, target: host}, {command: a}]}}",
        "stages: {configure: {exec: [{command: echo hi, target: Host, phase: on-exit}]}}",
        "stages: {configure: {exec: [{command: echo hi, target: container}]}}",
        "stages: {healthy: {exec: [{command: a, target: host}], wait-for: []}}",
        "stages: {exit: {exec: {on-exit: [a]}, wait-for: [{node: r1, stage: create}]}}",
        "env: {__IMPORT_ENVS: true}",
        "env: {__IMPORT_ENVS: false}",
        "pid-mode: 'container:r2'",
        "pid-mode: host",
        "cgroupns-mode: host",
        "cgroup-parent: lab.slice",
        "runtime: podman",
        "runtime: ''",
        "certificate: {issue: true}",
        "certificate: {issue: false, key-size: 4096}",
        "credentials: {username: ada}",
        "password: secret",
        "components: [{slot: A}]",
        "extras: {ceos-copy-to-flash: [a]}",
        "config: {vars: {a: 1}}",
        "position: left",
        "image-pull-policy: Always",
        "image-pull-policy: Never",
        "ports: ['9000-9010:90']",
        "pid-mode: shared",
    ];
    let said: Vec<_> = settings
        .iter()
        .map(|setting| format!("{setting}\n  {}\n", of_setting(setting)))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_setting_without_effect_is_told_once_however_many_inherit_it() {
    let text = "name: a
topology:
  defaults: {kind: linux, image: a, runtime: docker}
  kinds: {linux: {extras: {x: 1}}}
  groups: {g: {stages: {exit: {exec: [{command: a}]}}}}
  nodes:
    r1: &base {group: g, position: left}
    r2: *base
    r3: {<<: *base, ports: ['1-2:3']}";
    insta::assert_snapshot!(said(text));
}

#[test]
fn parts_of_links_that_nothing_here_goes_by() {
    let links = [
        "{endpoints: [r1:eth1, r2:eth1], labels: {a: b}, vars: {a: 1}, ipv4: [10.0.0.1/24, 10.0.0.2/24]}",
        "{type: veth, endpoints: [{node: r1, interface: eth1, ipv6: '2001:db8::1/64'}, {node: r2, interface: eth1, vars: {a: 1}}]}",
        "{type: macvlan, endpoint: {node: r1, interface: eth1}, host-interface: en0, mode: source}",
        "{type: vxlan, endpoint: {node: r1, interface: eth1}, remote: 192.0.2.1, vni: 5, src-port: 4789}",
    ];
    let said = links.map(|link| {
        of(&format!(
            "    r1: {{kind: linux, image: a}}\n    r2: {{kind: linux, image: a}}\n  links:\n    - {link}"
        ))
    });
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn parts_of_the_file_that_nothing_here_goes_by() {
    let text = "name: a\ndebug: true\nmgmt: {external-access: true}\nsettings: {certificate-authority: {key-size: 4096}}\ntopology: {nodes: {r1: {kind: linux, image: a}}}";
    insta::assert_snapshot!(said(text), @r"
    2:1: `debug` of the file has no effect; `lw --verbose` says what is being done
    3:8: `external-access` of `mgmt` has no effect; the host's firewall stays as it is; offer single ports with `ports`
    4:12: `certificate-authority` of `settings` has no effect; no certificates are issued; make them yourself, and mount them with `binds`
    ");
    let refused = text
        .replace("true", "false")
        .replace("{key-size: 4096}", "");
    assert_eq!(said(&refused), "");
}

#[test]
fn kinds() {
    let nodes = [
        "{image: a}",
        "{kind: ceoss, image: a}",
        "{kind: ceos}",
        "{kind: vr-sros}",
        "{kind: CEOS, image: a}",
        "{kind: srl, image: a, type: ixr-d9}",
        "{kind: srl, image: a, type: ixrd3}",
        "{kind: k8s-kind}",
        "{kind: [a]}",
    ];
    let said: Vec<_> = nodes
        .iter()
        .map(|node| format!("{node}\n  {}\n", of(&format!("    r1: {node}"))))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn links_that_are_none() {
    let links = [
        "a:eth1",
        "{}",
        "{endpoints: r1:eth1}",
        "{endpoints: [r1:eth1]}",
        "{endpoints: [r1:eth1, r2:eth1, r3:eth1]}",
        "{endpoints: [r1, r2:eth1]}",
        "{endpoints: [':eth1', 'r2:']}",
        "{endpoints: [host:a, macvlan:b]}",
        "{endpoints: [{node: r1, interface: eth1}, {node: r2, interface: eth1}]}",
        "{type: veht, endpoints: []}",
        "{type: veth, endpoints: [r1:eth1, r2:eth1]}",
        "{type: veth, endpoints: [{node: r1}, {interface: eth1}]}",
        "{type: veth, endpoints: [{node: r1, interface: eth1, mac: 1:2}, {node: r2, interface: eth1, mac: 01:00:5e:00:00:01, ip: x}]}",
        "{type: host, endpoint: {node: r1, interface: eth1}}",
        "{type: host, host-interface: far-too-long-for-linux}",
        "{type: macvlan, endpoint: {node: r1, interface: eth1}, host-interface: en0, mode: private-ish}",
        "{type: vxlan, endpoint: {node: r1, interface: eth1}}",
        "{type: vxlan, endpoint: {node: r1, interface: eth1}, remote: 300.1.1.1, vni: 16777216, dst-port: 0, src-port: 65536}",
        "{endpoints: [r1:eth1, r2:eth1], mtu: 67}",
        "{endpoints: [r1:eth1, r2:eth1], mtu: 65536}",
        "{endpoints: [r1:eth1, r2:eth1], mtu: big}",
        "{endpoints: [r1:eth1, r2:eth1], ipv4: [10.0.0.1], ipv6: [a/64]}",
        "{endpoints: [r1:eth1, r2:eth1], ipv4: [10.0.0.1/24, '', x]}",
        "{endpoints: [r1:eth1, r2:eth1], lables: {a: b}}",
        "{type: dummy, endpoints: [r1:eth1]}",
        "{type: dummy, endpoint: r1:eth1}",
        "{endpoints: [r1:eth1, r2:eth1], labels: [a]}",
    ];
    let said: Vec<_> = links.iter().map(|link| {
        let text = format!("    r1: {{kind: linux, image: a}}\n    r2: {{kind: linux, image: a}}\n  links:\n    - {link}");
        format!("{link}\n  {}\n", of(&text))
    }).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn ports_of_nodes() {
    let ends = [
        "eth0",
        "Management0",
        "Management1/1",
        "Ma0",
        "eth10",
        "Ethernet0",
        "Ethernet1/2/3/4",
        "lan1",
        "ethernet 7",
        "\"et 1\"",
        "eth1/1",
        "Ethernet123456789012",
        "eth1\u{202e}",
    ];
    let ceos = ends.map(|end| format!("{end}: {}", of(&format!("    c1: {{kind: ceos, image: a}}\n    r1: {{kind: linux, image: a}}\n  links:\n    - endpoints: [c1:{end}, r1:x]"))));
    let ends = [
        "eth0",
        "a/b",
        "sixteen-bytes-xy",
        "fifteen-bytes-x",
        "..",
        "'a b'",
        "größer",
    ];
    let linux = ends.map(|end| format!("{end}: {}", of(&format!("    r1: {{kind: linux, image: a}}\n  links:\n    - {{type: dummy, endpoint: {{node: r1, interface: {end}}}}}"))));
    let low = of(
        "    g1: {kind: fortinet_fortigate}\n  links:\n    - {type: dummy, endpoint: {node: g1, interface: port1}}",
    );
    insta::assert_snapshot!([ceos.join("\n"), linux.join("\n"), low].join("\n"));
}

#[test]
fn a_port_that_is_used_twice_names_both_places_also_if_written_differently() {
    let text = "    c1: {kind: ceos, image: a}
    c2: {kind: ceos, image: a}
  links:
    - endpoints: [c1:eth1_1, c2:eth1]
    - endpoints: [c1:Ethernet1/1, c2:eth2]
    - endpoints: [c2:eth3, c2:eth3]";
    insta::assert_snapshot!(of(text), @r"
    dc1.clab.yml:8:19: port `Ethernet1/1` of node `c1` is used twice as `eth1_1`, first in line 7
    dc1.clab.yml:9:28: port `eth3` of node `c2` is used twice, first in line 9
    ");
    let error = read(&format!("name: lab\ntopology:\n  nodes:\n{text}")).unwrap_err();
    assert_eq!(
        error.problems[0].other,
        Some(Place {
            line: 7,
            column: 19
        })
    );
    assert_eq!(error.problems[0].code, Code::DuplicateInterface);
}

#[test]
fn interfaces_of_the_host_are_made_once() {
    let text = "    r1: {kind: linux, image: a}
    h: {kind: host}
    b1: {kind: bridge}
    b2: {kind: bridge}
  links:
    - endpoints: [r1:eth1, host:veth1]
    - endpoints: [r1:eth2, mgmt-net:veth1]
    - endpoints: [r1:eth3, h:veth1]
    - endpoints: [r1:eth4, macvlan:en0]
    - endpoints: [r1:eth5, macvlan:en0]
    - endpoints: [r1:eth6, b1:p1]
    - endpoints: [r1:eth7, b2:p1]";
    insta::assert_snapshot!(of(text), @r"
    dc1.clab.yml:10:28: interface `veth1` of the engine's host is made twice, first in line 9
    dc1.clab.yml:11:28: interface `veth1` of the engine's host is made twice, first in line 10
    ");
}

#[test]
fn management_addresses() {
    let text = "name: a
mgmt: {ipv4-subnet: 10.0.0.0/29, ipv4-gw: 10.0.0.1}
topology:
  defaults: {kind: linux, image: a}
  nodes:
    ok: {mgmt-ipv4: 10.0.0.2}
    twice: {mgmt-ipv4: 10.0.0.2}
    outside: {mgmt-ipv4: 10.0.0.8}
    itself: {mgmt-ipv4: 10.0.0.0}
    broadcast: {mgmt-ipv4: 10.0.0.7}
    gateway: {mgmt-ipv4: 10.0.0.1}
    v6: {mgmt-ipv6: '2001:db8::1'}
    off: {mgmt-ipv4: 192.0.2.1, network-mode: none}";
    let networks = [
        "{ipv4-subnet: 10.0.0.1/24}",
        "{ipv4-subnet: 10.0.0.0}",
        "{ipv4-subnet: '2001:db8::/64'}",
        "{ipv6-subnet: '2001:db8::1/64'}",
        "{ipv4-subnet: 10.0.0.0/24, ipv4-gw: 10.0.1.1, ipv4-range: 10.0.0.0/23}",
        "{mtu: 20}",
        "{ipv4_subnet: 10.0.0.0/24}",
        "{subnet: x}",
        "x",
    ];
    let networks = networks.map(|mgmt| {
        format!(
            "{mgmt}: {}",
            said(&format!("name: a\nmgmt: {mgmt}\ntopology: {{nodes: {{}}}}"))
        )
    });
    insta::assert_snapshot!(format!("{}\n{}", said(text), networks.join("\n")));
}

#[test]
fn ports_of_the_host_are_offered_once() {
    let text = "    r1: {kind: linux, image: a, ports: ['80:80', '80:80/udp', '127.0.0.1:443:443', '1000-1002:0001-0003']}
    r2: {kind: linux, image: a, ports: ['80:8080', '127.0.0.2:443:443', '1001:1']}
    r3: {kind: linux, image: a, ports: ['443:443', '9:9', '9:10']}
    r4: {kind: linux, image: a, network-mode: none, ports: ['80:80']}";
    insta::assert_snapshot!(of(text));
}

#[test]
fn nodes_that_wait_for_each_other() {
    let wait = |node: &str, stage: &str, other: &str, until: &str| {
        format!(
            "    {node}: {{kind: linux, image: a, stages: {{{stage}: {{wait-for: [{{node: {other}, stage: {until}}}]}}}}}}\n"
        )
    };
    let circle = wait("a", "create", "b", "healthy")
        + &wait("b", "create", "c", "create")
        + &wait("c", "create", "a", "create");
    let itself = wait("a", "create", "a", "healthy");
    let later_is_fine = wait("a", "create", "b", "create") + &wait("b", "configure", "a", "create");
    let shared = "    a: {kind: linux, image: a, network-mode: 'container:b'}\n    b: {kind: linux, image: a, network-mode: 'container:a'}\n";
    assert_eq!(of(&later_is_fine), "");
    insta::assert_snapshot!([of(&circle), of(&itself), of(shared)].join("\n"), @r"
    dc1.clab.yml:4:5: node `a` waits for `b`, which waits for `c`, which waits for `a`; remove one `wait-for` or `network-mode` of them
    dc1.clab.yml:4:5: node `a` waits for itself; remove one `wait-for` or `network-mode` of them
    dc1.clab.yml:4:5: node `a` waits for `b`, which waits for `a`; remove one `wait-for` or `network-mode` of them
    ");
}

#[test]
fn templates_are_refused_with_a_way_out() {
    let plain = "name: a\ntopology: {nodes: {}}\n";
    let named = read_as("/labs/x.clab.gotmpl", plain).unwrap_err();
    let inside =
        read("name: a\n# {{ a comment }}\ntopology:\n  nodes: {{ range .nodes }}\n").unwrap_err();
    insta::assert_snapshot!(format!("{named}\n{inside}"), @r"
    x.clab.gotmpl:1:1: the file is a Go template, which is not read here; `containerlab deploy --export-rendered FILE.clab.yml` writes it as YAML; open that file
    dc1.clab.yml:4:10: the file is a Go template, which is not read here; `containerlab deploy --export-rendered FILE.clab.yml` writes it as YAML; open that file
    ");
}

#[test]
fn a_group_that_is_close_to_another_is_told() {
    let text = "name: a\ntopology:\n  groups: {leaves: {image: a}}\n  defaults: {kind: linux, image: b}\n  nodes: {r1: {group: leafes}, r2: {group: spines}}";
    insta::assert_snapshot!(said(text), @"5:23: group `leafes` is not defined; did you mean `leaves`?");
}

#[test]
fn warnings_do_not_stop_a_lab() {
    let topology =
        good("name: a\nxtra: 1\ntopology: {nodes: {r1: {kind: linux, image: a, colour: red}}}");
    assert!(
        topology
            .warnings
            .iter()
            .all(|warning| warning.severity == Severity::Warning)
    );
    assert_eq!(topology.warnings.len(), 2);
    assert!(topology.source.find("topology.nodes.r1.colour").is_some());
}
