//! Commands in nodes of a lab that runs, and the configurations that nodes save.

use std::collections::BTreeMap;
use std::time::Duration;

use labwright_session::Session;
use labwright_session::labs::{RunEvent, RunWish};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::lab::Lab;
use crate::lab_streams::page;

/// No test waits longer than this for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is told of a run until all nodes have ended.
async fn told(mut events: mpsc::Receiver<RunEvent>) -> BTreeMap<String, RunEvent> {
    let mut ended = BTreeMap::new();
    let all = async {
        while let Some(event) = events.recv().await {
            match &event {
                RunEvent::Started { node } => assert!(!ended.contains_key(node)),
                RunEvent::Ended { node, .. } | RunEvent::Failed { node, .. } => {
                    ended.insert(node.clone(), event);
                }
            }
        }
    };
    timeout(PATIENCE, all).await.unwrap();
    ended
}

pub(crate) async fn commands_run_in_nodes(session: &Session, lab: &Lab) {
    let page = page(session);
    let wish = |command: &str| RunWish {
        lab: lab.name.to_owned(),
        nodes: vec!["a".to_owned(), "b".to_owned()],
        command: command.to_owned(),
    };
    let run = async |command: &str| {
        let (_, events) = session.run_in_nodes(&page, wish(command)).await.unwrap();
        told(events).await
    };
    let script = "hostname; echo wrong >&2; test -z \"$(cat)\" && exit $((1 + 2))";
    let all = run(script).await;
    for node in ["a", "b"] {
        let RunEvent::Ended {
            exit_code,
            output,
            bytes,
            kept,
            ..
        } = &all[node]
        else {
            panic!("{all:?}");
        };
        assert_eq!((*exit_code, output.lines().count()), (3, 2), "{output}");
        assert!(
            output.contains(node) && output.contains("wrong"),
            "{output}"
        );
        assert_eq!((*bytes, *kept), (output.len() as u64, output.len() as u64));
    }
    let all = run("head -c 200000 /dev/zero | tr '\\0' x").await;
    let RunEvent::Ended {
        output,
        bytes,
        kept,
        ..
    } = &all["a"]
    else {
        panic!("{all:?}");
    };
    assert_eq!((*bytes, *kept, output.len()), (200_000, 65_536, 65_536));

    // Nothing of it stays behind in the nodes.
    let left = async |node: &str| {
        let container = lab.container(node);
        let processes = ["exec", &container, "ps", "-o", "args"];
        let running = lab.cli(&processes).await;
        let left = running.lines().filter(|it| it.contains("4711"));
        left.map(str::to_owned).collect::<Vec<_>>()
    };
    let endless = wish("trap '' TERM; sleep 4711 | cat");
    let (number, mut events) = session.run_in_nodes(&page, endless).await.unwrap();
    for _ in 0..2 {
        let event = timeout(PATIENCE, events.recv()).await.unwrap();
        assert!(matches!(event, Some(RunEvent::Started { .. })), "{event:?}");
    }
    while left("a").await.is_empty() || left("b").await.is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
    session.end_run(number);
    assert_eq!(timeout(PATIENCE, events.recv()).await.unwrap(), None);
    for node in ["a", "b"] {
        for _ in 0..100 {
            if left(node).await.is_empty() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(left(node).await, [""; 0], "{node}");
    }

    let empty = session.run_in_nodes(&page, wish(" ")).await.unwrap_err();
    assert_eq!(empty.code, "command_empty");
    let mut unknown = wish("true");
    unknown.nodes.push("c".to_owned());
    let refused = session.run_in_nodes(&page, unknown).await.unwrap_err();
    assert_eq!(refused.code, "node_unknown");
}

/// Saves in the node, and in a folder of the user's.
pub(crate) async fn configurations_are_saved(session: &Session, lab: &Lab, node: &str) {
    let saved = session.save_lab(lab.name, &[]).await.unwrap();
    assert_eq!(saved.failure, None);
    let [only] = &saved.nodes[..] else {
        panic!("{saved:?}");
    };
    let volume = format!("labwright-{}-{node}-flash", lab.name);
    assert_eq!(
        (only.node.as_str(), only.path.as_str(), &only.volume),
        (node, "/mnt/flash/startup-config", &volume)
    );
    let volumes = lab.cli(&["volume", "ls", "--quiet"]).await;
    assert!(volumes.lines().any(|line| line == volume), "{volumes}");

    let folder = lab.desk.folder.path().join("kept");
    std::fs::create_dir(&folder).unwrap();
    let into = async |replace| {
        let saved = session.save_lab_into(lab.name, &[], folder.clone(), replace);
        saved.await.unwrap()
    };
    let name = format!("{node}.cfg");
    let written = into(false).await;
    assert_eq!(written.written, [name.as_str()], "{written:?}");
    let text = std::fs::read_to_string(folder.join(&name)).unwrap();
    assert!(text.starts_with("! Command"), "{text}");
    assert_eq!(only.bytes, text.len() as u64);

    std::fs::write(folder.join(&name), "mine").unwrap();
    let again = into(false).await;
    assert_eq!(
        (&again.written[..], &again.in_the_way[..]),
        (&[][..], &[name.clone()][..])
    );
    let mine = std::fs::read_to_string(folder.join(&name)).unwrap();
    assert_eq!(mine, "mine");
    assert_eq!(into(true).await.written, [name.as_str()]);
    assert_eq!(std::fs::read_to_string(folder.join(&name)).unwrap(), text);
}
