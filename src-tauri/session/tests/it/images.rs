//! The engine's images, as they come and go.

use labwright_session::{ImagesState, Session};
use labwright_testbed::Kind;

use crate::desk::{Desk, image, import, until};

fn names(state: &ImagesState) -> Vec<&str> {
    let images = state.images.iter();
    images
        .flat_map(|image| image.references.iter().map(String::as_str))
        .collect()
}

async fn until_named(session: &Session, wanted: &[&str]) -> ImagesState {
    until(session.images(), |state| {
        state.listed && names(state) == wanted
    })
    .await
}

async fn come_and_go(kind: Kind) {
    let desk = Desk::with(kind).await;
    let session = desk.session().await;
    until_named(&session, &[]).await;

    let file = desk.file("vyos-1.4.0-amd64.tar", &image("vyos"));
    import(&session, &file).await;
    let state = until_named(&session, &["vyos:1.4.0"]).await;
    let vyos = &state.images[0];
    assert_eq!(vyos.title.as_deref(), Some("VyOS"));
    assert_eq!(vyos.source.as_deref(), Some("vyos-1.4.0-amd64.tar"));

    // By somebody else.
    desk.host().exec_cli(&["tag", "vyos:1.4.0", "lab/other:2"]);
    session.list_again();
    until_named(&session, &["lab/other:2", "vyos:1.4.0"]).await;

    session
        .rename_image("lab/other:2", "lab/mine:3", false)
        .await
        .unwrap();
    until_named(&session, &["lab/mine:3", "vyos:1.4.0"]).await;
    let detail = session.image("lab/mine:3").await.unwrap();
    assert_eq!(detail.layers.len(), 1);

    session.remove_image("lab/mine:3", false).await.unwrap();
    session.remove_image("vyos:1.4.0", false).await.unwrap();
    until_named(&session, &[]).await;
    let gone = session.image("vyos:1.4.0").await.unwrap_err();
    assert_eq!(gone.code, "engine_image_missing");
}

#[tokio::test]
async fn they_come_and_go_with_the_classic_store() {
    come_and_go(Kind::Classic).await;
}

#[tokio::test]
async fn they_come_and_go_with_the_containerd_store() {
    come_and_go(Kind::Containerd).await;
}

#[tokio::test]
async fn they_come_and_go_with_podman() {
    come_and_go(Kind::Podman).await;
}

#[tokio::test]
async fn what_others_do_is_pushed() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let file = desk.file("frr-1.tar", &image("frr"));
    import(&session, &file).await;
    until_named(&session, &["frr:1"]).await;

    desk.host().exec_cli(&["tag", "frr:1", "frr:2"]);
    until_named(&session, &["frr:1", "frr:2"]).await;
    desk.host().exec_cli(&["rmi", "frr:1"]);
    until_named(&session, &["frr:2"]).await;
}
