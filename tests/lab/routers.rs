//! Three routers in a row find each other over OSPF and LLDP, and the hosts at both ends reach each other across them.

use crate::bench::Lab;
use crate::wait::until;
use labwright_testbed::{Engine, Kind, LabImage};
use std::fmt::Write as _;
use std::fs;

/// Routers with their ids and addresses, in the order of the row.
const ROUTERS: [(&str, &str, &str, &str); 3] = [
    ("r1", "1.1.1.1", "192.168.1.1/24", "192.168.12.1/24"),
    ("r2", "2.2.2.2", "192.168.12.2/24", "192.168.23.2/24"),
    ("r3", "3.3.3.3", "192.168.23.3/24", "192.168.3.1/24"),
];

/// Hellos every second: a test does not wait ten.
fn configuration((_, id, first, second): (&str, &str, &str, &str)) -> String {
    let port = |name, address| {
        format!(
            "interface {name}\n ip address {address}\n ip ospf area 0\n ip ospf network point-to-point\n \
             ip ospf hello-interval 1\n ip ospf dead-interval 4\n"
        )
    };
    let (first, second) = (port("eth1", first), port("eth2", second));
    format!("{first}{second}router ospf\n ospf router-id {id}\n")
}

/// The routers' files lie where every engine sees them, in a folder of this lab.
fn topology(lab: &Lab) -> String {
    let (host, router) = (lab.image(&LabImage::busybox()), lab.image(&LabImage::frr()));
    let folder = lab.engine_folder();
    let mut text = format!("  defaults: {{kind: linux, image: {router}}}\n  nodes:\n");
    for (name, address, gateway) in [("left", "1.2", "1.1"), ("right", "3.2", "3.1")] {
        write!(
            text,
            "    {name}:\n      image: {host}\n      exec:\n        \
             - ip address add 192.168.{address}/24 dev eth1\n        \
             - ip route add 192.168.0.0/16 via 192.168.{gateway}\n"
        )
        .unwrap();
    }
    for router in ROUTERS {
        let file = folder.join(router.0);
        fs::write(&file, configuration(router)).unwrap();
        writeln!(
            text,
            "    {}: {{binds: ['{}:/etc/frr/frr.conf:ro']}}",
            router.0,
            file.display()
        )
        .unwrap();
    }
    let ends = [
        ["left:eth1", "r1:eth1"],
        ["r1:eth2", "r2:eth1"],
        ["r2:eth2", "r3:eth1"],
        ["r3:eth2", "right:eth1"],
    ];
    text += "  links:\n";
    for [a, b] in ends {
        writeln!(text, "    - endpoints: ['{a}', '{b}']").unwrap();
    }
    text
}

fn has_neighbours(lab: &Lab, router: &str, ids: &[&str]) {
    until("OSPF's neighbours", || {
        let shown = lab.try_exec(router, &["vtysh", "-c", "show ip ospf neighbor"])?;
        let full = |id: &&str| {
            let mut lines = shown.lines();
            lines.any(|line| line.contains(*id) && line.contains("Full"))
        };
        if ids.iter().all(full) {
            Ok(())
        } else {
            Err(shown)
        }
    });
}

/// LLDP's address is one that a bridge between them would keep to itself.
fn hears(lab: &Lab, router: &str, port: &str, neighbour: &str) {
    until("LLDP's neighbour", || {
        let shown = lab.try_exec(router, &["lldpcli", "-f", "keyvalue", "show", "neighbors"])?;
        let told = format!("lldp.{port}.chassis.name={neighbour}");
        if shown.lines().any(|line| line == told) {
            Ok(())
        } else {
            Err(shown)
        }
    });
}

fn forward_what_they_learn_from_each_other(kind: Kind) {
    let lab = Lab::on(Engine::shared(kind), "routers");
    lab.file(&topology(&lab));
    assert_eq!(lab.deploy(&[]).result()["links"], 4);
    has_neighbours(&lab, "r1", &["2.2.2.2"]);
    has_neighbours(&lab, "r2", &["1.1.1.1", "3.3.3.3"]);
    has_neighbours(&lab, "r3", &["2.2.2.2"]);
    let ping = lab.ping("left", "192.168.3.2");
    assert!(ping.contains("ttl=61"), "{ping}");

    hears(&lab, "r1", "eth2", "r2");
    hears(&lab, "r2", "eth1", "r1");
    hears(&lab, "r2", "eth2", "r3");

    lab.job(&["node", "restart", &lab.name, "r2"]).result();
    has_neighbours(&lab, "r2", &["1.1.1.1", "3.3.3.3"]);
    hears(&lab, "r3", "eth1", "r2");
    let ping = lab.ping("right", "192.168.1.2");
    assert!(ping.contains("ttl=61"), "{ping}");
    lab.destroy();
}

on_each_engine!(forward_what_they_learn_from_each_other);
