//! git's own words for how far it is.

/// One of git's meters, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meter {
    /// What is counted, as steps are called here.
    pub(super) name: &'static str,
    pub(super) done: u64,
    pub(super) total: u64,
}

/// git's names of its meters, and ours. Those of the far end of a transfer (`remote: Counting objects`) are left out:
/// they are over before anything comes.
const METERS: [(&str, &str); 4] = [
    ("Receiving objects", "Receiving objects"),
    ("Resolving deltas", "Resolving deltas"),
    ("Updating files", "Checking out files"),
    ("Filtering content", "Filtering content"),
];

/// Reads `Receiving objects:  45% (450/1000), 3.20 MiB | 1.10 MiB/s`: progress.c of git.
pub(super) fn read(text: &str) -> Option<Meter> {
    let (name, rest) = text.trim().split_once(':')?;
    let (_, name) = METERS.iter().find(|(git, _)| *git == name)?;
    let (_, counts) = rest.split_once('(')?;
    let (counts, _) = counts.split_once(')')?;
    let (done, total) = counts.split_once('/')?;
    let (done, total) = (done.parse().ok()?, total.parse().ok()?);
    (done <= total).then_some(Meter { name, done, total })
}

/// Our name of a meter, if it is one.
pub(super) fn known(name: &str) -> Option<&'static str> {
    let mut names = METERS.iter().map(|(_, ours)| *ours);
    names.find(|ours| *ours == name)
}

/// What the line says besides: how many bytes came, and how fast.
pub(super) fn amounts(text: &str) -> Option<&str> {
    let (_, after) = text.split_once(')')?;
    let after = after.trim_start_matches(',').trim();
    let after = after.trim_end_matches("done.").trim_end_matches([',', ' ']);
    (!after.is_empty()).then_some(after)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{amounts, read};

    #[test]
    fn meters_are_read_as_git_prints_them() {
        let line = "Receiving objects:  45% (450/1000), 3.20 MiB | 1.10 MiB/s";
        let meter = read(line).unwrap();
        assert_eq!(
            (meter.name, meter.done, meter.total),
            ("Receiving objects", 450, 1000)
        );
        assert_eq!(amounts(line), Some("3.20 MiB | 1.10 MiB/s"));
        let ended = "Updating files: 100% (12/12), done.";
        assert_eq!(read(ended).unwrap().name, "Checking out files");
        assert_eq!(amounts(ended), None);
    }

    #[test]
    fn other_lines_are_no_meter() {
        for line in [
            "",
            "Cloning into 'x'...",
            "remote: Counting objects: 100% (3/3), done.",
            "Receiving objects: 45%",
            "Receiving objects: 45% (9/x)",
            "Receiving objects: 450% (9/2)",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
