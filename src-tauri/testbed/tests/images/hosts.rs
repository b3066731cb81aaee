//! A host has the programs that labs use.

use labwright_testbed::{Engine, Kind, LabImage};

use crate::node::Node;

fn run_and_have_programs(kind: Kind) {
    let engine = Engine::private(kind);
    engine.import(&LabImage::busybox());
    let host = Node::start(&engine, &LabImage::busybox(), &[], &["sleep", "600"]);
    host.exec(&["ip", "link", "set", "lo", "up"]);
    assert!(
        host.exec(&["ping", "-c", "1", "127.0.0.1"])
            .contains("1 packets received")
    );
    assert_eq!(host.exec(&["id", "-un"]), "root\n");
    for program in ["nc", "httpd", "udhcpc", "wget", "ip"] {
        assert_eq!(host.exec(&["which", program]), format!("/bin/{program}\n"));
    }
}

on_each_engine!(run_and_have_programs);
