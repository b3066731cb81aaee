//! `lw link`.

use labwright_labs::links::{EndName, Impairments, LinkError, LinkList};

use super::place::Place;
use super::{Context, capture};
use crate::args::labs::ChosenLab;
use crate::args::{EndArguments, ImpairArguments, LinkAction};
use crate::exit::{CommandError, Exit};
use crate::view::{Column, impairments, table};

/// Does what was asked for.
pub(super) async fn run(context: &Context, action: LinkAction) -> Result<Exit, CommandError> {
    match action {
        LinkAction::List { lab } => return list(context, &lab).await,
        LinkAction::Capture(arguments) => return capture::run(context, arguments).await,
        LinkAction::Connect { lab, one, other } => connect(context, &lab, [&one, &other]).await?,
        LinkAction::Disconnect(end) => disconnect(context, &end).await?,
        LinkAction::Down(end) => set_up(context, &end, false).await?,
        LinkAction::Up(end) => set_up(context, &end, true).await?,
        LinkAction::Impair(arguments) => impair(context, &arguments).await?,
    }
    Ok(Exit::Succeeded)
}

async fn connect(
    context: &Context,
    lab: &ChosenLab,
    ends: [&EndName; 2],
) -> Result<(), CommandError> {
    let place = Place::find(context, lab).await?;
    let [one, other] = done(context, place.links()?.connect(ends)).await?;
    context.note(&format!("{one} and {other} are linked"));
    Ok(())
}

async fn disconnect(context: &Context, arguments: &EndArguments) -> Result<(), CommandError> {
    let place = Place::find(context, &arguments.lab).await?;
    let end = done(context, place.links()?.disconnect(&arguments.end)).await?;
    context.note(&format!("{end} has no link"));
    Ok(())
}

async fn set_up(context: &Context, arguments: &EndArguments, up: bool) -> Result<(), CommandError> {
    let place = Place::find(context, &arguments.lab).await?;
    let end = done(context, place.links()?.set_up(&arguments.end, up)).await?;
    let state = if up { "up" } else { "down" };
    context.note(&format!("the link of {end} is {state}"));
    Ok(())
}

async fn impair(context: &Context, arguments: &ImpairArguments) -> Result<(), CommandError> {
    let wanted = arguments.impairments();
    let place = Place::find(context, &arguments.place.lab).await?;
    let end = done(context, place.links()?.impair(&arguments.place.end, wanted)).await?;
    let what = match wanted {
        Impairments::NONE => "nothing".to_owned(),
        wanted => impairments(&wanted),
    };
    context.note(&format!("frames to {end}: {what}"));
    Ok(())
}

/// What came of a change, unless a signal came first.
async fn done<T>(
    context: &Context,
    change: impl Future<Output = Result<T, LinkError>>,
) -> Result<T, CommandError> {
    let done = context.unless_stopped(change).await?;
    Ok(done.map_err(|error| error.report())?)
}

async fn list(context: &Context, chosen: &ChosenLab) -> Result<Exit, CommandError> {
    let place = Place::find(context, chosen).await?;
    let list = done(context, place.links()?.list()).await?;
    if context.options.json {
        context.print_json(&list)?;
        return Ok(Exit::Succeeded);
    }
    if list.links.is_empty() && list.free.is_empty() {
        context.note(&format!("lab {} has no links", place.lab.name));
        return Ok(Exit::Succeeded);
    }
    let columns = [
        Column::text("one end"),
        Column::text("other end"),
        Column::text("state"),
        Column::long("frames to one"),
        Column::long("frames to other"),
        Column::long("why"),
    ];
    let output = &context.output;
    let lines = table(
        &columns,
        &rows(&list),
        output.result_width(),
        output.result_palette(),
    );
    context.print(&lines)?;
    Ok(Exit::Succeeded)
}

/// The links, and then the ports that have none.
fn rows(list: &LinkList) -> Vec<[String; 6]> {
    let links = list.links.iter().map(|entry| {
        let [one, other] = entry.link.ends.clone();
        let [to_one, to_other] = entry.impairments.each_ref().map(impairments);
        let (state, why) = (entry.link.state.clone(), entry.link.reason.clone());
        [one, other, state, to_one, to_other, why]
    });
    let free = list.free.iter().map(|port| {
        let none = String::new;
        let (end, why) = (port.end.clone(), port.problem.clone());
        [end, none(), "free".to_owned(), none(), none(), why]
    });
    links.chain(free).collect()
}

#[cfg(test)]
mod tests {
    use labwright_labs::links::{FreePort, Impairments, LinkList, ListedLink};
    use labwright_labs::running::LinkView;

    use super::rows;
    use crate::view::{Column, Palette, table};

    fn list() -> LinkList {
        let link = |ends: [&str; 2], state: &str, reason: &str| LinkView {
            ends: ends.map(str::to_owned),
            state: state.to_owned(),
            reason: reason.to_owned(),
        };
        let slow = Impairments {
            delay_us: 10_000,
            jitter_us: 1_500,
            loss_ppm: 5_000,
            rate_bps: 10_000_000,
            ..Impairments::NONE
        };
        LinkList {
            links: vec![
                ListedLink {
                    link: link(["leaf1:eth1", "spine1:eth1"], "up", ""),
                    impairments: [slow, Impairments::NONE],
                },
                ListedLink {
                    link: link(["leaf1:eth2", "h1:eth1"], "waiting", "h1:eth1 is not there"),
                    impairments: [Impairments::NONE; 2],
                },
            ],
            free: vec![FreePort {
                end: "leaf1:eth3".to_owned(),
                problem: String::new(),
            }],
        }
    }

    #[test]
    fn links_and_free_ports_are_one_table() {
        let columns = ["one", "other", "state", "to one", "to other", "why"].map(Column::long);
        let lines = table(&columns, &rows(&list()), None, Palette::new(false));
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn programs_get_numbers() {
        insta::assert_json_snapshot!(list());
    }
}
