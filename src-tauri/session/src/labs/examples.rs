//! Labs to begin with: they run with small public images on any machine.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use labwright_jobs::ErrorReport;
use thiserror::Error;

use super::ExampleLab;

/// Where they go, below the user's documents.
const FOLDER: &str = "Labwright";
/// How often one can be there.
const MOST: u32 = 1000;

/// A lab that comes with Labwright.
struct Example {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    /// Its file, with its name in a line of its own.
    text: &'static str,
}

const EXAMPLES: [Example; 3] = [
    Example {
        name: "two-hosts",
        title: "Two hosts",
        about: "Two small Linux hosts and a link: open a shell, and ping.",
        text: include_str!("examples/two-hosts.clab.yml"),
    },
    Example {
        name: "routers",
        title: "Three routers",
        about: "FRRouting with OSPF, each joined with the others: set a link down, and see the way change.",
        text: include_str!("examples/routers.clab.yml"),
    },
    Example {
        name: "fabric",
        title: "A fabric",
        about: "Two spines, four leaves with FRRouting, and a host at each leaf.",
        text: include_str!("examples/fabric.clab.yml"),
    },
];

/// Why an example is not there.
#[derive(Debug, Error)]
pub(crate) enum ExampleError {
    /// A fault in the page.
    #[error("there is no example {name}")]
    Unknown {
        /// As it was called.
        name: String,
    },
    /// The disk, or who may do what.
    #[error("the example {name} cannot be written into {}", folder.display())]
    Write {
        /// Its name.
        name: String,
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl ExampleError {
    /// For people and programs.
    pub(crate) fn report(&self) -> ErrorReport {
        let (code, hint) = match self {
            Self::Unknown { .. } => (
                "example_unknown",
                "Choose one of those that the list of labs offers.",
            ),
            Self::Write { .. } => (
                "example_write",
                "Check that you may write there, that the disk has room, and that no file is called Labwright there.",
            ),
        };
        ErrorReport::of(code, self).with_hint(hint)
    }
}

/// All of them, the simplest first.
pub(crate) fn all() -> Vec<ExampleLab> {
    let told = |example: &Example| ExampleLab {
        name: example.name.to_owned(),
        title: example.title.to_owned(),
        about: example.about.to_owned(),
    };
    EXAMPLES.iter().map(told).collect()
}

/// Writes one into a new folder below `documents`; its file. A folder that is there is left alone, and the next one gets a
/// number, as its lab does: two labs of one name cannot run beside each other. Waits for the disk.
pub(crate) fn write(documents: &Path, name: &str) -> Result<PathBuf, ExampleError> {
    let found = EXAMPLES.iter().find(|example| example.name == name);
    let example = found.ok_or_else(|| ExampleError::Unknown {
        name: name.to_owned(),
    })?;
    let parent = documents.join(FOLDER);
    let written = fs::create_dir_all(&parent).and_then(|()| write_new(&parent, example));
    written.map_err(|source| ExampleError::Write {
        name: name.to_owned(),
        folder: parent,
        source,
    })
}

fn write_new(parent: &Path, example: &Example) -> io::Result<PathBuf> {
    for number in 1..MOST {
        let name = match number {
            1 => example.name.to_owned(),
            _ => format!("{}-{number}", example.name),
        };
        let folder = parent.join(&name);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            made => made?,
        }
        let file = folder.join(format!("{name}.clab.yml"));
        let mut made = OpenOptions::new();
        let mut made = made.write(true).create_new(true).open(&file)?;
        made.write_all(text(example, &name).as_bytes())?;
        return Ok(file);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn text(example: &Example, name: &str) -> String {
    let own = format!("\nname: {}\n", example.name);
    example.text.replacen(&own, &format!("\nname: {name}\n"), 1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::{BTreeMap, BTreeSet};

    use labwright_engine::Capacity;
    use labwright_images::Rules;
    use labwright_labs::kinds::Kinds;
    use labwright_labs::plan::{Bring, PlanStep, Planner};
    use labwright_labs::survey::Survey;
    use labwright_labs::topology::{Origin, Topology};

    use super::*;

    /// An engine with nothing in it.
    fn bare() -> Survey {
        Survey {
            engine: "Docker 28.5".to_owned(),
            architecture: "amd64".to_owned(),
            local: false,
            capacity: Capacity {
                memory: 4 << 30,
                processors: 2,
                kernel: String::new(),
            },
            capabilities: Vec::new(),
            refuses_privileged: false,
            images: BTreeMap::new(),
            containers: Vec::new(),
            unfinished: BTreeSet::new(),
            networks: Vec::new(),
            volumes: BTreeSet::new(),
            taken_ports: BTreeSet::new(),
            host_folders: BTreeSet::new(),
            files: BTreeMap::new(),
        }
    }

    /// Its nodes, its links and the images that are pulled for it.
    fn planned(file: &Path) -> (String, usize, usize, Vec<String>) {
        let (kinds, rules) = (Kinds::built_in().unwrap(), Rules::built_in().unwrap());
        let origin = Origin {
            file,
            kinds: &kinds,
            git: None,
            home: None,
        };
        let text = fs::read_to_string(file).unwrap();
        let topology = Topology::parse(&text, &origin, &|_: &str| None).unwrap();
        assert_eq!(topology.warnings, [], "{}", file.display());
        let survey = bare();
        let planner = Planner {
            topology: &topology,
            kinds: &kinds,
            survey: &survey,
            owner: "ada",
            bring: Bring {
                pull: true,
                archives: &[],
                rules: &rules,
            },
            anew: false,
        };
        let plan = planner.plan().unwrap();
        assert_eq!(plan.notes, [""; 0], "{}", file.display());
        let pulls = plan.steps.iter().filter_map(|step| match step {
            PlanStep::Pull { reference, .. } => Some(reference.clone()),
            _ => None,
        });
        (
            topology.name.to_string(),
            topology.nodes.len(),
            topology.links.len(),
            pulls.collect(),
        )
    }

    #[test]
    fn every_example_is_without_a_mistake_and_can_be_deployed() {
        let documents = tempfile::tempdir().unwrap();
        let (alpine, frr) = ("alpine:3.22", "quay.io/frrouting/frr:10.5.1");
        let expected = [
            ("two-hosts", 2, 1, vec![alpine]),
            ("routers", 3, 3, vec![frr]),
            ("fabric", 10, 12, vec![frr, alpine]),
        ];
        assert_eq!(all().len(), expected.len());
        for (name, nodes, links, mut images) in expected {
            let file = write(documents.path(), name).unwrap();
            let (its, its_nodes, its_links, mut pulls) = planned(&file);
            assert_eq!((its.as_str(), its_nodes, its_links), (name, nodes, links));
            pulls.sort();
            images.sort_unstable();
            assert_eq!(pulls, images, "{name}");
        }
    }

    #[test]
    fn nothing_of_the_users_is_overwritten() {
        let documents = tempfile::tempdir().unwrap();
        let of = |name: &str| documents.path().join("Labwright").join(name);
        let first = write(documents.path(), "routers").unwrap();
        assert_eq!(first, of("routers/routers.clab.yml"));
        fs::write(&first, "mine").unwrap();
        // A folder that is empty is somebody's, too.
        fs::create_dir(of("routers-2")).unwrap();

        let next = write(documents.path(), "routers").unwrap();
        assert_eq!(next, of("routers-3/routers-3.clab.yml"));
        assert_eq!(planned(&next).0, "routers-3");
        assert_eq!(fs::read_to_string(&first).unwrap(), "mine");
        assert_eq!(fs::read_dir(of("routers-2")).unwrap().count(), 0);

        let unknown = write(documents.path(), "../escape").unwrap_err();
        assert_eq!(unknown.report().code, "example_unknown");
        fs::write(documents.path().join("file"), "").unwrap();
        let refused = write(&documents.path().join("file"), "fabric").unwrap_err();
        assert_eq!(refused.report().code, "example_write");
    }
}
