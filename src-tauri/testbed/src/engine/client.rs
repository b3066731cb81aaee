//! The engine's own command-line client, as a second opinion about what is in it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{Engine, Kind};
use crate::LabImage;

/// What would send a client to another engine, or make it speak another version.
const ELSEWHERE: [&str; 5] = [
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_API_VERSION",
    "CONTAINER_HOST",
    "CONTAINER_CONNECTION",
];

impl Engine {
    /// Runs the engine's own client with `arguments` and returns its standard output; panics with its message.
    pub fn exec_cli(&self, arguments: &[&str]) -> String {
        self.try_cli(arguments).unwrap_or_else(|message| {
            panic!(
                "{} client, `{}`: {message}",
                self.kind(),
                arguments.join(" ")
            );
        })
    }

    /// Runs the engine's own client: standard output if it succeeds, else its status and what it printed.
    pub fn try_cli(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self
            .client()
            .args(arguments)
            .output()
            .map_err(|error| error.to_string())?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(stdout);
        }
        let mut message = output.status.to_string();
        for text in [stdout, String::from_utf8_lossy(&output.stderr).into_owned()] {
            let _infallible = write!(message, "\n{}", text.trim_end());
        }
        Err(message)
    }

    /// The engine's own client as a command without arguments yet: `docker -H …` or `podman --remote --url …`.
    pub fn client(&self) -> Command {
        let mut command = if self.kind() == Kind::Podman {
            // Podman reads Docker's credentials where this says they are, and fails if they are not.
            let mut command = Command::new("podman");
            command
                .args(["--remote", "--url"])
                .env_remove("DOCKER_CONFIG");
            command.env("CONTAINERS_CONF", self.home().join("containers.conf"));
            command
        } else {
            let mut command = Command::new(docker_client());
            command.arg("--host").env("DOCKER_CONFIG", self.home());
            command
        };
        command.arg(self.address());
        for variable in ELSEWHERE {
            command.env_remove(variable);
        }
        command
    }

    /// The images in the engine, sorted, one entry per name (`repository:tag`, with Podman's `localhost/`); an image
    /// without a name is listed by its id.
    pub fn images(&self) -> Vec<String> {
        let format = "{{.Repository}}:{{.Tag}} {{.ID}}";
        let list = self.exec_cli(&["images", "--no-trunc", "--format", format]);
        let names = list.lines().filter_map(|line| line.split_once(' '));
        let mut images: Vec<_> = names
            .map(|(name, id)| {
                if name.contains("<none>") {
                    full_id(id)
                } else {
                    name.to_owned()
                }
            })
            .collect();
        images.sort();
        images
    }

    /// The id, `sha256:…`, of the image with this name (or id), if there is one.
    pub fn image_id(&self, name: &str) -> Option<String> {
        let id = self
            .try_cli(&["image", "inspect", "--format", "{{.Id}}", name])
            .ok()?;
        Some(full_id(id.trim()))
    }

    /// Imports a lab's image with the engine's own client, under its reference and with its command, and returns its id:
    /// for tests that are about something else than importing.
    pub fn import(&self, image: &LabImage) -> String {
        let file = image
            .path()
            .to_str()
            .expect("the cache folder's path is text");
        let command = format!("CMD {}", json!(image.command()));
        let change: &[&str] = match image.command() {
            [] => &[],
            _ => &["--change", &command],
        };
        self.exec_cli(&[&["import"], change, &[file, image.reference()]].concat());
        self.image_id(image.reference())
            .expect("the image has the name it was imported under")
    }

    /// Starts a container of `image` without a network, waits for it and returns its standard output.
    ///
    /// Panics with the engine's message if it does not start, and with the container's if it does not exit with 0.
    pub fn run(&self, image: &str, command: &[&str]) -> String {
        let create = ["create", "--network", "none", image];
        let container = self.exec_cli(&[create.as_slice(), command].concat());
        let container = container.trim();
        let outcome = self.run_created(container);
        self.exec_cli(&["rm", "--force", container]);
        outcome.unwrap_or_else(|message| {
            panic!(
                "{} container of {image}, {command:?}: {message}",
                self.kind()
            )
        })
    }

    /// Not `run` with the output attached: Podman's remote client loses the output of short runs.
    fn run_created(&self, container: &str) -> Result<String, String> {
        self.try_cli(&["start", container])?;
        let status = self.try_cli(&["wait", container])?;
        let output = self
            .client()
            .args(["logs", container])
            .output()
            .map_err(|error| error.to_string())?;
        if status.trim() == "0" {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!(
            "exit code {}\n{}",
            status.trim(),
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// The distribution's own client, if it is there: another one on the path may speak too new an API.
fn docker_client() -> &'static str {
    if Path::new("/usr/bin/docker").exists() {
        "/usr/bin/docker"
    } else {
        "docker"
    }
}

fn full_id(id: &str) -> String {
    if id.starts_with("sha256:") {
        id.to_owned()
    } else {
        format!("sha256:{id}")
    }
}
