//! What pictures are taken of. A new view is a row.

use crate::labs::MISTAKES;

/// A step on the way into a view, or out of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Waits until something matches the selector.
    Wait(&'static str),
    /// Waits until the page shows this text.
    Read(&'static str),
    /// The same of what takes its time.
    Await(&'static str),
    /// Clicks what matches the selector and shows this text.
    Click(&'static str, &'static str),
    /// Presses keys, such as `Control+1`.
    Press(&'static str),
    /// Writes into the field that matches the selector.
    Write(&'static str, &'static str),
    /// Holds files of the user's home over the window, as a file manager does.
    Drag(&'static [&'static str]),
    /// Carries them back.
    CarryBack,
    /// Gives files of the user's home to the program, as a second instance does.
    Give(&'static [&'static str]),
    /// Writes a file of the user's home, as another editor does.
    Save(&'static str, &'static str),
    /// Deploys a topology of the user's home, as its user does in a terminal.
    Deploy(&'static str),
    /// Runs a shell's script in a container, and does not wait for it.
    Run(&'static str, &'static str),
    /// Closes the window by the button in its title bar.
    Close,
}

/// What the program has around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// An engine without an image, and a user who has never been here.
    First,
    /// Vendors' images, and forty jobs in the history.
    Library,
    /// Pulls that run and wait, one that failed, and what was pulled before.
    Pulling,
    /// Downloads that run, with and without a known length, and files that wait.
    Running,
    /// Topologies in the user's home, their images, and a lab that is another tool's.
    Labs,
    /// Two hosts, one of them unknown, and a plan in the user's home.
    Hosts,
    /// The engine was killed.
    Gone,
    /// Started with an address where there is no engine.
    Nowhere,
}

impl Scene {
    /// In the order in which they can be had.
    pub(crate) const ALL: [Self; 8] = [
        Self::First,
        Self::Library,
        Self::Pulling,
        Self::Running,
        Self::Labs,
        Self::Hosts,
        Self::Gone,
        Self::Nowhere,
    ];

    /// Whether it must have been before the other can be.
    pub(crate) fn leads_to(self, other: Self) -> bool {
        match other {
            Self::First | Self::Library | Self::Labs | Self::Hosts | Self::Nowhere => self == other,
            Self::Pulling => matches!(self, Self::Library | Self::Pulling),
            Self::Running => matches!(self, Self::Library | Self::Running),
            Self::Gone => matches!(self, Self::Library | Self::Running | Self::Gone),
        }
    }
}

/// A view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// The first part of the file's name.
    pub(crate) name: &'static str,
    /// Where it is seen.
    pub(crate) scene: Scene,
    /// What is done once, before all its pictures.
    pub(crate) before: &'static [Step],
    /// The way into it from a page that was just loaded, for each picture.
    pub(crate) steps: &'static [Step],
    /// What is done once, after all its pictures.
    pub(crate) after: &'static [Step],
}

/// The window's sizes: the first is the one that it opens with.
pub(crate) const SIZES: [(i32, i32); 2] = [(1280, 800), (900, 600)];

/// A row of Activity, and what filters its rows.
const ROW: &str = "[role=option]";
const PILL: &str = "[aria-label=Filter] button";

/// Topologies of the user.
const BASICS: &str = "labs/basics.clab.yml";
const BORDER: &str = "labs/border.clab.yml";
const DC3: &str = "labs/dc3.clab.yml";
const FABRIC: &str = "labs/fabric-200.clab.yml";
const TWENTY: &str = "labs/dc2.clab.yml";
const UPGRADE: &str = "labs/upgrade.clab.yml";

/// A neighbour that wants to speak BGP, and is refused.
const BGP: &str = "while :; do nc -w 1 10.0.1.1 179 </dev/null; sleep 2; done";

/// Back from a lab to the list.
const ALL_LABS: &str = "header [aria-label='All labs']";

/// The page of the host that is known, and its plan.
const HOST: Step = Step::Click("[data-host=gpu-7]", "");
const PLAN: Step = Step::Write(
    "input[placeholder*='custom_nodes.csv']",
    "~/custom_nodes.csv",
);
const TARGET: Step = Step::Write("input[placeholder*='ComfyUI/custom_nodes']", "~/ComfyUI");

/// Both terminals, where there are two.
const LEFT: &str = ".dock .pane:nth-child(1) .xterm-helper-textarea";
const RIGHT: &str = ".dock .pane:nth-child(2) .xterm-helper-textarea";

const fn seen(name: &'static str, scene: Scene, steps: &'static [Step]) -> View {
    View {
        name,
        scene,
        before: &[],
        steps,
        after: &[],
    }
}

/// All views.
pub(crate) const VIEWS: &[View] = &[
    seen("first", Scene::First, &[Step::Read("No images yet")]),
    seen(
        "activity-empty",
        Scene::First,
        &[Step::Press("Control+4"), Step::Read("Nothing has run yet")],
    ),
    seen("images", Scene::Library, &[Step::Read("ceos:4.35.1F")]),
    seen(
        "images-details",
        Scene::Library,
        &[
            Step::Click("[role=row] *", "ceos:4.34.2F"),
            Step::Read("Labels"),
        ],
    ),
    seen(
        "images-remove",
        Scene::Library,
        &[
            Step::Click("[role=row] *", "ceos:4.35.1F"),
            Step::Click("button", "Remove…"),
            Step::Wait("dialog"),
        ],
    ),
    seen(
        "images-rename",
        Scene::Library,
        &[
            Step::Click("[role=row] *", "ceos:4.35.1F"),
            Step::Click("button", "Rename…"),
            Step::Wait("dialog"),
        ],
    ),
    seen(
        "images-search",
        Scene::Library,
        &[
            Step::Read("ceos:4.35.1F"),
            Step::Write("[aria-label='Search images']", "cisco"),
        ],
    ),
    seen(
        "images-nothing-found",
        Scene::Library,
        &[
            Step::Read("ceos:4.35.1F"),
            Step::Write("[aria-label='Search images']", "nexus"),
        ],
    ),
    View {
        name: "offer",
        scene: Scene::Library,
        before: &[Step::Give(&[
            "other/cEOS64-lab-4.35.1F.tar.xz",
            "a-vendor-appliance-with-a-name-that-nobody-would-want-to-type-2026.11.build-4711.tar.gz",
            "vEOS64-lab-4.36.0F.qcow2",
        ])],
        steps: &[
            Step::Wait("dialog"),
            Step::Read("is the name of another image"),
        ],
        after: &[Step::Click("dialog button", "Leave all out")],
    },
    View {
        name: "offer-refused",
        scene: Scene::Library,
        before: &[Step::Give(&["vEOS64-lab-4.36.0F.qcow2"])],
        steps: &[Step::Read("Nothing here can be imported")],
        after: &[Step::Click("dialog button", "Close")],
    },
    seen(
        "import",
        Scene::Library,
        &[Step::Click("button", "Import…"), Step::Wait("dialog")],
    ),
    seen(
        "engines",
        Scene::Library,
        &[
            Step::Press("Control+2"),
            Step::Click("nav .engine", ""),
            Step::Wait("dialog"),
        ],
    ),
    seen(
        "activity-succeeded",
        Scene::Library,
        &[
            Step::Press("Control+4"),
            Step::Click(PILL, "36 succeeded"),
            Step::Wait(ROW),
        ],
    ),
    seen(
        "activity-failed",
        Scene::Library,
        &[
            Step::Press("Control+4"),
            Step::Click(PILL, "3 failed"),
            Step::Wait(ROW),
        ],
    ),
    seen(
        "activity-cancelled",
        Scene::Library,
        &[
            Step::Press("Control+4"),
            Step::Click(PILL, "1 cancelled"),
            Step::Wait(ROW),
        ],
    ),
    seen(
        "settings",
        Scene::Library,
        &[Step::Press("Control+5"), Step::Read("Diagnostics…")],
    ),
    seen(
        "diagnostics",
        Scene::Library,
        &[
            Step::Press("Control+5"),
            Step::Click("button", "Diagnostics…"),
            Step::Wait("dialog"),
        ],
    ),
    seen(
        "keys",
        Scene::Library,
        &[Step::Read("ceos:4.35.1F"), Step::Press("?")],
    ),
    View {
        name: "drop",
        scene: Scene::Library,
        before: &[Step::Drag(&[
            "cEOS64-lab-4.36.0F.tar.xz",
            "xrd-vrouter-container-x64.24.4.1.tgz",
            "vEOS64-lab-4.36.0F.qcow2",
        ])],
        steps: &[Step::Read("Drop to import"), Step::Read("vrnetlab")],
        after: &[Step::CarryBack],
    },
    seen(
        "pull",
        Scene::Pulling,
        &[
            Step::Read("of 12 layers"),
            Step::Read("could not be pulled"),
        ],
    ),
    seen(
        "pull-sheet",
        Scene::Pulling,
        &[
            Step::Read("of 12 layers"),
            Step::Press("Control+l"),
            Step::Wait("dialog"),
        ],
    ),
    seen(
        "pull-activity",
        Scene::Pulling,
        &[
            Step::Press("Control+4"),
            Step::Wait("[data-details]"),
            Step::Read("Extract"),
        ],
    ),
    View {
        name: "images-running",
        scene: Scene::Running,
        // A good part of the way, with enough left for all pictures.
        before: &[Step::Wait("footer [role=progressbar][aria-valuenow='35']")],
        steps: &[Step::Wait("footer .strip [role=progressbar]")],
        after: &[],
    },
    seen(
        "activity-running",
        Scene::Running,
        &[Step::Press("Control+4"), Step::Wait("[data-details]")],
    ),
    View {
        name: "closing",
        scene: Scene::Running,
        before: &[Step::Close],
        steps: &[Step::Read("Keep running")],
        after: &[Step::Click("dialog button", "Stay")],
    },
    View {
        name: "lab-three",
        scene: Scene::Labs,
        before: &[
            Step::Deploy(BASICS),
            Step::Give(&[BASICS]),
            Step::Wait("h1[title=basics]"),
        ],
        steps: &[Step::Read("3 ready"), Step::Wait("#drawn-host1")],
        after: &[],
    },
    View {
        name: "lab-twenty",
        scene: Scene::Labs,
        before: &[
            Step::Deploy(TWENTY),
            Step::Give(&[TWENTY]),
            Step::Wait("h1[title=dc2]"),
        ],
        steps: &[Step::Await("20 ready"), Step::Wait("#drawn-host8")],
        after: &[],
    },
    View {
        name: "lab-two-hundred",
        scene: Scene::Labs,
        before: &[
            Step::Deploy(FABRIC),
            Step::Give(&[FABRIC]),
            Step::Wait("h1[title=fabric-200]"),
        ],
        steps: &[Step::Await("200 ready"), Step::Wait("#drawn-p16-leaf8")],
        after: &[],
    },
    View {
        name: "lab-failure",
        scene: Scene::Labs,
        before: &[
            Step::Give(&[BORDER]),
            Step::Wait("h1[title=border]"),
            Step::Click("header button", "Start"),
            Step::Await("Restart the node"),
        ],
        steps: &[
            Step::Wait("#drawn-border2"),
            Step::Click("#drawn-border2", ""),
            Step::Read("Restart the node"),
        ],
        after: &[],
    },
    View {
        name: "lab-consoles",
        scene: Scene::Labs,
        before: &[
            Step::Deploy(BASICS),
            Step::Give(&[BASICS]),
            Step::Wait("h1[title=basics]"),
        ],
        steps: &[
            Step::Read("3 ready"),
            Step::Click("#drawn-leaf1", ""),
            Step::Click("aside button", "Console"),
            Step::Read("localhost>"),
            Step::Click("#drawn-host1", ""),
            Step::Click("aside button", "Shell"),
            Step::Read("/ #"),
            Step::Click(".dock [aria-label=Split]", ""),
            Step::Write(LEFT, "show version\n"),
            Step::Read("Software image version"),
            Step::Write(RIGHT, "ping -c 4 10.0.1.1\n"),
            Step::Read("4 packets transmitted"),
        ],
        after: &[],
    },
    View {
        name: "lab-editor",
        scene: Scene::Labs,
        before: &[
            Step::Give(&[DC3]),
            Step::Wait("h1[title=dc3]"),
            Step::Wait("#drawn-host1"),
            Step::Save(DC3, MISTAKES),
        ],
        steps: &[
            Step::Wait("#drawn-host1"),
            Step::Wait("header .mistakes"),
            Step::Click("[aria-label=View] label", "File"),
            Step::Wait(".cm-content"),
            Step::Wait("[aria-label=Problems] [role=option]"),
        ],
        after: &[],
    },
    View {
        name: "lab-capture",
        scene: Scene::Labs,
        before: &[
            Step::Deploy(BASICS),
            Step::Give(&[BASICS]),
            Step::Wait("h1[title=basics]"),
            Step::Run("clab-basics-host1", "ping 10.0.1.1"),
            Step::Run("clab-basics-host1", BGP),
        ],
        steps: &[
            Step::Read("3 ready"),
            Step::Click("#drawn-host1", ""),
            Step::Click("aside li button", ""),
            Step::Click("aside .foot [aria-haspopup=menu]", ""),
            Step::Click("[role=menuitem]", "Capture at host1:eth1"),
            Step::Wait(".packets [aria-rowindex='9']"),
        ],
        after: &[],
    },
    View {
        name: "lab-booting",
        scene: Scene::Labs,
        before: &[
            Step::Give(&[UPGRADE]),
            Step::Wait("h1[title=upgrade]"),
            Step::Click("header button", "Start"),
            Step::Await("agents"),
        ],
        steps: &[
            Step::Await("3 of 4 ready"),
            Step::Click("#drawn-leaf2", ""),
            Step::Read("its agents and the command line"),
        ],
        after: &[],
    },
    View {
        name: "lab-list",
        scene: Scene::Labs,
        before: &[
            Step::Save(DC3, MISTAKES),
            Step::Deploy(BASICS),
            Step::Give(&[BASICS]),
            Step::Wait("h1[title=basics]"),
            Step::Click(ALL_LABS, ""),
            Step::Give(&["labs"]),
            Step::Read("fabric-200"),
        ],
        steps: &[
            Step::Press("Control+1"),
            Step::Read("look only"),
            Step::Read("fabric-200"),
        ],
        after: &[],
    },
    View {
        name: "hosts",
        scene: Scene::Hosts,
        before: &[
            Step::Press("Control+3"),
            Step::Click("[aria-label='Test gpu-8']", ""),
            Step::Await("Is this gpu-8?"),
        ],
        steps: &[
            Step::Press("Control+3"),
            Step::Click("[aria-label='Test gpu-7']", ""),
            Step::Await("connected"),
        ],
        after: &[],
    },
    seen(
        "host-key",
        Scene::Hosts,
        &[
            Step::Press("Control+3"),
            Step::Click("[aria-label='Test gpu-8']", ""),
            Step::Await("Is this gpu-8?"),
        ],
    ),
    View {
        name: "host-plan",
        scene: Scene::Hosts,
        before: &[],
        steps: &[
            Step::Press("Control+3"),
            HOST,
            Step::Await("connected"),
            Step::Click("header button", "Install…"),
            PLAN,
            Step::Press("Enter"),
            Step::Read("ComfyUI-Manager"),
            TARGET,
            Step::Press("Tab"),
            Step::Await("local changes"),
        ],
        after: &[
            Step::Click("button", "Cancel"),
            Step::Click("[aria-label='All hosts']", ""),
        ],
    },
    View {
        name: "host-installing",
        scene: Scene::Hosts,
        before: &[
            Step::Press("Control+3"),
            HOST,
            Step::Await("connected"),
            Step::Click("header button", "Install…"),
            PLAN,
            Step::Press("Enter"),
            Step::Read("ComfyUI-Manager"),
            TARGET,
            Step::Press("Tab"),
            Step::Await("local changes"),
            Step::Click("button", "Install 34 nodes"),
            Step::Await("of 34"),
        ],
        steps: &[
            Step::Press("Control+3"),
            HOST,
            Step::Read("runs on the host"),
            Step::Await("receiving"),
        ],
        after: &[Step::Await("could not be installed")],
    },
    seen(
        "host-failed",
        Scene::Hosts,
        &[
            Step::Press("Control+3"),
            HOST,
            Step::Await("could not be installed"),
            Step::Await("connected"),
        ],
    ),
    seen("gone", Scene::Gone, &[Step::Read("has not answered")]),
    seen(
        "nowhere",
        Scene::Nowhere,
        &[Step::Read("There is no engine")],
    ),
];
