//! Plans in the form that the runner reads.

use std::fmt::Write;
use std::path::Path;

/// A plan.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) mode: &'static str,
    pub(crate) target: String,
    pub(crate) venv: String,
    pub(crate) jobs: u8,
    pub(crate) nodes: Vec<Node>,
}

/// A node of a plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    kind: &'static str,
    folder: String,
    url: String,
    reference: String,
    requirements: String,
    answer: &'static str,
    packages: Vec<String>,
}

impl Node {
    pub(crate) fn git(folder: &str, url: impl AsRef<Path>) -> Self {
        Self {
            kind: "git",
            folder: folder.to_owned(),
            url: url.as_ref().to_str().unwrap().to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn packages(packages: &[&str]) -> Self {
        Self {
            kind: "packages",
            ..Self::default()
        }
        .with_packages(packages)
    }

    pub(crate) fn image(reference: &str) -> Self {
        Self {
            kind: "image",
            url: reference.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn at(mut self, reference: &str) -> Self {
        reference.clone_into(&mut self.reference);
        self
    }

    pub(crate) fn requiring(mut self, file: &str) -> Self {
        file.clone_into(&mut self.requirements);
        self
    }

    pub(crate) fn with_packages(mut self, packages: &[&str]) -> Self {
        self.packages = packages.iter().map(|&package| package.to_owned()).collect();
        self
    }

    pub(crate) fn replacing(mut self) -> Self {
        self.answer = "replace";
        self
    }
}

impl Plan {
    /// Installs these nodes in the bench's target.
    pub(crate) fn install(nodes: impl IntoIterator<Item = Node>) -> Self {
        Self {
            mode: "install",
            target: "~/Comfy UI/custom_nodes".to_owned(),
            venv: String::new(),
            jobs: 4,
            nodes: nodes.into_iter().collect(),
        }
    }

    pub(crate) fn verify(nodes: impl IntoIterator<Item = Node>) -> Self {
        Self {
            mode: "verify",
            ..Self::install(nodes)
        }
    }

    /// With this Python environment.
    pub(crate) fn using(mut self, venv: &Path) -> Self {
        venv.to_str().unwrap().clone_into(&mut self.venv);
        self
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "labwright-plan\u{1f}1\nmode\u{1f}{}\ntarget\u{1f}{}\nvenv\u{1f}{}\njobs\u{1f}{}\nstall\u{1f}30\n",
            self.mode, self.target, self.venv, self.jobs
        );
        for (index, node) in self.nodes.iter().enumerate() {
            let number = (index + 1).to_string();
            let name = format!("the node {}", node.folder);
            let fields = [
                "node",
                &number,
                node.kind,
                &name,
                &node.folder,
                &node.url,
                &node.reference,
                &node.requirements,
                node.answer,
            ];
            text.push_str(&fields.join("\u{1f}"));
            text.push('\n');
            for package in &node.packages {
                writeln!(text, "package\u{1f}{number}\u{1f}{package}").unwrap();
            }
        }
        text
    }
}
