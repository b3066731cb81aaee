//! A network namespace that lives as long as a process of ours.

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// A network namespace, and the process that keeps it.
pub(crate) struct Namespace {
    keeper: Child,
}

impl Namespace {
    /// A new one, with nothing but a loopback that is down.
    pub(crate) fn new() -> Self {
        let keeper = Command::new("unshare")
            .args(["--net", "sleep", "infinity"])
            .stdin(Stdio::null())
            .spawn()
            .expect("unshare runs");
        let namespace = Self { keeper };
        let own = fs::read_link("/proc/self/ns/net").unwrap();
        while fs::read_link(namespace.path()).unwrap() == own {
            thread::sleep(Duration::from_millis(1));
        }
        namespace
    }

    /// The keeper's number.
    pub(crate) fn pid(&self) -> u32 {
        self.keeper.id()
    }

    /// The namespace as a file.
    pub(crate) fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/ns/net", self.pid()))
    }

    /// A command in the namespace.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net={}", self.path().display()))
            .arg(program);
        command
    }

    /// Runs `ip` in the namespace and returns what it prints; panics with what it complains of.
    pub(crate) fn ip(&self, arguments: &str) -> String {
        self.run("ip", arguments)
    }

    /// Runs a program in the namespace and returns what it prints; panics with what it complains of.
    pub(crate) fn run(&self, program: &str, arguments: &str) -> String {
        let output = self
            .command(program)
            .args(arguments.split_whitespace())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What `ip -json` lists.
    pub(crate) fn list(&self, what: &str) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.ip(&format!("-details -json {what}"))).unwrap()
    }

    /// The interface of that name.
    pub(crate) fn interface(&self, name: &str) -> Option<serde_json::Value> {
        self.list("link show")
            .into_iter()
            .find(|link| link["ifname"] == name)
    }

    /// Whether the interface of that name is up and sees a carrier.
    pub(crate) fn has_carrier(&self, name: &str) -> bool {
        let interface = self.interface(name).expect("the interface exists");
        let flags = interface["flags"].as_array().unwrap();
        flags.iter().any(|flag| flag == "LOWER_UP")
    }

    /// Does something in the namespace, on a thread of its own.
    pub(crate) fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let file = File::open(self.path()).unwrap();
        thread::scope(|scope| {
            let inside = scope.spawn(move || {
                nix::sched::setns(file, nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
                work()
            });
            inside.join().unwrap()
        })
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let ended: io::Result<()> = self.keeper.kill();
        let _reaped = ended.and_then(|()| self.keeper.wait().map(drop));
    }
}
