//! The program with what it has around it, scene by scene.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use labwright_testbed::archives::{Compression, DockerArchive, RootFs};
use labwright_testbed::servers::HttpServer;
use labwright_testbed::{
    Display, DragSource, Engine, Gate, Kind, LabImage, Launch, Registry, RegistryImage, Window,
};

use crate::hosts::Hosts;
use crate::labs;
use crate::views::{Scene, Step};

/// Images as vendors call them, with the container that uses them.
const LIBRARY: [(&str, Option<(&str, &str)>); 8] = [
    (
        "cEOS64-lab-4.34.2F.tar.xz",
        Some(("ceos:4.34.2F", "clab-dc1-leaf1")),
    ),
    (
        "cEOS64-lab-4.35.1F.tar.xz",
        Some(("ceos:4.35.1F", "clab-dc1-spine1")),
    ),
    ("cEOSarm-lab-4.33.2F.tar.xz", None),
    (
        "frr-10.5.1.tar.zst",
        Some(("frr:10.5.1", "clab-frr01-router1")),
    ),
    ("junos-routing-crpd-docker-amd64-23.4R1.10.tgz", None),
    ("docker-sonic-vs-202411.tar.gz", None),
    ("vyos-1.5.0-amd64.tar.gz", None),
    (
        "xrd-control-plane-container-x64.24.4.1.tgz",
        Some(("xrd-control-plane:24.4.1", "clab-wan-pe1")),
    ),
];
/// A reference that is longer than any column.
const LONG: &str = "registry.lab.example.net:5000/network-images/routing/a-vendor-appliance-with-a-name-that-nobody-would-want-to-type:2026.11-build-4711";
/// So many more fill the table and the history.
const OTHERS: usize = 27;
/// How long a download goes on while pictures are taken of it, in bytes and bytes a second.
const LARGE: u64 = 590 << 20;
const RATE: u64 = 14 << 20;

/// The registry's line while pictures are taken of pulls, in bytes a second.
const LINE: u64 = 1 << 20;

/// What an engine and a lab have to do first may take so long.
const PATIENCE: Duration = Duration::from_secs(180);

/// The program, and what it has around it.
pub(crate) struct Stage {
    program: PathBuf,
    failures: PathBuf,
    display: Display,
    /// Made for the first scene that needs it.
    engine: OnceCell<Engine>,
    kind: Kind,
    window: Option<Window>,
    drag: Option<DragSource>,
    servers: Vec<HttpServer>,
    shelf: Option<(Registry, Gate)>,
    hosts: Option<Hosts>,
}

impl Stage {
    pub(crate) fn new(program: &Path, failures: &Path, kind: Kind) -> Self {
        Self {
            program: program.to_owned(),
            failures: failures.to_owned(),
            display: Display::new(),
            engine: OnceCell::new(),
            kind,
            window: None,
            drag: None,
            servers: Vec::new(),
            shelf: None,
            hosts: None,
        }
    }

    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| Engine::private(self.kind))
    }

    /// The window that is open.
    pub(crate) fn window(&self) -> &Window {
        self.window.as_ref().expect("a scene opens it")
    }

    /// Changes what is around the program.
    pub(crate) fn enter(&mut self, scene: Scene) {
        match scene {
            Scene::First => self.open_with_engine(&[]),
            Scene::Library => {
                self.window = None;
                self.fill();
                self.open_with_engine(&[]);
            }
            Scene::Running => {
                self.window = None;
                let urls = self.serve_slowly();
                self.open_with_engine(&urls);
            }
            Scene::Pulling => {
                self.window = None;
                self.open_with_engine(&[]);
                self.pull_slowly();
            }
            Scene::Labs => {
                self.window = None;
                labs::write(&self.display.home());
                for image in [LabImage::busybox(), LabImage::ceos_stand_in()] {
                    self.lw(&["import", &image.path().to_string_lossy()]);
                }
                labs::run_foreign(self.engine());
                self.open_with_engine(&[]);
            }
            Scene::Hosts => {
                self.window = None;
                let hosts = Hosts::new();
                hosts.write_plan(&self.display.home());
                for words in hosts.notes() {
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    self.lw(&words);
                }
                self.hosts = Some(hosts);
                self.open_with_engine(&[]);
            }
            Scene::Gone => self.engine().kill(),
            Scene::Nowhere => {
                self.window = None;
                self.open("unix:///no-such-folder/engine.sock", &[]);
            }
        }
    }

    fn open_with_engine(&mut self, sources: &[String]) {
        let address = self.engine().address();
        self.open(&address, sources);
    }

    fn open(&mut self, engine: &str, sources: &[String]) {
        let mut launch = Launch::new(&self.program).variable("LW_ENGINE", engine);
        for source in sources {
            launch = launch.argument(source);
        }
        self.window = Some(launch.failures(&self.failures).open(&self.display));
    }

    pub(crate) fn go(&mut self, step: &Step) {
        match step {
            Step::Wait(css) => drop(self.window().find(css)),
            Step::Read(text) => self.window().wait_for_text(text),
            Step::Await(text) => self.window().wait_within(PATIENCE, text, || {
                self.window().text().contains(text).then_some(())
            }),
            Step::Click(css, "") => self.window().click_first(css),
            Step::Click(css, text) => self.window().click(css, text),
            Step::Press(keys) => self.window().press(keys),
            Step::Write(css, text) => self.window().find(css).write(text),
            Step::Drag(names) => self.drag(names),
            Step::CarryBack => {
                let drag = self.drag.take().expect("a drag was begun");
                drag.carry_back();
                self.window().wait_until_gone(".veil");
            }
            Step::Give(names) => self.give(&self.paths(names)),
            Step::Save(name, text) => {
                let path = self.display.home().join(name);
                fs::write(path, text).expect("the home can be written to");
            }
            Step::Deploy(name) => {
                let path = self.display.home().join(name);
                self.lw(&["lab", "deploy", &path.to_string_lossy()]);
            }
            Step::Run(container, script) => {
                let command = ["exec", "--detach", *container, "sh", "-c", *script];
                self.engine().exec_cli(&command);
            }
            Step::Close => self.window().close(),
        }
    }

    fn drag(&mut self, names: &[&str]) {
        let paths = self.paths(names);
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let drag = DragSource::new(&self.display, &paths);
        drag.hold_over(450, 300);
        self.drag = Some(drag);
    }

    fn give(&self, files: &[impl AsRef<std::ffi::OsStr>]) {
        let status = self.display.command(&self.program).args(files).status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "a second instance hands its files over"
        );
    }

    fn paths(&self, names: &[&str]) -> Vec<PathBuf> {
        names
            .iter()
            .map(|name| self.display.home().join(name))
            .collect()
    }

    /// Imports the library with `lw`, so that the history has it too.
    fn fill(&self) {
        for (name, used) in LIBRARY {
            self.lw(&["import", &self.archive(name, name)]);
            if let Some((reference, container)) = used {
                self.engine()
                    .exec_cli(&["create", "--name", container, reference, "/bin/cat"]);
            }
        }
        let long = self.archive("a-vendor-appliance-with-a-name-that-nobody-would-want-to-type-2026.11.build-4711.tar.gz", "long");
        self.lw(&["import", &long, "--as", LONG]);
        for number in 0..OTHERS {
            let name = format!("vyos-1.4.{number}-amd64.tar.gz");
            self.lw(&["import", &self.archive(&name, &name)]);
        }
        for name in [
            "vyos-1.3.1-amd64.tar.gz",
            "frr-9.1.tar.gz",
            "cEOS64-lab-4.33.0F.tar.xz",
        ] {
            let path = self.archive(name, name);
            let whole = fs::metadata(&path).map_or(0, |metadata| metadata.len());
            let cut = File::options()
                .write(true)
                .open(&path)
                .and_then(|file| file.set_len(whole / 2));
            cut.expect("the archive can be cut");
            let failed = self.command_of_lw(&["import", &path]).status();
            assert!(
                failed.is_ok_and(|status| !status.success()),
                "{path} is cut"
            );
        }
        self.cancel_one();
        // What is offered later: another file for a name that is taken, an edition for the same machine, a disk.
        fs::create_dir_all(self.display.home().join("other")).expect("the home can be written to");
        for name in [
            "other/cEOS64-lab-4.35.1F.tar.xz",
            "cEOS64-lab-4.36.0F.tar.xz",
            "xrd-vrouter-container-x64.24.4.1.tgz",
        ] {
            self.archive(name, "another");
        }
        let disk = self.display.home().join("vEOS64-lab-4.36.0F.qcow2");
        fs::write(disk, b"QFI\xfb\0\0\0\x03").expect("the home can be written to");
    }

    fn cancel_one(&self) {
        let archive = RootFs::tiny().padding(128 << 20).tar();
        let slow = HttpServer::bytes(archive)
            .file_name("vyos-1.2.9-amd64.tar")
            .bytes_per_second(RATE)
            .start();
        let mut command = self.display.command("timeout");
        let interrupted = command
            .env("LW_ENGINE", self.engine().address())
            .args(["--signal=INT", "3"])
            .arg(self.lw_program())
            .args(["import", &slow.url()])
            .stderr(Stdio::null())
            .status();
        assert!(
            interrupted.is_ok_and(|status| !status.success()),
            "the download was slow"
        );
    }

    /// A file in the user's home that is made like the vendor's, and unlike those with another mark.
    fn archive(&self, name: &str, mark: &str) -> String {
        let root = RootFs::tiny().marker(mark).padding(3 << 20);
        let is_docker =
            name.starts_with("xrd") || name.starts_with("junos") || name.starts_with("docker");
        let tar = if is_docker {
            DockerArchive::new()
                .image(&["vendor/image:latest"], &[root])
                .tar()
        } else {
            root.tar()
        };
        let compression = match name {
            name if name.ends_with("xz") => Compression::XzSingleBlock,
            name if name.ends_with("zst") => Compression::Zstd,
            _ => Compression::Gzip,
        };
        let path = self.display.home().join(name);
        fs::write(&path, compression.compress(&tar)).expect("the home can be written to");
        path.to_string_lossy().into_owned()
    }

    /// Servers whose files take minutes; their addresses.
    fn serve_slowly(&mut self) -> Vec<String> {
        let path = self.display.home().join("large.tar");
        let file = File::create(&path).expect("the home can be written to");
        RootFs::tiny()
            .padding(LARGE)
            .write_tar(file)
            .expect("there is room for a large file");
        let slow = |name: &str| {
            HttpServer::file(&path)
                .file_name(name)
                .bytes_per_second(RATE)
        };
        let servers = vec![
            slow("cEOS64-lab-4.36.1F.tar").start(),
            slow("vyos-1.5.1-amd64.tar").chunked().start(),
            slow("srlinux-25.3.1.tar").start(),
            slow("frr-10.6.0.tar").start(),
        ];
        let urls = servers.iter().map(HttpServer::url).collect();
        self.servers = servers;
        urls
    }

    /// Pulls one image to its end, then asks for what fails, what takes minutes, and what waits.
    fn pull_slowly(&mut self) {
        let registry = Registry::open();
        let gate = Gate::before(&registry);
        image("frrouting/frr", "10.5.1", 4).push(&registry);
        for tag in ["24.10.1", "24.10.2", "24.10.3", "25.3.1"] {
            image("nokia/srlinux", tag, 12).push(&registry);
        }
        self.lw(&["pull", &gate.reference("frrouting/frr:10.5.1")]);
        gate.bytes_per_second(Some(LINE));
        for name in [
            "lab/router:1.0",
            "nokia/srlinux:24.10.1",
            "nokia/srlinux:24.10.2",
            "nokia/srlinux:24.10.3",
            "nokia/srlinux:25.3.1",
        ] {
            self.pull(&gate.reference(name));
        }
        self.shelf = Some((registry, gate));
    }

    /// Asks for a pull as the user does.
    fn pull(&self, reference: &str) {
        let window = self.window();
        window.press("Control+l");
        window.find("dialog input").write(reference);
        window.press("Enter");
        window.wait_until_gone("dialog");
    }

    /// `lw` lies beside the window's program.
    fn lw_program(&self) -> PathBuf {
        self.program.with_file_name("lw")
    }

    fn command_of_lw(&self, arguments: &[&str]) -> Command {
        let mut command = self.display.command(self.lw_program());
        command
            .env("LW_ENGINE", self.engine().address())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }

    fn lw(&self, arguments: &[&str]) {
        let output = self
            .command_of_lw(arguments)
            .stderr(Stdio::piped())
            .output()
            .expect("lw runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "lw {}: {errors}",
            arguments.join(" ")
        );
    }
}

/// An image of layers of very different sizes, as they are.
fn image(repository: &str, tag: &str, layers: u64) -> RegistryImage {
    let image = RegistryImage::new(repository, tag).compression(Compression::None);
    (1..=layers).fold(image, |image, number| {
        let root = if number == 1 {
            RootFs::tiny()
        } else {
            RootFs::empty()
        };
        let mark = format!("{tag} {number}");
        let size = (number * 7 % 12) << 20;
        image.layer(&root.file("etc/layer", mark).seed(number).padding(size))
    })
}
