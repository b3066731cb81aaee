//! The problems of one file, collected.

use crate::topology::{Code, Place, Problem, Severity};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// How many problems of a file are told. Nobody reads more, and a hostile file could have millions.
pub(in crate::topology) const MOST_PROBLEMS: usize = 1_000;
/// Words that are longer are not compared.
const LONGEST_WORD: usize = 64;
/// How many words suggestions are looked for.
const MOST_SUGGESTIONS: usize = 200;

/// Everything that is wrong, told through a shared reference.
#[derive(Default)]
pub(super) struct Problems {
    list: RefCell<Vec<Problem>>,
    suggestions: RefCell<BTreeMap<String, Option<String>>>,
    /// Where settings stand that have no effect, with what to do instead.
    without_effect: RefCell<BTreeSet<(Place, &'static str)>>,
    over: Cell<bool>,
}

impl Problems {
    pub(super) fn extend(&self, problems: Vec<Problem>) {
        for problem in problems {
            self.push(problem);
        }
    }

    pub(super) fn error(&self, code: Code, place: Place, message: String) {
        self.push(problem(Severity::Error, code, place, message, None));
    }

    /// An error with what would be right.
    pub(super) fn error_hint(
        &self,
        code: Code,
        place: Place,
        message: String,
        hint: Option<String>,
    ) {
        self.push(problem(Severity::Error, code, place, message, hint));
    }

    pub(super) fn warning(&self, code: Code, place: Place, message: String, hint: Option<String>) {
        self.push(problem(Severity::Warning, code, place, message, hint));
    }

    /// Warns of a setting that has no effect, with what to do instead. Aliases may bring it to many places; it is told
    /// where it is written, once.
    pub(super) fn no_effect(&self, place: Place, message: String, instead: &'static str) {
        if self.without_effect.borrow_mut().insert((place, instead)) {
            self.warning(Code::NoEffect, place, message, Some(instead.to_owned()));
        }
    }

    /// Something stands twice. `what` names it; the first place is added to the message.
    pub(super) fn twice(&self, code: Code, place: Place, first: Place, what: &str) {
        let message = format!("{what}, first in line {}", first.line);
        let mut problem = problem(Severity::Error, code, place, message, None);
        problem.other = Some(first);
        self.push(problem);
    }

    fn push(&self, problem: Problem) {
        let mut list = self.list.borrow_mut();
        if list.len() < MOST_PROBLEMS * 4 {
            list.push(problem);
        } else {
            self.over.set(true);
        }
    }

    /// "did you mean `leaf2`?", if a candidate is close to the word.
    pub(super) fn did_you_mean<'c>(
        &self,
        word: &str,
        candidates: impl Iterator<Item = &'c str>,
    ) -> Option<String> {
        let mut known = self.suggestions.borrow_mut();
        if let Some(suggestion) = known.get(word) {
            return suggestion.clone();
        }
        if known.len() >= MOST_SUGGESTIONS {
            return None;
        }
        let close = closest(word, candidates);
        let suggestion = close.map(|close| format!("did you mean `{close}`?"));
        known.insert(word.to_owned(), suggestion.clone());
        suggestion
    }

    /// All of them in the order of the file, each once.
    pub(super) fn finish(self) -> Vec<Problem> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|problem| (problem.place, problem.severity, problem.code));
        list.dedup();
        list.dedup_by(|later, earlier| {
            (later.place, &later.message) == (earlier.place, &earlier.message)
        });
        if list.len() > MOST_PROBLEMS || self.over.get() {
            let errors = list
                .iter()
                .any(|problem| problem.severity == Severity::Error);
            list.truncate(MOST_PROBLEMS);
            let place = list.last().map(|problem| problem.place).unwrap_or_default();
            let severity = if errors {
                Severity::Error
            } else {
                Severity::Warning
            };
            let message =
                format!("there are more than {MOST_PROBLEMS} problems; the others are not listed");
            list.push(problem(severity, Code::TooLarge, place, message, None));
        }
        list
    }
}

fn problem(
    severity: Severity,
    code: Code,
    place: Place,
    message: String,
    suggestion: Option<String>,
) -> Problem {
    Problem {
        severity,
        code,
        place,
        other: None,
        message,
        suggestion,
    }
}

/// The candidate that is closest to a word, if any is close. Of several that are as close, the one whose number is.
fn closest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    if word.len() > LONGEST_WORD || word.is_empty() {
        return None;
    }
    let lower = word.to_lowercase();
    let limit = (lower.chars().count() / 3).max(1);
    let number = trailing_number(word);
    let distance = |candidate: &'c str| {
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        let step = number.abs_diff(trailing_number(candidate));
        (candidate.len() <= LONGEST_WORD && distance <= limit)
            .then_some((distance, step, candidate))
    };
    candidates
        .filter_map(distance)
        .min()
        .map(|(.., candidate)| candidate)
}

fn trailing_number(word: &str) -> u64 {
    let digits = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().unwrap_or_default()
}

/// A text of the file as it may stand in a message: short, and without characters that do things.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown.replace("\\\"", "\"").replace("\\'", "'")
}
