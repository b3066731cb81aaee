//! What was probably meant by a word that nothing is called.

/// A longer word is no slip of the finger, and comparing it would take long.
const LONGEST: usize = 80;
/// How many proposals a person reads.
const MOST: usize = 3;
/// A part of a name must be this long to mean it.
const SHORTEST_PART: usize = 3;

/// The candidate that is most alike, if one is.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    near(word, candidates).into_iter().next()
}

/// The few candidates that are alike, the nearest first.
pub(super) fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    if word.is_empty() || word.len() > LONGEST {
        return Vec::new();
    }
    let mut alike: Vec<((usize, usize), &str)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((unlikeness(&word, candidate)?, candidate)))
        .collect();
    alike.sort_unstable();
    if let Some(((0, _), itself)) = alike.first() {
        return vec![itself];
    }
    alike.truncate(MOST);
    alike.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How far a candidate is from a word in lower case: a slip of one letter is nearest, then a name that has the word as a
/// part, then more slips. Zero is the word itself.
fn unlikeness(word: &str, candidate: &str) -> Option<(usize, usize)> {
    if candidate.len() > LONGEST {
        return None;
    }
    let candidate = candidate.to_lowercase();
    let letters = word.chars().count();
    let longer = candidate.chars().count().abs_diff(letters);
    if word.len() >= SHORTEST_PART && candidate.contains(word) {
        return Some((longer.min(2), longer));
    }
    let most = (letters / 3).max(1);
    if longer > most {
        return None;
    }
    let slips = strsim::osa_distance(word, &candidate);
    let rank = if slips < 2 { slips } else { 3 };
    (slips <= most).then_some((rank, slips))
}
