//! The rules of the house that no compiler checks: which room may depend on which, and what the webview may name.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what is wrong by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// For each crate, the crates of the house that it may depend on. A new crate needs a row.
const MAY_USE: &[(&str, &[&str])] = &[
    (
        "labwright",
        &[
            "labwright-session",
            "labwright-images",
            "labwright-engine",
            "labwright-jobs",
        ],
    ),
    (
        "labwright-cli",
        &[
            "labwright-session",
            "labwright-labs",
            "labwright-remote",
            "labwright-images",
            "labwright-registry",
            "labwright-engine",
            "labwright-jobs",
        ],
    ),
    (
        "labwright-session",
        &[
            "labwright-labs",
            "labwright-remote",
            "labwright-images",
            "labwright-registry",
            "labwright-engine",
            "labwright-jobs",
        ],
    ),
    (
        "labwright-images",
        &[
            "labwright-archive",
            "labwright-registry",
            "labwright-engine",
            "labwright-jobs",
        ],
    ),
    ("labwright-archive", &[]),
    ("labwright-engine", &[]),
    ("labwright-jobs", &[]),
    ("labwright-patchbay", &[]),
    ("labwright-registry", &[]),
    (
        "labwright-labs",
        &[
            "labwright-patchbay",
            "labwright-images",
            "labwright-engine",
            "labwright-jobs",
        ],
    ),
    (
        "labwright-remote",
        &["labwright-images", "labwright-engine", "labwright-jobs"],
    ),
    ("labwright-testbed", &[]),
];

/// Packages that only the named crates may depend on.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("bollard", &["labwright-engine"]),
    ("oci-client", &["labwright-registry"]),
    ("secret-service", &["labwright-registry"]),
    ("tauri", &["labwright"]),
    ("clap", &["labwright-cli"]),
    ("clap_complete", &["labwright-cli"]),
    ("console", &["labwright-cli"]),
    ("directories", &["labwright-session"]),
    ("tracing-subscriber", &["labwright", "labwright-cli"]),
    ("rusqlite", &["labwright-jobs"]),
];

/// Plugins that would let the page reach files, programs or the network; nothing may depend on them.
const NEVER: &[&str] = &[
    "tauri-plugin-fs",
    "tauri-plugin-shell",
    "tauri-plugin-http",
    "tauri-plugin-process",
];

/// What the page may ask Tauri itself for: to hear its stream. Everything else goes through the program's own commands.
const PAGE_MAY: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten"];

/// Where what the page loads may come from.
const PAGE_LOADS_FROM: &[&str] = &["'none'", "'self'", "data:", "ipc:", "http://ipc.localhost"];

/// The one crate that only tests may use.
const TESTS_ONLY: &str = "labwright-testbed";

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What each crate of the workspace depends on outside its tests, by package name.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(top())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| (text(&package["name"]), shipped(package)))
        .collect()
}

fn shipped(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().expect("dependencies");
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| text(&dependency["name"]))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}

#[test]
fn every_crate_depends_only_downward() {
    let rows: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    for (name, dependencies) in dependencies() {
        let allowed = rows.get(name.as_str());
        let allowed = allowed.unwrap_or_else(|| panic!("{name} has no row in MAY_USE"));
        for dependency in dependencies.iter().filter(|d| d.starts_with("labwright")) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} depends on {dependency}: dependencies run downward only"
            );
        }
    }
}

#[test]
fn nothing_that_ships_depends_on_the_testbed() {
    for (name, dependencies) in dependencies() {
        assert!(
            !dependencies.contains(TESTS_ONLY),
            "{name} ships {TESTS_ONLY}"
        );
    }
}

#[test]
fn a_package_with_one_room_is_in_no_other() {
    for (name, dependencies) in dependencies() {
        for (package, rooms) in ONLY_IN {
            assert!(
                !dependencies.contains(*package) || rooms.contains(&name.as_str()),
                "{name} depends on {package}, which belongs to {rooms:?}"
            );
        }
    }
}

/// The webview's own sources: TypeScript, Svelte and style sheets.
fn webview_sources() -> Vec<PathBuf> {
    let mut sources = Vec::new();
    let mut folders = vec![top().join("src-ui/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.push(path);
            }
        }
    }
    assert!(!sources.is_empty(), "src-ui/src has no sources");
    sources
}

#[test]
fn only_the_tauri_backend_names_tauri() {
    for path in webview_sources() {
        let names_tauri = fs::read_to_string(&path).unwrap().contains("@tauri-apps/");
        assert!(
            !names_tauri || path.ends_with("src/backend/tauri.ts"),
            "{} imports @tauri-apps: only src/backend/tauri.ts may",
            path.display()
        );
    }
}

#[test]
fn colours_come_from_the_tokens() {
    for path in webview_sources() {
        let styled = path
            .extension()
            .is_some_and(|e| e == "svelte" || e == "css");
        if !styled || path.ends_with("src/tokens.css") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for (number, line) in source.lines().enumerate() {
            let place = format!("{}:{}", path.display(), number + 1);
            assert!(
                !names_a_colour(line),
                "{place} names a colour: {}",
                line.trim()
            );
        }
    }
}

/// Whether a line of style names a colour of its own instead of a token's.
fn names_a_colour(line: &str) -> bool {
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "lab("];
    functions.iter().any(|function| line.contains(function))
        || line.split('#').skip(1).any(starts_with_hex_colour)
}

fn starts_with_hex_colour(rest: &str) -> bool {
    let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
    let next = rest.chars().nth(digits);
    matches!(digits, 3 | 4 | 6 | 8) && next.is_none_or(|c| !c.is_alphanumeric())
}

#[test]
fn the_npm_lock_file_names_no_registry() {
    let lock = fs::read_to_string(top().join("src-ui/package-lock.json")).unwrap();
    assert!(
        !lock.contains("\"resolved\""),
        "package-lock.json names where packages come from: set omit-lockfile-registry-resolved in .npmrc and run npm install"
    );
}

fn json(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(top().join(path)).unwrap()).unwrap()
}

#[test]
fn the_page_loads_nothing_but_what_the_program_brings() {
    let security = &json("tauri.conf.json")["app"]["security"];
    let policy = security["csp"].as_object().unwrap();
    assert_eq!(policy["default-src"], "'none'");
    assert_eq!(policy["script-src"], "'self'");
    assert_eq!(policy["style-src"], "'self' 'unsafe-inline'");
    for (directive, sources) in policy {
        for source in sources.as_str().unwrap().split_whitespace() {
            let is_own_style = directive == "style-src" && source == "'unsafe-inline'";
            assert!(
                PAGE_LOADS_FROM.contains(&source) || is_own_style,
                "{directive} allows {source}"
            );
        }
    }
    assert!(security.get("devCsp").is_none(), "devCsp is set");
    // A nonce would take the inline styles back.
    let unmodified = &security["dangerousDisableAssetCspModification"];
    assert_eq!(*unmodified, serde_json::json!(["style-src"]));
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["assetProtocol"]["enable"], false);
    assert!(
        json("tauri.conf.json")["app"]
            .get("withGlobalTauri")
            .is_none()
    );
}

#[test]
fn the_page_may_hear_its_stream_and_nothing_else() {
    let folder = top().join("src-tauri/app/capabilities");
    let files = fs::read_dir(folder).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["main.json"]);
    let capability = json("src-tauri/app/capabilities/main.json");
    assert_eq!(capability["permissions"], serde_json::json!(PAGE_MAY));
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability.get("remote").is_none());
    let capabilities = &json("tauri.conf.json")["app"]["security"]["capabilities"];
    assert_eq!(*capabilities, serde_json::json!(["main"]));
    for (name, dependencies) in dependencies() {
        for plugin in NEVER {
            assert!(!dependencies.contains(*plugin), "{name} ships {plugin}");
        }
    }
}
