//! What the environment says, and what follows from it.

mod registries;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use directories::{BaseDirs, ProjectDirs, UserDirs};
use labwright_engine::{
    Dial, DiscoveryInputs, DockerContext, EngineAddress, SystemFacts, docker_contexts,
};
use labwright_labs::deploy::{Lookup, Surroundings};
use labwright_remote::host::HostStore;
use labwright_remote::install::InstallRequest;
use labwright_remote::{Access, Dialer};

use crate::hosts::Reach;

/// Where a Linux system says which one it is.
const OS_RELEASE: &str = "/etc/os-release";

/// What the environment says, and the folders that follow from it.
#[derive(Clone, Debug)]
pub struct Environment {
    docker_host: Option<String>,
    docker_config: Option<PathBuf>,
    docker_context: Option<String>,
    docker_tls_verify: bool,
    docker_cert_path: Option<PathBuf>,
    home: Option<PathBuf>,
    /// Where the user keeps documents, if that is known.
    documents: Option<PathBuf>,
    config_home: Option<PathBuf>,
    runtime_dir: Option<PathBuf>,
    /// The D-Bus address of the user's session, where the keyring is.
    session_bus: Option<String>,
    /// The file of logins that Podman was told to use.
    auth_file: Option<PathBuf>,
    data_dir: Option<PathBuf>,
    config_dir: Option<PathBuf>,
    /// Where programs are looked for.
    path: Vec<PathBuf>,
    /// The engine that the variables ask for, by name or address.
    engine: Option<String>,
    cache_dir: Option<PathBuf>,
    /// The configuration that ssh was told to read, in place of the user's own.
    ssh_config: Option<PathBuf>,
    /// Who uses this machine.
    user: String,
    variables: Variables,
}

/// Looks up what topologies may name; nothing, unless a shell says how.
#[derive(Clone)]
struct Variables(Arc<Lookup>);

impl fmt::Debug for Variables {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Variables")
    }
}

impl Environment {
    /// From the variables of a shell's process. One that is empty counts as none.
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let filled = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| filled(name).and_then(|value| value.into_string().ok());
        let path = |name: &str| filled(name).map(PathBuf::from);
        let base = BaseDirs::new();
        let project = ProjectDirs::from("", "", "labwright");
        let home = path("HOME").or_else(|| Some(base.as_ref()?.home_dir().to_owned()));
        let data_dir =
            path("LABWRIGHT_DATA_DIR").or_else(|| Some(project.as_ref()?.data_dir().to_owned()));
        let config_dir = path("LABWRIGHT_CONFIG_DIR")
            .or_else(|| Some(project.as_ref()?.config_dir().to_owned()));
        let docker_config =
            path("DOCKER_CONFIG").or_else(|| home.as_ref().map(|home| home.join(".docker")));
        let programs = filled("PATH").unwrap_or_default();
        Self {
            docker_host: text("DOCKER_HOST"),
            docker_config,
            docker_context: text("DOCKER_CONTEXT"),
            docker_tls_verify: filled("DOCKER_TLS_VERIFY").is_some(),
            docker_cert_path: path("DOCKER_CERT_PATH"),
            config_home: path("XDG_CONFIG_HOME"),
            runtime_dir: path("XDG_RUNTIME_DIR")
                .or_else(usual_runtime_dir)
                .or_else(|| data_dir.clone()),
            session_bus: text("DBUS_SESSION_BUS_ADDRESS").or_else(|| usual_bus(filled)),
            auth_file: path("REGISTRY_AUTH_FILE"),
            documents: path("XDG_DOCUMENTS_DIR").or_else(|| usual_documents(home.as_deref())),
            home,
            data_dir,
            config_dir,
            path: std::env::split_paths(&programs).collect(),
            engine: text("LW_ENGINE"),
            cache_dir: path("XDG_CACHE_HOME")
                .map(|folder| folder.join("labwright"))
                .or_else(|| Some(project.as_ref()?.cache_dir().to_owned())),
            ssh_config: path("LW_SSH_CONFIG"),
            user: text("USER").unwrap_or_default(),
            variables: Variables(Arc::new(|_| None)),
        }
    }

    /// The same, with the variables that topologies may name.
    #[must_use]
    pub fn for_topologies(
        mut self,
        variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.variables = Variables(Arc::new(variable));
        self
    }

    /// The same, with another configuration for ssh than the user's own, if one is given.
    #[must_use]
    pub fn with_ssh_config(mut self, file: Option<PathBuf>) -> Self {
        self.ssh_config = file.or(self.ssh_config);
        self
    }

    /// How hosts are reached; none without a folder to note them in.
    pub fn reach(&self) -> Option<Reach> {
        let config_dir = self.config_dir.as_ref()?;
        let folder = self.runtime_dir.as_ref().or(self.cache_dir.as_ref())?;
        Some(Reach {
            store: HostStore::new(config_dir.join("hosts.toml")),
            ssh: self.program("ssh").unwrap_or_else(|| PathBuf::from("ssh")),
            scratch: folder.join("labwright"),
            home: self.home.clone(),
            config: self.ssh_config.clone(),
        })
    }

    /// Access to the host that a job noted.
    pub fn access_of(&self, request: &InstallRequest) -> Option<Access> {
        let reach = self.reach()?;
        Some(reach.reach(&request.host, request.target.clone()))
    }

    /// What topologies may refer to besides their files.
    pub fn surroundings(&self) -> Surroundings {
        Surroundings {
            variable: Arc::clone(&self.variables.0),
            home: self.home.clone(),
            owner: self.user.clone(),
        }
    }

    /// What is known of where engines are. `explicit` is what the user asked for.
    pub fn discovery_inputs(&self, explicit: Option<&str>) -> DiscoveryInputs {
        let mut contexts = self
            .docker_config
            .as_deref()
            .map(docker_contexts)
            .unwrap_or_default();
        let mut explicit = explicit.map(str::to_owned);
        if let Some(chosen) = &self.docker_context {
            for context in &mut contexts {
                context.current = context.name == *chosen;
            }
            // A context that is not there is an error, not a reason to use another engine.
            let known = chosen == "default" || contexts.iter().any(|context| context.current);
            if !known && self.docker_host.is_none() {
                explicit = explicit.or_else(|| Some(chosen.clone()));
            }
        }
        contexts.extend(self.engines_of_hosts());
        DiscoveryInputs {
            explicit,
            docker_host: self.docker_host.clone(),
            docker_tls_verify: self.docker_tls_verify,
            docker_cert_path: self.docker_cert_path.clone(),
            contexts,
            home: self.home.clone(),
            config_home: self.config_home.clone(),
            runtime_dir: self.runtime_dir.clone(),
            dial: self.reach().map(dialer),
            ..DiscoveryInputs::default()
        }
    }

    /// The engines of the hosts that were noted: known by the host's name, and asked only where one is chosen. A file of
    /// hosts that cannot be read is told where hosts are shown.
    fn engines_of_hosts(&self) -> Vec<DockerContext> {
        let hosts = self.reach().map(|reach| reach.store.list());
        let hosts = hosts.and_then(Result::ok).unwrap_or_default();
        let contexts = hosts.into_iter().map(|host| DockerContext {
            host: format!("ssh://{}", host.name),
            name: host.name,
            tls_dir: None,
            current: false,
        });
        // A name with a blank in it is a host's, but no address.
        let is_address = |context: &DockerContext| context.host.parse::<EngineAddress>().is_ok();
        contexts.filter(is_address).collect()
    }

    /// What decides how this system gets an engine.
    pub fn system_facts(&self) -> SystemFacts {
        SystemFacts {
            podman_program: self.program("podman"),
            docker_program: self.program("docker").or_else(|| self.program("dockerd")),
            is_root: is_root(),
            ..SystemFacts::read(Path::new(OS_RELEASE))
        }
    }

    /// The system's own name and version, for reports.
    pub fn system_name() -> String {
        let text = std::fs::read_to_string(OS_RELEASE).unwrap_or_default();
        let name = text
            .lines()
            .find_map(|line| line.strip_prefix("PRETTY_NAME="));
        let name = name.map(|name| name.trim_matches('"').to_owned());
        let name = name.unwrap_or_else(|| std::env::consts::OS.to_owned());
        format!("{name} {}", std::env::consts::ARCH)
    }

    /// The socket of the Podman service that Labwright starts: one of the places where engines are
    /// looked for.
    pub fn podman_socket(&self) -> Option<PathBuf> {
        let runtime_dir = self.runtime_dir.as_ref()?;
        Some(runtime_dir.join("labwright").join("podman.sock"))
    }

    /// The file of the job history.
    pub fn history_file(&self) -> Option<PathBuf> {
        Some(self.data_dir.as_ref()?.join("history.sqlite3"))
    }

    /// The file with the user's own kinds; it need not be there.
    pub fn kinds_file(&self) -> Option<PathBuf> {
        Some(self.config_dir.as_ref()?.join("kinds.toml"))
    }

    /// The file with the settings; it need not be there.
    pub fn settings_file(&self) -> Option<PathBuf> {
        Some(self.config_dir.as_ref()?.join("settings.toml"))
    }

    /// The file that the window's log goes to.
    pub fn log_file(&self) -> Option<PathBuf> {
        Some(self.data_dir.as_ref()?.join("labwright.log"))
    }

    /// The file with the labs that are known; it need not be there.
    pub fn labs_file(&self) -> Option<PathBuf> {
        Some(self.data_dir.as_ref()?.join("labs.json"))
    }

    /// The folder for what need not outlive the program.
    pub(crate) fn cache_folder(&self) -> Option<&Path> {
        self.cache_dir.as_deref()
    }

    /// The folder for what the user is given to keep: that of documents, else the home.
    pub(crate) fn documents_folder(&self) -> &Path {
        let own = self.documents.as_deref().or(self.home.as_deref());
        own.unwrap_or(Path::new("/"))
    }

    /// The user's home.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The engine that `LW_ENGINE` asks for, by name or address.
    pub fn engine(&self) -> Option<&str> {
        self.engine.as_deref()
    }

    /// Where a program is, if it is on the path.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let places = self.path.iter().map(|folder| folder.join(&name));
        places.into_iter().find(|program| program.is_file())
    }
}

fn dialer(reach: Reach) -> Arc<dyn Dial> {
    Arc::new(Dialer::new(Arc::new(reach)))
}

/// Where this user's desktop keeps documents: of no other home than the process's own, and only where it is there.
fn usual_documents(home: Option<&Path>) -> Option<PathBuf> {
    let folders = UserDirs::new().filter(|folders| Some(folders.home_dir()) == home)?;
    let folder = folders.document_dir().filter(|folder| folder.is_dir());
    folder.map(Path::to_owned)
}

/// Where a session's bus is if nothing says so: <https://www.freedesktop.org/software/systemd/man/latest/pam_systemd.html>.
fn usual_bus(filled: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let socket = PathBuf::from(filled("XDG_RUNTIME_DIR")?).join("bus");
    let there = socket.exists();
    there.then(|| format!("unix:path={}", socket.display()))
}

/// A login makes this folder even where it does not say so, as `su` does not. Root can always use
/// `/run`.
#[cfg(unix)]
fn usual_runtime_dir() -> Option<PathBuf> {
    let user = rustix::process::geteuid();
    let own = PathBuf::from(format!("/run/user/{}", user.as_raw()));
    if own.is_dir() {
        return Some(own);
    }
    user.is_root().then(|| PathBuf::from("/run"))
}

#[cfg(not(unix))]
fn usual_runtime_dir() -> Option<PathBuf> {
    None
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::ffi::OsString;
    use std::fs;
    use std::path::Path;

    use super::Environment;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_variables(|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn folders_can_be_moved() {
        let read = environment(&[
            ("LABWRIGHT_DATA_DIR", "/data"),
            ("LABWRIGHT_CONFIG_DIR", "/config"),
            ("XDG_RUNTIME_DIR", "/runtime"),
        ]);
        assert_eq!(
            read.history_file().unwrap(),
            Path::new("/data/history.sqlite3")
        );
        assert_eq!(read.kinds_file().unwrap(), Path::new("/config/kinds.toml"));
        assert_eq!(
            read.podman_socket().unwrap(),
            Path::new("/runtime/labwright/podman.sock")
        );
    }

    #[test]
    fn the_docker_context_of_the_environment_is_the_current_one() {
        let folder = tempfile::tempdir().unwrap();
        for (place, name) in [("a", "lab"), ("b", "colima")] {
            let place = folder.path().join("contexts/meta").join(place);
            fs::create_dir_all(&place).unwrap();
            let meta = format!(
                r#"{{"Name":"{name}","Endpoints":{{"docker":{{"Host":"tcp://{name}:1"}}}}}}"#
            );
            fs::write(place.join("meta.json"), meta).unwrap();
        }
        fs::write(
            folder.path().join("config.json"),
            r#"{"currentContext":"lab"}"#,
        )
        .unwrap();
        let folder = folder.path().to_str().unwrap();
        let current = |context: &str| {
            let read = environment(&[("DOCKER_CONFIG", folder), ("DOCKER_CONTEXT", context)]);
            let inputs = read.discovery_inputs(None);
            let current = inputs.contexts.iter().find(|context| context.current);
            (current.map(|context| context.name.clone()), inputs.explicit)
        };
        assert_eq!(current(""), (Some("lab".to_owned()), None));
        assert_eq!(current("colima"), (Some("colima".to_owned()), None));
        assert_eq!(current("default"), (None, None));
        assert_eq!(
            current("gone"),
            (None, Some("gone".to_owned())),
            "no other engine is used in its place"
        );
    }

    #[test]
    fn programs_are_found_on_the_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("podman"), "").unwrap();
        let path = format!("/no-such-folder:{}", folder.path().display());
        let facts = environment(&[("PATH", &path)]).system_facts();
        assert_eq!(facts.podman_program.unwrap(), folder.path().join("podman"));
        assert_eq!(facts.docker_program, None);
    }
}
