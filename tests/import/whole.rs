//! What a user does on a good day.

use crate::program::Program;
use labwright_testbed::archives::{Compression, RootFs, hostile};
use labwright_testbed::{Engine, Kind};

fn from_a_file_to_a_running_container(kind: Kind) {
    let engine = Engine::private(kind);
    let program = Program::for_engine(&engine);
    let archive = Compression::Xz {
        block_size: 1 << 20,
        threads: 2,
    }
    .compress(&RootFs::tiny().marker("ceos").padding(8 << 20).tar());
    let path = program.file("cEOS64-lab-4.35.1F.tar.xz", &archive);

    let (code, last) = program.import(&path, &[]).end();
    let change = last.unwrap()["change"].clone();
    assert_eq!(
        (code, &change["type"]),
        (Some(0), &"finished".into()),
        "{change}"
    );
    let result = &change["outcome"]["result"];
    assert_eq!(result["references"][0], "ceos:4.35.1F");
    assert_eq!(
        engine
            .run("ceos:4.35.1F", &["/bin/cat", "/etc/marker"])
            .trim(),
        "ceos"
    );

    let again = program.succeed(&["import", path.to_str().unwrap(), "--quiet"]);
    assert_eq!(again.trim(), "ceos:4.35.1F");
    let jobs = program.jobs();
    assert_eq!(jobs.len(), 2);
    let listed = program.succeed(&["images"]);
    assert!(
        listed.contains("ceos:4.35.1F") && listed.contains("arista_ceos"),
        "{listed}"
    );

    program.succeed(&["images", "tag", "ceos:4.35.1F", "lab/ceos:new"]);
    program.succeed(&["images", "rm", "ceos:4.35.1F"]);
    assert_eq!(
        engine
            .run("lab/ceos:new", &["/bin/cat", "/etc/marker"])
            .trim(),
        "ceos"
    );
}

#[test]
fn from_a_file_to_a_running_container_classic() {
    from_a_file_to_a_running_container(Kind::Classic);
}

#[test]
fn from_a_file_to_a_running_container_containerd() {
    from_a_file_to_a_running_container(Kind::Containerd);
}

#[test]
fn from_a_file_to_a_running_container_podman() {
    from_a_file_to_a_running_container(Kind::Podman);
}

#[test]
fn several_files_end_with_the_worst_exit_code() {
    let engine = Engine::shared(Kind::Podman);
    let program = Program::for_engine(&engine);
    let good = program.file("several-1.tar", &RootFs::tiny().marker("good").tar());
    let bad = program.file("several-2.tar", &hostile::html_login_page());
    let output = program.run(&["import", good.to_str().unwrap(), bad.to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("web page") && said.contains("login page"),
        "{said}"
    );
    assert_eq!(
        engine.run("several:1", &["/bin/cat", "/etc/marker"]).trim(),
        "good"
    );
    assert_eq!(program.run(&["import"]).status.code(), Some(2));
}
