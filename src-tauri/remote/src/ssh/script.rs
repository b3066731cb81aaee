//! Shell scripts of ours, which reach a host on standard input: no login shell, whatever it is, reads anything of them.

use std::process::ExitStatus;

use uuid::Uuid;

use super::quote::quote;

/// What runs them. The only text of ours that a login shell reads.
pub(super) const SHELL: &str = "exec sh -s";

/// A POSIX shell script with its variables.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    what: &'static str,
    head: String,
    body: &'static str,
    marker: String,
}

/// What a script printed.
#[derive(Debug)]
pub(crate) struct Told {
    /// Standard output from where the script itself began.
    pub(crate) output: Vec<u8>,
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// The last lines of standard error.
    pub(crate) complaints: String,
}

impl Script {
    /// A script; `what` says for people what it is for.
    pub(crate) fn new(what: &'static str, body: &'static str) -> Self {
        Self {
            what,
            head: String::new(),
            body,
            marker: format!("labwright-{}", Uuid::now_v7().simple()),
        }
    }

    /// The same with a variable. The name is ours, the value may be anything.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.head.push_str(name);
        self.head.push('=');
        self.head.push_str(&quote(value));
        self.head.push('\n');
        self
    }

    pub(crate) fn what(&self) -> &'static str {
        self.what
    }

    /// The line after which the script's own output begins: what a login shell prints stands before it.
    pub(crate) fn marker(&self) -> &str {
        &self.marker
    }

    /// What the shell reads. All of it is read before any of it runs, and what it starts cannot read the rest.
    pub(crate) fn text(&self) -> String {
        let Self { head, body, .. } = self;
        let marker = quote(&self.marker);
        format!(
            "main() {{\n{head}printf '\\n%s\\n' {marker}\nprintf '\\n%s\\n' {marker} >&2\n{body}\n}}\nmain </dev/null\nexit $?\n"
        )
    }
}

/// What stands after the marker's line; none if it did not come.
pub(crate) fn after_marker<'a>(said: &'a [u8], marker: &str) -> Option<&'a [u8]> {
    let line = format!("\n{marker}\n");
    let line = line.as_bytes();
    let at = said.windows(line.len()).position(|part| part == line)?;
    Some(&said[at + line.len()..])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::{Script, after_marker};

    #[test]
    fn a_script_s_variables_are_data_and_a_banner_stands_before_its_output() {
        let script = Script::new("test", "cat\nprintf '%s|%s' \"$one\" \"$two\"")
            .with("one", "it's $(touch x)\n`id`")
            .with("two", "ünï'");
        let mut shell = Command::new("sh")
            .arg("-c")
            .arg("echo Welcome; exec sh -s")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = shell.stdin.take().unwrap();
        stdin.write_all(script.text().as_bytes()).unwrap();
        drop(stdin);
        let said = shell.wait_with_output().unwrap().stdout;
        let own = after_marker(&said, script.marker()).unwrap();
        assert_eq!(own, "it's $(touch x)\n`id`|ünï'".as_bytes());
        assert_eq!(after_marker(&said, "labwright-other"), None);
    }
}
