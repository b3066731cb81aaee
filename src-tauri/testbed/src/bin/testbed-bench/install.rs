//! `lw install` against the same commands run by hand in one ssh session, on a host on this machine.
//!
//! The repositories are a network's distance away. What is counted for `lw` is all of it: the login, the runner's start, the
//! verification at the end.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use labwright_testbed::host::{
    Host, Package, PackageIndex, Repositories, Repository, Wire, make_venv,
};

use crate::arguments::Arguments;
use crate::bench::disk;
use crate::machine;
use crate::process::measure;
use crate::report::median;

/// How many nodes there are, and how many of them want Python packages.
const NODES: usize = 16;
const WITH_REQUIREMENTS: usize = 8;
/// Bytes of a repository that no compression makes smaller.
const BYTES: usize = 4 << 20;
/// How far away the repositories are, each way.
const DELAY: Duration = Duration::from_millis(25);

/// The most that `lw` may take, by what the commands take: with one clone at a time, and with four.
const WANTED: [(u8, f64); 2] = [(1, 1.10), (4, 1.00)];

/// What is installed, and on what.
struct Stage {
    host: Host,
    repositories: Repositories,
    wire: Wire,
    comfy: PathBuf,
    _index: PackageIndex,
}

/// Measures in turn.
pub(crate) fn run(arguments: &Arguments) {
    let stage = Stage::new();
    println!(
        "{NODES} repositories of {} MiB, {} ms away; {WITH_REQUIREMENTS} with requirements; load {}",
        BYTES >> 20,
        2 * DELAY.as_millis(),
        machine::load()
    );
    println!("round  by hand  one at a time  ratio  four at a time  ratio");
    let rounds: Vec<[f64; 2]> = (1..=arguments.rounds)
        .map(|number| round(number, &stage, &arguments.program))
        .collect();
    for (index, (jobs, wanted)) in WANTED.iter().enumerate() {
        let ratio = median(rounds.iter().map(|ratios| ratios[index]));
        println!("median ratio with {jobs} at once {ratio:.3}, wanted {wanted}");
    }
}

/// Measures by hand, with one clone and with four; in another order in every other round.
fn round(number: usize, stage: &Stage, lw: &Path) -> [f64; 2] {
    let measure_lw = |jobs: u8| stage.clean().lw(lw, jobs);
    let by_hand = || stage.clean().by_hand();
    let (hand, one, four) = if number.is_multiple_of(2) {
        let (four, one) = (measure_lw(4), measure_lw(1));
        (by_hand(), one, four)
    } else {
        (by_hand(), measure_lw(1), measure_lw(4))
    };
    let ratios = [one / hand, four / hand];
    println!(
        "{number:>5}  {hand:>5.2} s  {one:>11.2} s  {:>5.2}  {four:>12.2} s  {:>5.2}",
        ratios[0], ratios[1]
    );
    ratios
}

impl Stage {
    fn new() -> Self {
        let packages: Vec<Package> = (0..WITH_REQUIREMENTS)
            .map(|number| Package::new(&format!("tiny{number}"), "1.0"))
            .collect();
        let index = PackageIndex::start(&packages);
        let host = Host::builder().variables(index.variables()).start();
        host.trust();
        let repositories = Repositories::start();
        for number in 0..NODES {
            let repository = Repository::named(&name(number)).padding(BYTES);
            repositories.add(&if number < WITH_REQUIREMENTS {
                repository.requirements(&format!("tiny{number}==1.0\n"))
            } else {
                repository
            });
        }
        let wire = Wire::to(repositories.port());
        wire.delay(DELAY);
        let comfy = host.home().join("ComfyUI");
        Self {
            host,
            repositories,
            wire,
            comfy,
            _index: index,
        }
    }

    /// The same with nothing installed, and an environment that knows no package.
    fn clean(&self) -> &Self {
        let _missing = fs::remove_dir_all(&self.comfy);
        fs::create_dir_all(self.comfy.join("custom_nodes")).expect("a folder can be made");
        make_venv(&self.comfy.join("venv"));
        rustix::fs::sync();
        self
    }

    fn url(&self, number: usize) -> String {
        self.repositories.url_through(&self.wire, &name(number))
    }

    /// What somebody would type, in one session.
    fn by_hand(&self) -> f64 {
        let mut script = format!("set -e; cd '{}/custom_nodes'\n", self.comfy.display());
        for number in 0..NODES {
            let (name, url) = (name(number), self.url(number));
            writeln!(script, "git clone -q --recursive {url} {name}").expect("memory takes it");
            if number < WITH_REQUIREMENTS {
                writeln!(
                    script,
                    "(cd {name} && ../../venv/bin/python -m pip install -q -r requirements.txt)"
                )
                .expect("memory takes it");
            }
        }
        script.push_str("../venv/bin/python -m pip check\n");
        let mut command = Command::new("ssh");
        command
            .arg("-F")
            .arg(self.host.ssh_config())
            .arg(self.host.alias())
            .arg(&script);
        measure(command).seconds
    }

    fn lw(&self, lw: &Path, jobs: u8) -> f64 {
        let data = tempfile::tempdir_in(disk()).expect("a folder can be made");
        let plan = data.path().join("plan.csv");
        let rows = (0..NODES).map(|number| format!("{},{},,\n", name(number), self.url(number)));
        let text: String = std::iter::once("Name,RepoUrl,Subfolder,RequirementsFile\n".to_owned())
            .chain(rows)
            .collect();
        fs::write(&plan, text).expect("a plan can be written");
        let mut command = Command::new(lw);
        command
            .args(["--json", "--ssh-config"])
            .arg(self.host.ssh_config())
            .arg("install")
            .arg(&plan)
            .args([
                "--host",
                self.host.alias(),
                "--jobs",
                &jobs.to_string(),
                "--target",
            ])
            .arg(&self.comfy)
            .env("LABWRIGHT_DATA_DIR", data.path())
            .env("LABWRIGHT_CONFIG_DIR", data.path());
        let seconds = measure(command).seconds;
        let heads = (0..NODES).filter(|number| {
            self.comfy
                .join("custom_nodes")
                .join(name(*number))
                .join(".git")
                .is_dir()
        });
        assert_eq!(heads.count(), NODES, "every node is there");
        seconds
    }
}

fn name(number: usize) -> String {
    format!("node-{number:02}")
}
