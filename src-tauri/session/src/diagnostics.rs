//! What a report of a fault should contain, as text.

use std::fmt::Write;

use labwright_engine::{EngineInfo, Health};
use labwright_jobs::ErrorReport;

use crate::{EngineState, ImagesState, SettingsState};

/// Everything that helps to find a fault, and no more: no names of images or files but our own.
pub(crate) fn text(
    version: &str,
    around: &str,
    system: &str,
    engines: &EngineState,
    images: &ImagesState,
    settings: &SettingsState,
) -> String {
    let mut text = format!("Labwright {version}\n{around}\n{system}\n\n");
    engine_lines(&mut text, engines);
    let listed = if images.listed {
        ""
    } else {
        ", not listed yet"
    };
    line(
        &mut text,
        "images",
        &format!("{}{listed}", images.images.len()),
    );
    if let Some(error) = &images.error {
        error_lines(&mut text, "images error", error);
    }
    text.push('\n');
    let places = &settings.places;
    for (name, path) in [
        ("settings", &places.settings),
        ("kinds", &places.kinds),
        ("history", &places.history),
        ("log", &places.log),
    ] {
        line(&mut text, name, &path.display().to_string());
    }
    let in_force = &settings.settings;
    line(
        &mut text,
        "at once",
        &format!(
            "{} imports, {} pulls",
            in_force.imports_at_once, in_force.pulls_at_once
        ),
    );
    for (name, error) in [
        ("settings error", &settings.error),
        ("kinds error", &settings.kinds_error),
        ("history error", &settings.history_error),
    ] {
        if let Some(error) = error {
            error_lines(&mut text, name, error);
        }
    }
    text
}

fn engine_lines(text: &mut String, engines: &EngineState) {
    match &engines.selected {
        Some(selected) => {
            line(text, "engine", &engine(&selected.info));
            let free = selected
                .free_space
                .map_or("not known".to_owned(), |free| free.to_string());
            line(text, "free bytes", &free);
            if let Health::Gone { why, .. } = &selected.health {
                line(text, "gone", why);
            }
        }
        None => line(text, "engine", "none"),
    }
    if let Some(problem) = &engines.problem {
        error_lines(text, "problem", &problem.error);
    }
    for info in &engines.found {
        line(text, "found", &engine(info));
    }
    for place in &engines.unreachable {
        line(
            text,
            "not there",
            &format!("{}: {}", place.address, place.error.message),
        );
    }
}

fn engine(info: &EngineInfo) -> String {
    format!(
        "{} {:?} {}, api {}, {:?} store, {}/{}, {}",
        info.name,
        info.kind,
        info.version,
        info.api_version,
        info.store,
        info.os,
        info.architecture,
        info.address
    )
}

fn error_lines(text: &mut String, name: &str, error: &ErrorReport) {
    line(text, name, &format!("{} ({})", error.message, error.code));
    for cause in &error.chain {
        line(text, "", cause);
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{name:<15}{value}");
}
