//! Where this user's logins and certificates for registries are.

use std::path::PathBuf;

use labwright_images::RegistryPlaces;
use labwright_registry::{CredentialSources, Credentials};

use super::Environment;

/// Where engines look for the certificate authorities of registries, for all users.
const CERTIFICATES: &[&str] = &["/etc/docker/certs.d", "/etc/containers/certs.d"];

impl Environment {
    /// The places that Docker and Podman use too, and the system's keyring.
    pub fn registry_places(&self) -> RegistryPlaces {
        let docker = self.docker_config.as_ref();
        let path = std::env::join_paths(&self.path).ok();
        let own = self
            .containers_config()
            .map(|folder| folder.join("certs.d"));
        let sources = CredentialSources {
            docker_config: docker.map(|folder| folder.join("config.json")),
            auth_files: self.auth_files(),
            helper_path: path,
            keyring: self.session_bus.clone(),
        };
        RegistryPlaces {
            credentials: Credentials::new(sources),
            certificate_folders: CERTIFICATES.iter().map(PathBuf::from).chain(own).collect(),
        }
    }

    /// Podman's, in its order: <https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md>.
    fn auth_files(&self) -> Vec<PathBuf> {
        let session = self
            .runtime_dir
            .as_ref()
            .map(|folder| folder.join("containers/auth.json"));
        let lasting = self
            .containers_config()
            .map(|folder| folder.join("auth.json"));
        let named = self.auth_file.iter().cloned();
        named.chain(session).chain(lasting).collect()
    }

    fn containers_config(&self) -> Option<PathBuf> {
        let usual = || Some(self.home.as_ref()?.join(".config"));
        let config = self.config_home.clone().or_else(usual)?;
        Some(config.join("containers"))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::Environment;

    #[test]
    fn logins_are_where_podman_looks_for_them() {
        let variables = [
            ("HOME", "/home/lab"),
            ("XDG_RUNTIME_DIR", "/run/user/7"),
            ("REGISTRY_AUTH_FILE", "/tmp/auth.json"),
        ];
        let environment = Environment::from_variables(|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| OsString::from(value))
        });
        let expected = [
            "/tmp/auth.json",
            "/run/user/7/containers/auth.json",
            "/home/lab/.config/containers/auth.json",
        ];
        assert_eq!(environment.auth_files(), expected.map(Path::new));
    }
}
