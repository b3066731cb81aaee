//! Terminals and captures of a lab that runs.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use labwright_session::Session;
use labwright_session::labs::{
    CaptureEvent, CaptureWish, Packet, PageId, TerminalEvent, TerminalKind, TerminalOutput,
};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::desk::until;
use crate::lab::Lab;

/// No test waits longer than this for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The page that is there from now on.
pub(crate) fn page(session: &Session) -> PageId {
    let page = PageId("a page".to_owned());
    session.open_page(&page);
    page
}

/// Reads a terminal until it has printed this.
pub(crate) async fn printed(output: &mut mpsc::Receiver<TerminalOutput>, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        let piece = timeout(PATIENCE, output.recv()).await;
        let piece = piece.unwrap_or_else(|_| panic!("{wanted} is not in {text:?}"));
        match piece {
            Some(TerminalOutput::Bytes(bytes)) => text.push_str(&String::from_utf8_lossy(&bytes)),
            other => panic!("{other:?} behind {text:?}"),
        }
    }
    text
}

pub(crate) async fn terminals_are_streams(session: &Session, lab: &Lab) {
    let page = page(session);
    let wish = lab.terminal("a", TerminalKind::Shell);
    let (shell, mut output) = session.open_terminal(&page, wish).await.unwrap();
    session
        .type_into(shell, "echo six times seven: $((6*7))\n".to_owned())
        .await
        .unwrap();
    printed(&mut output, "seven: 42").await;
    session.resize_terminal(shell, 101, 33).await.unwrap();
    let size = "stty size\n".to_owned();
    session.type_into(shell, size).await.unwrap();
    printed(&mut output, "33 101").await;

    session.watch_traffic(true);
    session
        .type_into(shell, "ping -i 0.1 192.168.1.2\n".to_owned())
        .await
        .unwrap();
    let traffic = until(session.traffic(), |traffic| {
        traffic
            .ends
            .iter()
            .any(|end| end.end == "b:eth1" && end.received_bps > 0)
    });
    assert!(traffic.await.lab.ends_with("whole.clab.yml"));
    session.watch_traffic(false);
    until(session.traffic(), |traffic| traffic.lab.is_empty()).await;

    // Nothing stays behind in the node.
    session.close_terminal(shell);
    let swallowed = session.type_into(shell, "x".to_owned()).await;
    assert_eq!(swallowed.unwrap_err().code, "terminal_gone");
    assert_eq!(
        timeout(PATIENCE, async { while output.recv().await.is_some() {} }).await,
        Ok(())
    );
    let container = lab.container("a");
    let left = async || {
        let processes = ["exec", &container, "ps", "-o", "args"];
        let running = lab.cli(&processes).await;
        let left = running
            .lines()
            .filter(|it| it.starts_with("ping") || it.trim() == "sh");
        left.map(str::to_owned).collect::<Vec<_>>()
    };
    for _ in 0..50 {
        if left().await.is_empty() {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(left().await, [""; 0]);

    let wish = lab.terminal("a", TerminalKind::Console);
    let (console, mut output) = session.open_terminal(&page, wish).await.unwrap();
    let exit = "exit 3\n".to_owned();
    session.type_into(console, exit).await.unwrap();
    let ended = async {
        loop {
            if let Some(TerminalOutput::Event(event)) = output.recv().await {
                return event;
            }
        }
    };
    let ended = timeout(PATIENCE, ended).await.unwrap();
    assert_eq!(ended, TerminalEvent::Ended { exit_code: 3 });

    let wish = lab.terminal("a", TerminalKind::Logs);
    let (log_number, mut log) = session.open_terminal(&page, wish).await.unwrap();
    printed(&mut log, "BusyBox").await;
    // After a gap the same page asks again, and keeps what it has.
    session.open_page(&page);
    session.type_into(log_number, String::new()).await.unwrap();
    let next = PageId("the next page".to_owned());
    session.open_page(&next);
    let told = timeout(PATIENCE, log.recv()).await.unwrap();
    let Some(TerminalOutput::Event(TerminalEvent::Failed { error })) = told else {
        panic!("{told:?}");
    };
    assert_eq!(error.code, "terminal_closed");
    assert_eq!(timeout(PATIENCE, log.recv()).await.unwrap(), None);
    let wish = lab.terminal("a", TerminalKind::Logs);
    let late = session.open_terminal(&page, wish).await.unwrap_err();
    assert_eq!(late.code, "page_gone");
}

pub(crate) async fn captures_see_pings(session: &Session, lab: &Lab) {
    let wish = CaptureWish {
        lab: lab.name.to_owned(),
        end: "a:eth1".to_owned(),
    };
    let nowhere = CaptureWish {
        end: "a:eth7".to_owned(),
        ..wish.clone()
    };
    let page = page(session);
    let refused = session.start_capture(&page, nowhere).await.unwrap_err();
    assert_eq!(refused.code, "capture_ended", "{refused:?}");
    let (capture, mut told) = session.start_capture(&page, wish).await.unwrap();
    let container = lab.container("a");
    let ping = ["exec", &container, "ping", "-c", "3", "192.168.1.2"];
    lab.cli(&ping).await;
    let mut packets = Vec::new();
    let replies = |packets: &[Packet]| {
        let replies = packets
            .iter()
            .filter(|it| it.summary.contains("echo reply"));
        replies.count()
    };
    while replies(&packets) < 3 {
        match timeout(PATIENCE, told.recv()).await.unwrap() {
            Some(CaptureEvent::Packets {
                packets: more,
                count,
                bytes,
            }) => {
                packets.extend(more);
                assert_eq!(packets.len() as u64, count);
                assert!(bytes > 0);
            }
            other => panic!("{other:?}"),
        }
    }
    let request = packets
        .iter()
        .find(|it| it.summary.contains("echo request"));
    let request = request.unwrap();
    assert!(request.sent);
    assert_eq!(
        (request.source.as_str(), request.destination.as_str()),
        ("192.168.1.1", "192.168.1.2")
    );
    assert_eq!(request.protocol, "ICMP");
    let saved = lab.desk.folder.path().join("ping.pcapng");
    session.save_capture(capture, saved.clone()).await.unwrap();
    assert!(std::fs::metadata(&saved).unwrap().len() > 300);
    session.stop_capture(capture).unwrap();
    let last = async {
        let mut last = None;
        while let Some(event) = told.recv().await {
            last = Some(event);
        }
        last
    };
    let last = timeout(PATIENCE, last).await.unwrap();
    assert_eq!(last, Some(CaptureEvent::Ended));
    wireshark_is_fed(session, lab, capture).await;
    session.drop_capture(capture);
    let gone = session.save_capture(capture, saved).await.unwrap_err();
    assert_eq!(gone.code, "capture_gone");
}

/// One that writes down what it is handed.
async fn wireshark_is_fed(session: &Session, lab: &Lab, capture: u64) {
    let refused = session.open_capture(capture).unwrap_err();
    assert_eq!(refused.code, "wireshark_missing");
    let program = lab.desk.folder.path().join("bin/wireshark");
    let read = lab.desk.folder.path().join("read.pcapng");
    let script = format!(
        "#!/bin/sh\ncat >{0}.part\nmv {0}.part {0}\n",
        read.display()
    );
    lab.desk.file("bin/wireshark", script.as_bytes());
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    session.open_capture(capture).unwrap();
    let saved = lab.desk.folder.path().join("whole.pcapng");
    session.save_capture(capture, saved.clone()).await.unwrap();
    while !read.exists() {
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(std::fs::read(read).unwrap(), std::fs::read(saved).unwrap());
}
