//! What is not done, and what is said then.

use crate::{add_link, add_node, delete, delete_links, refusal, rename, shown, text_of};
use labwright_labs::topology::Edit;
use std::fmt::Write;

fn all(name: &str, wishes: &[Edit]) -> String {
    let text = text_of(name);
    let mut all = String::new();
    for wish in wishes {
        let shown = match crate::change(&text, wish) {
            Err(error) => refusal(&error),
            Ok(_) => format!("done:\n{}", shown(&text, wish)),
        };
        writeln!(all, "{wish}\n{shown}").unwrap();
    }
    all
}

fn node(name: &str, kind: &str, image: &str) -> Edit {
    Edit::AddNode {
        name: name.to_owned(),
        kind: kind.to_owned(),
        image: image.to_owned(),
    }
}

#[test]
fn what_cannot_be_is_said_with_what_to_do() {
    let wishes = [
        add_node("leaf1"),
        add_node(""),
        add_node("a b"),
        add_node("Host"),
        node("x", "linx", "alpine"),
        node("x", "linux", ""),
        node("x", "", ""),
        node("x|y", "linux", "alpine"),
        add_link("leaf1:eth1", "host1:eth2"),
        add_link("leaf1:Ethernet1", "host1:eth2"),
        add_link("leaf1:eth7", "host1:eth1"),
        add_link("leaf1:eth7", "leaf1:Ethernet7"),
        add_link("leaf1:eth7", "leaf9:eth1"),
        add_link("leaf1", "host1:eth2"),
        add_link("leaf1:eth0", "host1:eth2"),
        add_link("leaf1:nonsense", "host1:eth2"),
        add_link("host:a", "mgmt-net:b"),
        rename("leaf9", "x"),
        rename("leaf1", "host1"),
        rename("leaf1", "mgmt-net"),
        rename("leaf1", "-"),
        delete(&["leaf1", "leaf9"]),
        delete_links([1, 3]),
        delete_links([0]),
    ];
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("refused", all("plain", &wishes));
    });
}

#[test]
fn nodes_that_others_need_stay() {
    let wishes = [
        delete(&["db"]),
        delete(&["cache"]),
        delete(&["app"]),
        delete(&["app", "sniffer"]),
        delete(&["db", "cache", "app", "sniffer", "other"]),
    ];
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("needed", all("waits", &wishes));
    });
}

#[test]
fn values_are_quoted_where_they_must_be() {
    let wishes = [
        node("x", "linux", "localhost:5000/a:1"),
        node("x", "linux", "ceos:${VERSION}"),
        node("x", "linux", "10.0.0.1:5000/a"),
        node("yes", "linux", "a: b # c"),
        node("1e3", "linux", "\"'\\"),
        node("br", "bridge", ""),
        add_link("leaf1:Ethernet7/1", "host1:eth2"),
        add_link("leaf1:eth7", "leaf1:eth8"),
    ];
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("quoted-values", all("plain", &wishes));
    });
}
