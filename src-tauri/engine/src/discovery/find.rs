//! Asking every candidate at once.

use std::sync::Arc;

use futures_util::future::join_all;

use super::inputs::{self, DiscoveryInputs, RefusedAddress};
use crate::{Candidate, Engine, EngineAddress, EngineError};

/// What was found, in order of precedence.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// The engines that answered, each once.
    pub engines: Vec<Engine>,
    /// The places where none answered, and why.
    pub unreachable: Vec<(Candidate, Arc<EngineError>)>,
    /// Engines over SSH that are known and were not asked: nobody chose them.
    /// [`Engine::connect_through`] asks one.
    pub unasked: Vec<Candidate>,
    /// Addresses that somebody wrote down and that cannot be used.
    pub refused: Vec<RefusedAddress>,
    /// Every name of every address: one engine can have several.
    pub(super) names: Vec<(String, EngineAddress)>,
    /// The name that the user asked for.
    pub(super) wanted: Option<String>,
}

/// Asks every candidate at once whether an engine is there. Takes as long as the slowest, five
/// seconds where one hangs, half a minute where a host over SSH does.
///
/// Where the user gave an address, only that one is asked. A host over SSH is asked only if the user chose it: by its
/// address or name, by `DOCKER_HOST` or as the current context.
pub async fn find(inputs: &DiscoveryInputs) -> Discovery {
    let mut candidates = inputs::candidates(inputs);
    if inputs.explicit_address().is_some() {
        candidates.retain(|candidate| candidate.origin == super::Origin::Explicit);
    }
    let mut found = Discovery {
        refused: inputs::refused_addresses(inputs),
        names: inputs::all_names(inputs),
        wanted: inputs
            .explicit
            .clone()
            .filter(|given| !given.trim().is_empty()),
        ..Discovery::default()
    };
    let (asked, unasked): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| found.may_ask(candidate));
    found.unasked = unasked;
    let asking = asked.iter().map(|it| Engine::connect_through(it, inputs));
    let answers = join_all(asking).await;
    for (candidate, answer) in asked.into_iter().zip(answers) {
        match answer {
            Ok(engine) => found.add(engine),
            Err(error) => found.unreachable.push((candidate, Arc::new(error))),
        }
    }
    found
}

impl Discovery {
    /// Logging in to a machine is not done by the way.
    fn may_ask(&self, candidate: &Candidate) -> bool {
        let named = |wanted: &String| {
            self.addresses_of(wanted.trim())
                .contains(&candidate.address)
        };
        !matches!(candidate.address, EngineAddress::Ssh(_))
            || candidate.origin.is_chosen()
            || self.wanted.as_ref().is_some_and(named)
    }

    /// An engine that was reached before, through another socket, only lends its name.
    fn add(&mut self, engine: Engine) {
        let id = &engine.info().id;
        match self.engines.iter().find(|earlier| earlier.info().id == *id) {
            None => self.engines.push(engine),
            Some(earlier) => {
                let address = earlier.candidate().address.canonical();
                let other = engine.candidate().address.canonical();
                let names = self.names.iter_mut().filter(|(_, named)| *named == other);
                names.for_each(|(_, named)| *named = address.clone());
            }
        }
    }
}
