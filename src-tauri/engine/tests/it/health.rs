//! An engine that goes away and comes back, and what it tells of itself.

use std::{sync::Arc, time::Duration};

use labwright_engine::{EngineEvent, Health, ImportSettings};
use tokio::{sync::broadcast, task::spawn_blocking, time::timeout};

use crate::bench::{self, Kind, LONG, body, on_each_engine, reference, root_file_system};

on_each_engine! {
    going_and_coming_back_are_noticed
    events_are_told
}

async fn going_and_coming_back_are_noticed(kind: Kind) {
    let (testbed, engine) = bench::private(kind).await;
    let testbed = Arc::new(testbed);
    let watch = engine.watch();
    let mut health = watch.health();
    // The stream must be open, or the first question could find the engine gone already.
    let mut events = watch.events();
    settled(&engine, &mut events).await;
    assert_eq!(*health.borrow(), Health::Up);

    let killed = Arc::clone(&testbed);
    spawn_blocking(move || killed.kill()).await.unwrap();
    timeout(LONG, health.changed()).await.unwrap().unwrap();
    let gone = health.borrow_and_update().clone();
    let Health::Gone { since, why } = gone else {
        panic!("{gone:?}")
    };
    assert!(
        since > 1_600_000_000_000 && !why.is_empty(),
        "{since} {why}"
    );

    let started = Arc::clone(&testbed);
    spawn_blocking(move || started.start()).await.unwrap();
    timeout(LONG, health.wait_for(|health| *health == Health::Up))
        .await
        .unwrap()
        .unwrap();
    settled(&engine, &mut events).await;
}

/// Imports until the watch tells of it: from then on the stream of events is open.
async fn settled(engine: &labwright_engine::Engine, events: &mut broadcast::Receiver<EngineEvent>) {
    let name = reference("engine-health:1");
    bench::until("events arrive", async || {
        let archive = body(root_file_system("health"));
        engine
            .import(&name, &ImportSettings::default(), archive)
            .await
            .unwrap();
        timeout(Duration::from_secs(1), events.recv()).await.is_ok()
    })
    .await;
}

async fn events_are_told(kind: Kind) {
    let (testbed, engine) = bench::private(kind).await;
    let testbed = Arc::new(testbed);
    let watch = engine.watch();
    let mut events = watch.events();
    settled(&engine, &mut events).await;

    let told = reference("engine-told:1");
    let mut seen = Vec::new();
    // Podman can hold an event back until the next one: everything is done until everything is told.
    bench::until("every event was told", async || {
        engine.tag("engine-health:1", &told).await.unwrap();
        let testbed = Arc::clone(&testbed);
        spawn_blocking(move || create_and_remove(&testbed))
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        while let Ok(event) = events.try_recv() {
            seen.push(event);
        }
        let all = [is_tag, is_create, is_remove];
        all.iter().all(|wanted| seen.iter().any(wanted))
    })
    .await;
}

fn create_and_remove(testbed: &labwright_testbed::Engine) {
    let create = [
        "create",
        "--name",
        "told",
        "--network",
        "none",
        "engine-told:1",
        "/busybox",
    ];
    testbed.exec_cli(&create);
    testbed.exec_cli(&["rm", "told"]);
}

fn is_tag(event: &EngineEvent) -> bool {
    let told = |name: &Option<String>| name.as_deref().is_some_and(|n| n.contains("engine-told:1"));
    matches!(event, EngineEvent::Image { action, name, .. } if action == "tag" && told(name))
}

fn is_create(event: &EngineEvent) -> bool {
    of_container(event, &["create"])
}

fn is_remove(event: &EngineEvent) -> bool {
    of_container(event, &["destroy", "remove"])
}

fn of_container(event: &EngineEvent, actions: &[&str]) -> bool {
    matches!(event, EngineEvent::Container { action, name, .. }
        if actions.contains(&action.as_str()) && name.as_deref() == Some("told"))
}
