//! What is refused, and that nothing comes of it.

use labwright_patchbay::{Answer, Impairments, Message, Outcome, ProblemCode, Reply, Request};

use crate::bench::{Stand, end, problems, status, wiring};

#[test]
fn a_wrong_wiring_changes_nothing() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    let good = wiring(&["a:eth1"], &[]);
    status(talk.ask(Request::Apply {
        wiring: good.clone(),
    }));
    let mut wrong = wiring(&["a:eth2", "a:sixteen-letters!"], &[("a:eth2", "b:eth1")]);
    wrong.ports[0].mtu = 1;
    let found = problems(talk.ask(Request::Apply { wiring: wrong }));
    let codes: Vec<_> = found.into_iter().map(|(code, _)| code).collect();
    let expected = [
        ProblemCode::MtuOutOfRange,
        ProblemCode::InterfaceNameInvalid,
        ProblemCode::EndUnknown,
    ];
    assert_eq!(codes, expected);
    assert_eq!(talk.status().wiring, good.fingerprint());
    assert!(a.interface("eth1").is_some() && a.interface("eth2").is_none());
}

#[test]
fn requests_about_what_is_not_there() {
    let stand = Stand::new();
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1", "a:eth2", "a:eth3"], &[("a:eth1", "a:eth2")]),
    }));
    let connect = |a: &str, b: &str| Request::Connect {
        ends: [end(a), end(b)],
    };
    let asked = [
        (
            connect("a:eth1", "a:eth3"),
            ProblemCode::Duplicate,
            "a:eth1",
        ),
        (
            connect("a:eth3", "a:eth3"),
            ProblemCode::LinkImpossible,
            "a:eth3",
        ),
        (
            connect("a:eth3", "b:eth1"),
            ProblemCode::EndUnknown,
            "b:eth1",
        ),
        (
            Request::Disconnect { end: end("a:eth3") },
            ProblemCode::EndNotLinked,
            "a:eth3",
        ),
        (
            Request::Disconnect { end: end("b:eth1") },
            ProblemCode::EndUnknown,
            "b:eth1",
        ),
        (
            Request::SetLink {
                end: end("a:eth3"),
                up: false,
            },
            ProblemCode::EndNotLinked,
            "a:eth3",
        ),
        (
            Request::Look {
                node: "b".to_owned(),
                within_ms: 1,
            },
            ProblemCode::NodeUnknown,
            "b",
        ),
        (
            Request::Locate { end: end("b:eth1") },
            ProblemCode::EndUnknown,
            "b:eth1",
        ),
    ];
    for (request, code, object) in asked {
        assert_eq!(problems(talk.ask(request)), [(code, object.to_owned())]);
    }
    assert_eq!(talk.status().links.len(), 1);
}

#[test]
fn a_line_that_is_no_request_is_answered_and_the_conversation_goes_on() {
    let stand = Stand::new();
    let mut talk = stand.talk();
    for (line, expected) in [
        ("{", 0),
        ("{\"id\": 9, \"request\": {\"do\": \"dance\"}}", 9),
    ] {
        talk.send_line(line);
        let Some(Message::Reply(Reply { id, outcome })) = talk.receive() else {
            panic!("no answer");
        };
        assert_eq!(id, expected);
        assert_eq!(
            problems(outcome),
            [(ProblemCode::BadRequest, String::new())]
        );
    }
    talk.status();
}

#[test]
fn answers_still_come_after_the_last_request() {
    let stand = Stand::new();
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1"], &[]),
    }));
    let id = talk.send(Request::Look {
        node: "a".to_owned(),
        within_ms: 300,
    });
    talk.close_input();
    assert!(matches!(
        talk.reply(id),
        Outcome::Done(Answer::Looked { .. })
    ));
    assert_eq!(talk.receive(), None);
}

/// Wants a delay, and returns what the kernel of this machine makes of it.
#[test]
fn a_delay_is_made_or_the_missing_module_is_named() {
    let stand = Stand::new();
    let _a = stand.node("a");
    let mut talk = stand.talk();
    status(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1", "a:eth2"], &[("a:eth1", "a:eth2")]),
    }));
    let impairments = Impairments {
        delay_us: 10_000,
        jitter_us: 1000,
        loss_ppm: 500_000,
        ..Impairments::NONE
    };
    let outcome = talk.ask(Request::Impair {
        end: end("a:eth1"),
        impairments,
    });
    let queues = stand.patchbay.run("tc", "qdisc show");
    match outcome {
        Outcome::Done(answer) => {
            assert_eq!(answer, Answer::Done);
            assert!(queues.contains("delay 10ms  1ms loss 50%"), "{queues}");
        }
        Outcome::Refused(problems) => {
            assert_eq!(problems.len(), 1);
            assert_eq!(problems[0].code, ProblemCode::KernelWithoutNetem);
            insta::assert_snapshot!(problems[0].message, @"frames to a:eth1 cannot be delayed, lost or damaged: the kernel of the engine's host has no sch_netem");
            assert!(
                !stand
                    .patchbay
                    .command("tc")
                    .args(["qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"])
                    .output()
                    .unwrap()
                    .status
                    .success(),
                "but it has"
            );
        }
    }
}

#[test]
fn an_apply_that_cannot_be_kept_is_undone() {
    let stand = Stand::new();
    let a = stand.node("a");
    let mut talk = stand.talk();
    std::fs::remove_dir_all(stand.state()).unwrap();
    let found = problems(talk.ask(Request::Apply {
        wiring: wiring(&["a:eth1"], &[]),
    }));
    assert_eq!(found, [(ProblemCode::StateNotSaved, String::new())]);
    assert!(a.interface("eth1").is_none());
    assert_eq!(talk.status().ends, []);
}
