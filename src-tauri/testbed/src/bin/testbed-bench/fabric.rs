//! A topology as large as any that people draw: 200 nodes and 400 links.

use std::fmt::Write as _;

/// Pods of twelve nodes, below the cores.
const CORES: u32 = 8;
const PODS: u32 = 16;
const SPINES: u32 = 4;
const LEAVES: u32 = 8;
/// The first ports that lead upwards.
const UPLINK: u32 = 49;

/// The text of the topology, in which every node is a host of this image that only sleeps.
pub(crate) fn topology(name: &str, image: &str) -> String {
    let mut text = format!(
        "# Eight cores above sixteen pods, each of four spines and eight leaves.\nname: {name}\n\nmgmt:\n  \
         network: {name}\n  ipv4-subnet: 172.28.0.0/16\n\ntopology:\n  defaults:\n    kind: linux\n    \
         image: {image}\n    cmd: sleep 1000000\n  nodes:\n"
    );
    for node in nodes() {
        let _infallible = writeln!(text, "    {node}: {{}}");
    }
    text += "  links:\n";
    for (upper, lower) in links() {
        let _infallible = writeln!(text, "    - endpoints: [\"{upper}\", \"{lower}\"]");
    }
    text
}

fn nodes() -> impl Iterator<Item = String> {
    let cores = (1..=CORES).map(|core| format!("core{core}"));
    let pods = (1..=PODS).flat_map(|pod| {
        let spines = (1..=SPINES).map(move |spine| format!("p{pod}-spine{spine}"));
        let leaves = (1..=LEAVES).map(move |leaf| format!("p{pod}-leaf{leaf}"));
        spines.chain(leaves)
    });
    cores.chain(pods)
}

/// The first two spines of a pod lead to all of its leaves, the others to two. Each has its core, and the first two of the
/// first pods have a second one.
fn links() -> Vec<(String, String)> {
    let mut links = Vec::new();
    for pod in 1..=PODS {
        for spine in 1..=SPINES {
            let leaves = if spine <= 2 { LEAVES } else { 2 };
            for leaf in 1..=leaves {
                let uplink = UPLINK - 1 + spine;
                let upper = format!("p{pod}-spine{spine}:eth{leaf}");
                links.push((upper, format!("p{pod}-leaf{leaf}:eth{uplink}")));
            }
            let core = format!("core{spine}:eth{pod}");
            links.push((core, format!("p{pod}-spine{spine}:eth{UPLINK}")));
        }
        let doubled = if pod <= PODS / 2 { 2 } else { 0 };
        for spine in 1..=doubled {
            let core = SPINES + 1 + (pod + spine) % (CORES - SPINES);
            let core = format!("core{core}:eth{}", pod + spine * PODS);
            let second = UPLINK + 1;
            links.push((core, format!("p{pod}-spine{spine}:eth{second}")));
        }
    }
    links
}
