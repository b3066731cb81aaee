//! `lw images`.

use labwright_images::LibraryImage;
use labwright_images::library::{self, KnownArchitectures, Origins};
use labwright_jobs::{ErrorReport, Timestamp};
use serde_json::{Value, json};

use super::import::rules;
use super::{Context, copy, save};
use crate::args::ImagesAction;
use crate::exit::{CommandError, Exit};
use crate::view::ending::short_image_id;
use crate::view::{Column, error_json, error_lines, iso, printable, table, units};

/// Does what was asked for; lists without more.
pub(crate) async fn run(
    context: &Context,
    action: Option<ImagesAction>,
) -> Result<Exit, CommandError> {
    match action {
        None | Some(ImagesAction::List) => list(context).await,
        Some(ImagesAction::Rm { names, force }) => remove(context, &names, force).await,
        Some(ImagesAction::Tag { from, to, replace }) => tag(context, &from, &to, replace).await,
        Some(ImagesAction::Save(arguments)) => save::run(context, arguments).await,
        Some(ImagesAction::Copy(arguments)) => copy::run(context, arguments).await,
    }
}

async fn list(context: &Context) -> Result<Exit, CommandError> {
    let rules = rules(context)?;
    let engine = context.engine().await?;
    // Without a history the images tell what they can.
    let history = context.history().ok();
    let ended = |kind: &str| {
        let results = history.as_ref()?.succeeded(kind);
        results.ok()
    };
    let [imports, pulls] = ["import", "pull"].map(|kind| ended(kind).unwrap_or_default());
    let images = context
        .unless_stopped(library::list(
            &engine,
            &rules,
            &Origins::of(imports, pulls),
            &mut KnownArchitectures::default(),
        ))
        .await?;
    let images = images.map_err(|error| error.report())?;
    if context.options.json {
        let images: Result<Vec<Value>, _> = images.iter().map(image_json).collect();
        context.print_json(&images.map_err(std::io::Error::from)?)?;
        return Ok(Exit::Succeeded);
    }
    if images.is_empty() {
        context.note(&format!("no images in {}", engine.title()));
        return Ok(Exit::Succeeded);
    }
    let now = Timestamp::now();
    let rows: Vec<_> = images.iter().flat_map(|image| rows(image, now)).collect();
    let columns = [
        Column::long("reference"),
        Column::text("kind"),
        Column::text("version"),
        Column::text("arch"),
        Column::number("size"),
        Column::long("source"),
        Column::long("used by"),
        Column::number("age"),
    ];
    let output = &context.output;
    let lines = table(
        &columns,
        &rows,
        output.result_width(),
        output.result_palette(),
    );
    context.print(&lines)?;
    Ok(Exit::Succeeded)
}

/// A row for each name; the image's short id where it has none.
fn rows(image: &LibraryImage, now: Timestamp) -> Vec<[String; 8]> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let created = image
        .created
        .map(|seconds| Timestamp(seconds.saturating_mul(1000)));
    let row = |name: String| {
        [
            name,
            text(&image.kind),
            text(&image.version),
            text(&image.architecture),
            units::bytes(image.size),
            text(&image.source),
            image.used_by.join(", "),
            created
                .map(|created| units::age(created, now))
                .unwrap_or_default(),
        ]
    };
    if image.references.is_empty() {
        return vec![row(short_image_id(&image.id))];
    }
    image.references.iter().cloned().map(row).collect()
}

fn image_json(image: &LibraryImage) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(image)?;
    for (name, seconds) in [("created", image.created), ("imported", image.imported)] {
        if let (Some(time), Some(seconds)) = (value.get_mut(name), seconds) {
            *time = Value::String(iso(Timestamp(seconds.saturating_mul(1000))));
        }
    }
    Ok(value)
}

/// Goes on after a failure, and says all of them.
async fn remove(context: &Context, names: &[String], force: bool) -> Result<Exit, CommandError> {
    let engine = context.engine().await?;
    let mut removed = Vec::new();
    let mut failures: Vec<ErrorReport> = Vec::new();
    for name in names {
        let done = library::remove(&engine, name, force);
        match context.unless_stopped(done).await? {
            Ok(()) => removed.push(name.as_str()),
            Err(error) => {
                let report = error.report();
                let in_use = report.code == "engine_image_in_use" && !force;
                failures.push(if in_use {
                    report.with_hint("Or give --force: the containers stay, and keep running.")
                } else {
                    report
                });
            }
        }
    }
    let palette = context.output.note_palette();
    for failure in &failures {
        if context.options.json {
            context.output.note(&error_json(failure));
        } else {
            context
                .output
                .note(&error_lines(failure, None, palette).join("\n"));
        }
    }
    if context.options.json {
        context.print_json(&json!({ "removed": removed, "engine": engine.info().name }))?;
    } else if !context.options.quiet {
        for name in removed {
            let line = format!("removed {name} from {}", engine.title());
            context.output.result(&printable(&line))?;
        }
    }
    Ok(if failures.is_empty() {
        Exit::Succeeded
    } else {
        Exit::Failed
    })
}

async fn tag(context: &Context, from: &str, to: &str, replace: bool) -> Result<Exit, CommandError> {
    let engine = context.engine().await?;
    let tagged = library::retag(&engine, from, to, replace);
    let tagged = context.unless_stopped(tagged).await?;
    tagged.map_err(|error| error.report())?;
    let name = &engine.info().name;
    if context.options.json {
        context.print_json(&json!({ "from": from, "to": to, "engine": name }))?;
    } else if !context.options.quiet {
        let line = format!("{from} is called {to} as well, in {}", engine.title());
        context.output.result(&printable(&line))?;
    }
    Ok(Exit::Succeeded)
}
