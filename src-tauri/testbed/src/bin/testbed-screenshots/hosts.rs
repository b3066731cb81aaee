//! Hosts that pictures are taken of, and what is installed there.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use labwright_testbed::host::{
    Host, Package, PackageIndex, Repositories, Repository, Wire, make_venv,
};

/// Nodes as they are called, some of them inside others.
const NODES: [&str; 34] = [
    "ComfyUI-Manager",
    "ComfyUI-Advanced-ControlNet",
    "ComfyUI-AnimateDiff-Evolved",
    "ComfyUI-Custom-Scripts",
    "ComfyUI-Easy-Use",
    "ComfyUI-Frame-Interpolation",
    "ComfyUI-GGUF",
    "ComfyUI-IC-Light",
    "ComfyUI-Impact-Pack",
    "ComfyUI-Inpaint-Nodes",
    "ComfyUI-Inspire-Pack",
    "ComfyUI-KJNodes",
    "ComfyUI-LTXVideo",
    "ComfyUI-LayerStyle",
    "ComfyUI-Logic",
    "ComfyUI-Marigold",
    "ComfyUI-MotionCtrl",
    "ComfyUI-Portrait-Master",
    "ComfyUI-SUPIR",
    "ComfyUI-Segment-Anything-2",
    "ComfyUI-TeaCache",
    "ComfyUI-Tooling-Nodes",
    "ComfyUI-VideoHelperSuite",
    "ComfyUI-WanVideoWrapper",
    "ComfyUI-mxToolkit",
    "ComfyUI_Comfyroll_CustomNodes",
    "ComfyUI_IPAdapter_plus",
    "ComfyUI_UltimateSDUpscale",
    "ComfyUI_essentials",
    "cg-use-everywhere",
    "comfyui_controlnet_aux",
    "rgthree-comfy",
    "was-node-suite-comfyui",
    "a-custom-node-with-a-name-that-somebody-must-have-typed-for-a-bet",
];

/// The repository that is not there, the one whose package cannot be built, and those in whose place something stands.
const ABSENT: &str = "ComfyUI-MotionCtrl";
const UNBUILT: &str = "was-node-suite-comfyui";
const HUSK: &str = "ComfyUI-Easy-Use";
const CHANGED: &str = "ComfyUI-Inpaint-Nodes";

/// Bytes of a repository, and of them a second while it is installed: long enough for the pictures.
const BYTES: usize = 600 << 10;
const RATE: u64 = 900 << 10;

/// The plan in the user's home, and `ComfyUI`'s folder on the host.
const PLAN: &str = "custom_nodes.csv";
const COMFY: &str = "ComfyUI";

/// Two hosts, one of which nobody has met, and the line over which repositories come.
pub(crate) struct Hosts {
    known: Host,
    stranger: Host,
    repositories: Repositories,
    line: Wire,
    _index: PackageIndex,
}

impl Hosts {
    pub(crate) fn new() -> Self {
        let index = PackageIndex::start(&[
            Package::new("numpy", "2.3.1"),
            Package::new("opencv-python-headless", "4.12.0"),
            Package::new("numba", "0.61.2").fails_to_build("no compiler was found"),
        ]);
        let known = Host::builder().variables(index.variables()).start();
        known.trust();
        let repositories = Repositories::start();
        let line = Wire::to(repositories.port());
        line.bytes_per_second(Some(RATE));
        let hosts = Self {
            known,
            stranger: Host::start(),
            repositories,
            line,
            _index: index,
        };
        hosts.furnish();
        hosts
    }

    /// Makes the repositories, and what stands on the host before.
    fn furnish(&self) {
        for name in NODES.into_iter().filter(|name| *name != ABSENT) {
            let repository = Repository::named(name).padding(BYTES);
            self.repositories.add(&match name {
                UNBUILT => repository.requirements("numba==0.61.2\n"),
                name if name.len() % 2 == 0 => {
                    repository.requirements("numpy\nopencv-python-headless\n")
                }
                _ => repository,
            });
        }
        let comfy = self.known.home().join(COMFY);
        let nodes = comfy.join("custom_nodes");
        fs::create_dir_all(nodes.join(HUSK).join(".git")).expect("the home can be written to");
        make_venv(&comfy.join("venv"));
        for name in [NODES[0], CHANGED] {
            let (url, place) = (self.repositories.url(name), nodes.join(name));
            self.known
                .run(&format!("git clone -q {url} '{}'", place.display()));
            let address = self.repositories.url_through(&self.line, name);
            self.known.run(&format!(
                "git -C '{}' remote set-url origin {address}",
                place.display()
            ));
        }
        let mine = nodes.join(CHANGED).join("nodes.py");
        fs::write(mine, "# mine\n").expect("the home can be written to");
    }

    /// Writes the plan into the user's home.
    pub(crate) fn write_plan(&self, home: &Path) {
        let mut text = "Name,RepoUrl,Subfolder,RequirementsFile\n".to_owned();
        for name in NODES {
            let url = self.repositories.url_through(&self.line, name);
            writeln!(text, "{name},{url},,").expect("memory takes it");
        }
        fs::write(home.join(PLAN), text).expect("the home can be written to");
    }

    /// What `lw` must be told, so that the hosts are noted.
    pub(crate) fn notes(&self) -> Vec<Vec<String>> {
        let hosts = [("gpu-7", &self.known), ("gpu-8", &self.stranger)];
        let note = |(name, host): (&str, &Host)| {
            let config = host.ssh_config().display().to_string();
            let words = [
                "--ssh-config",
                &config,
                "host",
                "add",
                name,
                "--destination",
                host.alias(),
                "--no-test",
            ];
            words.map(str::to_owned).to_vec()
        };
        hosts.into_iter().map(note).collect()
    }
}
