//! A private engine to measure on, empty and quiet before every run.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use labwright_testbed::{Engine, Kind, LabImage};

use crate::process::{Measured, measure};

/// Where folders lie that are to be on a disk.
const DISK: &str = "/var/tmp";

/// One engine, and the program to measure.
#[derive(Debug)]
pub(crate) struct Bench {
    engine: Engine,
    lw: PathBuf,
}

impl Bench {
    /// Starts an engine of this kind, the only one for now.
    pub(crate) fn new(kind: Kind, lw: &Path) -> Self {
        Self {
            engine: Engine::private(kind),
            lw: lw.to_owned(),
        }
    }

    /// The same, with registries that it talks to without TLS.
    pub(crate) fn trusting(kind: Kind, lw: &Path, registries: &[&str]) -> Self {
        Self {
            engine: Engine::trusting(kind, registries),
            lw: lw.to_owned(),
        }
    }

    /// What kind of engine it is.
    pub(crate) fn kind(&self) -> Kind {
        self.engine.kind()
    }

    /// The engine's own client.
    pub(crate) fn client(&self) -> Command {
        self.engine.client()
    }

    /// `lw` for this engine, with its files in this folder.
    pub(crate) fn lw(&self, data: &Path) -> Command {
        let mut command = Command::new(&self.lw);
        command
            .args(["--json", "--engine", &self.engine.address()])
            .env("LABWRIGHT_DATA_DIR", data)
            .env("LABWRIGHT_CONFIG_DIR", data);
        command
    }

    /// The engine's own version.
    pub(crate) fn version(&self) -> String {
        let version = self
            .engine
            .exec_cli(&["version", "--format", "{{.Server.Version}}"]);
        version.trim().to_owned()
    }

    /// Brings a lab's image into the engine.
    pub(crate) fn import_lab(&self, image: &LabImage) {
        self.engine.import(image);
    }

    /// The first process of a container that runs, as this machine numbers it: the engine may have numbers of its own.
    pub(crate) fn pid(&self, container: &str) -> u32 {
        let id = self
            .engine
            .exec_cli(&["inspect", "--format", "{{.Id}}", container]);
        let processes = fs::read_dir("/proc").expect("Linux has /proc");
        let mut numbers =
            processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let is_first = |pid: &u32| {
            let read =
                |name: &str| fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap_or_default();
            let status = read("status");
            let inside = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
            let number = inside.and_then(|line| line.split_whitespace().last());
            number == Some("1") && read("cgroup").contains(id.trim())
        };
        numbers
            .find(is_first)
            .expect("a container that runs has one")
    }

    /// The engine's own import.
    pub(crate) fn own_import(&self, file: &Path, reference: &str) -> Measured {
        let mut command = self.engine.client();
        command.arg("import").arg(file).arg(reference);
        self.import(command, file, reference)
    }

    /// `lw import`, with its history below `history`, and as if it had never run before.
    pub(crate) fn lw_import(&self, file: &Path, reference: &str, history: &Path) -> Measured {
        let data = tempfile::tempdir_in(history).expect("a folder can be made for the history");
        let mut command = self.lw(data.path());
        command.arg("import").arg(file).args(["--as", reference]);
        self.import(command, file, reference)
    }

    /// Measures an import of a file that memory holds.
    fn import(&self, command: Command, file: &Path, reference: &str) -> Measured {
        read(file);
        self.with_empty_engine(command, reference)
    }

    /// Measures what brings an image into the empty engine, with nothing left to be written.
    pub(crate) fn with_empty_engine(&self, command: Command, reference: &str) -> Measured {
        self.clear();
        let measured = measure(command);
        assert!(
            self.engine.image_id(reference).is_some(),
            "{reference} is not in the engine"
        );
        measured
    }

    /// Removes all images, and lets the disk come to rest.
    fn clear(&self) {
        let mut ids: Vec<_> = self
            .engine
            .exec_cli(&["images", "--quiet", "--no-trunc"])
            .lines()
            .map(str::to_owned)
            .collect();
        ids.sort();
        ids.dedup();
        for id in ids {
            self.engine.exec_cli(&["rmi", "--force", &id]);
        }
        rustix::fs::sync();
    }
}

/// The folder for what is to be on a disk.
pub(crate) fn disk() -> &'static Path {
    Path::new(DISK)
}

fn read(file: &Path) {
    File::open(file)
        .and_then(|mut file| io::copy(&mut file, &mut io::sink()))
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
}

/// The size of a file, in MiB.
pub(crate) fn size(file: &Path) -> u64 {
    let metadata = fs::metadata(file);
    metadata.map_or(0, |metadata| metadata.len() >> 20)
}
