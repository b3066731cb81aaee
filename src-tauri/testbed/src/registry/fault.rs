//! What a gate does to a request instead of passing it on, and which request it does it to.

use crate::servers::Request;

/// What happens to requests, and to which: to all of a path, unless told otherwise.
#[derive(Clone, Debug)]
pub struct Fault {
    effect: Effect,
    method: Option<String>,
    first: u64,
    times: u64,
}

/// What happens.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// This is answered, and the registry does not hear of it.
    Answer(Reply),
    /// After so many bytes of the answer's body every connection of the gate breaks.
    Cut(u64),
    /// Nothing is answered until the client goes.
    Silence,
}

/// An answer that no registry gave.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Fault {
    /// Answers with this status, and does not pass the request on.
    pub fn answer(status: u16) -> Self {
        Self::new(Effect::Answer(Reply {
            status,
            ..Reply::default()
        }))
    }

    /// Passes the request on, and breaks every connection of the gate at once after so many bytes of the answer's body.
    pub fn cut_after(bytes: u64) -> Self {
        Self::new(Effect::Cut(bytes))
    }

    /// Takes the request and never answers.
    pub fn silence() -> Self {
        Self::new(Effect::Silence)
    }

    fn new(effect: Effect) -> Self {
        Self {
            effect,
            method: None,
            first: 1,
            times: u64::MAX,
        }
    }

    /// Adds a header to the answer: `Retry-After`, `WWW-Authenticate` …
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.reply()
            .headers
            .push((name.to_owned(), value.to_owned()));
        self
    }

    /// The answer's body; none unless told.
    #[must_use]
    pub fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.reply().body);
        self
    }

    /// Only requests of this method, in upper case; the others are not counted either.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only the `number`th request of the path, counted from 1 since the fault was set.
    #[must_use]
    pub fn nth(mut self, number: u64) -> Self {
        (self.first, self.times) = (number, 1);
        self
    }

    /// Only the first `times` requests of the path.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    fn reply(&mut self) -> &mut Reply {
        match &mut self.effect {
            Effect::Answer(reply) => reply,
            other => panic!("{other:?} has no answer to add to"),
        }
    }
}

/// The faults that are set, each with the number of requests it has seen.
#[derive(Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    path: String,
    fault: Fault,
    seen: u64,
}

impl Rules {
    pub(super) fn add(&mut self, path: &str, fault: Fault) {
        self.0.push(Rule {
            path: path.to_owned(),
            fault,
            seen: 0,
        });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// What happens to this request. Every rule of its path counts it; the one that was set first and applies wins.
    pub(super) fn effect_on(&mut self, request: &Request) -> Option<Effect> {
        let applying: Vec<_> = self
            .0
            .iter_mut()
            .filter_map(|rule| rule.count(request).then(|| rule.fault.effect.clone()))
            .collect();
        applying.into_iter().next()
    }
}

impl Rule {
    /// Counts the request if it is one of the path's; whether the fault applies to it.
    fn count(&mut self, request: &Request) -> bool {
        let fault = &self.fault;
        let other_method = fault.method.as_ref().is_some_and(|m| *m != request.method);
        if other_method || !request.target.starts_with(&self.path) {
            return false;
        }
        self.seen += 1;
        self.seen >= fault.first && self.seen - fault.first < fault.times
    }
}
