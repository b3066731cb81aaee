//! The one way in which anything of ours becomes part of a text that a shell reads.

/// One word of a POSIX shell that means exactly `text`, whatever is in it.
///
/// Within single quotes nothing has a meaning but the quote itself; so each of those ends the quotes, stands for itself
/// and opens them again: POSIX.1-2024, Shell Command Language, 2.2.2.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str(r"'\''"),
            // No shell can hold it in a word, and no path or name has one.
            '\0' => {}
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::process::Command;

    use proptest::prelude::*;

    use super::quote;

    /// What a real shell makes of a quoted text.
    fn heard(shell: &[&str], text: &str) -> String {
        let script = format!("printf %s {}", quote(text));
        let output = Command::new(shell[0])
            .args(&shell[1..])
            .arg("-c")
            .arg(script)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    const SHELLS: [&[&str]; 3] = [&["sh"], &["bash"], &["busybox", "sh"]];

    #[test]
    fn nothing_in_a_text_is_executed_or_lost() {
        for text in [
            "",
            "plain",
            "two words",
            "it's",
            "''",
            "$(touch /tmp/x) `id` ${HOME} $HOME",
            "a\nb\\n\tc\\",
            "-n",
            "; rm -rf ~ & | > <",
            "\"double\" *?[a-z] ~ ! #",
            "ünïcödé 雪",
        ] {
            for shell in SHELLS {
                assert_eq!(heard(shell, text), text, "{shell:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_arrives_as_it_is(text in "[^\0]{0,60}") {
            prop_assert_eq!(heard(SHELLS[0], &text), text);
        }
    }
}
