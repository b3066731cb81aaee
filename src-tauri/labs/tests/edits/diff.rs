//! What two texts differ by, as `diff -U1` shows it.

use std::fmt::Write;

/// The lines that differ, with one line of context. A carriage return is shown, and a newline that is missing.
pub(crate) fn diff(old: &str, new: &str) -> String {
    if old == new {
        return "(the same)\n".to_owned();
    }
    let (old, new) = (lines(old), lines(new));
    let steps = steps(&old, &new);
    let near = |at: usize| {
        let range = at.saturating_sub(1)..(at + 2).min(steps.len());
        steps[range].iter().any(|(mark, _)| *mark != ' ')
    };
    let mut text = String::new();
    let mut shown = true;
    for (at, (mark, line)) in steps.iter().enumerate() {
        if near(at) {
            writeln!(text, "{mark}{line}").unwrap();
        } else if shown {
            text.push_str("@@\n");
        }
        shown = near(at);
    }
    text
}

fn lines(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let body = line.trim_end_matches(['\r', '\n']);
        match &line[body.len()..] {
            "\n" => body.to_owned(),
            "\r\n" => format!("{body}␍"),
            ending => format!("{body}{ending:?} (no newline)"),
        }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The longest common subsequence, with what is taken away and put in between.
fn steps<'l>(old: &'l [String], new: &'l [String]) -> Vec<(char, &'l str)> {
    let mut length = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            length[i][j] = if a == b {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            steps.push((' ', old[i].as_str()));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && length[i + 1][j] >= length[i][j + 1]) {
            steps.push(('-', old[i].as_str()));
            i += 1;
        } else {
            steps.push(('+', new[j].as_str()));
            j += 1;
        }
    }
    steps
}
