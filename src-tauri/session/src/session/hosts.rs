//! Hosts: noted, tested, installed on.

use std::path::Path;

use labwright_jobs::{
    Change, ErrorReport, JobFilter, JobId, JobRecord, JobState, Snapshot, SubmitError, Subscription,
};
use labwright_remote::host::Host;
use labwright_remote::install::{InstallJob, InstallMode, InstallRequest};
use tokio::sync::watch;

use super::Session;
use crate::Started;
use crate::hosts::{
    HOST_KINDS, HostHistory, HostsState, InstallWish, NodeStanding, PlanUse, PlanView, PlanWish,
    install_job, is_on, nodes_folder, read, request,
};
use crate::labs::blocking;

/// How many past jobs of each kind a host's page shows.
const PAST: usize = 50;

impl Session {
    /// The hosts, whenever anything of them changes.
    pub fn hosts(&self) -> watch::Receiver<HostsState> {
        self.shared.hosts.state()
    }

    /// Notes a host.
    pub async fn add_host(&self, host: Host) -> Result<(), ErrorReport> {
        self.shared.hosts.add(host).await?;
        // Its engine can be chosen from now on.
        self.look_for_engines();
        Ok(())
    }

    /// Forgets a host. Nothing on it is touched.
    pub async fn remove_host(&self, name: String) -> Result<(), ErrorReport> {
        self.shared.hosts.remove(name).await?;
        self.look_for_engines();
        Ok(())
    }

    /// Begins to ask a host how it stands.
    pub fn test_host(&self, name: &str) -> Result<(), ErrorReport> {
        self.shared.hosts.test(name)
    }

    /// Trusts the key that a host shows, if it is this one.
    pub async fn accept_host_key(&self, name: &str, fingerprint: &str) -> Result<(), ErrorReport> {
        self.shared.hosts.accept_key(name, fingerprint).await
    }

    /// A plan's path as people type it, made whole.
    fn whole(&self, mut plan: PlanWish) -> PlanWish {
        if let (Some(rest), Some(home)) = (
            plan.file.trim().strip_prefix("~/"),
            self.shared.environment.home(),
        ) {
            plan.file = home.join(rest).display().to_string();
        }
        plan
    }

    /// Reads a plan.
    pub async fn open_plan(&self, wish: PlanWish) -> Result<PlanView, ErrorReport> {
        let wish = self.whole(wish);
        blocking(move || {
            let plan = read(Path::new(&wish.file)).map_err(|error| error.report())?;
            let target = nodes_folder(&plan, wish.target.as_deref());
            Ok(PlanView {
                plan,
                file: wish.file,
                target,
            })
        })
        .await?
    }

    /// Installs nodes of a plan.
    pub async fn install(&self, wish: InstallWish) -> Result<Started, ErrorReport> {
        let InstallWish {
            plan,
            only,
            replace,
            jobs,
        } = wish;
        let asked = Asked {
            mode: InstallMode::Install,
            only,
            replace,
            jobs,
        };
        let request = self.asked(plan, asked).await?;
        self.begin_install(request).await
    }

    /// Looks at how nodes of a plan stand.
    pub async fn verify(&self, plan: PlanWish, only: Vec<String>) -> Result<Started, ErrorReport> {
        let request = self
            .asked(plan, Asked::of(InstallMode::Verify, only))
            .await?;
        self.begin_install(request).await
    }

    /// Brings nodes to what the plan and their requirements say.
    pub async fn repair(&self, plan: PlanWish, only: Vec<String>) -> Result<Started, ErrorReport> {
        let request = self
            .asked(plan, Asked::of(InstallMode::Repair, only))
            .await?;
        self.begin_install(request).await
    }

    /// Looks at what stands on the host where nodes of a plan would go.
    pub async fn examine_plan(
        &self,
        plan: PlanWish,
        only: Vec<String>,
    ) -> Result<Vec<NodeStanding>, ErrorReport> {
        let access = self.shared.hosts.access(&plan.host)?;
        let request = self
            .asked(plan, Asked::of(InstallMode::Verify, only))
            .await?;
        let found = access.examine(&request).await;
        found.map_err(|error| error.report())
    }

    pub(super) async fn asked(
        &self,
        plan: PlanWish,
        asked: Asked,
    ) -> Result<InstallRequest, ErrorReport> {
        let access = self.shared.hosts.access(&plan.host)?;
        let plan = self.whole(plan);
        blocking(move || {
            let file = Path::new(&plan.file);
            let read = read(file).map_err(|error| error.report())?;
            let wanted = PlanUse {
                target: plan.target.as_deref(),
                venv: plan.venv.as_deref(),
                only: &asked.only,
                replace: &asked.replace,
                jobs: asked.jobs,
            };
            let request = request(&access, asked.mode, file, &read, &wanted);
            request.map_err(|error| error.report())
        })
        .await?
    }

    pub(super) async fn begin_install(
        &self,
        request: InstallRequest,
    ) -> Result<Started, ErrorReport> {
        let job = self.install_job(request)?;
        let submitted = self
            .shared
            .monitor
            .submit_durable(job.spec(), |context| job.run(context));
        match submitted.await {
            Err(SubmitError::RunsElsewhere { job, .. }) => Ok(Started { job, resumed: true }),
            Err(error) => Err(error.report()),
            Ok(submitted) => {
                let started = Started {
                    job: submitted.handle.id().clone(),
                    resumed: submitted.resumed,
                };
                submitted.handle.detach();
                Ok(started)
            }
        }
    }

    fn install_job(&self, request: InstallRequest) -> Result<InstallJob, ErrorReport> {
        let rules = self.shared.rules.load().0;
        let engine = self.shared.settings.borrow().settings.engine.clone();
        let job = install_job(&self.shared.environment, engine.as_deref(), rules, request);
        job.ok_or_else(|| ErrorReport::new("no_folder", "this user has no folder to keep hosts in"))
    }

    /// Joins what was left: by an earlier window, or by an `lw` that is gone.
    pub(super) async fn join_left(&self) {
        let active = JobFilter {
            active: true,
            ..JobFilter::default()
        };
        let history = self.shared.monitor.history().clone();
        let listed = blocking(move || history.list(usize::MAX, &active)).await;
        let Ok(Ok(records)) = listed else {
            return;
        };
        for record in records.iter().filter(|record| record.is_left()) {
            if let Err(error) = self.join_job(record).await {
                tracing::warn!(job = %record.job.id, error = error.in_one_line(), "a job stays left");
            }
        }
    }

    async fn join_job(&self, record: &JobRecord) -> Result<(), ErrorReport> {
        let request = serde_json::from_value(record.request.clone());
        let request = request.map_err(|error| ErrorReport::of("job_request_damaged", &error))?;
        let job = self.install_job(request)?;
        let joined = self
            .shared
            .monitor
            .join(&record.job.id, job.spec(), |context| job.run(context))
            .await;
        match joined {
            Ok(submitted) => submitted.handle.detach(),
            // Somebody else was faster.
            Err(SubmitError::NotLeft { .. }) => {}
            Err(error) => return Err(error.report()),
        }
        Ok(())
    }

    /// What was done on a host, the newest first.
    pub async fn host_history(&self, name: String) -> Result<HostHistory, ErrorReport> {
        let history = self.shared.monitor.history().clone();
        let read = blocking(move || {
            let mut jobs: Vec<JobState> = Vec::new();
            for kind in HOST_KINDS {
                let filter = JobFilter {
                    kind: Some(kind.to_owned()),
                    active: false,
                };
                let records = history
                    .list(PAST, &filter)?
                    .into_iter()
                    .map(|record| record.job);
                jobs.extend(records.filter(|job| is_on(job, &name)));
            }
            jobs.retain(|job| !job.is_active());
            jobs.sort_by(|one, other| other.id.cmp(&one.id));
            Ok::<_, labwright_jobs::HistoryError>(HostHistory { jobs })
        });
        read.await?.map_err(|error| error.report())
    }

    /// The last of what a node's programs printed on the host.
    pub async fn node_log(&self, job: &JobId, node: &str) -> Result<String, ErrorReport> {
        let record = self.shared.monitor.history().get(job.as_str());
        let record = record.map_err(|error| error.report())?;
        let request: InstallRequest = serde_json::from_value(record.request)
            .map_err(|error| ErrorReport::of("job_request_damaged", &error))?;
        let reach = self.shared.hosts.reach()?;
        let access = reach.reach(&request.host, request.target.clone());
        let log = access.node_log(&record.job.id, &request, node).await;
        Ok(log.map_err(|error| error.report())?.unwrap_or_default())
    }

    /// Tells hosts what is done on them, as long as there are jobs.
    pub(super) async fn follow_host_jobs(self) {
        let mut others = self.shared.others.subscribe();
        loop {
            let (mut snapshot, mut events) = self.jobs().await;
            loop {
                self.tell_hosts(&snapshot, &others.borrow_and_update());
                tokio::select! {
                    more = begins_or_ends(&mut snapshot, &mut events) => match more {
                        Some(true) => {}
                        // Events were missed.
                        Some(false) => break,
                        None => return,
                    },
                    Ok(()) = others.changed() => {}
                }
            }
        }
    }

    fn tell_hosts(&self, snapshot: &Snapshot, others: &[JobState]) {
        let jobs: Vec<&JobState> = snapshot.jobs.iter().chain(others).collect();
        self.shared.hosts.set_jobs(&jobs);
    }
}

/// Follows events until a job begins or ends; false where some were missed, none when there will be no more.
async fn begins_or_ends(snapshot: &mut Snapshot, events: &mut Subscription) -> Option<bool> {
    loop {
        let Ok(event) = events.next().await? else {
            return Some(false);
        };
        if snapshot.apply(&event).is_err() {
            return Some(false);
        }
        if matches!(
            event.change,
            Change::Subject { .. } | Change::Finished { .. }
        ) {
            return Some(true);
        }
    }
}

/// What is to be done with which nodes.
pub(super) struct Asked {
    mode: InstallMode,
    only: Vec<String>,
    replace: Vec<String>,
    jobs: Option<u8>,
}

impl Asked {
    pub(super) fn of(mode: InstallMode, only: Vec<String>) -> Self {
        Self {
            mode,
            only,
            replace: Vec::new(),
            jobs: None,
        }
    }
}
