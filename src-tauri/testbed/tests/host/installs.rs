//! What is fetched by a host: repositories and packages.

use std::fs;
use std::time::{Duration, Instant};

use labwright_testbed::host::{
    Host, Package, PackageIndex, Repositories, Repository, Wire, make_venv,
};

#[test]
fn repositories_are_cloned_there_with_tags_and_submodules() {
    let repositories = Repositories::start();
    repositories.add(&Repository::named("inner"));
    repositories.add(
        &Repository::named("author/outer")
            .requirements("alpha==1.0\n")
            .install_script("print('installed')\n")
            .submodule("inner"),
    );
    let host = Host::start();
    let url = repositories.url("author/outer");
    host.run(&format!("git clone --recursive {url}.git outer"));
    let outer = host.home().join("outer");
    let read = |path: &str| fs::read_to_string(outer.join(path)).unwrap();
    assert_eq!(read("README.md"), "author/outer, the third commit\n");
    assert_eq!(read("requirements.txt"), "alpha==1.0\n");
    assert_eq!(read("install.py"), "print('installed')\n");
    assert_eq!(read("inner/README.md"), "inner, the third commit\n");
    for revision in ["v1", "v2", "main"] {
        let there = host.run(&format!("cd outer && git rev-parse {revision}^{{commit}}"));
        assert_eq!(there.trim(), repositories.commit("author/outer", revision));
    }
    let changed = repositories.change("author/outer", "new", "x\n");
    host.run("cd outer && git pull");
    assert_eq!(host.run("cd outer && git rev-parse HEAD").trim(), changed);
    assert_eq!(read("new"), "x\n");
}

#[test]
fn a_missing_repository_is_gits_own_error() {
    let repositories = Repositories::start();
    let host = Host::start();
    let clone = format!("git clone {} x", repositories.url("absent"));
    let error = host.try_run(&clone).unwrap_err();
    assert!(error.contains("fatal: remote error"), "{error}");
}

#[test]
fn a_large_repository_comes_slowly_through_a_narrow_wire() {
    let repositories = Repositories::start();
    repositories.add(&Repository::named("large").padding(1 << 20));
    let wire = Wire::to(repositories.port());
    wire.bytes_per_second(Some(2 << 20));
    let host = Host::start();
    let begun = Instant::now();
    host.run(&format!(
        "git clone {}",
        repositories.url_through(&wire, "large")
    ));
    assert!(begun.elapsed() >= Duration::from_millis(450));
    assert!(wire.bytes_down() > 1 << 20);
}

fn packages() -> [Package; 6] {
    [
        Package::new("Alpha.Tool", "1.0"),
        Package::new("Alpha.Tool", "2.0").padding(10_000),
        Package::new("beta", "1.0").requires("alpha-tool<2"),
        Package::new("gamma", "1.0").requires("alpha-tool>=2"),
        Package::new("broken", "1.0").fails_to_build("no compiler here"),
        Package::new("slow", "1.0").takes_to_build(1),
    ]
}

/// A host whose pip finds those packages, in a virtual environment in its home.
fn host_with_packages() -> (Host, PackageIndex) {
    let index = PackageIndex::start(&packages());
    let host = Host::builder().variables(index.variables()).start();
    make_venv(&host.home().join("venv"));
    (host, index)
}

#[test]
fn packages_are_installed_in_the_versions_asked_for() {
    let (host, index) = host_with_packages();
    host.run("venv/bin/pip install beta slow");
    let version = "venv/bin/python -c 'import alpha_tool; print(alpha_tool.__version__)'";
    assert_eq!(host.run(version), "1.0\n");
    assert!(index.asked().contains(&"/simple/alpha-tool/".to_owned()));
    host.run("venv/bin/python -m pip install --upgrade --no-deps alpha-tool");
    assert_eq!(host.run(version), "2.0\n");
    let conflict = host.try_run("venv/bin/pip check").unwrap_err();
    let said = "beta 1.0 has requirement alpha-tool<2, but you have alpha-tool 2.0";
    assert!(conflict.contains(said), "{conflict}");
}

#[test]
fn packages_fail_as_told() {
    let (host, _index) = host_with_packages();
    let broken = host.try_run("venv/bin/pip install broken").unwrap_err();
    assert!(
        broken.contains("RuntimeError: no compiler here"),
        "{broken}"
    );
    let conflict = host.try_run("venv/bin/pip install beta gamma").unwrap_err();
    assert!(conflict.contains("ResolutionImpossible"), "{conflict}");
    let absent = host.try_run("venv/bin/pip install absent").unwrap_err();
    assert!(
        absent.contains("No matching distribution found for absent"),
        "{absent}"
    );
}
