//! `lw install`, `lw verify` and `lw repair`.

use labwright_jobs::History;
use labwright_remote::install::{InstallMode, InstallRequest};
use labwright_remote::plan::InstallPlan;
use labwright_session::hosts::{PlanUse, read, request};

use super::Context;
use super::ask::{can_ask, confirms};
use super::left::asked;
use super::work::Work;
use crate::args::{InstallArguments, PlanArguments, RepairArguments};
use crate::exit::{CommandError, Exit};
use crate::view::{note_lines, repair_lines};

/// Installs.
pub(crate) async fn install(
    context: &Context,
    arguments: InstallArguments,
) -> Result<Exit, CommandError> {
    let InstallArguments {
        plan,
        replace,
        jobs,
        detach,
    } = arguments;
    let wanted = Wanted {
        mode: InstallMode::Install,
        replace: &replace,
        jobs,
    };
    let request = wanted.of(context, &plan)?;
    see_through(context, &context.history()?, request, detach).await
}

/// Looks how a host stands.
pub(crate) async fn verify(context: &Context, plan: &PlanArguments) -> Result<Exit, CommandError> {
    let request = Wanted::to(InstallMode::Verify).of(context, plan)?;
    see_through(context, &context.history()?, request, false).await
}

/// Mends what a verification finds.
pub(crate) async fn repair(
    context: &Context,
    arguments: &RepairArguments,
) -> Result<Exit, CommandError> {
    let request = Wanted::to(InstallMode::Repair).of(context, &arguments.plan)?;
    if !arguments.yes && !may_repair(context, &request).await? {
        return Ok(Exit::Cancelled);
    }
    see_through(context, &context.history()?, request, false).await
}

/// Says what will be done, and asks.
async fn may_repair(context: &Context, request: &InstallRequest) -> Result<bool, CommandError> {
    if !can_ask(context) {
        let why = "there is no terminal to ask at: give --yes to repair without a question";
        return Err(CommandError::Usage(why.to_owned()));
    }
    context.note(&repair_lines(request).join("\n"));
    confirms(context, "Repair?").await
}

/// Submits it, and shows it until it has ended; or, to `detach`, until it goes on without us.
pub(super) async fn see_through(
    context: &Context,
    history: &History,
    request: InstallRequest,
    detach: bool,
) -> Result<Exit, CommandError> {
    let job = asked(context, request)?;
    let mut work = Work::start(context, history).await;
    work.submit_durable(job.spec(), |context| job.run(context))
        .await?;
    if detach {
        work.leave_when_it_runs();
    }
    work.show(&context.output, false).await
}

/// What is to be done with the nodes of a plan.
struct Wanted<'a> {
    mode: InstallMode,
    replace: &'a [String],
    jobs: Option<u8>,
}

impl Wanted<'_> {
    fn to(mode: InstallMode) -> Self {
        Self {
            mode,
            replace: &[],
            jobs: None,
        }
    }

    /// The request, from the plan's file and the host's name.
    fn of(&self, context: &Context, given: &PlanArguments) -> Result<InstallRequest, CommandError> {
        let reach = context.reach()?;
        let host = reach.find(&given.host).map_err(|error| error.report())?;
        let access = reach.access(&host).map_err(|error| error.report())?;
        let file = std::path::absolute(&given.plan)?;
        let plan = read(&file).map_err(|error| error.report())?;
        note_plan(context, &plan, &given.only);
        let wanted = PlanUse {
            target: given.target.as_deref(),
            venv: given.venv.as_deref(),
            only: &given.only,
            replace: self.replace,
            jobs: self.jobs,
        };
        let request = request(&access, self.mode, &file, &plan, &wanted);
        Ok(request.map_err(|error| error.report())?)
    }
}

/// What the user should know of a plan: nothing of it is left out in silence.
fn note_plan(context: &Context, plan: &InstallPlan, only: &[String]) {
    if context.options.json {
        return;
    }
    let palette = context.output.note_palette();
    let mut notes = plan.notes.clone();
    let left_out = plan
        .nodes
        .iter()
        .filter(|node| node.chosen && only.is_empty());
    let left_out = left_out.filter_map(|node| Some((&node.name, node.obstacle.as_ref()?)));
    notes.extend(left_out.map(|(name, why)| format!("{name} is left out: {why}")));
    for note in notes {
        context.note(&note_lines(&note, palette).join("\n"));
    }
}
