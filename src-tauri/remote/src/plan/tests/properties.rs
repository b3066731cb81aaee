//! What holds for every plan.

use proptest::prelude::*;

use super::*;

/// Text that looks enough like a plan to get past the first look.
fn nearly_a_plan() -> impl Strategy<Value = String> {
    let fixtures: [&[u8]; 10] = [
        include_bytes!("../fixtures/custom_nodes.csv"),
        include_bytes!("../fixtures/exported.csv"),
        include_bytes!("../fixtures/hostile.csv"),
        include_bytes!("../fixtures/snapshot.json"),
        include_bytes!("../fixtures/hostile_snapshot.json"),
        include_bytes!("../fixtures/custom-node-list.json"),
        include_bytes!("../fixtures/hostile_list.json"),
        include_bytes!("../fixtures/lab-host.toml"),
        include_bytes!("../fixtures/hostile.toml"),
        include_bytes!("../fixtures/broken.toml"),
    ];
    let fixture = prop::sample::select(fixtures.to_vec());
    let places = prop::collection::vec((any::<prop::sample::Index>(), piece()), 1..4);
    (fixture, places).prop_map(|(fixture, pieces)| {
        let mut bytes = fixture.to_vec();
        for (place, (taken, piece)) in pieces {
            let start = place.index(bytes.len() + 1);
            let end = (start + taken).min(bytes.len());
            bytes.splice(start..end, piece);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// How many bytes are taken out, and what is put in their place.
fn piece() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let pieces = [
        "", "\"", "\n", "\r\n", ",", "#", "-", "..", "/", "::", "\\", "\\u0000", "\\u001f",
        "\u{1f}", "\u{202e}", "'", "[", "{", "=", " ", ".git", ".partial", "@", "://", "--x",
        "null", "7",
    ];
    (0..20_usize, prop::sample::select(pieces.to_vec()))
        .prop_map(|(taken, piece)| (taken, piece.into()))
}

/// What must be true of whatever is handed to a runner. Written without the code that it checks.
fn is_safe(plan: &InstallPlan) {
    let mut names: Vec<&str> = plan.nodes.iter().map(|node| node.name.as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    for node in &plan.nodes {
        let mut fields = vec![node.name.as_str()];
        match &node.source {
            NodeSource::Git {
                url,
                folder,
                reference,
                requirements,
                packages,
            } => {
                fields.extend([url.as_str(), folder.as_str()]);
                fields.extend(reference.as_deref());
                fields.extend(requirements.as_deref());
                no_options(packages);
                stays_inside(folder);
                requirements.as_deref().map(stays_inside);
                let start = url.split(['/', '@']).next().unwrap_or_default();
                assert!(!start.contains("::"), "{url}");
            }
            NodeSource::Packages { packages } => no_options(packages),
            NodeSource::Image { image } => fields.push(match image {
                ImageSource::Registry { reference } | ImageSource::Engine { reference } => {
                    reference
                }
                ImageSource::File { path, .. } => path,
            }),
            NodeSource::Other => assert!(node.obstacle.is_some()),
        }
        for field in fields {
            assert!(
                !field.is_empty() && !field.contains(char::is_control),
                "{field:?}"
            );
            assert!(!field.starts_with('-'), "{field:?}");
        }
    }
}

fn no_options(packages: &[String]) {
    for package in packages {
        assert!(
            !package.is_empty() && !package.contains(char::is_control),
            "{package:?}"
        );
        let bare = package.strip_prefix("-e ").unwrap_or(package);
        assert!(
            !bare.trim_start().starts_with('-') && !bare.contains(" -"),
            "{package:?}"
        );
    }
}

fn stays_inside(path: &str) {
    for part in path.split('/') {
        assert!(!["", ".", "..", ".git"].contains(&part), "{path:?}");
    }
}

fn field() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_ ,\"'äß#.]{0,20}[A-Za-z0-9\"'#]"
        .prop_filter("is trimmed", |text| text.trim() == text)
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec("[A-Za-z0-9_,\"' ]{0,8}[A-Za-z0-9]", 1..4).prop_map(|parts| {
        let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
        parts.join("/")
    })
}

/// A table as the format's own installer would write it.
fn table() -> impl Strategy<Value = Vec<[String; 4]>> {
    let row = (field(), path(), prop::option::of(path()));
    prop::collection::vec(row, 1..12).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        numbered
            .map(|(number, (name, folder, requirements))| {
                let name = format!("n{number}{name}");
                let url = format!("https://h.example/a/{number},\"x\"");
                [
                    name,
                    url,
                    format!("f{number}{folder}"),
                    requirements.unwrap_or_default(),
                ]
            })
            .collect()
    })
}

fn written(rows: &[[String; 4]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["Name", "RepoUrl", "Subfolder", "RequirementsFile"])
        .unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn rows_of(plan: &InstallPlan) -> Vec<[String; 4]> {
    let row = |node: &PlanNode| match &node.source {
        NodeSource::Git {
            url,
            folder,
            requirements,
            ..
        } => [
            node.name.clone(),
            url.clone(),
            folder.clone(),
            requirements.clone().unwrap_or_default(),
        ],
        other => panic!("{other:?}"),
    };
    plan.nodes.iter().map(row).collect()
}

proptest! {
    #[test]
    fn reading_anything_ends(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(plan) = read_plan("any", &bytes) {
            is_safe(&plan);
        }
    }

    #[test]
    fn reading_any_text_ends(start in "(Name,RepoUrl\n|\\[\\[node\\]\\]\n|\\{\"custom_nodes\":|)", text in "\\PC{0,200}") {
        if let Err(error) = read_plan("any", (start + &text).as_bytes()) {
            prop_assert!(!error.report().message.is_empty());
        }
    }

    #[test]
    fn a_plan_that_was_read_is_safe(text in nearly_a_plan()) {
        match read_plan("near", text.as_bytes()) {
            Ok(plan) => is_safe(&plan),
            Err(error) => assert!(!told(&error).contains('\u{1f}')),
        }
    }

    #[test]
    fn a_table_is_read_as_it_was_written(rows in table()) {
        let plan = read_plan("written.csv", &written(&rows)).map_err(|error| TestCaseError::fail(told(&error)))?;
        prop_assert_eq!(rows_of(&plan), rows);
    }
}
