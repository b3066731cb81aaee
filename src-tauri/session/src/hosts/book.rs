//! The hosts as they stand: what was noted, what tests found, and what is done there.

use std::collections::BTreeMap;
use std::sync::Arc;

use labwright_jobs::{ErrorReport, JobId, JobState};
use labwright_remote::host::{Host, HostFacts};
use labwright_remote::install::InstallRequest;
use labwright_remote::ssh::SshError;
use labwright_remote::{Access, Tested};
use tokio::sync::watch;

use super::border::{HostStanding, HostView, HostsState};
use super::reach::Reach;
use crate::labs::blocking;

/// The kinds of job that have a host as their subject.
pub(crate) const KINDS: [&str; 3] = ["install", "verify", "repair"];

/// The hosts. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct HostBook {
    reach: Option<Arc<Reach>>,
    state: watch::Sender<HostsState>,
}

/// What is known of a host beyond what was noted.
#[derive(Clone, Debug, Default)]
struct Known {
    resolved: Option<String>,
    standing: HostStanding,
    facts: Option<HostFacts>,
    jobs: Vec<JobId>,
}

impl HostBook {
    /// The hosts of a file. Nothing is asked of any of them.
    pub(crate) fn open(reach: Option<Reach>) -> Self {
        let book = Self {
            reach: reach.map(Arc::new),
            state: watch::Sender::default(),
        };
        book.read_again();
        book
    }

    /// As they stand, whenever that changes.
    pub(crate) fn state(&self) -> watch::Receiver<HostsState> {
        self.state.subscribe()
    }

    /// How hosts are reached.
    pub(crate) fn reach(&self) -> Result<Arc<Reach>, ErrorReport> {
        let reach = self.reach.clone().ok_or_else(|| {
            ErrorReport::new("no_folder", "this user has no home folder to keep hosts in")
        })?;
        reach.make_scratch()?;
        Ok(reach)
    }

    /// Reads the file again; what is known of hosts that stay is kept.
    fn read_again(&self) {
        let Some(reach) = &self.reach else {
            return;
        };
        let listed = reach.store.list();
        self.state.send_modify(|state| match listed {
            Ok(hosts) => {
                state.suggestions = reach.suggestions(&hosts);
                state.problem = None;
                state.hosts = merged(&state.hosts, hosts);
            }
            Err(error) => state.problem = Some(error.report()),
        });
    }

    /// Notes a host.
    pub(crate) async fn add(&self, host: Host) -> Result<(), ErrorReport> {
        let reach = self.reach()?;
        let adding = blocking(move || reach.store.add(host)).await?;
        adding.map_err(|error| error.report())?;
        self.read_again();
        Ok(())
    }

    /// Forgets a host.
    pub(crate) async fn remove(&self, name: String) -> Result<(), ErrorReport> {
        let reach = self.reach()?;
        let removing = blocking(move || reach.store.remove(&name)).await?;
        removing.map_err(|error| error.report())?;
        self.read_again();
        Ok(())
    }

    /// Access to a host that was noted.
    pub(crate) fn access(&self, name: &str) -> Result<Access, ErrorReport> {
        let reach = self.reach()?;
        let host = reach.store.get(name).map_err(|error| error.report())?;
        reach.access(&host).map_err(|error| error.report())
    }

    /// Begins to ask a host how it stands; what comes of it is pushed.
    pub(crate) fn test(&self, name: &str) -> Result<(), ErrorReport> {
        let access = self.access(name)?;
        let (book, name) = (self.clone(), name.to_owned());
        self.change(&name, |known| known.standing = HostStanding::Asking);
        tokio::spawn(async move { book.tested(&name, &access).await });
        Ok(())
    }

    async fn tested(&self, name: &str, access: &Access) {
        let resolved = access.resolve().await;
        if let Ok(resolved) = resolved {
            let shown = resolved.shown();
            self.change(name, |known| known.resolved = Some(shown));
        }
        let (standing, facts) = match access.test().await {
            Ok(Tested { round_trip, facts }) => {
                let round_trip = u64::try_from(round_trip.as_millis())
                    .unwrap_or(u64::MAX)
                    .max(1);
                (HostStanding::Connected { round_trip }, Some(facts))
            }
            Err(error) => (refused(access, error).await, None),
        };
        self.change(name, |known| {
            known.standing = standing;
            known.facts = facts.or(known.facts.take());
        });
    }

    /// Trusts the key that a host shows, if it is still this one.
    pub(crate) async fn accept_key(
        &self,
        name: &str,
        fingerprint: &str,
    ) -> Result<(), ErrorReport> {
        let access = self.access(name)?;
        let accepted = access.accept_key(fingerprint).await;
        accepted.map_err(|error| error.report())
    }

    /// What is done on hosts now.
    pub(crate) fn set_jobs(&self, jobs: &[&JobState]) {
        self.state.send_if_modified(|state| {
            let mut changed = false;
            for view in &mut state.hosts {
                let now = active(jobs, &view.host.name);
                changed |= view.jobs != now;
                view.jobs = now;
            }
            changed
        });
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Known)) {
        self.state.send_if_modified(|state| {
            let Some(view) = state.hosts.iter_mut().find(|view| view.host.name == name) else {
                return false;
            };
            let mut known = Known::of(view);
            change(&mut known);
            let now = known.view(view.host.clone());
            let changed = *view != now;
            *view = now;
            changed
        });
    }
}

/// What a refusal means for the user: an unknown key is a question.
async fn refused(access: &Access, error: SshError) -> HostStanding {
    let error = match error {
        SshError::KeyUnknown { .. } => match access.unknown_key().await {
            Ok(key) => return HostStanding::KeyUnknown { key },
            Err(error) => error,
        },
        error => error,
    };
    let error = error.report();
    HostStanding::Unreachable { error }
}

/// Whether a job's work goes on on its host when this program ends.
pub fn goes_on_alone(job: &JobState) -> bool {
    KINDS.contains(&job.kind.as_str())
}

/// Whether a job is about a host.
pub(crate) fn is_on(job: &JobState, host: &str) -> bool {
    let subject = job.subject.as_deref();
    goes_on_alone(job) && subject.is_some_and(|subject| InstallRequest::is_on(subject, host))
}

/// The jobs that run or wait on a host, the newest last.
fn active(jobs: &[&JobState], host: &str) -> Vec<JobId> {
    let of_host = jobs
        .iter()
        .filter(|job| job.is_active() && is_on(job, host));
    let mut active: Vec<JobId> = of_host.map(|job| job.id.clone()).collect();
    active.sort();
    active.dedup();
    active
}

/// The hosts of the file, with what is known of those that are the same as before.
fn merged(before: &[HostView], hosts: Vec<Host>) -> Vec<HostView> {
    let known: BTreeMap<&str, &HostView> = before
        .iter()
        .map(|view| (view.host.name.as_str(), view))
        .collect();
    let views = hosts
        .into_iter()
        .map(|host| match known.get(host.name.as_str()) {
            Some(view) if view.host == host => (*view).clone(),
            _ => Known::default().view(host),
        });
    views.collect()
}

impl Known {
    fn of(view: &HostView) -> Self {
        Self {
            resolved: view.resolved.clone(),
            standing: view.standing.clone(),
            facts: view.facts.clone(),
            jobs: view.jobs.clone(),
        }
    }

    fn view(self, host: Host) -> HostView {
        HostView {
            host,
            resolved: self.resolved,
            standing: self.standing,
            facts: self.facts,
            jobs: self.jobs,
        }
    }
}
