//! Files that are offered: dragged, chosen, typed or pasted.

use std::path::Path;

use labwright_jobs::ErrorReport;

use super::Session;
use crate::offers::MOST_FILES;
use crate::sources::{archives_in, source_of};
use crate::{ImportWish, OfferPhase, Started};

impl Session {
    /// Files are held over the window.
    pub fn drag(&self, paths: Vec<String>) {
        self.offer_as(OfferPhase::Dragged, paths);
    }

    /// They were let go: what is clear starts as soon as it was judged.
    pub fn drop_files(&self, paths: Vec<String>) {
        match self.shared.offers.drop_files() {
            Some(id) => drop(tokio::spawn(self.clone().start_clear(id))),
            // Some systems take the files away first, and then drop them.
            None => self.offer_as(OfferPhase::Looking, paths),
        }
    }

    /// They were taken away again.
    pub fn drag_left(&self) {
        self.shared.offers.leave();
    }

    /// Offers what the user typed, pasted or chose: paths, URLs, folders.
    pub fn offer(&self, given: &[String]) -> Result<(), ErrorReport> {
        let home = self.shared.environment.home().unwrap_or(Path::new(""));
        let source = |given: &String| {
            let given = given.trim();
            source_of(given.strip_prefix("~/").unwrap_or(given), home)
        };
        let sources: Result<_, _> = given.iter().map(source).collect();
        let sources = sources.map_err(|error| error.report())?;
        self.offer_as(OfferPhase::Looking, sources);
        Ok(())
    }

    fn offer_as(&self, phase: OfferPhase, given: Vec<String>) {
        let engine = self.engine().ok();
        let id = self.shared.offers.open(phase, engine.as_ref());
        let session = self.clone();
        tokio::spawn(async move {
            let (rules, _) = session.shared.rules.load();
            let searching = tokio::task::spawn_blocking(move || archives_in(&given, MOST_FILES));
            let found = searching.await.unwrap_or_default();
            let offers = &session.shared.offers;
            offers.fill(id, found, &rules);
            offers.judge(id, engine, rules).await;
            session.start_clear(id).await;
        });
    }

    /// Starts what needs no answer, and asks about the rest once all is judged.
    async fn start_clear(self, id: u64) {
        let offers = &self.shared.offers;
        for source in offers.start_clear(id) {
            let wish = ImportWish {
                source: source.clone(),
                reference: None,
                kind: None,
                replace: false,
            };
            if let Err(error) = self.import(wish).await {
                offers.refuse(id, &source, error);
            }
        }
        offers.ask_if_judged(id);
    }

    /// Imports what the user decided on. What is not among the wishes is left out.
    pub async fn settle_offer(
        &self,
        id: u64,
        wishes: Vec<ImportWish>,
    ) -> Result<Vec<Started>, ErrorReport> {
        let mut started = Vec::new();
        for wish in wishes {
            started.push(self.import(wish).await?);
        }
        self.shared.offers.close(id);
        Ok(started)
    }

    /// Forgets an offer.
    pub fn dismiss_offer(&self, id: u64) {
        self.shared.offers.close(id);
    }
}
