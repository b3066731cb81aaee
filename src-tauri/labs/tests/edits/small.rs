//! Small texts: what comes of a change, to the byte.

use crate::{add_link, add_node, change, delete, delete_links, refusal, rename, shown, text_of};
use labwright_labs::topology::{ChosenLink, Edit};
use std::fmt::Write;

/// A topology of one line.
fn flow(topology: &str) -> String {
    format!("{{name: a, topology: {{{topology}}}}}\n")
}

/// A topology in lines, with a kind and an image for all.
fn block(topology: &str) -> String {
    format!("name: a\ntopology:\n  defaults: {{kind: linux, image: alpine}}\n{topology}")
}

fn becomes(old: &str, wish: &Edit, new: &str) {
    match change(old, wish) {
        Ok(text) => assert_eq!(text, new, "{wish} in:\n{old}"),
        Err(error) => panic!("{wish}: {}{old}", refusal(&error)),
    }
}

#[test]
fn sections_come_in_braces_where_the_topology_does() {
    let defaults = "defaults: {kind: linux, image: alpine}";
    let node = "new-1: {kind: linux, image: debian:12}";
    for (old, new) in [
        (String::new(), format!("nodes: {{{node}}}")),
        (
            defaults.to_owned(),
            format!("{defaults}, nodes: {{{node}}}"),
        ),
        ("nodes: {}".to_owned(), format!("nodes: {{{node}}}")),
        ("nodes: ~".to_owned(), format!("nodes: {{{node}}}")),
        ("nodes: ".to_owned(), format!("nodes: {{{node}}}")),
        (
            format!("nodes: , {defaults}"),
            format!("nodes: {{{node}}}, {defaults}"),
        ),
    ] {
        becomes(&flow(&old), &add_node("new-1"), &flow(&new));
    }
    let nodes = format!("{defaults}, nodes: {{a: , b: }}");
    let link = "links: [{endpoints: [\"a:eth1\", \"b:eth1\"]}]";
    for (old, new) in [
        (nodes.clone(), format!("{nodes}, {link}")),
        (format!("{nodes}, links: []"), format!("{nodes}, {link}")),
        (format!("links: , {nodes}"), format!("{link}, {nodes}")),
    ] {
        becomes(&flow(&old), &add_link("a:eth1", "b:eth1"), &flow(&new));
    }
}

#[test]
fn links_come_in_lines_where_the_topology_does() {
    let link = "  links:\n    - endpoints: [\"a:eth1\", \"b:eth1\"]\n";
    let nodes = "  nodes:\n    a:\n    b:\n";
    for links in ["", "  links:\n", "  links: []\n", "  links: ~\n"] {
        let old = block(&format!("{nodes}{links}"));
        let new = block(&format!("{nodes}{link}"));
        becomes(&old, &add_link("a:eth1", "b:eth1"), &new);
    }
    let old = block(&format!("  links: [ ] # none\n{nodes}"));
    let commented = link.replace("links:", "links: # none");
    let new = block(&format!("{commented}{nodes}"));
    becomes(&old, &add_link("a:eth1", "b:eth1"), &new);
}

#[test]
fn an_entry_has_what_stands_about_it() {
    let old =
        block("  nodes:\n    a: # one\n      # of a\n\n      # of a too\n\n    # of b\n    b:\n");
    let new = block("  nodes:\n    # of b\n    b:\n");
    becomes(&old, &delete(&["a"]), &new);
    let new = block("  nodes:\n    a: # one\n      # of a\n\n      # of a too\n");
    becomes(&old, &delete(&["b"]), &new);
}

#[test]
fn marks_go_with_what_they_mark() {
    let nodes = "  nodes: &all\n    a: &a {}\n    &key b: !!map {}\n    c: &c\n";
    let old = block(nodes);
    for (node, line) in [("a", "    a: &a {}\n"), ("c", "    c: &c\n")] {
        becomes(&old, &delete(&[node]), &old.replace(line, ""));
    }
    let new = old.replace("&key b:", "&key core:");
    becomes(&old, &rename("b", "core"), &new);
    let braces = "  nodes: &all { a: , b: , c: }\n  links: !!seq [{endpoints: [a:eth1, b:eth1]}]\n";
    let none = "  nodes: &all {}\n  links: !!seq []\n";
    becomes(&block(braces), &delete(&["a", "b", "c"]), &block(none));
    let links = "  links: &links\n    - &one {endpoints: [a:eth1, b:eth1]}\n    - &two\n      endpoints: [a:eth2, b:eth2]\n";
    let old = block(&format!("{nodes}{links}"));
    let one = "    - &one {endpoints: [a:eth1, b:eth1]}\n";
    becomes(&old, &delete_links([1]), &old.replace(one, ""));
    let two = "    - &two\n      endpoints: [a:eth2, b:eth2]\n";
    becomes(&old, &delete_links([2]), &old.replace(two, ""));
}

#[test]
fn old_macs_end_lines_in_another_way() {
    let old = block("  nodes:\n    a:\n\n    b:\n").replace('\n', "\r");
    let new = block(
        "  nodes:\n    a:\n\n    b:\n\n    new-1:\n      kind: linux\n      image: debian:12\n",
    );
    becomes(&old, &add_node("new-1"), &new.replace('\n', "\r"));
    let new = block("  nodes:\n    a:\n").replace('\n', "\r");
    becomes(&old, &delete(&["b"]), &new);
}

#[test]
fn what_is_between_brackets_goes_with_its_comma() {
    let nodes = "  nodes: {a: , b: , c: }\n";
    let link = |number: u32| format!("{{endpoints: [a:eth{number}, b:eth{number}]}}");
    let [one, two, three] = [1, 2, 3].map(link);
    let text = |links: String| block(&format!("{nodes}  links: {links}\n"));
    let old = text(format!("[ {one}, {two} ,{three}, ]"));
    for (numbers, new) in [
        (vec![1], format!("[ {two} ,{three}, ]")),
        (vec![2], format!("[ {one}, {three}, ]")),
        (vec![3], format!("[ {one}, {two}, ]")),
        (vec![1, 2], format!("[ {three}, ]")),
        (vec![1, 3], format!("[ {two}, ]")),
        (vec![2, 3], format!("[ {one}, ]")),
        (vec![1, 2, 3], "[]".to_owned()),
    ] {
        becomes(&old, &delete_links(numbers), &text(new));
    }
}

#[test]
fn a_name_is_changed_wherever_it_stands() {
    let mut all = String::new();
    for (name, node) in [
        ("waits", "cache"),
        ("waits", "app"),
        ("extended", "b"),
        ("merged", "m1"),
        ("json", "b"),
    ] {
        let text = text_of(name);
        let wish = rename(node, "core-1");
        writeln!(all, "{wish} of {name}\n{}", shown(&text, &wish)).unwrap();
    }
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("names", all);
    });
}

#[test]
fn the_name_of_a_container_may_be_a_node() {
    let old = block("  nodes:\n    x:\n    clab-a-x:\n    y: {network-mode: container:clab-a-x}\n");
    becomes(&old, &rename("x", "z"), &old.replace("    x:", "    z:"));
    let new = old.replace("clab-a-x", "z");
    becomes(&old, &rename("clab-a-x", "z"), &new);
}

#[test]
fn a_new_name_takes_nothing_over() {
    let text = block("  nodes:\n    x:\n    y: {network-mode: container:far}\n");
    for wish in [rename("x", "far"), add_node("far")] {
        let error = change(&text, &wish).unwrap_err();
        assert_eq!(error.code(), "edit_not_safe", "{wish}");
    }
}

#[test]
fn what_variables_bring_is_left_to_people() {
    let text = block("  nodes: {a: , b: }\n  links: [$LINKS]\n");
    for numbers in [vec![1], vec![2], vec![1, 2]] {
        let error = change(&text, &delete_links(numbers.clone())).unwrap_err();
        assert_eq!(error.code(), "edit_not_safe", "{numbers:?}");
    }
}

#[test]
fn a_link_that_has_another_number_now_stays() {
    let old = block(
        "  nodes: {a: , b: , s: {kind: bridge}, h: {kind: host}}\n  links:\n\
         \x20   - endpoints: [\"a:eth1\", \"b:eth1\"]\n    - endpoints: [\"s:p1\", \"b:eth2\"]\n\
         \x20   - endpoints: [\"a:eth3\", \"h:up\"]\n",
    );
    let chosen = |number, one: &str, other: &str| Edit::Delete {
        nodes: Vec::new(),
        links: vec![ChosenLink {
            number,
            ends: Some([one.to_owned(), other.to_owned()]),
        }],
    };
    let error = change(&old, &chosen(1, "b:eth2", "s:p1")).unwrap_err();
    assert_eq!(error.code(), "edit_link_other");
    assert_eq!(error.to_string(), "link 1 is not b:eth2 – s:p1 any more");
    let second = "    - endpoints: [\"s:p1\", \"b:eth2\"]\n";
    becomes(&old, &chosen(2, "b:eth2", "s:p1"), &old.replace(second, ""));
    // What the host has is called otherwise in the patchbay.
    let third = "    - endpoints: [\"a:eth3\", \"h:up\"]\n";
    becomes(
        &old,
        &chosen(3, "a:eth3", "host:up"),
        &old.replace(third, ""),
    );
}

#[test]
fn nodes_and_links_go_in_one_change() {
    let old = block(
        "  nodes: {a: , b: , c: }\n  links:\n    - endpoints: [\"a:eth1\", \"b:eth1\"]\n\
         \x20   - endpoints: [\"b:eth2\", \"c:eth1\"]\n    - endpoints: [\"b:eth3\", \"c:eth3\"]\n",
    );
    let ends = ["b:eth3".to_owned(), "c:eth3".to_owned()];
    let wish = Edit::Delete {
        nodes: vec!["a".to_owned()],
        links: vec![ChosenLink {
            number: 3,
            ends: Some(ends),
        }],
    };
    assert_eq!(wish.to_string(), "delete node `a` and link 3");
    let new = old
        .replace("a: , ", "")
        .replace("    - endpoints: [\"a:eth1\", \"b:eth1\"]\n", "");
    let new = new.replace("    - endpoints: [\"b:eth3\", \"c:eth3\"]\n", "");
    becomes(&old, &wish, &new);
}
