//! Labs as the window has them, on real engines.

use labwright_jobs::Outcome;
use labwright_session::labs::{
    DeployWish, LabCounts, LabEdit, LabLinkStanding, LabNodeStanding, LabPower, LabSummary,
    LabView, LinkWish, NodeForm, NodePosition, PageId, PowerWish, TerminalKind, Turn,
};
use labwright_session::{HandedOver, ImportWish, Session, Started, Verdict};
use labwright_testbed::images::ceos::BOOT_SECONDS;
use labwright_testbed::{Kind, LabImage};

use crate::desk::{Desk, ended, until, wish};
use crate::lab::{Lab, deployment};
use crate::lab_runs::{commands_run_in_nodes, configurations_are_saved};
use crate::lab_streams::{captures_see_pings, page, printed, terminals_are_streams};

/// Waits until the open lab is as wanted.
async fn until_lab(session: &Session, wanted: impl Fn(&LabView) -> bool) -> LabView {
    let view = until(session.lab(), |lab| lab.as_ref().is_some_and(&wanted)).await;
    view.unwrap()
}

/// Waits until the only lab of the list is as wanted.
async fn until_listed(session: &Session, wanted: impl Fn(&LabSummary) -> bool) -> LabSummary {
    let state = until(session.labs(), |state| {
        state.listed && state.labs.len() == 1 && wanted(&state.labs[0])
    });
    state.await.labs.remove(0)
}

fn standing(view: &LabView, node: &str) -> LabNodeStanding {
    let node = view.nodes.iter().find(|it| it.name == node);
    node.unwrap().standing
}

/// Waits for a job's end, which must be good.
async fn succeeded(session: &Session, started: &Started) {
    let state = ended(session, &started.job).await;
    assert!(
        matches!(state.outcome, Some(Outcome::Succeeded { .. })),
        "{:?}",
        state.outcome
    );
}

async fn from_its_file_to_its_end(kind: Kind) {
    let lab = Lab::on(kind, "whole").await;
    let programs = lab.desk.folder.path().join("bin");
    let path = [("PATH", programs.to_str().unwrap())];
    let session = Session::open(lab.desk.environment(&path)).unwrap();
    session.engine_known().await;
    let file = lab.file();
    let folder = lab.desk.folder.path().join("labs");
    let folder = [folder.to_str().unwrap().to_owned()];
    let key = session.add_labs(&folder).await.unwrap().unwrap();
    assert_eq!(key, file);
    let listed = until_listed(&session, |_| true).await;
    assert_eq!((listed.name.as_str(), listed.deployed), ("whole", false));
    assert_eq!(listed.counts.nodes, 3);

    session.open_lab(key.clone()).await;
    let view = until_lab(&session, |lab| lab.known).await;
    let names: Vec<&str> = view.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "s"]);
    assert_eq!(view.nodes[2].form, NodeForm::Switch);
    assert_eq!(view.links[0].standing, LabLinkStanding::Absent);
    assert_eq!(view.links[0].ends[0].end, "a:eth1");

    let plan = session.plan_lab(deployment(&file)).await.unwrap();
    assert_eq!(plan.obstacles, []);
    assert!(
        plan.steps
            .iter()
            .any(|step| step.kind == "create_node" && step.object == "a")
    );
    let started = session.deploy_lab(deployment(&file)).await.unwrap();
    let view = until_lab(&session, |lab| {
        let ready = |node: &&str| standing(lab, node) == LabNodeStanding::Ready;
        let up = lab
            .links
            .iter()
            .all(|link| link.standing == LabLinkStanding::Up);
        ["a", "b", "s"].iter().all(ready) && up
    })
    .await;
    assert!(view.nodes[0].ipv4.starts_with(&lab.network), "{view:?}");
    assert!(view.nodes[0].ports[0].carrier);
    succeeded(&session, &started).await;
    let counts = LabCounts {
        nodes: 3,
        ready: 3,
        ..LabCounts::default()
    };
    until_listed(&session, |listed| {
        listed.deployed && listed.counts == counts
    })
    .await;

    links_are_pushed(&session, &lab).await;
    commands_run_in_nodes(&session, &lab).await;
    terminals_are_streams(&session, &lab).await;
    captures_see_pings(&session, &lab).await;
    nodes_end(&session, &lab).await;

    let destroyed = session.destroy_lab(lab.name, false).await.unwrap();
    succeeded(&session, &destroyed).await;
    let view = until_lab(&session, |lab| !lab.deployed).await;
    assert_eq!(standing(&view, "a"), LabNodeStanding::Absent);
    until_listed(&session, |listed| !listed.deployed).await;
    session.forget_lab(&key).await.unwrap();
    until(session.labs(), |state| state.labs.is_empty()).await;
}

async fn links_are_pushed(session: &Session, lab: &Lab) {
    let set = |up| LinkWish::Set {
        end: "b:eth1".to_owned(),
        up,
    };
    session.change_link(lab.name, set(false)).await.unwrap();
    let view = until_lab(session, |lab| {
        lab.links[0].standing == LabLinkStanding::Down && !lab.nodes[0].ports[0].carrier
    });
    assert_eq!(view.await.links[1].standing, LabLinkStanding::Up);
    session.change_link(lab.name, set(true)).await.unwrap();
    until_lab(session, |lab| lab.links[0].standing == LabLinkStanding::Up).await;

    // Another link than the file has.
    let take = LinkWish::Disconnect {
        end: "a:eth1".to_owned(),
    };
    session.change_link(lab.name, take).await.unwrap();
    let ends = ["s:p2".to_owned(), "a:eth1".to_owned()];
    session
        .change_link(lab.name, LinkWish::Connect { ends })
        .await
        .unwrap();
    let view = until_lab(session, |lab| lab.links.len() == 3).await;
    assert_eq!(view.links[0].standing, LabLinkStanding::Absent);
    assert_eq!(view.links[2].number, None);
    let take = LinkWish::Disconnect {
        end: "s:p2".to_owned(),
    };
    session.change_link(lab.name, take).await.unwrap();
    let ends = ["a:eth1".to_owned(), "b:eth1".to_owned()];
    session
        .change_link(lab.name, LinkWish::Connect { ends })
        .await
        .unwrap();
    until_lab(session, |lab| {
        lab.links.len() == 2 && lab.links[0].standing == LabLinkStanding::Up
    })
    .await;
}

async fn nodes_end(session: &Session, lab: &Lab) {
    let power = |action| PowerWish {
        lab: lab.name.to_owned(),
        nodes: vec!["b".to_owned()],
        action,
    };
    let stopped = session.power_lab(power(LabPower::Stop)).await.unwrap();
    until_lab(session, |lab| {
        standing(lab, "b") == LabNodeStanding::Stopped
    })
    .await;
    until_listed(session, |listed| listed.counts.stopped == 1).await;
    succeeded(session, &stopped).await;
    let started = session.power_lab(power(LabPower::Start)).await.unwrap();
    until_lab(session, |lab| standing(lab, "b") == LabNodeStanding::Ready).await;
    succeeded(session, &started).await;
    // By somebody else.
    let container = lab.container("b");
    lab.cli(&["rm", "--force", &container]).await;
    let view = until_lab(session, |lab| standing(lab, "b") == LabNodeStanding::Absent).await;
    assert_eq!(standing(&view, "a"), LabNodeStanding::Ready);
}

#[tokio::test]
async fn a_lab_is_followed_from_its_file_to_its_end() {
    from_its_file_to_its_end(Kind::Classic).await;
}

#[tokio::test]
async fn a_lab_is_followed_from_its_file_to_its_end_in_podman() {
    from_its_file_to_its_end(Kind::Podman).await;
}

/// A node that boots is told to, each time that it is started, and its checks are what the terminal's are.
async fn nodes_that_boot_are_told(kind: Kind) {
    let lab = Lab::on(kind, "boots").await;
    let image = LabImage::ceos_stand_in();
    let archive = image.path().to_str().unwrap().to_owned();
    let session = lab.desk.session().await;
    let wish = ImportWish {
        reference: Some("ceos:1".to_owned()),
        ..wish(&archive)
    };
    let imported = session.import(wish).await.unwrap();
    succeeded(&session, &imported).await;
    let text = lab.text("");
    let boots = format!("s: {{kind: ceos, image: \"ceos:1\", env: {{{BOOT_SECONDS}: 6}}}}");
    let text = text.replace("s: {kind: bridge}", &boots);
    let text = text.replace("s:p1", "s:Ethernet1");
    let file = lab.desk.file("boots.clab.yml", text.as_bytes());
    session.open_lab(file.clone()).await;
    let started = session.deploy_lab(deployment(&file)).await.unwrap();
    let boots = |lab: &LabView| {
        let told = lab.nodes[2].reason.contains("show version");
        standing(lab, "s") == LabNodeStanding::Booting && told
    };
    let ready = |lab: &LabView| standing(lab, "s") == LabNodeStanding::Ready;
    let view = until_lab(&session, boots).await;
    assert!(view.nodes[2].saves);
    let view = until_lab(&session, ready).await;
    assert_eq!(view.nodes[2].ports[0].written, "Ethernet1");
    succeeded(&session, &started).await;

    // By somebody else, and faster than a look.
    let container = lab.container("s");
    let restart = ["restart", "--time", "0", &container];
    tokio::join!(lab.cli(&restart), until_lab(&session, boots));
    let again = until_lab(&session, ready).await;
    assert_ne!(again.nodes[2].since, view.nodes[2].since, "{again:?}");

    configurations_are_saved(&session, &lab, "s").await;
    let wish = lab.terminal("s", TerminalKind::Console);
    let (_, mut output) = session.open_terminal(&page(&session), wish).await.unwrap();
    printed(&mut output, "localhost>").await;
    session.end_streams().await;
    let destroyed = session.destroy_lab(lab.name, false).await.unwrap();
    succeeded(&session, &destroyed).await;
}

#[tokio::test]
async fn nodes_that_boot_are_told_to() {
    nodes_that_boot_are_told(Kind::Classic).await;
}

#[tokio::test]
async fn nodes_that_boot_are_told_to_in_podman() {
    nodes_that_boot_are_told(Kind::Podman).await;
}

#[tokio::test]
async fn while_a_lab_is_deployed_it_is_not_destroyed() {
    let lab = Lab::on(Kind::Classic, "busy").await;
    let session = lab.desk.session().await;
    let file = lab.file();
    let text = lab.text("").replace("a: {", "a: {startup-delay: 60, ");
    std::fs::write(&file, text).unwrap();
    let started = session.deploy_lab(deployment(&file)).await.unwrap();
    let again = session.deploy_lab(deployment(&file)).await.unwrap();
    assert_eq!((&again.job, again.resumed), (&started.job, true));
    let refused = session.destroy_lab(lab.name, false).await.unwrap_err();
    assert_eq!(refused.code, "lab_busy");
    assert!(refused.message.contains("Deploy busy"), "{refused}");
    let anew = DeployWish {
        anew: true,
        ..deployment(&file)
    };
    let refused = session.deploy_lab(anew).await.unwrap_err();
    assert_eq!(refused.code, "lab_busy");

    assert!(session.cancel(&started.job).await.unwrap());
    let state = ended(&session, &started.job).await;
    assert!(matches!(state.outcome, Some(Outcome::Cancelled { .. })));
    let retried = session.retry(&started.job).await.unwrap();
    assert!(!retried.resumed);
    assert!(session.cancel(&retried.job).await.unwrap());
    ended(&session, &retried.job).await;
    let is_last = |lab: &LabSummary| {
        let last = lab.last_job.as_ref();
        last.is_some_and(|job| job.id == retried.job && job.outcome.is_some())
    };
    until_listed(&session, is_last).await;
    drop(session);

    // The history has it for whoever comes later; another process may have done it.
    let session = lab.desk.session().await;
    let listed = until_listed(&session, is_last).await;
    assert!(listed.last_job.unwrap().log.is_empty());
    session.open_lab(listed.key).await;
    until_lab(&session, |lab| lab.last_job.is_some()).await;
    assert_eq!(session.labs().borrow().elsewhere, []);
}

#[tokio::test]
async fn a_file_is_read_again_whoever_writes_it() {
    let desk = Desk::without_engine();
    let session = desk.session().await;
    let text = "name: one\ntopology:\n  nodes:\n    a: {kind: linux, image: x}\n";
    let file = desk.file("one.clab.yml", text.as_bytes());
    session.open_lab(file.clone()).await;
    let view = until_lab(&session, |lab| lab.nodes.len() == 1).await;
    assert_eq!((view.name.as_str(), view.problems.len()), ("one", 0));

    // By an editor: nothing is asked for.
    let more = format!("{text}    b: {{kind: linux, image: x}}\n");
    desk.file("one.clab.yml", more.as_bytes());
    until_lab(&session, |lab| lab.nodes.len() == 2).await;
    let other = session.read_lab("/etc/passwd".to_owned()).await;
    assert_eq!(other.unwrap_err().code, "lab_file_not_yaml");
    let refused = session.write_lab(file.clone(), text.to_owned(), view.revision);
    assert_eq!(refused.await.unwrap_err().code, "topology_changed");

    // With a mistake it is drawn as it was.
    desk.file(
        "one.clab.yml",
        b"name: one\ntopology: {nodes: {a: {kind: nothing}}}\n",
    );
    let view = until_lab(&session, |lab| lab.problems.iter().any(|it| it.is_error)).await;
    assert_eq!((view.name.as_str(), view.nodes.len()), ("one", 2));
    let listed = until(session.labs(), |state| {
        state.labs.iter().any(|lab| lab.mistakes > 0)
    });
    let listed = listed.await.labs.remove(0);
    assert!(listed.mistake.unwrap().starts_with("2:"), "with its place");

    let read = session.read_lab(file.clone()).await.unwrap();
    let revision = session
        .write_lab(file.clone(), more.clone(), read.revision)
        .await;
    let revision = revision.unwrap();
    until_lab(&session, |lab| {
        lab.problems.is_empty() && lab.revision == revision
    })
    .await;

    let link = LabEdit::AddLink {
        ends: ["a:eth1".to_owned(), "b:eth1".to_owned()],
    };
    let edited = session.edit_lab(&file, &more, link).unwrap();
    let checked = session.check_lab(&file, &edited);
    assert_eq!((checked.links.len(), checked.problems.len()), (1, 0));
    assert_ne!(checked.revision, revision);
    let place = NodePosition {
        node: "a".to_owned(),
        x: 12.5,
        y: -3.0,
    };
    let turn = Turn {
        page: PageId("a page".to_owned()),
        number: 1,
    };
    let placed = session.place_nodes(&turn, file.clone(), vec![place.clone()]);
    placed.await.unwrap();
    let view = until_lab(&session, |lab| !lab.positions.is_empty()).await;
    assert_eq!(view.positions, [place]);
    let rename = LabEdit::RenameNode {
        from: "a".to_owned(),
        to: "leaf1".to_owned(),
    };
    let renamed = session.edit_lab(&file, &more, rename).unwrap();
    let written = session.write_lab(file.clone(), renamed, revision).await;
    written.unwrap();
    until_lab(&session, |lab| {
        lab.positions.iter().any(|it| it.node == "leaf1")
    })
    .await;

    std::fs::remove_file(&file).unwrap();
    let view = until_lab(&session, |lab| lab.error.is_some()).await;
    assert_eq!(view.error.unwrap().code, "topology_unreadable");
    assert!(!view.file_is_there);
    let gone = session.read_lab(file.clone()).await;
    assert_eq!(gone.unwrap_err().code, "topology_gone");
    let anew = session.write_lab(file.clone(), more.clone(), String::new());
    anew.await.unwrap();
    until_lab(&session, |lab| lab.file_is_there && lab.error.is_none()).await;
    let words = session.lab_words().unwrap();
    assert!(words.keys.len() > 200 && words.kinds.iter().any(|kind| !kind.runs_here));
}

#[tokio::test]
async fn labs_that_are_dropped_are_opened_and_remembered() {
    let desk = Desk::without_engine();
    let file = desk.file(
        "one.clab.yml",
        b"name: one\ntopology: {nodes: {a: {kind: linux}}}\n",
    );
    {
        let session = desk.session().await;
        session.drag(vec![file.clone()]);
        let held = until(session.offers(), |offer| {
            offer.as_ref().is_some_and(|offer| !offer.searching)
        });
        let lab = Verdict::Lab {
            name: "one".to_owned(),
            labs: 1,
            opens: true,
        };
        assert_eq!(held.await.unwrap().files[0].verdict, lab);
        session.drop_files(vec![file.clone()]);
        until(session.offers(), Option::is_none).await;
        until_lab(&session, |lab| lab.name == "one").await;
        let told = until(session.handed_over(), Option::is_some).await;
        assert_eq!(told, session.take_handed_over());
        assert_eq!(told, Some(HandedOver::Lab { key: file.clone() }));
        assert_eq!(session.take_handed_over(), None, "it is told once");
        // What cannot be opened is said.
        session.drop_files(vec![format!("{file}.gone.clab.yml")]);
        let told = until(session.handed_over(), Option::is_some).await;
        assert!(matches!(told, Some(HandedOver::Failed { .. })), "{told:?}");
    }
    let session = desk.session().await;
    let listed = until(session.labs(), |state| state.labs.len() == 1).await;
    assert_eq!(listed.labs[0].key, file);
    let gone = [format!("{file}.gone")];
    let refused = session.add_labs(&gone).await;
    assert_eq!(refused.unwrap_err().code, "lab_file_missing");
}

#[tokio::test]
async fn a_lab_is_opened_also_where_it_cannot_be_remembered() {
    let desk = Desk::without_engine();
    let text = b"name: one\ntopology: {nodes: {a: {kind: linux}}}\n";
    let file = desk.file("one.clab.yml", text);
    let session = desk.session().await;
    // Nothing can be written where the list is kept: not even by root.
    std::fs::create_dir_all(desk.folder.path().join("data/labs.json.new")).unwrap();
    session.open_lab(file.clone()).await;
    let view = until_lab(&session, |lab| lab.name == "one").await;
    assert_eq!(view.key, file);

    // A template is no file of ours, and its lab may be looked at.
    let template = desk.file("two.clab.gotmpl", b"name: two\n");
    session.open_lab(template.clone()).await;
    until_lab(&session, |lab| lab.key == template).await;
}

#[tokio::test]
async fn a_wish_that_was_overtaken_opens_nothing() {
    let desk = Desk::without_engine();
    let text = b"name: one\ntopology: {nodes: {a: {kind: linux}}}\n";
    let file = desk.file("one.clab.yml", text);
    let session = desk.session().await;
    let turn = |number| Turn {
        page: PageId("a page".to_owned()),
        number,
    };
    session.open_page(&turn(0).page);
    session.wish_lab(&turn(2), Some(file.clone())).await;
    session.wish_lab(&turn(1), None).await;
    until_lab(&session, |lab| lab.key == file).await;
    session.wish_lab(&turn(3), None).await;
    until(session.lab(), Option::is_none).await;
}

#[tokio::test]
async fn an_example_becomes_a_lab_of_the_users() {
    let desk = Desk::without_engine();
    let session = desk.session().await;
    let names: Vec<String> = session.examples().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["two-hosts", "routers", "fabric"]);
    let key = session.make_example("routers".to_owned()).await.unwrap();
    let folder = desk.folder.path().join("home/Labwright/routers");
    assert_eq!(key, folder.join("routers.clab.yml").to_str().unwrap());
    session.open_lab(key.clone()).await;
    let view = until_lab(&session, |lab| lab.nodes.len() == 3).await;
    assert_eq!((view.name.as_str(), view.problems.len()), ("routers", 0));
    let opened = |lab: &LabSummary| lab.key == key && lab.opened.is_some();
    until(session.labs(), |state| state.labs.iter().any(opened)).await;

    // Another one beside it, which was not opened, and is behind it for that.
    session.make_example("fabric".to_owned()).await.unwrap();
    let again = session.make_example("routers".to_owned()).await.unwrap();
    assert!(
        again.ends_with("Labwright/routers-2/routers-2.clab.yml"),
        "{again}"
    );
    session.open_lab(key.clone()).await;
    let order = ["routers", "routers-2", "fabric"];
    let labs = until(session.labs(), |state| {
        let names = state.labs.iter().map(|lab| lab.name.as_str());
        names.eq(order)
    });
    assert_eq!(labs.await.labs[1].opened, None);
    let unknown = session.make_example("gone".to_owned()).await;
    assert_eq!(unknown.unwrap_err().code, "example_unknown");
}
