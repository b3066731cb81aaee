//! Where the images of a lab come from that the engine does not have.

use super::error::Obstacle;
use super::make::Planner;
use super::steps::PlanStep;
use crate::topology::{Node, PullPolicy};
use labwright_engine::{EngineKind, same_reference};
use labwright_images::Rules;

/// What may be brought on the way.
#[derive(Debug, Clone, Copy)]
pub struct Bring<'a> {
    /// Whether images may be pulled.
    pub pull: bool,
    /// Archives that may be imported: absolute paths or URLs.
    pub archives: &'a [String],
    /// What an archive's name says of its image.
    pub rules: &'a Rules,
}

/// An image that the engine does not have.
struct Missing<'a> {
    image: &'a str,
    nodes: Vec<&'a Node>,
    archive: Option<&'a str>,
}

/// The steps that bring what is missing, or what is in the way of that.
pub(super) fn images(planner: &Planner<'_>) -> (Vec<PlanStep>, Vec<Obstacle>) {
    let mut missing = missing(planner);
    let mut obstacles = assign(planner, &mut missing);
    let mut steps = Vec::new();
    for one in missing {
        let nodes = one.nodes.iter().map(|node| node.name.to_string());
        let nodes: Vec<String> = nodes.collect();
        let reference = one.image.to_owned();
        let never = |node: &&Node| node.settings.image_pull_policy == PullPolicy::Never;
        match one.archive {
            Some(archive) => steps.push(PlanStep::Import {
                archive: archive.to_owned(),
                reference,
                nodes,
            }),
            None if planner.bring.pull && !one.nodes.iter().any(never) => {
                steps.push(PlanStep::Pull { reference, nodes });
            }
            None => obstacles.push(Obstacle {
                code: "image_missing",
                node: nodes.first().filter(|_| nodes.len() == 1).cloned(),
                message: format!(
                    "image {reference} of {} is not in {}",
                    nodes_in_words(&nodes),
                    planner.survey.engine
                ),
                hint: bring_hint(&reference),
            }),
        }
    }
    (steps, obstacles)
}

/// How a user brings an image.
pub(crate) fn bring_hint(image: &str) -> String {
    format!(
        "lw pull {image}, or lw import FILE --as {image}; lw lab deploy --pull pulls on the way, --import FILE imports."
    )
}

/// What is missing, in the order of the file.
fn missing<'a>(planner: &Planner<'a>) -> Vec<Missing<'a>> {
    let mut missing: Vec<Missing<'a>> = Vec::new();
    for (_, node, _) in planner.containers() {
        let Some(image) = node.settings.image.as_deref() else {
            continue;
        };
        if planner.survey.images.contains_key(image) {
            continue;
        }
        match missing.iter_mut().find(|one| one.image == image) {
            Some(one) => one.nodes.push(node),
            None => missing.push(Missing {
                image,
                nodes: vec![node],
                archive: None,
            }),
        }
    }
    missing
}

/// Gives each archive to the image that it is by its name; where one of each is left, they belong together.
fn assign<'a>(planner: &Planner<'a>, missing: &mut [Missing<'a>]) -> Vec<Obstacle> {
    let mut strangers = Vec::new();
    for archive in planner.bring.archives {
        let name = archive.rsplit('/').next().unwrap_or(archive);
        let proposed = planner.bring.rules.recognise(name, None, None).reference;
        // Podman's sense of a name is the wider one.
        let is = |image: &str| same_reference(EngineKind::Podman, image, &proposed);
        if let Some(one) = missing
            .iter_mut()
            .find(|one| one.archive.is_none() && is(one.image))
        {
            one.archive = Some(archive);
        } else if !planner.survey.images.keys().any(|image| is(image)) {
            strangers.push((archive, proposed));
        }
    }
    let mut left: Vec<_> = missing
        .iter_mut()
        .filter(|one| one.archive.is_none())
        .collect();
    if let ([(archive, _)], [only]) = (strangers.as_slice(), left.as_mut_slice()) {
        only.archive = Some(archive);
        return Vec::new();
    }
    let wanted: Vec<&str> = left.iter().map(|one| one.image).collect();
    let stranger = |(archive, proposed): &(&String, String)| Obstacle {
        code: "archive_for_nobody",
        node: None,
        message: format!("{archive} is {proposed} by its name, which no node of this lab wants"),
        hint: match wanted.as_slice() {
            [] => "Leave it out: no image of the lab is missing.".to_owned(),
            wanted => format!(
                "lw import FILE --as IMAGE brings it under the name that it should have; missing: {}.",
                wanted.join(", ")
            ),
        },
    };
    strangers.iter().map(stranger).collect()
}

/// Not all of them, where they are many.
fn nodes_in_words(nodes: &[String]) -> String {
    match nodes {
        [only] => format!("node {only}"),
        few if few.len() <= 4 => format!("nodes {}", few.join(", ")),
        many => format!("nodes {} and {} more", many[..3].join(", "), many.len() - 3),
    }
}
