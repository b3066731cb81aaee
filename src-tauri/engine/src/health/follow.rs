//! The task behind a watch: one stream of events, and a question now and then while there is none.

use std::error::Error;

use bollard::query_parameters::EventsOptions;
use futures_util::StreamExt;
use reqwest::Method;
use tokio::{
    sync::{broadcast, watch},
    time::{sleep, timeout},
};

use super::{event::EngineEvent, watch::Health};
use crate::{RequestError, connection::Connection};

pub(super) struct Follower {
    pub(super) connection: Connection,
    pub(super) health: watch::Sender<Health>,
    pub(super) events: broadcast::Sender<EngineEvent>,
}

impl Follower {
    /// Never ends by itself; the watch aborts it.
    pub(super) async fn run(self) {
        loop {
            match self.ping().await {
                Ok(()) => {
                    self.set(Health::Up);
                    let why = self.follow().await;
                    tracing::info!(why, "the engine went away");
                    self.set(Health::gone_now(why));
                }
                Err(why) => self.set(Health::gone_now(why)),
            }
            sleep(self.connection.patience().between_pings).await;
        }
    }

    /// While the engine stays away, the moment and the reason it left stay as they are.
    fn set(&self, health: Health) {
        self.health.send_if_modified(|known| {
            let changed = matches!(known, Health::Up) != matches!(health, Health::Up);
            if changed {
                *known = health;
            }
            changed
        });
    }

    async fn ping(&self) -> Result<(), String> {
        let question = self.connection.send(Method::GET, "/_ping", &[]);
        match timeout(self.connection.patience().return_ping, question).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(match self.connection.way_failed() {
                Some(reason) => reason.to_string(),
                None => innermost(&error),
            }),
            Err(_) => Err("it does not answer".to_owned()),
        }
    }

    /// Passes events on until the stream ends; returns why it ended.
    async fn follow(&self) -> String {
        let options = EventsOptions {
            filters: Some(EngineEvent::filters()),
            ..EventsOptions::default()
        };
        let mut stream = std::pin::pin!(self.connection.docker().events(Some(options)));
        while let Some(message) = stream.next().await {
            match message.map_err(RequestError::from) {
                Ok(message) => {
                    if let Some(event) = EngineEvent::from_message(message) {
                        // Without a reader there is nobody to tell.
                        let _ = self.events.send(event);
                    }
                }
                Err(error) => {
                    tracing::debug!(error = innermost(&error), "the stream of events broke");
                    let reason = self.connection.way_failed();
                    return reason.map_or("the connection broke".to_owned(), |it| it.to_string());
                }
            }
        }
        "it closed the connection".to_owned()
    }
}

/// The last cause in the chain says most: "Connection refused", and not "client error".
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
