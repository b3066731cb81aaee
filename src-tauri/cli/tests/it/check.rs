//! `lw lab check` asks no engine.

use crate::program::Home;

#[test]
fn every_mistake_of_every_file_is_said_with_its_place() {
    let home = Home::new();
    let write = |path: &str, text: &str| {
        let path = home.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let good = "name: dc1
topology:
  nodes:
    leaf1: {kind: linux, image: 'frr:10'}
    leaf2: {kind: linux, image: 'frr:10'}
  links:
    - endpoints: ['leaf1:eth1', 'leaf2:eth1']
";
    write("labs/good.clab.yml", good);
    write(
        "labs/deep/wrong.clab.yaml",
        &good.replace("'leaf2:eth1'", "'leaf3:eth1'"),
    );
    write("labs/deep/odd.clab.yml", &good.replace("links:", "lnks:"));
    write("labs/notes.yml", "no topology");
    let all = home.run(&["lab", "check", "labs"]);
    assert_eq!(all.code, Some(1), "{all}");
    insta::assert_snapshot!(all);
    let json = home.run(&["lab", "check", "--json", "labs/good.clab.yml"]);
    assert_eq!(json.code, Some(0), "{json}");
    insta::assert_snapshot!(json);
    let nothing = home.run(&["lab", "check", "run"]);
    insta::assert_snapshot!(nothing);
}
