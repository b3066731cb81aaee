//! The clipboard, as other programs have it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use super::{Display, process};

const PROGRAM: &str = include_str!("clipboard.py");

/// A program that has a text on the clipboard. Dropping it ends the program, and takes the text away.
#[derive(Debug)]
pub struct Clip(Child);

impl Display {
    /// Puts a text on the clipboard, as another program does when its user copies.
    pub fn copy(&self, text: &str) -> Clip {
        let mut launcher = self
            .command("/usr/bin/python3")
            .args(["-c", PROGRAM, "put", text])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run nsenter (package util-linux): {error}"));
        let output = launcher.stdout.take().expect("it was asked for");
        let mut said = String::new();
        let read = BufReader::new(output).read_line(&mut said);
        assert!(
            read.is_ok() && said == "offered\n",
            "nothing was put on the clipboard: {said:?}"
        );
        Clip(launcher)
    }

    /// The text on the clipboard; empty if there is none.
    pub fn clipboard(&self) -> String {
        self.python(PROGRAM, &["get"])
    }
}

impl Drop for Clip {
    fn drop(&mut self) {
        for one in process::tree(self.0.id()) {
            process::kill(one.id);
        }
        let _already_buried = self.0.wait();
    }
}
