//! What a host is like, said before it starts.

use std::path::Path;

use super::Host;
use super::far_side;

/// What a host will be: without further calls one with an empty home, bash and this machine's programs.
#[derive(Clone, Debug)]
pub struct HostBuilder {
    pub(super) home: String,
    pub(super) read_only_home: bool,
    pub(super) disk: Option<u64>,
    pub(super) small_folder: Option<u64>,
    pub(super) bash_rc: Option<String>,
    pub(super) shell: String,
    pub(super) missing: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
}

impl HostBuilder {
    pub(super) fn new() -> Self {
        Self {
            home: "home".to_owned(),
            read_only_home: false,
            disk: None,
            small_folder: None,
            bash_rc: None,
            shell: "/bin/bash".to_owned(),
            missing: Vec::new(),
            // What git is told by this machine's administrator is no business of the host's.
            variables: vec![("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned())],
        }
    }

    /// The name of the home's folder, to have one with blanks, quotes or `$(…)` in every path below it. No `/` or `:`.
    #[must_use]
    pub fn home_named(mut self, name: &str) -> Self {
        assert!(
            !name.is_empty() && !name.contains(['/', ':', '\n']),
            "no name for a home: {name:?}"
        );
        name.clone_into(&mut self.home);
        self
    }

    /// Nobody on the host can write to the home; on this side it is as ever.
    #[must_use]
    pub fn read_only_home(mut self) -> Self {
        self.read_only_home = true;
        self
    }

    /// Puts the home on a disk of so many bytes.
    #[must_use]
    pub fn small_disk(mut self, bytes: u64) -> Self {
        self.disk = Some(bytes);
        self
    }

    /// Adds a disk of so many bytes, at [`Host::small_folder`].
    #[must_use]
    pub fn small_folder(mut self, bytes: u64) -> Self {
        self.small_folder = Some(bytes);
        self
    }

    /// What bash reads before each command, `.bashrc`: `echo Welcome` for a shell that prints where nobody asked.
    #[must_use]
    pub fn bash_rc(mut self, script: &str) -> Self {
        self.bash_rc = Some(format!("{script}\n"));
        self
    }

    /// The login shell, by its path; `/bin/bash` unless told.
    #[must_use]
    pub fn shell(mut self, program: &str) -> Self {
        program.clone_into(&mut self.shell);
        self
    }

    /// Hides the programs whose names begin so: `git`, `python` (then `pip` too), `docker`, `podman`. Absolute paths
    /// still lead to them.
    #[must_use]
    pub fn without(mut self, programs: &[&str]) -> Self {
        self.missing
            .extend(programs.iter().map(|&name| name.to_owned()));
        self
    }

    /// Sets a variable for every command on the host.
    #[must_use]
    pub fn variable(self, name: &str, value: &str) -> Self {
        self.variables([(name, value)])
    }

    /// Sets several: see [`PackageIndex::variables`](super::PackageIndex::variables).
    #[must_use]
    pub fn variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        for (name, value) in variables {
            let name = name.into();
            self.variables.retain(|(other, _)| *other != name);
            self.variables.push((name, value.into()));
        }
        self
    }

    /// Starts it and returns when it answers.
    pub fn start(&self) -> Host {
        Host::begin(self)
    }

    /// The variables of the host in `folder`, with those that its other settings lead to.
    pub(super) fn environment(&self, folder: &Path) -> Vec<(String, String)> {
        let temporary = folder.join("tmp").to_string_lossy().into_owned();
        let mut environment = vec![("TMPDIR".to_owned(), temporary)];
        if !self.missing.is_empty() {
            let tools = far_side::tools(folder).to_string_lossy().into_owned();
            environment.push(("PATH".to_owned(), tools));
        }
        // A variable that is set twice has its first value.
        environment.splice(0..0, self.variables.iter().cloned());
        environment
    }
}
