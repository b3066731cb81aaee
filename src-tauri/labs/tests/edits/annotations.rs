//! Where nodes stand.

use labwright_labs::topology::{
    Position, annotations_file, read_positions, rename_annotated, write_positions,
};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// As containerlab's tools write it, with parts that nobody here knows.
const THEIRS: &str = r#"{
  "freeTextAnnotations": [
    { "id": "t1", "text": "{ \"nodeAnnotations\": [", "position": { "x": -62.03145371322805, "y": 1e2 } }
  ],
  "zeta": 0.10000000000000000001,
  "networkNodeAnnotations": [
    {
      "id": "br0",
      "type": "bridge",
      "position": {
        "x": 91,
        "y": 91
      }
    }
  ],
  "nodeAnnotations": [
    {
      "interfacePattern": "e1-{n}",
      "position": {
        "y": 35,
        "x": 290.5
      },
      "id": "leaf1"
    },
    {
      "id": "leaf2",
      "icon": "router"
    },
    {
      "id": "leaf3",
      "position": null
    }
  ],
  "viewerSettings": {}
}"#;

struct Lab {
    folder: TempDir,
    topology: PathBuf,
}

impl Lab {
    fn new(annotations: Option<&str>) -> Self {
        let folder = TempDir::new().unwrap();
        let topology = folder.path().join("dc1.clab.yml");
        if let Some(text) = annotations {
            fs::write(annotations_file(&topology), text).unwrap();
        }
        Self { folder, topology }
    }

    fn text(&self) -> String {
        fs::read_to_string(annotations_file(&self.topology)).unwrap()
    }

    fn write(&self, changed: &[Position]) -> String {
        write_positions(&self.topology, changed).unwrap();
        self.text()
    }
}

fn at(node: &str, x: f64, y: f64) -> Position {
    let node = node.to_owned();
    Position { node, x, y }
}

#[test]
fn the_file_stands_beside_the_topology() {
    let lab = Lab::new(None);
    let file = annotations_file(&lab.topology);
    assert!(file.ends_with("dc1.clab.yml.annotations.json"), "{file:?}");
}

#[test]
fn positions_are_read_wherever_they_stand() {
    let lab = Lab::new(Some(THEIRS));
    let known = [at("leaf1", 290.5, 35.0), at("br0", 91.0, 91.0)];
    assert_eq!(read_positions(&lab.topology).unwrap(), known);
    assert_eq!(read_positions(&Lab::new(None).topology).unwrap(), []);
}

#[test]
fn only_numbers_change() {
    let lab = Lab::new(Some(THEIRS));
    let text = lab.write(&[at("leaf1", 300.0, 35.0), at("br0", -7.25, 0.0)]);
    let mut wished = THEIRS.replace("290.5", "300");
    wished = wished.replace("\"x\": 91", "\"x\": -7.25");
    assert_eq!(text, wished.replace("\"y\": 91", "\"y\": 0"));
    assert_eq!(lab.write(&[]), text);
}

#[test]
fn what_is_new_looks_like_the_rest() {
    let lab = Lab::new(Some(THEIRS));
    let new = [
        at("leaf2", 1.0, 2.0),
        at("leaf3", 3.0, 4.0),
        at("new", 5.5, 6.0),
    ];
    let text = lab.write(&new);
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("annotations", crate::diff::diff(THEIRS, &text));
    });
    let mut known = read_positions(&lab.topology).unwrap();
    known.retain(|position| new.contains(position));
    assert_eq!(known, new);
}

#[test]
fn a_missing_file_is_made() {
    let lab = Lab::new(None);
    let new = [at("a", 0.0, -1.5), at("b", 2.0, 3.0)];
    let text = lab.write(&new);
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("annotations-new", text);
    });
    assert_eq!(read_positions(&lab.topology).unwrap(), new);
    assert_eq!(fs::read_dir(lab.folder.path()).unwrap().count(), 1);
}

#[test]
fn no_file_is_made_for_nothing() {
    let lab = Lab::new(None);
    write_positions(&lab.topology, &[]).unwrap();
    rename_annotated(&lab.topology, "a", "b").unwrap();
    assert!(!annotations_file(&lab.topology).exists());
}

#[test]
fn other_layouts_stay_as_they_are() {
    let texts = [
        (
            r#"{"nodeAnnotations":[{"id":"a"}]}"#,
            r#"{"nodeAnnotations":[{"id":"a"}, {"id":"b","position":{"x":1,"y":2}}]}"#,
        ),
        (
            "{\r\n\t\"nodeAnnotations\": []\r\n}\r\n",
            "{\r\n\t\"nodeAnnotations\": [\r\n\t  {\r\n\t    \"id\": \"b\",\r\n\t    \"position\": {\r\n\t      \"x\": 1,\r\n\t      \"y\": 2\r\n\t    }\r\n\t  }\r\n\t]\r\n}\r\n",
        ),
        (
            r#"{"viewerSettings":{}}"#,
            r#"{"viewerSettings":{}, "nodeAnnotations": [{"id":"b","position":{"x":1,"y":2}}]}"#,
        ),
        (
            r#"{"nodeAnnotations":[{"id":"\u0062","position":{"x":"left"}}]}"#,
            r#"{"nodeAnnotations":[{"id":"\u0062","position":{"x":1,"y":2}}]}"#,
        ),
    ];
    for (old, new) in texts {
        assert_eq!(Lab::new(Some(old)).write(&[at("b", 1.0, 2.0)]), new);
    }
}

#[test]
fn a_new_name_is_taken_over() {
    let lab = Lab::new(Some(THEIRS));
    rename_annotated(&lab.topology, "leaf1", "spine \"1\"").unwrap();
    let wished = THEIRS.replace("\"leaf1\"", r#""spine \"1\"""#);
    assert_eq!(lab.text(), wished);
}

#[test]
fn what_cannot_be_read_is_not_overwritten() {
    let texts = [
        "",
        "{",
        "[]",
        r#"{"nodeAnnotations": {}}"#,
        r#"{"nodeAnnotations": [1]}"#,
        "{} {}",
    ];
    let mut all = String::new();
    for text in texts {
        let lab = Lab::new(Some(text));
        assert!(read_positions(&lab.topology).is_err(), "{text}");
        assert!(rename_annotated(&lab.topology, "a", "b").is_err(), "{text}");
        let error = write_positions(&lab.topology, &[at("a", 1.0, 2.0)]).unwrap_err();
        assert_eq!(lab.text(), text);
        let report = error.report();
        let folder = lab.folder.path().to_str().unwrap();
        let message = report.in_one_line().replace(folder, "/labs");
        writeln!(all, "{text:?}\n{}: {message}", report.code).unwrap();
        writeln!(all, "  {}", report.hints.join(" ")).unwrap();
    }
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("annotations-refused", all);
    });
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read_positions(&Lab::new(Some(&deep)).topology).is_err());
}

#[test]
fn no_position_is_no_number() {
    let lab = Lab::new(Some(THEIRS));
    let error = write_positions(&lab.topology, &[at("leaf1", f64::NAN, 0.0)]).unwrap_err();
    assert_eq!(error.code(), "annotations_position");
    assert_eq!(lab.text(), THEIRS);
}
