//! The plan in the form that the runner reads: one record a line, fields parted by a byte that no field has.

use crate::plan::{ImageSource, NodeSource};
use serde::{Deserialize, Serialize};

/// Parts fields: the unit separator.
const PART: char = '\u{1f}';

/// What a runner does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    #[default]
    Install,
    Verify,
    Repair,
    /// Only what stands where nodes would go is told.
    Examine,
}

impl Mode {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Verify => "verify",
            Self::Repair => "repair",
            Self::Examine => "examine",
        }
    }
}

/// A plan for the runner.
#[derive(Clone, Debug)]
pub(crate) struct FarPlan<'a> {
    pub(crate) mode: Mode,
    /// Empty if no node needs one.
    pub(crate) target: &'a str,
    /// Empty if it is to be looked for.
    pub(crate) venv: &'a str,
    pub(crate) jobs: u8,
    pub(crate) nodes: Vec<FarNode<'a>>,
}

/// A node that the runner sees to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FarNode<'a> {
    pub(crate) name: &'a str,
    pub(crate) source: &'a NodeSource,
    /// Whether what stands there may be moved aside.
    pub(crate) replace: bool,
}

impl FarPlan<'_> {
    /// The text. Fields were checked when the plan was read; a byte that would part a field or a line is left out.
    pub(crate) fn text(&self) -> String {
        let jobs = self.jobs.to_string();
        let mut text = String::new();
        for record in [
            ["labwright-plan", "1"],
            ["mode", self.mode.word()],
            ["target", self.target],
            ["venv", self.venv],
            ["jobs", &jobs],
            ["stall", "0"],
        ] {
            push(&mut text, &record);
        }
        for (index, node) in self.nodes.iter().enumerate() {
            node.push(&mut text, &(index + 1).to_string());
        }
        text
    }
}

impl FarNode<'_> {
    fn push(&self, text: &mut String, number: &str) {
        let answer = if self.replace { "replace" } else { "" };
        let record = |kind, folder, url, reference, requirements| {
            [
                "node",
                number,
                kind,
                self.name,
                folder,
                url,
                reference,
                requirements,
                answer,
            ]
        };
        let packages: &[String] = match self.source {
            NodeSource::Git {
                url,
                folder,
                reference,
                requirements,
                packages,
            } => {
                let reference = reference.as_deref().unwrap_or_default();
                let requirements = requirements.as_deref().unwrap_or_default();
                push(text, &record("git", folder, url, reference, requirements));
                packages
            }
            NodeSource::Packages { packages } => {
                push(text, &record("packages", "", "", "", ""));
                packages
            }
            NodeSource::Image { image } => {
                let (ImageSource::Registry { reference } | ImageSource::Engine { reference }) =
                    image
                else {
                    return;
                };
                push(text, &record("image", "", reference, "", ""));
                &[]
            }
            NodeSource::Other => &[],
        };
        for package in packages {
            push(text, &["package", number, package]);
        }
    }
}

fn push(text: &mut String, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            text.push(PART);
        }
        text.extend(field.chars().filter(|character| !character.is_control()));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{FarNode, FarPlan, Mode};
    use crate::plan::{ImageSource, NodeSource};

    #[test]
    fn a_plan_is_lines_of_fields_and_nothing_in_a_field_ends_it() {
        let git = NodeSource::Git {
            url: "https://git.lab/a.git".to_owned(),
            folder: "a b/c".to_owned(),
            reference: Some("v1".to_owned()),
            requirements: None,
            packages: vec!["numpy>=2".to_owned()],
        };
        let image = NodeSource::Image {
            image: ImageSource::Registry {
                reference: "frr:10".to_owned(),
            },
        };
        let node = |name, source, replace| FarNode {
            name,
            source,
            replace,
        };
        let plan = FarPlan {
            mode: Mode::Install,
            target: "/opt/it's $(x)",
            venv: "",
            jobs: 4,
            nodes: vec![node("a\nnode\u{1f}", &git, true), node("b", &image, false)],
        };
        insta::assert_snapshot!(plan.text().replace('\u{1f}', "|"), @r"
        labwright-plan|1
        mode|install
        target|/opt/it's $(x)
        venv|
        jobs|4
        stall|0
        node|1|git|anode|a b/c|https://git.lab/a.git|v1||replace
        package|1|numpy>=2
        node|2|image|b||frr:10|||
        ");
    }
}
