//! What pictures are taken of. A new view is a row.

/// A step on the way into a view, or out of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Waits until something matches the selector.
    Wait(&'static str),
    /// Waits until the page shows this text.
    Read(&'static str),
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
    /// The engine was killed.
    Gone,
    /// Started with an address where there is no engine.
    Nowhere,
}

impl Scene {
    /// In the order in which they can be had.
    pub(crate) const ALL: [Self; 6] = [
        Self::First,
        Self::Library,
        Self::Pulling,
        Self::Running,
        Self::Gone,
        Self::Nowhere,
    ];

    /// Whether it must have been before the other can be.
    pub(crate) fn leads_to(self, other: Self) -> bool {
        match other {
            Self::First | Self::Library | Self::Nowhere => self == other,
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
        &[Step::Press("Control+2"), Step::Read("Nothing has run yet")],
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
            Step::Press("Control+1"),
            Step::Click("nav .engine", ""),
            Step::Wait("dialog"),
        ],
    ),
    seen(
        "activity-succeeded",
        Scene::Library,
        &[
            Step::Press("Control+2"),
            Step::Click(PILL, "36 succeeded"),
            Step::Wait(ROW),
        ],
    ),
    seen(
        "activity-failed",
        Scene::Library,
        &[
            Step::Press("Control+2"),
            Step::Click(PILL, "3 failed"),
            Step::Wait(ROW),
        ],
    ),
    seen(
        "activity-cancelled",
        Scene::Library,
        &[
            Step::Press("Control+2"),
            Step::Click(PILL, "1 cancelled"),
            Step::Wait(ROW),
        ],
    ),
    seen(
        "settings",
        Scene::Library,
        &[Step::Press("Control+3"), Step::Read("Diagnostics…")],
    ),
    seen(
        "diagnostics",
        Scene::Library,
        &[
            Step::Press("Control+3"),
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
            Step::Press("Control+2"),
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
        &[Step::Press("Control+2"), Step::Wait("[data-details]")],
    ),
    View {
        name: "closing",
        scene: Scene::Running,
        before: &[Step::Close],
        steps: &[Step::Read("Keep running")],
        after: &[Step::Click("dialog button", "Stay")],
    },
    seen("gone", Scene::Gone, &[Step::Read("has not answered")]),
    seen(
        "nowhere",
        Scene::Nowhere,
        &[Step::Read("There is no engine")],
    ),
];
