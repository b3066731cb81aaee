//! Fields, one by one: what passes and what does not.

use crate::plan::check::{git_reference, host_folder, package, url};
use crate::plan::names::{of_repository, same_repository};

fn sorted(check: fn(&str) -> Result<(), String>, texts: &[&str]) -> Vec<(String, bool)> {
    let judged = texts
        .iter()
        .map(|text| ((*text).to_owned(), check(text).is_ok()));
    judged.collect()
}

#[track_caller]
fn all(expected: bool, check: fn(&str) -> Result<(), String>, texts: &[&str]) {
    for (text, passes) in sorted(check, texts) {
        assert_eq!(passes, expected, "{text:?}");
    }
}

#[test]
fn addresses_that_git_may_have() {
    all(
        true,
        url,
        &[
            "https://h.example/a/b",
            "HTTPS://h.example/a/b.git/",
            "http://127.0.0.1:3000/a/b.git",
            "ssh://git@h.example:2222/a/b.git",
            "ssh://[2001:db8::1]/a.git",
            "git://h.example/a.git",
            "file:///srv/git/a.git",
            "git@h.example:a/b.git",
            "git@[2001:db8::1]:a/b.git",
            "/srv/git/with blanks/a.git",
            "https://h.example/Müller/a",
        ],
    );
}

#[test]
fn addresses_that_git_must_not_get() {
    all(
        false,
        url,
        &[
            "",
            " https://h.example/a/b",
            "ext::sh -c id",
            "fd::17",
            "ext::https://h.example/a/b",
            "-uorigin",
            "--upload-pack=id",
            "ssh://-oProxyCommand=id/a",
            "ssh://%2doProxyCommand=id/a",
            "ssh://-l@h.example/a",
            "-oProxyCommand=id@h.example:a",
            "git@-oProxyCommand=id:a",
            "git@h.example:-a",
            "git@h.example",
            "git@:a",
            "@h.example:a",
            "h.example:a/b",
            "https:h.example/a",
            "https:\\\\h.example\\a",
            "./a",
            "../a.git",
            "a",
            "ftp://h.example/a",
            "javascript://h.example/a",
            "https://",
            "https://h.example",
            "https://h.example/",
            "https://h.example/.git",
            "https://h.example/a%0ahost=evil",
            "https://h.example/a#b",
            "ssh:///a",
            "file://h.example/a",
            "https://user@h.example/a",
            "ssh://git:pass@h.example/a",
            "git:pass@h.example:a",
            "https://h.example/a\nb",
            "https://h.example/a\u{202e}b",
            "git@h.example:a b",
        ],
    );
}

#[test]
fn references_follow_the_rules_of_git() {
    let good = [
        "main",
        "v1.0",
        "feature/x",
        "0addfc6101f7a834c7fb6e0a1b26529360ab5350",
        "refs/tags/v1",
        "ä",
        "@x",
    ];
    all(true, git_reference, &good);
    let bad = [
        "", "-b", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "@", "a@{1}", "/a",
        "a/", "a//b", ".a", "a/.b", "a.", "a.lock", "a.lock/b", "a\x7f", "a\x1fb", "a\n",
    ];
    all(false, git_reference, &bad);
}

#[test]
fn packages_that_pip_may_have() {
    let good = [
        "numpy",
        "numpy<2",
        "uvicorn[standard]>=0.30,<1",
        "torch==2.5.1+cu121",
        "x; python_version < '3.9' and sys_platform == 'linux'",
        "clip @ git+https://h.example/a/CLIP.git@abc",
        "git+ssh://git@h.example/a/b.git",
        "-e git+https://h.example/a/b.git@abc#egg=b",
    ];
    all(true, package, &good);
    let bad = [
        "",
        "-r x",
        "--index-url=x",
        "-e",
        "-e -r",
        "-e --x",
        "-egit+https://h.example/a",
        "x --global-option=y",
        "x\n-r y",
        "x @ git+https://token@h.example/a",
        "git+ssh://git:pass@h.example/a",
    ];
    all(false, package, &bad);
}

#[test]
fn folders_of_the_host() {
    all(
        true,
        host_folder,
        &["/srv/nodes", "~/nodes", "/", "/with blanks/x"],
    );
    all(
        false,
        host_folder,
        &[
            "",
            "srv",
            "~",
            "~root/x",
            "/srv/../x",
            "~/..",
            "-x",
            "/a\nb",
        ],
    );
}

#[test]
fn names_follow_from_addresses() {
    for url in [
        "https://h.example/a/b.git",
        "https://h.example/a/b/",
        "git@h.example:b.git",
        "/srv/b.git/",
        "ssh://h/b",
    ] {
        assert_eq!(of_repository(url), Some("b"), "{url}");
    }
    assert_eq!(of_repository(""), None);
    let same = [
        "https://H.example/a/b.git",
        "https://h.example/a/b",
        "https://h.EXAMPLE/a/b/",
    ];
    assert!(
        same.iter()
            .all(|url| same_repository(url) == "https://h.example/a/b")
    );
    assert_ne!(
        same_repository("https://h.example/A/b"),
        same_repository("https://h.example/a/b")
    );
}
