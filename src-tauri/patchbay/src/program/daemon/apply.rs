//! Another wiring: checked, made, kept; or undone.

use labwright_patchbay::{EndName, Impairments, Link, OutsideKind, Problem, ProblemCode, Wiring};

use super::{lab::Lab, problems::without_netem};

impl Lab {
    /// Makes it so. What is new is made first and what is not wanted goes last, so that little has to be undone; but
    /// what is in the way of something new goes before it.
    pub(super) fn apply(&mut self, wiring: Wiring) -> Result<(), Vec<Problem>> {
        self.refuse(&wiring)?;
        let failed_before = self.failures();
        let before = self.want(wiring);
        let mut left = self.remove_what_is_in_the_way();
        self.make_all();
        let mut problems = self.failures_but(&failed_before);
        if problems.is_empty() {
            problems.extend(self.state.save(&self.wanted).err());
        }
        let failed = !problems.is_empty();
        if failed {
            self.want(before);
        }
        left.extend(self.remove_unwanted());
        // Ports that are wanted otherwise than they were had to go first. If it failed, what was in the way comes back.
        self.make_all();
        if failed {
            problems.extend(left);
            return Err(problems);
        }
        self.problems = left;
        self.search.begin_anew();
        Ok(())
    }

    /// Joins two ends.
    pub(super) fn connect(&mut self, ends: [EndName; 2]) -> Result<(), Vec<Problem>> {
        let mut wiring = self.wanted.clone();
        let [a, b] = ends;
        wiring.links.push(Link::new(a, b));
        self.rewire(wiring)
    }

    /// Takes the link of an end away.
    pub(super) fn disconnect(&mut self, end: &EndName) -> Result<(), Vec<Problem>> {
        let mut wiring = self.wanted.clone();
        link_of(&mut wiring, end)?;
        wiring.links.retain(|link| !link.has(end));
        self.rewire(wiring)
    }

    /// Sets the link of an end up or down.
    pub(super) fn set_link(&mut self, end: &EndName, up: bool) -> Result<(), Vec<Problem>> {
        let mut wiring = self.wanted.clone();
        link_of(&mut wiring, end)?.up = up;
        self.rewire(wiring)
    }

    /// Changes what is done to frames on their way to an end.
    pub(super) fn impair(
        &mut self,
        end: &EndName,
        impairments: Impairments,
    ) -> Result<(), Vec<Problem>> {
        let mut wiring = self.wanted.clone();
        let link = link_of(&mut wiring, end)?;
        let sides = link.ends.iter_mut().filter(|side| side.end == *end);
        sides.for_each(|side| side.impairments = impairments);
        self.rewire(wiring)
    }

    /// Other links between the same ends: touches no container.
    fn rewire(&mut self, wiring: Wiring) -> Result<(), Vec<Problem>> {
        self.refuse(&wiring)?;
        let failed_before = self.failures();
        let before = self.want(wiring);
        self.set_all();
        let mut problems = self.failures_but(&failed_before);
        if problems.is_empty() {
            problems.extend(self.state.save(&self.wanted).err());
        }
        if problems.is_empty() {
            return Ok(());
        }
        self.want(before);
        self.set_all();
        Err(problems)
    }

    /// Takes everything away and forgets it, and tells all that could not be done.
    pub(super) fn tear_down(&mut self) -> Result<(), Vec<Problem>> {
        self.want(Wiring::default());
        let mut problems = self.remove_unwanted();
        problems.extend(self.state.save(&self.wanted).err());
        self.running.clear();
        self.failed_links.clear();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Everything that can be told to be wrong before anything is touched.
    fn refuse(&self, wiring: &Wiring) -> Result<(), Vec<Problem>> {
        let mut problems = wiring.problems();
        if !self.kernel.abilities.netem {
            let sides = wiring.links.iter().flat_map(|link| &link.ends);
            problems.extend(sides.filter_map(|side| without_netem(&side.end, &side.impairments)));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// What has failed that is not just a matter of a container: those are told by their ports. Nor is a bridge that the
    /// host does not have yet: engines make a network's bridge when its first container starts.
    fn failures(&self) -> Vec<Problem> {
        let outside = self.wanted.outside.iter();
        let outside = outside.filter_map(|outside| {
            let joins = matches!(
                outside.kind,
                OutsideKind::Host {
                    bridge: Some(_),
                    ..
                }
            );
            let problem = self.failed_ends.get(&outside.end)?;
            let waits = joins && problem.code == ProblemCode::HostInterfaceMissing;
            (!waits).then_some(problem)
        });
        let links = self
            .failed_links
            .values()
            .chain(self.failed_switches.values());
        outside.chain(links).cloned().collect()
    }

    fn failures_but(&self, known: &[Problem]) -> Vec<Problem> {
        let now = self.failures().into_iter();
        now.filter(|problem| !known.contains(problem)).collect()
    }
}

fn link_of<'a>(wiring: &'a mut Wiring, end: &EndName) -> Result<&'a mut Link, Vec<Problem>> {
    let place = wiring.links.iter().position(|link| link.has(end));
    let problem = match place {
        Some(_) => None,
        None if is_known(wiring, end) => {
            let message = format!("{end} has no link");
            Some(Problem::new(ProblemCode::EndNotLinked, end, message))
        }
        None => Some(wiring.unknown_end(end)),
    };
    let link = place.and_then(|place| wiring.links.get_mut(place));
    link.ok_or_else(|| problem.into_iter().collect())
}

fn is_known(wiring: &Wiring, end: &EndName) -> bool {
    wiring.ports.iter().any(|port| port.end == *end)
        || wiring.outside.iter().any(|outside| outside.end == *end)
        || wiring.is_switch(end.owner())
}
