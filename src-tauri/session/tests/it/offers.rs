//! Files that are dragged or chosen.

use labwright_session::{ImportWish, Offer, OfferPhase, Session, Verdict};
use labwright_testbed::Kind;

use crate::desk::{Desk, ended, image, import, until, wish};

/// What is known of each file, in a word.
fn verdicts(offer: &Offer) -> Vec<(&str, &str)> {
    let word = |verdict: &Verdict| match verdict {
        Verdict::Looking { .. } => "looking",
        Verdict::Importable { .. } => "importable",
        Verdict::Started { .. } => "started",
        Verdict::Lab { .. } => "lab",
        Verdict::Refused { .. } => "refused",
    };
    let files = offer.files.iter();
    files
        .map(|file| (file.name.as_str(), word(&file.verdict)))
        .collect()
}

fn is_judged(offer: &Offer) -> bool {
    let looking = |verdict: &Verdict| matches!(verdict, Verdict::Looking { .. });
    !offer.searching && !offer.files.iter().any(|file| looking(&file.verdict))
}

async fn until_judged(session: &Session) -> Offer {
    let offer = until(session.offers(), |offer| {
        offer.as_ref().is_some_and(is_judged)
    });
    offer.await.unwrap()
}

async fn until_asking(session: &Session) -> Offer {
    let offer = until(session.offers(), |offer| {
        offer
            .as_ref()
            .is_some_and(|offer| offer.phase == OfferPhase::Asking)
    });
    offer.await.unwrap()
}

async fn until_closed(session: &Session) {
    until(session.offers(), Option::is_none).await;
}

/// Waits for all jobs; gives the titles in the order of the names.
async fn all_ended(session: &Session) -> Vec<String> {
    let (jobs, _) = session.jobs().await;
    let mut titles = Vec::new();
    for job in &jobs.jobs {
        titles.push(ended(session, &job.id).await.title);
    }
    titles.sort();
    titles
}

#[tokio::test]
async fn files_over_the_window_are_named_and_nothing_starts() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let vyos = desk.file("vyos-1.4.0-amd64.tar", &image("vyos"));
    let machine = desk.file("vEOS-lab.qcow2", b"QFI\xfb\0\0\0\x03 and more of a disk");
    session.drag(vec![vyos, machine]);
    let offer = until_judged(&session).await;
    assert_eq!(offer.phase, OfferPhase::Dragged);
    assert_eq!(
        verdicts(&offer),
        [
            ("vyos-1.4.0-amd64.tar", "importable"),
            ("vEOS-lab.qcow2", "refused")
        ]
    );
    let Verdict::Importable { proposal } = &offer.files[0].verdict else {
        panic!("{offer:?}");
    };
    assert_eq!(proposal.title, "VyOS");
    assert_eq!(proposal.reference.as_deref(), Some("vyos:1.4.0"));
    assert_eq!(proposal.shape.as_deref(), Some("root file system"));
    assert!(proposal.fits && proposal.taken.is_none(), "{proposal:?}");
    let Verdict::Refused { error } = &offer.files[1].verdict else {
        panic!("{offer:?}");
    };
    assert_eq!(error.code, "not_an_image");

    session.drag_left();
    until_closed(&session).await;
    let (jobs, _) = session.jobs().await;
    assert!(jobs.jobs.is_empty());
}

#[tokio::test]
async fn what_is_clear_starts_when_it_is_dropped_and_the_rest_is_asked() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let clear = desk.file("vyos-1.4.0-amd64.tar", &image("vyos"));
    let unknown = desk.file("something.tar", &image("something"));
    let page = desk.file("crpd-23.4R1.10.tgz", b"<!DOCTYPE html><title>Login</title>");
    let paths = vec![clear, unknown.clone(), page];
    session.drag(paths.clone());
    until_judged(&session).await;
    session.drop_files(paths);
    let offer = until_asking(&session).await;
    assert_eq!(
        verdicts(&offer),
        [
            ("vyos-1.4.0-amd64.tar", "started"),
            ("something.tar", "importable"),
            ("crpd-23.4R1.10.tgz", "refused")
        ]
    );
    let answer = ImportWish {
        reference: Some("lab/something:1".to_owned()),
        ..wish(&unknown)
    };
    session.settle_offer(offer.id, vec![answer]).await.unwrap();
    until_closed(&session).await;
    all_ended(&session).await;
    let mut images = desk.host().images();
    images.sort();
    assert_eq!(images, ["lab/something:1", "vyos:1.4.0"]);
}

#[tokio::test]
async fn an_offer_of_clear_files_alone_asks_nothing() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let folder = desk.folder.path().join("images");
    desk.file("images/vyos-1.4.0-amd64.tar", &image("a"));
    desk.file("images/deeper/vyos-1.5.0-amd64.tar", &image("b"));
    desk.file("images/notes.txt", b"no image");
    session.drop_files(vec![folder.to_str().unwrap().to_owned()]);
    until_closed(&session).await;
    let titles = all_ended(&session).await;
    assert_eq!(titles.len(), 2, "{titles:?}");
}

#[tokio::test]
async fn a_name_that_is_taken_or_wanted_twice_is_asked() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let first = desk.file("vyos-1.4.0-amd64.tar", &image("first"));
    import(&session, &first).await;
    let again = desk.file("new/vyos-1.4.0-amd64.tar", &image("second"));
    let twin = desk.file("a/vyos-1.5.0-amd64.tar", &image("third"));
    let other = desk.file("b/vyos-1.5.0-amd64.tar", &image("fourth"));
    session.offer(&[again, twin, other]).unwrap();
    let offer = until_asking(&session).await;
    let Verdict::Importable { proposal } = &offer.files[0].verdict else {
        panic!("{offer:?}");
    };
    let taken = proposal.taken.as_ref().expect("the name is taken");
    assert_eq!(taken.source.as_deref(), Some("vyos-1.4.0-amd64.tar"));
    assert!(matches!(offer.files[1].verdict, Verdict::Started { .. }));
    let Verdict::Importable { proposal } = &offer.files[2].verdict else {
        panic!("{offer:?}");
    };
    assert_eq!(
        proposal.warning.as_deref(),
        Some("vyos-1.5.0-amd64.tar wants the same name")
    );
    session.dismiss_offer(offer.id);
    until_closed(&session).await;
}

#[tokio::test]
async fn what_is_nothing_says_why() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let error = session
        .offer(&["ftp://lab.example/x.tar".to_owned()])
        .unwrap_err();
    assert_eq!(error.code, "source_unusable");

    let missing = desk.folder.path().join("gone.tar");
    session
        .offer(&[missing.to_str().unwrap().to_owned()])
        .unwrap();
    let offer = until_asking(&session).await;
    let Verdict::Refused { error } = &offer.files[0].verdict else {
        panic!("{offer:?}");
    };
    assert_eq!(error.code, "file_open");
}
