//! Links that leave the lab: they stay when others go, and are counted only if they are made. What no patchbay could
//! link is told before anything is made.

use crate::bench::Lab;
use labwright_testbed::{Engine, Kind, LabImage};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const LINK: &str = "    - endpoints: ['a:eth1', 'b:eth1']\n";

/// A lab whose engine has a host's image.
fn lab(kind: Kind, name: &str) -> Lab {
    let lab = Lab::on(Engine::shared(kind), name);
    lab.image(&LabImage::busybox());
    lab
}

fn write(lab: &Lab, nodes: &str, links: &str) {
    let image = format!("{}/{}", lab.name, LabImage::busybox().reference());
    lab.file(&format!(
        "  kinds: {{linux: {{image: {image}}}}}\n  nodes:\n{nodes}  links:\n{links}"
    ));
}

const PAIR: &str = "    a: {kind: linux}\n    b: {kind: linux}\n";

/// A tunnel's number that no other test has: all engines share this machine's tunnels, but no two labs have a network.
fn vni(lab: &Lab) -> u32 {
    let numbers = lab.network.split('.').skip(1);
    numbers.fold(0, |all, number| all * 256 + number.parse::<u32>().unwrap())
}

fn tunnel(remote: &str, vni: u32) -> String {
    format!(
        "    - type: vxlan\n      endpoint: {{node: a, interface: eth2}}\n      remote: {remote}\n      vni: {vni}\n"
    )
}

/// The ends of the links, and how they stand.
fn links(lab: &Lab) -> Vec<Value> {
    let state = lab.inspect();
    let links = state["links"].as_array().unwrap().iter();
    links
        .map(|link| json!([link["ends"], link["state"]]))
        .collect()
}

fn a_tunnel_stays_when_a_link_before_it_goes(kind: Kind) {
    let lab = lab(kind, "outside-stays");
    let vni = vni(&lab);
    let tunnel = tunnel("192.0.2.1", vni);
    let nothing = "    - endpoints: ['b:eth2', 'dummy:x']\n";
    let to_tunnel = json!([["a:eth2", format!("vxlan-a/eth2:vx{vni}")], "up"]);
    let to_nothing = json!([["b:eth2", "dummy-b/eth2:none"], "up"]);

    write(&lab, PAIR, &format!("{LINK}{tunnel}{nothing}"));
    assert_eq!(lab.deploy(&[]).result()["links"], 3);
    assert_eq!(links(&lab)[1..], [to_tunnel.clone(), to_nothing.clone()]);
    write(&lab, PAIR, &format!("{nothing}{tunnel}"));
    assert_eq!(lab.deploy(&[]).result()["links"], 2);
    assert_eq!(links(&lab), [to_nothing, to_tunnel]);
    lab.destroy();
}

/// The same tunnel cannot be there twice: the one at the old port goes before the one at the new port comes.
fn a_tunnel_moves_to_another_port(kind: Kind) {
    let lab = lab(kind, "outside-moves");
    let vni = vni(&lab);
    let tunnel = tunnel("192.0.2.1", vni);
    write(&lab, PAIR, &tunnel);
    lab.deploy(&[]).result();
    write(&lab, PAIR, &tunnel.replace("node: a", "node: b"));
    lab.deploy(&[]).result();
    let moved = json!([["b:eth2", format!("vxlan-b/eth2:vx{vni}")], "up"]);
    assert_eq!(links(&lab), [moved]);
    lab.destroy();
}

fn a_tunnel_to_nobody_is_told_and_not_counted(kind: Kind) {
    let lab = lab(kind, "outside-nobody");
    let tunnel = tunnel("nobody.invalid", vni(&lab));
    write(&lab, PAIR, &format!("{LINK}{tunnel}"));
    let deployed = lab.deploy(&[]);
    let result = deployed.result();
    assert_eq!(result["links"], 1, "{result}");
    let notes = result["notes"].to_string();
    assert!(notes.contains("nobody.invalid"), "{notes}");
    lab.destroy();
}

fn a_link_that_cannot_be_is_named_before_anything_is_made(kind: Kind) {
    let lab = lab(kind, "outside-switches");
    let nodes = "    a: {kind: linux}\n    one: {kind: bridge}\n    other: {kind: bridge}\n";
    write(
        &lab,
        nodes,
        "    - endpoints: ['a:eth1', 'one:x']\n    - endpoints: ['one:z', 'other:x']\n",
    );
    let failed = lab.deploy(&[]).failed_with("wiring");
    for said in [
        "link 2 in line 14",
        "one:z and other:x",
        "take the link out",
    ] {
        assert!(failed.contains(said), "{said}: {failed}");
    }
    assert_eq!(lab.parts(), BTreeSet::new());
}

on_each_engine!(
    a_tunnel_stays_when_a_link_before_it_goes,
    a_tunnel_moves_to_another_port,
    a_tunnel_to_nobody_is_told_and_not_counted,
    a_link_that_cannot_be_is_named_before_anything_is_made
);
