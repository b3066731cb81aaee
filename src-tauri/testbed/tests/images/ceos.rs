//! The stand-in for cEOS boots when all is there, and says what cEOS says when something is not.

use insta::assert_snapshot;
use labwright_testbed::images::ceos::{BOOT_SECONDS, ENVIRONMENT, READY, SEEN};
use labwright_testbed::{Engine, Kind, LabImage};
use serde_json::{Value, json};

use crate::node::Node;

/// Two ports: an engine without networks gives a container none.
const PORTS: &str = "ip link add eth1 type veth; ip link add eth2 type veth; ip link set eth2 up; ";

/// What the product sees to before the boot: MAC address and configuration on the flash. And a boot that takes no time.
const FLASH: &str = "echo 0 >/mnt/flash/boot-seconds; echo 001c.7300.0001 >/mnt/flash/system_mac_address; \
                     printf '%s\\n' 'hostname leaf1' end >/mnt/flash/startup-config; ";

/// An engine that has the image.
fn engine(kind: Kind) -> Engine {
    let engine = Engine::private(kind);
    engine.import(&LabImage::ceos_stand_in());
    engine
}

/// A node whose boot begins after `preparation`, with every variable but `forgotten`.
fn ceos<'a>(engine: &'a Engine, preparation: &str, forgotten: &str) -> Node<'a> {
    let variables = || {
        ENVIRONMENT
            .into_iter()
            .filter(|variable| *variable != forgotten)
    };
    let arguments = variables().map(|variable| format!("systemd.setenv={variable}"));
    let arguments = arguments.collect::<Vec<_>>().join(" ");
    let command = format!("{preparation}exec /sbin/init {arguments}");
    // Long, so that a test tells whether it was heeded.
    let slow = format!("{BOOT_SECONDS}=600");
    let settings = [&slow, "CLAB_INTFS=2", "ODD=a \"quoted\" \\ word"];
    let options = variables()
        .chain(settings)
        .flat_map(|variable| ["--env", variable]);
    let options: Vec<_> = options.chain(["--stop-signal", "SIGRTMIN+3"]).collect();
    Node::start(
        engine,
        &LabImage::ceos_stand_in(),
        &options,
        &["bash", "-c", &command],
    )
}

fn boots_with_its_interfaces(kind: Kind) {
    let engine = engine(kind);
    let node = ceos(&engine, &[FLASH, PORTS].concat(), "");
    let version = node.exec(&["Cli", "-p", "15", "-c", "show version"]);
    assert!(
        version.contains("Software image version: 4.99.1F"),
        "{version}"
    );
    assert_snapshot!("boot", node.log_with("Reached target EOS"));
    node.exec(&["test", "-e", READY]);
    sees_what_is_there(&seen(&node));
    saves_its_configuration(&node);
    stops_at_its_own_signal_only(&node);
}

fn sees_what_is_there(seen: &Value) {
    assert_eq!(seen["lacks"], Value::Array(Vec::new()));
    assert_eq!(seen["system_mac_address"], "001c.7300.0001");
    assert_eq!(seen["flash_mounted"], false);
    assert_eq!(seen["environment"]["ETBA"], "1");
    assert_eq!(seen["environment"]["ODD"], "a \"quoted\" \\ word");
    let arguments = ENVIRONMENT.map(|variable| format!("systemd.setenv={variable}"));
    assert_eq!(seen["arguments"], json!(arguments));
    let port = |name: &str| {
        let interfaces = seen["interfaces"].as_array().unwrap();
        interfaces
            .iter()
            .find(|port| port["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(port("eth1")["up"], false);
    assert_eq!(port("eth1")["carrier"], Value::Null);
    assert_eq!(port("eth1")["mtu"], 1500);
    assert_eq!(port("eth1")["mac"].as_str().unwrap().len(), 17);
    assert_eq!(port("eth2")["up"], true);
    assert_eq!(port("eth2")["carrier"], false);
}

fn saves_its_configuration(node: &Node) {
    for command in ["wr", "enable\nwrite memory"] {
        assert_eq!(
            node.exec(&["Cli", "-p", "15", "-c", command]),
            "Copy completed successfully.\n"
        );
    }
    assert_eq!(
        node.exec(&["cat", "/mnt/flash/startup-config"]),
        "! Command: show running-config\nhostname leaf1\nend\n"
    );
    let typed = "printf 'enable\\nhello there\\nexit\\n' | Cli";
    assert_eq!(
        node.exec(&["sh", "-c", typed]),
        "localhost>localhost>hello there\nlocalhost>"
    );
}

fn stops_at_its_own_signal_only(node: &Node) {
    node.signal("TERM");
    node.exec(&["true"]);
    node.stop();
    let log = node.log_with("Halting system.");
    assert!(log.ends_with("Halting system.\n"), "{log}");
    assert_eq!(node.inspect("{{.State.ExitCode}}"), "0");
}

fn seen(node: &Node) -> Value {
    let text = node.exec(&["cat", SEEN]);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn assert_no_command_line(node: &Node) {
    let refused = node.try_exec(&["Cli", "-p", "15", "-c", "show version"]);
    let message = refused.unwrap_err();
    assert!(message.contains("Cannot connect to Sysdb"), "{message}");
}

/// What the node lacked; its log says that it found no platform, and its command line is not there.
fn failed_boot(node: &Node) -> Value {
    let log = node.log_with("[FAILED] Failed to start EosInitStage.");
    assert!(log.contains("platform=None"), "{log}");
    assert!(log.contains("modprobe rbfd"), "{log}");
    assert!(!log.contains("Skipping VEosLabInit"), "{log}");
    assert_no_command_line(node);
    seen(node)["lacks"].clone()
}

fn fails_without_its_interfaces(kind: Kind) {
    let engine = engine(kind);
    let node = ceos(&engine, FLASH, "");
    // They come, but too late.
    node.log_with("Failed to start");
    node.exec(&["sh", "-c", PORTS]);
    assert_eq!(failed_boot(&node), json!(["interfaces: 0 of 2"]));
}

fn fails_without_a_variable_and_its_flash(kind: Kind) {
    let engine = engine(kind);
    let unmade = [PORTS, "rmdir /mnt/flash; "].concat();
    let node = ceos(&engine, &unmade, "ETBA=1");
    let lacks = json!([
        "ETBA=1 in the environment",
        "systemd.setenv=ETBA=1",
        "a writable /mnt/flash",
        "/mnt/flash/system_mac_address",
        "/mnt/flash/startup-config"
    ]);
    assert_eq!(failed_boot(&node), lacks);
}

fn boots_as_slowly_as_it_is_told(kind: Kind) {
    let engine = engine(kind);
    let slow = [FLASH, PORTS, "rm /mnt/flash/boot-seconds; "].concat();
    let node = ceos(&engine, &slow, "");
    node.log_with("Skipping VEosLabInit due to platform=ceoslab");
    assert_eq!(seen(&node)["lacks"], json!([]));
    assert_no_command_line(&node);
}

fn is_not_ready_again_before_it_boots(kind: Kind) {
    let engine = engine(kind);
    // The second time nothing is prepared: it hangs as a wait for interfaces does.
    let once = "[ ! -e /mnt/flash/startup-config ] || sleep 600; ";
    let node = ceos(&engine, &[once, FLASH, PORTS].concat(), "");
    node.log_with("Reached target EOS");
    engine.kill();
    engine.start();
    node.start_again();
    node.exec(&["test", "!", "-e", READY]);
}

on_each_engine!(
    boots_with_its_interfaces,
    fails_without_its_interfaces,
    fails_without_a_variable_and_its_flash,
    boots_as_slowly_as_it_is_told,
    is_not_ready_again_before_it_boots
);
