//! Texts and wishes that nobody would have.

use crate::diff::diff;
use crate::{TEXTS, change, edits_of, read, text_of};
use labwright_labs::topology::{ChosenLink, Edit};
use proptest::prelude::*;
use proptest::sample::Index;
use std::fmt::Write;

/// Something that is put into a text.
fn splinter() -> impl Strategy<Value = String> {
    let known = [
        "${", "}", "$", "- ", ": ", "\n", "\r", "\r\n", "  ", " ", "[", "]", "{", ",", "&a ", "*a",
        "<<: ", "|\n", ">\n", "\"", "'", "#", " # c", "---\n", "...\n", "\t", "? ", "!!str ", "~",
        "ä", "\u{feff}", "\u{2028}", "a", "b:eth9",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        ".{0,3}"
    ]
}

fn wish() -> impl Strategy<Value = Edit> {
    let name = || prop_oneof!["[a-c]", "[a-z0-9.|-]{0,4}", ".{0,3}"];
    let end = || prop_oneof!["[a-c]:eth[0-9]", "(host|dummy|macvlan):x", ".{0,5}"];
    prop_oneof![
        (name(), prop_oneof!["linux", "ceos", ".{0,3}"], ".{0,4}")
            .prop_map(|(name, kind, image)| Edit::AddNode { name, kind, image }),
        [end(), end()].prop_map(|ends| Edit::AddLink { ends }),
        (name(), name()).prop_map(|(from, to)| Edit::RenameNode { from, to }),
        (
            proptest::collection::vec(name(), 0..3),
            proptest::collection::vec(0..5_u32, 0..3)
        )
            .prop_map(|(nodes, numbers)| {
                let link = |number| ChosenLink { number, ends: None };
                let links = numbers.into_iter().map(link).collect();
                Edit::Delete { nodes, links }
            }),
    ]
}

/// How many lines go, and how many come.
fn changed(old: &str, new: &str) -> (usize, usize) {
    let diff = diff(old, new);
    let count = |mark| diff.lines().filter(|line| line.starts_with(mark)).count();
    (count('-'), count('+'))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_comes_of_a_broken_text_can_be_read(
        seed in 0..TEXTS.len(),
        changes in proptest::collection::vec((any::<Index>(), 0..3_usize, splinter()), 0..4),
        which in any::<Index>(),
        other in wish(),
    ) {
        let mut text: Vec<char> = text_of(TEXTS[seed]).chars().collect();
        for (index, length, splinter) in changes {
            let at = index.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.splice(at..end, splinter.chars());
        }
        let text: String = text.into_iter().collect();
        let known = edits_of(&text);
        for wish in [which.get(&known), &other] {
            if let Ok(new) = change(&text, wish) {
                prop_assert!(read(&new).is_ok(), "{wish}:\n{text}\n{new}");
                let (gone, come) = changed(&text, &new);
                let few = match wish {
                    Edit::AddNode { .. } | Edit::AddLink { .. } => gone <= 1,
                    Edit::RenameNode { .. } => gone == come,
                    // Lists in brackets are left with what surrounded what they lost.
                    Edit::Delete { .. } => come <= 4,
                };
                prop_assert!(few, "{wish}:\n{text}\n{new}");
            }
        }
    }

    #[test]
    fn no_text_makes_a_change_panic(text in "\\PC{0,120}", wish in wish()) {
        let _ = change(&text, &wish);
    }
}

#[test]
fn a_large_text_is_changed_at_once() {
    let mut text =
        "name: large\ntopology:\n  defaults: {kind: linux, image: a}\n  nodes:\n".to_owned();
    for node in 0..1_000 {
        writeln!(text, "    n{node}:").unwrap();
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
    let nodes = (0..999).map(|node| format!("n{node}")).collect();
    let new = change(
        &text,
        &Edit::Delete {
            nodes,
            links: Vec::new(),
        },
    )
    .unwrap();
    assert_eq!(read(&new).unwrap().nodes.len(), 1);
}
