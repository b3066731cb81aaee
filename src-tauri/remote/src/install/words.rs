//! The runner's words as people read them.

use crate::runner::{HeadState, Phase};

/// The codes of nodes that failed: `docs/runner.md`.
const CODES: [(&str, &str); 15] = [
    ("clone_failed", "clone"),
    ("pin_not_found", "the pin is not in the repository"),
    ("pin_differs", "another commit than the pin was checked out"),
    ("husk", "only .git stands there"),
    ("other_remote", "another repository stands there"),
    ("local_changes", "there are local changes"),
    (
        "not_a_repository",
        "something stands there that is no repository",
    ),
    ("parent_failed", "the node around it failed"),
    (
        "requirements_missing",
        "its requirements' file is not in the repository",
    ),
    ("pip_failed", "pip"),
    ("no_python", ""),
    ("script_failed", "install.py"),
    ("pull_failed", "pull"),
    ("disk_full", "the disk is full"),
    ("folder_not_writable", "its folder cannot be written"),
];

/// Why a node failed, in one line.
pub(super) fn failure(code: &str, text: &str) -> String {
    let words = CODES.iter().find(|(known, _)| *known == code);
    let words = words.map_or(code, |(_, words)| words);
    match telling_line(text) {
        Some(line) if words.is_empty() => line.to_owned(),
        Some(line) => format!("{words}: {line}"),
        None => words.to_owned(),
    }
}

/// The line of an output that says why: the last one that says so itself, else the last of all.
pub(super) fn telling_line(text: &str) -> Option<&str> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let says_so = |line: &&str| {
        let line = line.to_ascii_lowercase();
        line.starts_with("fatal:") || line.starts_with("error:")
    };
    lines().rfind(says_so).or_else(|| lines().next_back())
}

/// What a phase is called as a step; none if it has no step of its own.
pub(super) fn phase_name(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::Requirements => Some("Requirements"),
        Phase::Script => Some("Install script"),
        Phase::Pull => Some("Pull"),
        Phase::Examine | Phase::Clone | Phase::Verify => None,
    }
}

/// The phase that a step is of.
pub(super) fn phase_of(name: &str) -> Option<Phase> {
    [Phase::Requirements, Phase::Script, Phase::Pull]
        .into_iter()
        .find(|phase| phase_name(*phase) == Some(name))
}

/// What is wrong with a commit; none if nothing is.
pub(super) fn head_fault(state: HeadState, found: &str) -> Option<String> {
    match state {
        HeadState::Other => Some(format!("at {found}, which is not its pin")),
        HeadState::Missing => Some("not there".to_owned()),
        HeadState::AsPinned | HeadState::NotPinned | HeadState::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::failure;

    #[test]
    fn a_failure_is_told_by_the_line_that_says_why() {
        let git = "Cloning into 'x'...\nfatal: repository 'https://x/' not found\n\n";
        assert_eq!(
            failure("clone_failed", git),
            "clone: fatal: repository 'https://x/' not found"
        );
        let pip = "Collecting a\nERROR: No matching distribution found for a\n[notice] upgrade pip";
        assert_eq!(
            failure("pip_failed", pip),
            "pip: ERROR: No matching distribution found for a"
        );
        assert_eq!(failure("husk", ""), "only .git stands there");
        assert_eq!(failure("new_code", "it rained"), "new_code: it rained");
    }
}
