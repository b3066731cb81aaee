//! Captures, read by another program.

use std::{
    io::Read,
    process::{Child, ChildStdout, Stdio},
};

use labwright_patchbay::{ProblemCode, Request};
use pcap_parser::{
    Block, PcapBlockOwned, PcapError, PcapNGReader,
    traits::{PcapNGPacketBlock, PcapReaderIterator},
};

use crate::bench::{Ether, Stand, done, program, status, wiring};

const NOBODY: u16 = 0x88b5;
const BROADCAST: [u8; 6] = [0xff; 6];

/// A capture that runs.
struct Capture {
    process: Child,
    reader: PcapNGReader<ChildStdout>,
}

/// A packet of a capture.
struct Packet {
    bytes: Vec<u8>,
    length: u32,
    inbound: bool,
    at_s: u64,
}

impl Capture {
    fn start(stand: &Stand, arguments: &[&str]) -> Self {
        let mut command = stand.patchbay.command(program().to_str().unwrap());
        let command = command
            .arg("capture")
            .args(arguments)
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let output = process.stdout.take().unwrap();
        // The reader waits until it has the first block: by then the capture hears.
        let reader = PcapNGReader::new(1 << 20, output).unwrap();
        Self { process, reader }
    }

    /// The next block that `take` takes.
    fn block<T>(&mut self, take: impl Fn(&Block<'_>) -> Option<T>) -> T {
        loop {
            match self.reader.next() {
                Ok((length, block)) => {
                    let taken = match block {
                        PcapBlockOwned::NG(block) => take(&block),
                        _ => None,
                    };
                    self.reader.consume(length);
                    if let Some(taken) = taken {
                        return taken;
                    }
                }
                Err(PcapError::Incomplete(_)) => self.reader.refill().unwrap(),
                Err(error) => panic!("{error:?}"),
            }
        }
    }

    /// The next packet of the protocol that nobody speaks, or of a VLAN.
    fn packet(&mut self) -> Packet {
        self.block(|block| {
            let Block::EnhancedPacket(packet) = block else {
                return None;
            };
            let bytes = packet.packet_data()[..packet.caplen as usize].to_vec();
            let protocol = u16::from_be_bytes([bytes[12], bytes[13]]);
            let flags = packet
                .options
                .iter()
                .find(|option| option.code.0 == 2)
                .unwrap();
            [NOBODY, 0x8100].contains(&protocol).then(|| Packet {
                inbound: flags.value() == [1, 0, 0, 0],
                length: packet.origlen,
                at_s: (u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low)) / 1_000_000_000,
                bytes,
            })
        })
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        let _ended_already = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn lab() -> (Stand, [crate::bench::Node; 2]) {
    let stand = Stand::new();
    let nodes = ["a", "b"].map(|name| stand.node(name));
    status(stand.talk().ask(Request::Apply {
        wiring: wiring(&["a:eth1", "b:eth1"], &[("a:eth1", "b:eth1")]),
    }));
    (stand, nodes)
}

#[test]
fn both_directions_are_captured_with_their_times() {
    let (stand, [a, b]) = lab();
    let mut capture = Capture::start(&stand, &["a:eth1"]);
    let (name, description) = capture.block(|block| match block {
        Block::InterfaceDescription(interface) => {
            let name = interface.if_name().map(|name| name.unwrap().to_owned());
            let description = interface
                .if_description()
                .map(|text| text.unwrap().to_owned());
            Some((name, description))
        }
        _ => None,
    });
    assert_eq!(name.unwrap(), "a:eth1");
    assert_eq!(description.unwrap(), "eth1 of a, patchbay end");
    let (left, right) = (Ether::open(&a, "eth1"), Ether::open(&b, "eth1"));
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    left.send(BROADCAST, NOBODY, b"from the node");
    let packet = capture.packet();
    assert!(packet.inbound && packet.bytes.ends_with(b"from the node"));
    assert!(
        (now..now + 60).contains(&packet.at_s),
        "{} is not now",
        packet.at_s
    );
    right.send(BROADCAST, NOBODY, b"to the node");
    let packet = capture.packet();
    assert!(!packet.inbound && packet.bytes.ends_with(b"to the node"));
}

#[test]
fn a_port_that_is_down_is_waited_for_in_peace_and_heard_at_once() {
    let (stand, [a, _b]) = lab();
    let mut talk = stand.talk();
    let set = |up| Request::SetLink {
        end: "a:eth1".parse().unwrap(),
        up,
    };
    done(&talk.ask(set(false)));
    let mut capture = Capture::start(&stand, &["a:eth1"]);
    let stat = || std::fs::read_to_string(format!("/proc/{}/stat", capture.process.id())).unwrap();
    // utime and stime, behind the name in parentheses.
    let spent = |stat: String| -> u64 {
        let fields = stat.rsplit_once(')').unwrap().1;
        let times = fields.split_whitespace().skip(11).take(2);
        times.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    };
    let before = spent(stat());
    std::thread::sleep(std::time::Duration::from_secs(1));
    let ticks = spent(stat()) - before;
    assert!(ticks < 20, "{ticks} hundredths of a second of work in one");
    done(&talk.ask(set(true)));
    Ether::open(&a, "eth1").send(BROADCAST, NOBODY, b"up again");
    assert!(capture.packet().bytes.ends_with(b"up again"));
}

#[test]
fn a_vlan_tag_is_where_it_was_on_the_wire() {
    let (stand, [a, _b]) = lab();
    let tagged = [&[0, 42], NOBODY.to_be_bytes().as_slice(), b"tagged"].concat();
    for end in ["a:eth1", "b:eth1"] {
        let mut capture = Capture::start(&stand, &[end]);
        Ether::open(&a, "eth1").send(BROADCAST, 0x8100, &tagged);
        let packet = capture.packet();
        assert_eq!(
            packet.bytes[12..],
            [&[0x81, 0], tagged.as_slice()].concat(),
            "{end}"
        );
        assert_eq!(packet.length as usize, packet.bytes.len(), "{end}");
    }
}

#[test]
fn long_frames_are_cut_where_that_is_wanted() {
    let (stand, [a, _b]) = lab();
    let mut capture = Capture::start(&stand, &["b:eth1", "--snap", "60"]);
    Ether::open(&a, "eth1").send(BROADCAST, NOBODY, &[1; 1000]);
    let packet = capture.packet();
    assert_eq!((packet.bytes.len(), packet.length), (60, 1014));
}

#[test]
fn a_capture_goes_on_when_its_node_comes_back() {
    let (stand, [a, _b]) = lab();
    let mut capture = Capture::start(&stand, &["a:eth1"]);
    drop(a);
    let a = stand.node("a");
    stand.talk().look("a");
    let left = Ether::open(&a, "eth1");
    // The capture finds the new interface by itself, but nobody says when: so it is sent until it is heard.
    let heard = std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            while stopped
                .recv_timeout(std::time::Duration::from_millis(20))
                .is_err()
            {
                left.send(BROADCAST, NOBODY, b"back again");
            }
        });
        let packet = capture.packet();
        stop.send(()).unwrap();
        packet
    });
    assert!(heard.bytes.ends_with(b"back again"));
}

#[test]
fn a_capture_ends_with_its_input_and_has_all_that_was_heard() {
    let (stand, [a, _b]) = lab();
    let mut command = stand.patchbay.command(program().to_str().unwrap());
    let command = command.args(["capture", "a:eth1"]).stdin(Stdio::piped());
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = process.stdout.take().unwrap();
    output.read_exact(&mut [0; 4]).unwrap();
    let left = Ether::open(&a, "eth1");
    for number in 0..1000 {
        left.send(BROADCAST, NOBODY, format!("number {number:04}.").as_bytes());
    }
    drop(process.stdin.take());
    let mut file = Vec::new();
    output.read_to_end(&mut file).unwrap();
    assert!(process.wait().unwrap().success());
    let is_there = |text: &[u8]| file.windows(text.len()).any(|window| window == text);
    assert!(is_there(b"number 0000.") && is_there(b"number 0999."));
}

#[test]
fn a_capture_ends_when_nobody_reads_it_and_when_the_patchbay_ends() {
    let (mut stand, _nodes) = lab();
    let mut command = stand.patchbay.command(program().to_str().unwrap());
    let mut unread = command
        .args(["capture", "a:eth1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = unread.stdout.take().unwrap();
    output.read_exact(&mut [0; 4]).unwrap();
    drop(output);
    assert!(unread.wait().unwrap().success());

    let mut read = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = read.stdout.take().unwrap();
    output.read_exact(&mut [0; 4]).unwrap();
    stand.kill();
    output.read_to_end(&mut Vec::new()).unwrap();
    read.wait().unwrap();
}

#[test]
fn what_cannot_be_captured_is_told() {
    let (stand, _nodes) = lab();
    let refused = |arguments: &[&str]| {
        let mut command = stand.patchbay.command(program().to_str().unwrap());
        let output = command.arg("capture").args(arguments).output().unwrap();
        assert!(!output.status.success());
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let problems: Vec<labwright_patchbay::Problem> =
        serde_json::from_str(&refused(&["a:eth9"])).unwrap();
    assert_eq!(problems[0].code, ProblemCode::EndUnknown);
    for wrong in [
        &["a"][..],
        &[],
        &["a:eth1", "--snap", "0"],
        &["a:eth1", "--snap"],
    ] {
        assert!(refused(wrong).contains("usage"), "{wrong:?}");
    }
    let mut command = stand.patchbay.command("setpriv");
    let command = command
        .args(["--bounding-set", "-net_raw", "--inh-caps", "-net_raw"])
        .arg(program());
    let output = command.args(["capture", "a:eth1"]).output().unwrap();
    let problems: Vec<labwright_patchbay::Problem> =
        serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(problems[0].code, ProblemCode::CaptureNotAllowed);
}
