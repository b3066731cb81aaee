//! Taking away what is not wanted.

use std::{collections::BTreeMap, fmt};

use labwright_patchbay::{EndName, Outside, Problem};

use super::{
    super::netlink::Refusal,
    lab::{Lab, Make},
    plan::in_the_way,
    problems::not_deleted,
};

impl Lab {
    /// Takes away every interface that is not wanted, or not so, and every switch. Goes on over refusals.
    pub(super) fn remove_unwanted(&mut self) -> Vec<Problem> {
        let wanted = self.wanted_ends().map(|(end, made)| (end.clone(), made));
        let wanted: BTreeMap<_, _> = wanted.collect();
        let doomed = self.interfaces.iter().filter(|(end, interface)| {
            wanted.get(*end) != Some(&interface.made) || !self.is_of_current_process(end, interface)
        });
        let doomed = doomed
            .map(|(end, interface)| (end.clone(), interface.index))
            .collect();
        let mut problems = self.remove(doomed);
        self.failed_ends.retain(|end, _| wanted.contains_key(end));
        problems.extend(self.remove_switches());
        problems
    }

    /// Takes away what is not wanted, or not so, and would keep something that is wanted from being made.
    pub(super) fn remove_what_is_in_the_way(&mut self) -> Vec<Problem> {
        let made = self.interfaces.values().map(|interface| &interface.made);
        let there = made.filter_map(|made| match made {
            Make::Outside(outside) => Some(outside.clone()),
            Make::Port(_) => None,
        });
        let there: Vec<Outside> = there.collect();
        let doomed = in_the_way(&self.wanted.outside, &there).into_iter();
        let doomed = doomed.filter_map(|end| {
            let index = self.interfaces.get(&end)?.index;
            Some((end, index))
        });
        let doomed = doomed.collect();
        self.remove(doomed)
    }

    /// Takes away the interfaces of these ends.
    pub(super) fn remove(&mut self, doomed: Vec<(EndName, u32)>) -> Vec<Problem> {
        let indexes: Vec<_> = doomed.iter().map(|(_, index)| *index).collect();
        let outcomes = self.kernel.delete_all(&indexes);
        let mut problems = Vec::new();
        for ((end, _), outcome) in doomed.into_iter().zip(outcomes) {
            problems.extend(refused(&end, outcome));
            self.failed_links.remove(&end);
            self.interfaces.remove(&end);
        }
        problems
    }

    fn remove_switches(&mut self) -> Vec<Problem> {
        let wanted = &self.wanted;
        let doomed = self
            .switches
            .iter()
            .filter(|(name, _)| !wanted.is_switch(name));
        let (names, indexes): (Vec<_>, Vec<_>) =
            doomed.map(|(name, index)| (name.clone(), *index)).unzip();
        self.switches.retain(|name, _| wanted.is_switch(name));
        self.failed_switches
            .retain(|name, _| wanted.is_switch(name));
        let outcomes = names.iter().zip(self.kernel.delete_all(&indexes));
        outcomes
            .filter_map(|(name, outcome)| refused(name, outcome))
            .collect()
    }
}

/// What is gone already was not refused.
fn refused(object: impl fmt::Display, outcome: Result<(), Refusal>) -> Option<Problem> {
    let refusal = outcome.err().filter(|refusal| !refusal.is_gone())?;
    Some(not_deleted(object, &refusal))
}
