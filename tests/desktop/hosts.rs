//! Hosts in the window: added, trusted, installed on, lost from sight and found again.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use labwright_testbed::Window;
use labwright_testbed::host::{
    Host, Package, PackageIndex, Repositories, Repository, Wire, make_venv,
};

use crate::bench::{Bench, PATIENCE};

/// A host, the line to it, and what can be installed there.
struct Far {
    host: Host,
    line: Wire,
    repositories: Repositories,
    /// The line between the host and the repositories.
    supply: Wire,
    comfy: PathBuf,
    _index: PackageIndex,
}

impl Far {
    fn new() -> Self {
        let index = PackageIndex::start(&[Package::new("tiny", "1.0")]);
        let host = Host::builder().variables(index.variables()).start();
        let line = Wire::to(host.port());
        let repositories = Repositories::start();
        let supply = Wire::to(repositories.port());
        let comfy = host.home().join("ComfyUI");
        fs::create_dir_all(comfy.join("custom_nodes")).unwrap();
        make_venv(&comfy.join("venv"));
        Self {
            host,
            line,
            repositories,
            supply,
            comfy,
            _index: index,
        }
    }

    /// A plan of nodes of which those that are named do not exist yet.
    fn plan(&self, bench: &Bench, present: usize, absent: &[&str]) -> PathBuf {
        let names: Vec<String> = (0..present)
            .map(|number| format!("node-{number}"))
            .collect();
        for name in &names {
            let repository = Repository::named(name).requirements("tiny\n");
            self.repositories.add(&repository.padding(1 << 20));
        }
        let all = names
            .iter()
            .map(String::as_str)
            .chain(absent.iter().copied());
        let rows = all.map(|name| {
            let url = self.repositories.url_through(&self.supply, name);
            format!("{name},{url},,\n")
        });
        let text: String = std::iter::once("Name,RepoUrl,Subfolder,RequirementsFile\n".to_owned())
            .chain(rows)
            .collect();
        bench.file("nodes.csv", text.as_bytes())
    }

    fn is_installed(&self, name: &str) -> bool {
        self.comfy
            .join("custom_nodes")
            .join(name)
            .join("nodes.py")
            .exists()
            || self
                .comfy
                .join("custom_nodes")
                .join(name)
                .join(".git")
                .exists()
    }
}

/// Adds the host of the configuration, and says yes to its fingerprint.
fn add(window: &Window, far: &Far) {
    window.press("Control+3");
    window.wait_for_text("No hosts yet");
    window.click("main button", "Add host…");
    window.wait_for_text("From ~/.ssh/config");
    window.click("dialog button", far.host.alias());
    window.press("Enter");
    window.wait_for_text(&format!("Is this {}?", far.host.alias()));
    window.wait_for_text(&far.host.fingerprint());
    window.click("dialog button", "Accept");
    window.wait_until_gone("dialog");
    window.wait_for_text("connected");
}

/// Opens a plan for the host whose page is shown, and installs all of it.
fn install(window: &Window, far: &Far, plan: &std::path::Path, nodes: usize) {
    window.click("header button", "Install…");
    window
        .find("input[placeholder*='custom_nodes.csv']")
        .write(plan.to_str().unwrap());
    window.press("Enter");
    window.wait_for_text("node-0");
    window
        .find("input[placeholder*='ComfyUI/custom_nodes']")
        .write(far.comfy.to_str().unwrap());
    window.press("Tab");
    window.wait_within(PATIENCE, "what would happen to each node", || {
        window.text().contains("new").then_some(())
    });
    window.click("button", &format!("Install {nodes} nodes"));
}

#[test]
fn an_install_is_followed_over_a_cut_and_a_kill_and_what_failed_is_retried() {
    let (bench, far) = (Bench::new(), Far::new());
    let plan = far.plan(&bench, 5, &["late"]);
    far.supply.bytes_per_second(Some(300 << 10));
    let config = far.host.ssh_config_through(&far.line);
    let window = bench.open_reaching(&config);
    add(&window, &far);
    install(&window, &far, &plan, 6);
    window.wait_for_text("runs on the host");
    window.wait_within(PATIENCE, "the host to be found fit", || {
        window.text().contains("python 3").then_some(())
    });

    far.line.refuse();
    far.line.cut();
    window.wait_within(PATIENCE, "the cut to be told", || {
        window.text().contains("trying again").then_some(())
    });
    far.line.accept();
    window.wait_within(PATIENCE, "the connection to be back", || {
        (!window.text().contains("trying again")).then_some(())
    });

    window.kill();
    far.supply.bytes_per_second(None);
    let window = bench.open_reaching(&config);
    window.press("Control+3");
    window.click_first("button[data-host]");
    window.wait_within(PATIENCE, "the end of the install", || {
        window
            .text()
            .contains("1 of 6 nodes could not be installed")
            .then_some(())
    });
    for number in 0..5 {
        assert!(far.is_installed(&format!("node-{number}")), "node-{number}");
    }
    assert!(!far.is_installed("late"));

    far.repositories.add(&Repository::named("late"));
    window.click("button", "Retry 1 node");
    window.wait_within(PATIENCE, "the retry to succeed", || {
        far.is_installed("late").then_some(())
    });
    window.wait_within(Duration::from_secs(60), "the retry to be told", || {
        window.text().contains("succeeded").then_some(())
    });
    assert_eq!(window.errors(), Vec::<String>::new());
}

#[test]
fn a_changed_key_is_refused_in_the_window() {
    let (bench, far) = (Bench::new(), Far::new());
    let window = bench.open_reaching(&far.host.ssh_config());
    add(&window, &far);
    far.host.change_key();
    window.click("header button", "Test");
    window.wait_for_text("another key");
    assert!(
        window.find_all("dialog").is_empty(),
        "nothing asks to accept it"
    );
}
