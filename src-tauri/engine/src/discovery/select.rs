//! Choosing one engine of those that were found.

use std::sync::Arc;

use super::find::Discovery;
use crate::{AddressError, Engine, EngineAddress, EngineError, EngineKind};

/// No engine could be chosen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SelectError {
    /// The user named an engine that is not known.
    #[error("there is no engine called {wanted}; known are {}", known.join(", "))]
    Unknown {
        /// What the user asked for.
        wanted: String,
        /// Names that would have been understood.
        known: Vec<String>,
    },
    /// The engine that the user chose cannot be reached.
    #[error("the chosen engine, {name}, cannot be used")]
    Unreachable {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        source: Arc<EngineError>,
    },
    /// The address that the user chose cannot be used.
    #[error("the address of the chosen engine, {name}, cannot be used")]
    Refused {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        source: AddressError,
    },
    /// No engine answered anywhere.
    #[error("no engine is running here")]
    None,
}

impl SelectError {
    /// A stable name of the failure, for code that branches.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "engine_unknown",
            Self::Unreachable { source, .. } => source.code(),
            Self::Refused { source, .. } => source.code(),
            Self::None => "engine_none",
        }
    }

    /// What the user can do next. For no engine at all, [`way_out`](crate::way_out) says more.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Unknown { .. } => vec!["lw engine list shows what was found.".to_owned()],
            Self::Unreachable { source, .. } => source.hints(),
            Self::Refused { source, .. } => source.hints(),
            Self::None => Vec::new(),
        }
    }
}

impl Discovery {
    /// The engine that the user asked for (`inputs.explicit`), or the first that answered.
    ///
    /// An engine that the user chose, by name, address, `DOCKER_HOST` or current context, is never
    /// replaced by another one: if it cannot be used, that is the error.
    pub fn select(&self) -> Result<Engine, SelectError> {
        match &self.wanted {
            Some(wanted) => self.named(wanted.trim()),
            None => self.preferred(),
        }
    }

    fn preferred(&self) -> Result<Engine, SelectError> {
        let failed = |name: &str, source: &Arc<EngineError>| SelectError::Unreachable {
            name: name.to_owned(),
            source: Arc::clone(source),
        };
        // The order within each list is the order of precedence.
        if let Some(engine) = self
            .engines
            .iter()
            .find(|e| e.candidate().origin.is_chosen())
        {
            return Ok(engine.clone());
        }
        if let Some(refused) = self
            .refused
            .iter()
            .find(|refused| refused.origin.is_chosen())
        {
            let (name, source) = (refused.name.clone(), refused.error.clone());
            return Err(SelectError::Refused { name, source });
        }
        if let Some((c, error)) = self.unreachable.iter().find(|(c, _)| c.origin.is_chosen()) {
            return Err(failed(&c.name, error));
        }
        self.engines.first().cloned().ok_or(SelectError::None)
    }

    fn named(&self, wanted: &str) -> Result<Engine, SelectError> {
        let addresses = self.addresses_of(wanted);
        let at = |address: &EngineAddress| addresses.contains(&address.canonical());
        let kind = match wanted {
            "docker" => Some(EngineKind::Docker),
            "podman" => Some(EngineKind::Podman),
            _ => None,
        };
        let by_address = self
            .engines
            .iter()
            .find(|engine| at(&engine.candidate().address));
        let by_kind = || {
            self.engines
                .iter()
                .find(|engine| Some(engine.info().kind) == kind)
        };
        if let Some(engine) = by_address.or_else(by_kind) {
            return Ok(engine.clone());
        }
        if let Some(refused) = self.refused.iter().find(|refused| refused.name == wanted) {
            let (name, source) = (refused.name.clone(), refused.error.clone());
            return Err(SelectError::Refused { name, source });
        }
        match self
            .unreachable
            .iter()
            .find(|(candidate, _)| at(&candidate.address))
        {
            Some((candidate, error)) => Err(SelectError::Unreachable {
                name: candidate.name.clone(),
                source: Arc::clone(error),
            }),
            None => Err(SelectError::Unknown {
                wanted: wanted.to_owned(),
                known: self.known(),
            }),
        }
    }

    pub(super) fn addresses_of(&self, wanted: &str) -> Vec<EngineAddress> {
        let own = wanted
            .parse::<EngineAddress>()
            .ok()
            .map(|address| address.canonical());
        let named = self.names.iter().filter(|(name, _)| name == wanted);
        named
            .map(|(_, address)| address.clone())
            .chain(own)
            .collect()
    }

    fn known(&self) -> Vec<String> {
        let mut known: Vec<String> = self.names.iter().map(|(name, _)| name.clone()).collect();
        known.sort();
        known.dedup();
        known
    }
}
