//! Which page is there, and which of its wishes is the last: commands may overtake each other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::NodePosition;

/// A page, from its loading until it is gone. Made by the page; no two loadings have the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct PageId(pub String);

/// Where a wish stands among those of its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct Turn {
    /// The page.
    pub page: PageId,
    /// Higher with each wish.
    #[ts(type = "number")]
    pub number: u64,
}

/// What only the last wish counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// Which lab is open.
    Open,
    /// Whether traffic is measured.
    Traffic,
}

/// The page that is there, and its last wishes.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// Held for moments only.
    state: Mutex<State>,
    placed: Arc<Mutex<Placed>>,
}

/// When each node of a file was put last.
pub(crate) type Placed = BTreeMap<(String, String), Turn>;

#[derive(Debug, Default)]
struct State {
    page: Option<PageId>,
    last: BTreeMap<Matter, u64>,
}

impl Turns {
    /// This page is there from now on, or none; whether that is another one than before.
    pub(crate) fn begin(&self, page: Option<PageId>) -> bool {
        let mut state = self.lock();
        if state.page == page {
            return false;
        }
        *state = State {
            page,
            last: BTreeMap::new(),
        };
        true
    }

    /// Whether a page is there.
    pub(crate) fn has(&self, page: &PageId) -> bool {
        self.lock().page.as_ref() == Some(page)
    }

    /// Takes a wish; false where its page is gone, or a later one overtook it.
    pub(crate) fn take(&self, matter: Matter, turn: &Turn) -> bool {
        let mut state = self.lock();
        let last = state.last.get(&matter).copied().unwrap_or_default();
        let counts = state.page.as_ref() == Some(&turn.page) && turn.number > last;
        if counts {
            state.last.insert(matter, turn.number);
        }
        counts
    }

    /// Whether a wish that was taken is still the last.
    pub(crate) fn is_last(&self, matter: Matter, turn: &Turn) -> bool {
        let state = self.lock();
        state.page.as_ref() == Some(&turn.page) && state.last.get(&matter) == Some(&turn.number)
    }

    /// When nodes were put. To be held while positions are written, so that one follows the other: it waits for the disk.
    pub(crate) fn placed(&self) -> Arc<Mutex<Placed>> {
        Arc::clone(&self.placed)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those of the positions that no later wish of the same page has overtaken, noted as the last.
pub(crate) fn newer(
    placed: &mut Placed,
    file: &str,
    turn: &Turn,
    mut positions: Vec<NodePosition>,
) -> Vec<NodePosition> {
    positions.retain(|position| {
        let place = (file.to_owned(), position.node.clone());
        let last = placed.get(&place);
        let is_old = last.is_some_and(|it| it.page == turn.page && it.number > turn.number);
        if !is_old {
            placed.insert(place, turn.clone());
        }
        !is_old
    });
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(page: &str, number: u64) -> Turn {
        Turn {
            page: PageId(page.to_owned()),
            number,
        }
    }

    #[test]
    fn a_wish_that_was_overtaken_does_not_count() {
        let turns = Turns::default();
        assert!(
            !turns.take(Matter::Open, &turn("one", 1)),
            "nobody is there"
        );
        assert!(turns.begin(Some(PageId("one".to_owned()))));
        assert!(!turns.begin(Some(PageId("one".to_owned()))), "a gap");
        assert!(turns.take(Matter::Open, &turn("one", 2)));
        assert!(!turns.take(Matter::Open, &turn("one", 1)));
        assert!(turns.take(Matter::Traffic, &turn("one", 1)));
        assert!(turns.is_last(Matter::Open, &turn("one", 2)));
        assert!(turns.take(Matter::Open, &turn("one", 5)));
        assert!(!turns.is_last(Matter::Open, &turn("one", 2)));

        assert!(turns.begin(Some(PageId("two".to_owned()))));
        assert!(!turns.take(Matter::Open, &turn("one", 6)), "it is gone");
        assert!(turns.take(Matter::Open, &turn("two", 1)));
        assert!(!turns.has(&PageId("one".to_owned())));
    }

    #[test]
    fn a_node_stays_where_it_was_put_last() {
        let mut placed = Placed::default();
        let put = |node: &str, x: f64| NodePosition {
            node: node.to_owned(),
            x,
            y: 0.0,
        };
        let both = vec![put("a", 2.0), put("b", 2.0)];
        assert_eq!(newer(&mut placed, "f", &turn("one", 2), both).len(), 2);
        let late = vec![put("a", 1.0), put("c", 1.0)];
        let left = newer(&mut placed, "f", &turn("one", 1), late);
        assert_eq!(left, [put("c", 1.0)]);
        let other = newer(&mut placed, "f", &turn("two", 1), vec![put("a", 3.0)]);
        assert_eq!(other.len(), 1);
    }
}
