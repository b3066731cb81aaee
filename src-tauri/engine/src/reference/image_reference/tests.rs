//! Examples of the grammar, and properties over everything that can be typed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> ImageReference {
    text.parse().unwrap()
}

fn refused(text: &str) -> ReferenceError {
    text.parse::<ImageReference>().unwrap_err()
}

#[test]
fn familiar_forms() {
    let digest = format!("sha256:{}", "a".repeat(64));
    for (text, shown) in [
        ("ceos", "ceos:latest"),
        (" ceos:4.35.1F ", "ceos:4.35.1F"),
        ("docker.io/library/ceos:1", "ceos:1"),
        ("library/ceos:1", "ceos:1"),
        ("index.docker.io/a/b", "a/b:latest"),
        ("library/a/b", "library/a/b:latest"),
        ("localhost/ceos:1", "localhost/ceos:1"),
        ("localhost:5000/ceos", "localhost:5000/ceos:latest"),
        ("127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:1"),
        ("[::1]:5000/a:1", "[::1]:5000/a:1"),
        ("ghcr.io/nokia/srlinux:24.10", "ghcr.io/nokia/srlinux:24.10"),
        ("a__b.c_d---e:1", "a__b.c_d---e:1"),
        (&format!("a@{digest}"), &format!("a@{digest}")),
        (&format!("a:1@{digest}"), &format!("a:1@{digest}")),
    ] {
        assert_eq!(parsed(text).to_string(), shown);
    }
}

#[test]
fn parts() {
    let reference = parsed("ghcr.io/nokia/srlinux:24.10");
    assert_eq!(reference.repository(), "ghcr.io/nokia/srlinux");
    assert_eq!(reference.tag(), "24.10");
    assert_eq!(reference.registry(), Some("ghcr.io"));
    assert_eq!(parsed("nokia/srlinux").registry(), None);
    assert_eq!(parsed("ceos").tag(), "latest");
    assert_eq!(parsed("ceos:1").with_tag("2").unwrap(), parsed("ceos:2"));
}

#[test]
fn each_refusal_says_what_is_wrong() {
    let long = "a".repeat(129);
    let cases = [
        "",
        "  ",
        "cEOS:4.35.1F",
        "cEOS Lab:4 35",
        "ghcr.io/Nokia/srlinux:1",
        "ceos:",
        &format!("ceos:{long}"),
        &"a/".repeat(128).trim_end_matches('/').replace('a', "ab"),
        "ceos:1 2",
        "ceos:-1",
        "ceos:_ok+build.5",
        "ce os:1",
        "-ceos",
        "a//b",
        "a/",
        "/a",
        "a..b",
        "a___b",
        "a_",
        "UP PER",
        "-x.io/a",
        "x.io:port/a",
        "x..io/a",
        "[zz]/a",
        "[::1]x/a",
        "a@sha256:12",
        "a@",
        "a@md5",
        &"0123456789abcdef".repeat(4),
        "ünï:1",
    ];
    let shown: Vec<String> = cases
        .iter()
        .map(|text| {
            let error = refused(text);
            format!(
                "{text:.40}\n  {}\n  {error:.200}\n  {:?}",
                error.code(),
                error.hints()
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn crosses_as_a_string() {
    let reference = parsed("ceos:1");
    let json = serde_json::to_string(&reference).unwrap();
    assert_eq!(json, "\"ceos:1\"");
    assert_eq!(
        serde_json::from_str::<ImageReference>(&json).unwrap(),
        reference
    );
    assert!(serde_json::from_str::<ImageReference>("\"cEOS\"").is_err());
}

proptest! {
    #[test]
    fn any_text_is_answered_and_what_is_shown_reads_back(text in ".{0,300}") {
        if let Ok(reference) = text.parse::<ImageReference>() {
            prop_assert_eq!(parsed(&reference.to_string()), reference);
        }
    }

    #[test]
    fn valid_names_are_accepted(
        domain in "([a-z0-9]{1,9}\\.[a-z]{2,3}(:[0-9]{1,5})?/)?",
        folder in "([a-z0-9]{1,9}(-{1,3}|_|__)[a-z0-9]{1,9}/){0,2}",
        name in "[a-z0-9]{1,9}((\\.|_|__|-{1,3})[a-z0-9]{1,9}){0,2}",
        tag in "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?",
    ) {
        let reference = parsed(&format!("{domain}{folder}{name}{tag}"));
        prop_assert_eq!(parsed(&reference.to_string()), reference);
    }

    #[test]
    fn a_suggestion_is_itself_accepted(text in "[A-Za-z0-9 ._:/+-]{1,60}") {
        if let Err(error) = text.parse::<ImageReference>()
            && let Some(suggestion) = error.suggestion()
            && !matches!(error, ReferenceError::UpperCase { .. })
        {
            prop_assert!(suggestion.parse::<ImageReference>().is_ok(), "{}", suggestion);
        }
    }
}

#[test]
fn canonical_forms() {
    let digest = format!("sha256:{}", "a".repeat(64));
    for (text, canonical) in [
        ("alpine", "docker.io/library/alpine:latest"),
        (
            "wbitt/network-multitool:3",
            "docker.io/wbitt/network-multitool:3",
        ),
        ("ghcr.io/nokia/srlinux:24.10", "ghcr.io/nokia/srlinux:24.10"),
        ("127.0.0.1:5000/a:1", "127.0.0.1:5000/a:1"),
        ("localhost/ceos:1", "localhost/ceos:1"),
        (
            &format!("a:1@{digest}"),
            &format!("docker.io/library/a@{digest}"),
        ),
    ] {
        assert_eq!(parsed(text).canonical(), canonical);
    }
}
