//! The contexts of the Docker command line, read from its configuration folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// One context of the Docker command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerContext {
    /// Its name, as `docker context ls` shows it.
    pub name: String,
    /// The engine's address as it is written there.
    pub host: String,
    /// The folder with `ca.pem`, `cert.pem` and `key.pem`, where there is one.
    pub tls_dir: Option<PathBuf>,
    /// True for the context that `docker` uses.
    pub current: bool,
}

#[derive(Deserialize)]
struct Config {
    #[serde(rename = "currentContext", default)]
    current_context: String,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Endpoints", default)]
    endpoints: Endpoints,
}

#[derive(Default, Deserialize)]
struct Endpoints {
    docker: Option<Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "Host", default)]
    host: String,
}

/// Reads the contexts below `config_dir`, usually `~/.docker`, sorted by name.
///
/// The context `default` is no file: it stands for `DOCKER_HOST` and the usual socket. What cannot
/// be read is left out and logged: a broken context must not hide the engines that are there.
pub fn docker_contexts(config_dir: &Path) -> Vec<DockerContext> {
    let current = read::<Config>(&config_dir.join("config.json"))
        .map(|config| config.current_context)
        .unwrap_or_default();
    let Ok(entries) = fs::read_dir(config_dir.join("contexts/meta")) else {
        return Vec::new();
    };
    let mut contexts: Vec<DockerContext> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| context(config_dir, &entry.file_name().into_string().ok()?, &current))
        .collect();
    contexts.sort_by(|a, b| a.name.cmp(&b.name));
    contexts
}

fn context(config_dir: &Path, folder: &str, current: &str) -> Option<DockerContext> {
    let contexts = config_dir.join("contexts");
    let meta: Meta = read(&contexts.join("meta").join(folder).join("meta.json"))?;
    let host = meta.endpoints.docker.map(|endpoint| endpoint.host)?;
    let tls = contexts.join("tls").join(folder).join("docker");
    Some(DockerContext {
        current: meta.name == current,
        name: meta.name,
        host,
        tls_dir: tls.is_dir().then_some(tls),
    })
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    let text = fs::read(path).ok()?;
    serde_json::from_slice(&text)
        .inspect_err(|error| tracing::warn!(path = %path.display(), %error, "unreadable"))
        .ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn contexts_with_and_without_tls_and_broken_ones() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        write(
            at,
            "config.json",
            r#"{"auths": {}, "currentContext": "lab"}"#,
        );
        let lab = r#"{"Name":"lab","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://lab:2376","SkipTLSVerify":false}}}"#;
        write(at, "contexts/meta/1f/meta.json", lab);
        write(at, "contexts/tls/1f/docker/ca.pem", "pem");
        let colima = r#"{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///c.sock"}}}"#;
        write(at, "contexts/meta/2f/meta.json", colima);
        write(at, "contexts/meta/3f/meta.json", "{ broken");
        write(
            at,
            "contexts/meta/4f/meta.json",
            r#"{"Name":"kube","Endpoints":{}}"#,
        );
        assert_eq!(
            docker_contexts(at),
            [
                DockerContext {
                    name: "colima".into(),
                    host: "unix:///c.sock".into(),
                    tls_dir: None,
                    current: false,
                },
                DockerContext {
                    name: "lab".into(),
                    host: "tcp://lab:2376".into(),
                    tls_dir: Some(at.join("contexts/tls/1f/docker")),
                    current: true,
                },
            ]
        );
    }

    #[test]
    fn no_folder_is_no_context() {
        assert_eq!(docker_contexts(Path::new("/no-such-folder")), []);
    }
}
