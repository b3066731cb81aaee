//! The engine in use: found, gone, back, none.

use std::sync::Arc;

use labwright_engine::Health;
use labwright_session::{EngineState, Session};
use labwright_testbed::{Engine, Kind};

use crate::desk::{Desk, image, import, until};

#[tokio::test]
async fn it_is_found_described_and_measured() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let state = until(session.engines(), |state| state.selected.is_some()).await;
    let selected = state.selected.unwrap();
    assert_eq!(selected.info.address, desk.host().address());
    assert_eq!(selected.health, Health::Up);
    assert!(state.found.contains(&selected.info));
    assert_eq!(state.problem, None);
    assert!(!state.searching);
}

#[tokio::test]
async fn that_it_went_away_and_came_back_is_pushed_and_imports_work_again() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    let is = |up: bool| {
        move |state: &EngineState| {
            let selected = state.selected.as_ref();
            selected.is_some_and(|selected| (selected.health == Health::Up) == up)
        }
    };
    let before = until(session.engines(), is(true)).await;

    desk.host().kill();
    let gone = until(session.engines(), is(false)).await;
    assert_eq!(
        gone.selected.as_ref().map(|selected| &selected.info),
        before.selected.as_ref().map(|selected| &selected.info),
        "it is still the one in use"
    );

    let host = desk.host.clone().unwrap();
    tokio::task::spawn_blocking(move || host.start())
        .await
        .unwrap();
    until(session.engines(), is(true)).await;
    let file = desk.file("frr-1.tar", &image("after"));
    import(&session, &file).await;
}

#[tokio::test]
async fn none_is_a_state_that_ends_when_one_comes() {
    let mut desk = Desk::without_engine();
    let socket = desk.folder.path().join("engine.sock");
    let address = format!("unix://{}", socket.display());
    let session = Session::open(desk.environment(&[("DOCKER_HOST", &address)])).unwrap();
    let state = until(session.engines(), |state| !state.searching).await;
    assert!(state.selected.is_none(), "{state:?}");
    let problem = state.problem.unwrap();
    assert_eq!(problem.error.code, "engine_socket_missing");
    assert!(!problem.error.hints.is_empty(), "{problem:?}");

    let starting = tokio::task::spawn_blocking(|| Engine::private(Kind::Classic));
    desk.host = Some(Arc::new(starting.await.unwrap()));
    std::os::unix::fs::symlink(desk.host().socket(), socket).unwrap();
    let state = until(session.engines(), |state| state.selected.is_some()).await;
    assert_eq!(state.problem, None);
}

#[tokio::test]
async fn one_that_was_chosen_and_is_not_there_is_not_replaced_by_another() {
    let desk = Desk::with(Kind::Classic).await;
    let session = desk.session().await;
    session
        .select_engine(Some("unix:///no-such-folder/other.sock".to_owned()))
        .unwrap();
    let state = until(session.engines(), |state| state.problem.is_some()).await;
    assert!(state.selected.is_none(), "{state:?}");
    let problem = state.problem.unwrap();
    assert_eq!(problem.error.code, "engine_socket_missing");
    assert_eq!(problem.way_out, None);

    session.select_engine(None).unwrap();
    until(session.engines(), |state| state.selected.is_some()).await;
}
