//! Files that are dragged over the window, or chosen: each is judged before anything is decided.

use std::path::Path;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use labwright_engine::Engine;
use labwright_images::{ImportError, Proposal, Rules};
use labwright_jobs::ErrorReport;
use tokio::sync::watch;

use crate::{Offer, OfferPhase, OfferedFile, Verdict};

/// More files than anyone would look through.
pub(crate) const MOST_FILES: usize = 200;

/// How many files are looked into at once.
const LOOKS_AT_ONCE: usize = 2;

/// The offer that is open; at most one is.
#[derive(Clone, Debug)]
pub(crate) struct Offers {
    state: watch::Sender<Option<Offer>>,
}

impl Offers {
    pub(crate) fn new() -> Self {
        let state = watch::Sender::new(None);
        Self { state }
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<Offer>> {
        self.state.subscribe()
    }

    /// Opens an offer in place of the one that was open. Its files follow.
    pub(crate) fn open(&self, phase: OfferPhase, engine: Option<&Engine>) -> u64 {
        let id = next_id();
        self.state.send_replace(Some(Offer {
            id,
            phase,
            searching: true,
            engine: engine.map(|engine| engine.title().to_owned()),
            free_space: engine.and_then(Engine::free_space),
            files: Vec::new(),
            left_out: 0,
        }));
        id
    }

    /// The files of an offer were found. What their names say is known at once. Labs are among them only while they are
    /// held over the window: they are opened when they are dropped.
    pub(crate) fn fill(
        &self,
        id: u64,
        labs: Vec<OfferedFile>,
        (sources, left_out): (Vec<String>, usize),
        rules: &Rules,
    ) {
        let file = |source: String| {
            let name = name_of(&source).to_owned();
            let proposal = Proposal::by_name(&name, rules);
            OfferedFile {
                source,
                name,
                verdict: Verdict::Looking { proposal },
            }
        };
        self.change(id, |offer| {
            offer.files = sources.into_iter().map(file).collect();
            // Behind the others, whose places must not change when they go.
            if offer.phase == OfferPhase::Dragged {
                offer.files.extend(labs);
            }
            offer.left_out = left_out;
            offer.searching = false;
            true
        });
    }

    /// Ends an offer of nothing but labs, which were dropped.
    pub(crate) fn close_if_empty(&self, id: u64) {
        self.close_if(|offer| {
            let dropped = offer.phase != OfferPhase::Dragged;
            offer.id == id && dropped && !offer.searching && offer.files.is_empty()
        });
    }

    /// Looks into all files of an offer, one by one. Ends early when the offer does.
    pub(crate) async fn judge(&self, id: u64, engine: Option<Engine>, rules: Arc<Rules>) {
        let files = match &*self.state.borrow() {
            Some(offer) if offer.id == id => offer.files.clone(),
            _ => return,
        };
        let is_open = |file: &OfferedFile| matches!(file.verdict, Verdict::Looking { .. });
        let files = files.into_iter().enumerate();
        let verdicts = stream::iter(files.filter(|(_, file)| is_open(file)))
            .map(|(index, file)| {
                let (engine, rules) = (engine.clone(), Arc::clone(&rules));
                async move { (index, verdict(file.source, engine.as_ref(), rules).await) }
            })
            .buffered(LOOKS_AT_ONCE);
        let mut verdicts = std::pin::pin!(verdicts);
        while let Some((index, verdict)) = verdicts.next().await {
            let noted = self.change(id, |offer| {
                let verdict = against_the_others(verdict, &offer.files[..index]);
                offer.files[index].verdict = verdict;
                true
            });
            if !noted {
                return;
            }
        }
    }

    /// The files were let go over the window; gives the offer.
    pub(crate) fn drop_files(&self) -> Option<u64> {
        let id = self.state.borrow().as_ref().map(|offer| offer.id)?;
        let dropped = self.change(id, |offer| {
            let held = offer.phase == OfferPhase::Dragged;
            if held {
                offer.phase = OfferPhase::Looking;
                let is_lab = |file: &OfferedFile| matches!(file.verdict, Verdict::Lab { .. });
                offer.files.retain(|file| !is_lab(file));
            }
            held
        });
        dropped.then_some(id)
    }

    /// The files were dragged out of the window again.
    pub(crate) fn leave(&self) {
        self.close_if(|offer| offer.phase == OfferPhase::Dragged);
    }

    /// The offer was answered.
    pub(crate) fn close(&self, id: u64) {
        self.close_if(|offer| offer.id == id);
    }

    /// The files that need no answer; they count as started from here on.
    pub(crate) fn start_clear(&self, id: u64) -> Vec<String> {
        let mut started = Vec::new();
        self.change(id, |offer| {
            // Without an engine nothing was compared.
            if offer.engine.is_none() || offer.phase == OfferPhase::Dragged {
                return false;
            }
            for file in &mut offer.files {
                match &file.verdict {
                    Verdict::Importable { proposal } if proposal.is_clear() => {
                        let proposal = proposal.clone();
                        file.verdict = Verdict::Started { proposal };
                        started.push(file.source.clone());
                    }
                    _ => {}
                }
            }
            !started.is_empty()
        });
        started
    }

    /// A file that was to be started could not.
    pub(crate) fn refuse(&self, id: u64, source: &str, error: ErrorReport) {
        self.change(id, |offer| {
            let file = offer.files.iter_mut().find(|file| file.source == source);
            match file {
                Some(file) => file.verdict = Verdict::Refused { error },
                None => return false,
            }
            true
        });
    }

    /// If all is judged, what is left needs an answer; if nothing is left the offer ends.
    pub(crate) fn ask_if_judged(&self, id: u64) {
        let is_judged = |file: &OfferedFile| !matches!(file.verdict, Verdict::Looking { .. });
        self.change(id, |offer| {
            let judged = !offer.searching && offer.files.iter().all(is_judged);
            let asks = judged && offer.phase == OfferPhase::Looking;
            if asks {
                offer.phase = OfferPhase::Asking;
            }
            asks
        });
        self.close_if(|offer| {
            let settled = |file: &OfferedFile| matches!(file.verdict, Verdict::Started { .. });
            let asks = offer.id == id && offer.phase == OfferPhase::Asking;
            asks && !offer.files.is_empty() && offer.files.iter().all(settled)
        });
    }

    /// Changes an offer if it is still open; says whether it was changed.
    fn change(&self, id: u64, change: impl FnOnce(&mut Offer) -> bool) -> bool {
        self.state.send_if_modified(
            |state| match state.as_mut().filter(|offer| offer.id == id) {
                Some(offer) => change(offer),
                None => false,
            },
        )
    }

    fn close_if(&self, condition: impl Fn(&Offer) -> bool) {
        self.state.send_if_modified(|state| {
            let closes = state.as_ref().is_some_and(condition);
            if closes {
                *state = None;
            }
            closes
        });
    }
}

/// Offers are numbered over the life of the program, so that an answer to an earlier one is none to
/// a later one.
fn next_id() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// The last part of a path or URL.
pub(crate) fn name_of(source: &str) -> &str {
    let path = source.split(['?', '#']).next().unwrap_or(source);
    let name = if source.contains("://") { path } else { source };
    name.rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or(source)
}

/// Two files that want one name cannot both have it.
fn against_the_others(verdict: Verdict, earlier: &[OfferedFile]) -> Verdict {
    let Verdict::Importable { mut proposal } = verdict else {
        return verdict;
    };
    let wanted = |file: &OfferedFile| match &file.verdict {
        Verdict::Importable { proposal } | Verdict::Started { proposal } => {
            proposal.reference.clone()
        }
        Verdict::Looking { .. } | Verdict::Lab { .. } | Verdict::Refused { .. } => None,
    };
    let rival = earlier
        .iter()
        .find(|file| proposal.reference.is_some() && wanted(file) == proposal.reference);
    if let (Some(rival), None) = (rival, &proposal.warning) {
        proposal.warning = Some(format!("{} wants the same name", rival.name));
    }
    Verdict::Importable { proposal }
}

async fn verdict(source: String, engine: Option<&Engine>, rules: Arc<Rules>) -> Verdict {
    let judged = match proposal(source, rules).await {
        Ok(proposal) => match engine {
            Some(engine) => proposal.compared_with(engine).await,
            None => Ok(proposal),
        },
        Err(error) => Err(error),
    };
    match judged {
        Ok(proposal) => Verdict::Importable { proposal },
        Err(error) => Verdict::Refused {
            error: error.report(),
        },
    }
}

async fn proposal(source: String, rules: Arc<Rules>) -> Result<Proposal, ImportError> {
    if source.contains("://") {
        return Ok(Proposal::by_name(name_of(&source), &rules));
    }
    let name = name_of(&source).to_owned();
    let looking =
        tokio::task::spawn_blocking(move || Proposal::of_file(Path::new(&source), &rules));
    match looking.await {
        Ok(looked) => looked,
        Err(source) => Err(ImportError::Fault { name, source }),
    }
}
