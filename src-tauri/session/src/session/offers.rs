//! Files that are offered: dragged, chosen, typed or pasted.

use std::path::Path;

use labwright_jobs::ErrorReport;

use super::Session;
use crate::labs::{GivenLabs, Reader, blocking, is_topology, labs_in, stem};
use crate::offers::{MOST_FILES, name_of};
use crate::sources::{archives_in, source_of};
use crate::{HandedOver, ImportWish, OfferPhase, OfferedFile, Started, Verdict};

impl Session {
    /// Files are held over the window.
    pub fn drag(&self, paths: Vec<String>) {
        self.offer_as(OfferPhase::Dragged, paths);
    }

    /// They were let go: what is clear starts as soon as it was judged.
    pub fn drop_files(&self, paths: Vec<String>) {
        match self.shared.offers.drop_files() {
            Some(id) => {
                self.shared.offers.close_if_empty(id);
                tokio::spawn(self.clone().start_clear(id));
                tokio::spawn(self.clone().open_labs_of(paths));
            }
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

    /// Opens and offers what the program was started with. What is to be imported waits until an engine was looked for.
    pub async fn open_given(&self, given: Vec<String>) -> Result<(), ErrorReport> {
        let (labs, others) = blocking(move || labs_in(given)).await?;
        self.clone().open_labs(labs).await;
        if others.is_empty() {
            return Ok(());
        }
        self.engine_known().await;
        self.offer(&others)
    }

    /// Labs are named while they are held over the window, and then opened.
    fn offer_as(&self, phase: OfferPhase, given: Vec<String>) {
        if phase == OfferPhase::Looking {
            tokio::spawn(self.clone().open_labs_of(given.clone()));
            if given.iter().all(|path| is_topology(Path::new(path))) {
                return;
            }
        }
        let engine = self.engine().ok();
        let id = self.shared.offers.open(phase, engine.as_ref());
        let session = self.clone();
        tokio::spawn(async move {
            let (rules, _) = session.shared.rules.load();
            let reader = session.shared.labs.reader.clone();
            let searching = tokio::task::spawn_blocking(move || {
                let (labs, others) = labs_in(given);
                (offered(&labs, &reader), archives_in(&others, MOST_FILES))
            });
            let (labs, found) = searching.await.unwrap_or_default();
            let offers = &session.shared.offers;
            let only_labs = !labs.is_empty() && found.0.is_empty();
            offers.fill(id, labs, found, &rules);
            if only_labs {
                return offers.close_if_empty(id);
            }
            offers.judge(id, engine, rules).await;
            session.start_clear(id).await;
        });
    }

    /// Opens the lab among what was dropped or given; with several, all are on the list.
    async fn open_labs_of(self, given: Vec<String>) {
        let labs = blocking(move || labs_in(given).0).await;
        self.open_labs(labs.unwrap_or_default()).await;
    }

    async fn open_labs(self, labs: Vec<GivenLabs>) {
        if labs.is_empty() {
            return;
        }
        let count = labs.iter().map(|(_, files)| files.len()).sum();
        let labs: Vec<String> = labs.into_iter().map(|(given, _)| given).collect();
        let handed_over = match self.add_labs(&labs).await {
            Ok(Some(key)) => {
                self.open_lab(key.clone()).await;
                HandedOver::Lab { key }
            }
            Ok(None) => HandedOver::Labs { count },
            Err(error) => {
                tracing::warn!(error = error.in_one_line(), "a lab is not opened");
                HandedOver::Failed { error }
            }
        };
        self.shared.handed_over.send_replace(Some(handed_over));
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

/// What is said of labs that are held over the window. Waits for the disk.
fn offered(labs: &[GivenLabs], reader: &Reader) -> Vec<OfferedFile> {
    let opens = matches!(labs, [(_, files)] if files.len() == 1);
    let offered = |(given, files): &GivenLabs| {
        let own = name_of(given).to_owned();
        let name = match files.as_slice() {
            [only] => {
                let file = reader.read(only, None);
                file.name().map_or_else(|| stem(only), str::to_owned)
            }
            _ => own.clone(),
        };
        OfferedFile {
            source: given.clone(),
            verdict: Verdict::Lab {
                name,
                labs: files.len(),
                opens,
            },
            name: own,
        }
    };
    labs.iter().map(offered).collect()
}
