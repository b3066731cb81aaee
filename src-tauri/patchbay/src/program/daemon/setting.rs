//! Making every interface what the wiring wants it to be like.

use labwright_patchbay::{EndName, Problem};

use super::{
    super::netlink::Request,
    lab::Lab,
    plan::{Setting, changes, resets, settings},
    problems::not_set,
};

/// What must be asked for one end.
struct Change {
    end: EndName,
    to: Setting,
    requests: Vec<Request>,
}

impl Lab {
    /// Sets all that is not as wanted, and notes what the kernel refuses.
    pub(super) fn set_all(&mut self) {
        let changes = self.pending();
        let requests: Vec<_> = changes.iter().flat_map(|c| c.requests.clone()).collect();
        let mut outcomes = self.kernel.here.run(&requests).into_iter();
        for change in changes {
            let outcomes = outcomes.by_ref().take(change.requests.len());
            // All of them are taken, also behind a refusal: those that follow are other ends'.
            let refusals: Vec<_> = outcomes.filter_map(Result::err).collect();
            let refusal = refusals
                .first()
                .map(|refusal| not_set(&change.end, refusal));
            self.note_setting(change.end, change.to, refusal);
        }
    }

    fn pending(&mut self) -> Vec<Change> {
        let wanted = settings(&self.wanted, &self.present());
        let mut pending = Vec::new();
        for (end, to) in wanted {
            let was_left_halfway = self
                .interfaces
                .get(&end)
                .is_some_and(|interface| interface.setting.is_none());
            if let Some(from) = self.current_setting(&end)
                && (from != to || was_left_halfway)
                && let Some(interface) = self.interfaces.get(&end)
            {
                let requests = changes(interface.index, &from, &to, self.kernel.matching());
                pending.push(Change { end, to, requests });
            }
        }
        pending
    }

    /// What the interface is like. One that was left halfway is brought back to how it was made first.
    fn current_setting(&mut self, end: &EndName) -> Option<Setting> {
        let interface = self.interfaces.get(end)?;
        if let Some(setting) = &interface.setting {
            return Some(setting.clone());
        }
        let _some_refused = self.kernel.here.run(&resets(interface.index));
        Some(Setting::default())
    }

    fn note_setting(&mut self, end: EndName, to: Setting, refusal: Option<Problem>) {
        if let Some(interface) = self.interfaces.get_mut(&end) {
            interface.setting = refusal.is_none().then_some(to);
        }
        match refusal {
            Some(problem) => self.failed_links.insert(end, problem),
            None => self.failed_links.remove(&end),
        };
    }
}
