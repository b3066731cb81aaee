//! Files that nobody wrote by mistake.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod reading;

use labwright_labs::topology::{Code, LinkForm};
use proptest::prelude::*;
use reading::{good, read};
use std::fmt::Write;

fn codes(text: &str) -> Vec<Code> {
    read(text)
        .unwrap_err()
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "name: a\nz0: &z0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let below = vec![format!("*z{}", level - 1); 10].join(", ");
        writeln!(text, "z{level}: &z{level} [{below}]").unwrap();
    }
    assert!(codes(&text).contains(&Code::TooLarge));
}

#[test]
fn an_alias_bomb_of_one_large_text_is_refused() {
    let aliases = "*t, ".repeat(300_000);
    let text = format!("name: a\nt: &t {}\nbomb: [{aliases}]", "x".repeat(1 << 20));
    assert!(codes(&text).contains(&Code::TooLarge));
}

#[test]
fn merge_keys_make_no_bomb_either() {
    let mut text = "name: a\nz0: &z0 {a: 1, b: 2}\n".to_owned();
    for level in 1..40 {
        writeln!(
            text,
            "z{level}: &z{level} {{<<: [*z{0}, *z{0}], k{level}: [*z{0}, *z{0}]}}",
            level - 1
        )
        .unwrap();
    }
    assert!(codes(&text).contains(&Code::TooLarge));
}

#[test]
fn ten_megabytes_are_refused() {
    let text = format!("name: a\n# {}\n", "x".repeat(10 << 20));
    assert_eq!(codes(&text), [Code::TooLarge]);
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["[", "{a: ", "- "] {
        let text = format!("name: a\ntopology:\n  {}", open.repeat(100_000));
        let codes = codes(&text);
        assert!(
            codes.contains(&Code::TooLarge) || codes.contains(&Code::Syntax),
            "{open}: {codes:?}"
        );
    }
    let block: Vec<String> = (0..500)
        .map(|depth| format!("{}a:", " ".repeat(depth)))
        .collect();
    assert!(codes(&block.join("\n")).contains(&Code::TooLarge));
}

#[test]
fn a_thousand_nodes_and_four_thousand_links() {
    let mut text =
        "name: large\ntopology:\n  kinds: {linux: {image: a, exec: [echo]}}\n  nodes:\n".to_owned();
    for node in 0..1_000 {
        writeln!(
            text,
            "    n{node}: {{kind: linux, env: {{A: {node}}}, labels: {{b: c}}}}"
        )
        .unwrap();
    }
    text.push_str("  links:\n");
    for link in 0..4_000 {
        let (a, b) = (link % 1_000, (link * 7 + 1) % 1_000);
        writeln!(
            text,
            "    - endpoints: [\"n{a}:a{link}\", \"n{b}:b{link}\"]"
        )
        .unwrap();
    }
    let topology = good(&text);
    assert_eq!((topology.nodes.len(), topology.links.len()), (1_000, 4_000));
    assert_eq!(
        topology
            .nodes
            .iter()
            .map(|node| node.interfaces.len())
            .sum::<usize>(),
        8_000
    );
    let broken = read(&text.replace("\"n", "\"m")).unwrap_err();
    assert!(broken.problems.len() <= 1_001);
    assert!(broken.to_string().contains("did you mean"));
}

#[test]
fn more_problems_than_anybody_reads_are_cut() {
    let mut text = "name: a\ntopology:\n  nodes:\n".to_owned();
    for node in 0..20_000 {
        writeln!(text, "    n{node}: {{kind: nokind}}").unwrap();
    }
    let error = read(&text).unwrap_err();
    assert_eq!(error.problems.len(), 1_001);
    assert_eq!(error.problems.last().unwrap().code, Code::TooLarge);
}

#[test]
fn the_same_key_a_hundred_thousand_times() {
    let text = format!("name: a\n{}", "k: v\n".repeat(100_000));
    assert!(codes(&text).contains(&Code::DuplicateKey));
}

#[test]
fn a_long_chain_of_waits_needs_no_stack() {
    let mut text =
        "name: a\ntopology:\n  defaults: {kind: linux, image: a}\n  nodes:\n    n0:\n".to_owned();
    for node in 1..5_000 {
        writeln!(
            text,
            "    n{node}: {{stages: {{create: {{wait-for: [{{node: n{}, stage: exit}}]}}}}}}",
            node - 1
        )
        .unwrap();
    }
    assert_eq!(good(&text).nodes.len(), 5_000);
}

#[test]
fn characters_that_do_things_stay_out_of_messages() {
    let text = "name: a\ntopology:\n  nodes:\n    \"r\\u202e\\u0007\\e[31m\": {kind: \"li\\nnux\\x1b\", image: a}\n  links:\n    - endpoints: [\"x\\x1b[2J:eth1\", \"r1:\\x00\"]";
    let error = read(text).unwrap_err().to_string();
    assert!(
        !error
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'),
        "{error:?}"
    );
    insta::assert_snapshot!(error);
}

#[test]
fn control_characters_are_refused_where_they_stand() {
    for character in ['\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{9b}'] {
        let error = read(&format!("name: a\ntopology: {{n{character}: 1}}")).unwrap_err();
        assert_eq!(error.problems[0].place.to_string(), "2:13", "{character:?}");
    }
}

#[test]
fn lines_may_end_as_they_do_elsewhere() {
    let text = "\u{feff}name: a\r\ntopology:\r\n  nodes:\r\n    r1: {kind: linux, image: \"$VERSION\"}\r\n  links:\r\n    - {type: dummy, endpoint: {node: r1, interface: eth1}}\r\n";
    let topology = good(text);
    let LinkForm::Dummy { endpoint } = &topology.links[0].form else {
        panic!()
    };
    assert_eq!(endpoint.place.to_string(), "6:31");
}

const SEEDS: [&str; 2] = [
    include_str!("fixtures/everything.clab.yml"),
    include_str!("fixtures/broken.clab.yml"),
];

/// Something that is put into a file: YAML's own characters, and some that are none.
fn splinter() -> impl Strategy<Value = String> {
    let known = [
        "${",
        "}",
        "$",
        "{{",
        "}}",
        "- ",
        ": ",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "&a ",
        "*a",
        "<<: ",
        "|",
        ">",
        "\"",
        "'",
        "#",
        "---\n",
        "\t",
        "?",
        "!",
        "%",
        "\u{0}",
        "\u{202e}",
        "ä",
        "\u{feff}",
        "~",
        "99999999999999999999",
        "-1",
        ".",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        ".{0,4}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_mutation_of_a_file_makes_the_reader_panic(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), 0..12_usize, splinter()), 1..8),
    ) {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        for (index, length, splinter) in changes {
            let at = index.index(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, splinter.chars());
            if text.is_empty() { break; }
        }
        let text: String = text.into_iter().collect();
        let lines = u32::try_from(text.split(['\n', '\r']).count()).unwrap();
        match read(&text) {
            Ok(topology) => prop_assert_eq!(topology.source.text.trim_start_matches('\u{feff}'), text.trim_start_matches('\u{feff}')),
            Err(error) => {
                prop_assert!(error.errors().next().is_some(), "an error without a problem:\n{}", text);
                for problem in &error.problems {
                    prop_assert!(problem.place.line >= 1 && problem.place.line <= lines + 1, "{}", problem);
                    prop_assert!(problem.place.column >= 1, "{}", problem);
                }
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn no_prefix_of_a_file_makes_the_reader_panic(length in 0..4_000_usize) {
        let text: String = SEEDS[0].chars().take(length).collect();
        if let Err(error) = read(&text) {
            prop_assert!(error.errors().next().is_some());
        }
    }
}
