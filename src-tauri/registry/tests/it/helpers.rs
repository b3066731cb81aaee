//! Files of logins, and the helpers that they name.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use labwright_registry::{Credential, CredentialSources, Credentials};
use tempfile::TempDir;

/// A user's home with Docker's and Podman's files, and a folder of helpers.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(TempDir::new().unwrap());
        fs::create_dir(home.path("bin")).unwrap();
        home
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    /// A helper whose answer is what the script prints; `$1` is its argument, the registry is in its input.
    fn helper(&self, name: &str, script: &str) -> &Self {
        let program = format!("bin/docker-credential-{name}");
        self.write(&program, &format!("#!/bin/sh\n{script}\n"));
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.path(&program), mode).unwrap();
        self
    }

    fn logins(&self) -> Credentials {
        Credentials::new(CredentialSources {
            docker_config: Some(self.path("config.json")),
            auth_files: vec![self.path("auth.json"), self.path("other.json")],
            helper_path: Some(self.path("bin").into_os_string()),
            keyring: None,
        })
    }

    async fn find(&self, name: &str) -> Option<Credential> {
        self.logins().find(name).await.unwrap()
    }

    async fn error(&self, name: &str) -> (&'static str, String) {
        let error = self.logins().find(name).await.unwrap_err();
        (
            error.code(),
            format!("{error} {error:?} {:?}", error.hints()),
        )
    }
}

fn ada(secret: &str) -> Credential {
    Credential::password("ada", secret)
}

/// Prints a login whose secret is what came in.
const ECHO: &str = r#"[ "$1" = get ] && read -r url; [ $# = 1 ] && printf '{"ServerURL":"%s","Username":"ada","Secret":"for %s"}' "$url" "$url""#;

#[tokio::test]
async fn files_that_are_not_there_have_no_logins() {
    assert_eq!(Home::new().find("ghcr.io").await, None);
    let nowhere = Credentials::new(CredentialSources::default());
    assert_eq!(nowhere.find("ghcr.io").await.unwrap(), None);
}

#[tokio::test]
async fn helpers_go_before_dockers_file_and_that_before_podmans() {
    let home = Home::new();
    // ada:docker, ada:podman and ada:other, in base64.
    home.write(
        "config.json",
        r#"{ "credHelpers": { "ghcr.io": "own" }, "auths": {
            "ghcr.io": { "auth": "YWRhOmRvY2tlcg==" }, "quay.io": { "auth": "YWRhOmRvY2tlcg==" } } }"#,
    );
    home.write(
        "auth.json",
        r#"{ "auths": { "quay.io": { "auth": "YWRhOnBvZG1hbg==" }, "lab.example/team": { "auth": "YWRhOnBvZG1hbg==" } } }"#,
    );
    home.write(
        "other.json",
        r#"{ "auths": { "lab.example": { "auth": "YWRhOm90aGVy" } } }"#,
    );
    home.helper("own", ECHO);
    assert_eq!(
        home.find("ghcr.io/nokia/srlinux").await,
        Some(ada("for ghcr.io"))
    );
    assert_eq!(home.find("quay.io").await, Some(ada("docker")));
    assert_eq!(home.find("lab.example/team/app").await, Some(ada("podman")));
    assert_eq!(home.find("lab.example/others").await, Some(ada("other")));
    assert_eq!(home.find("gcr.io").await, None);
    // A helper that has none leaves the question to the file.
    home.helper(
        "own",
        "echo 'credentials not found in native keychain'; exit 1",
    );
    assert_eq!(home.find("ghcr.io").await, Some(ada("docker")));
}

#[tokio::test]
async fn docker_hub_is_asked_for_by_its_old_address() {
    let home = Home::new();
    home.write("config.json", r#"{ "credsStore": "all" }"#)
        .helper("all", ECHO);
    let hub = Some(ada("for https://index.docker.io/v1/"));
    for name in ["docker.io", "index.docker.io", "docker.io/library/alpine"] {
        assert_eq!(home.find(name).await, hub, "{name}");
    }
    assert_eq!(
        home.find("127.0.0.1:5000").await,
        Some(ada("for 127.0.0.1:5000"))
    );
    home.helper("all", r#"echo '{"Username":"<token>","Secret":"t"}'"#);
    let token = Some(Credential::identity_token("t"));
    assert_eq!(home.find("ghcr.io").await, token);
}

#[tokio::test]
async fn a_helper_that_cannot_is_told_and_its_secrets_are_not() {
    let home = Home::new();
    home.write("config.json", r#"{ "credsStore": "all" }"#);
    let (code, told) = home.error("ghcr.io").await;
    assert_eq!(code, "credential_helper_missing", "{told}");
    home.helper("all", "echo the vault is sealed; exit 1");
    let (code, told) = home.error("ghcr.io").await;
    assert_eq!(code, "credential_helper_failed");
    assert!(told.contains("the vault is sealed"), "{told}");
    home.helper("all", "echo on the other stream >&2; exit 3");
    let (_, told) = home.error("ghcr.io").await;
    assert!(told.contains("on the other stream"), "{told}");
    home.helper("all", r#"echo '{"Username":"ada","Secret":"hunter2"'"#);
    let (code, told) = home.error("ghcr.io").await;
    assert_eq!(code, "credential_helper_answer");
    assert!(!told.contains("hunter2"), "{told}");
    home.write(
        "config.json",
        r#"{ "credsStore": "../bin/docker-credential-all" }"#,
    );
    assert_eq!(home.error("ghcr.io").await.0, "credential_helper_missing");
}

#[tokio::test]
async fn a_helper_that_does_not_end_is_ended() {
    let home = Home::new();
    home.write("config.json", r#"{ "credsStore": "all" }"#);
    let started = home.path("started");
    home.helper(
        "all",
        &format!("echo $$ > {}; exec sleep 1000", started.display()),
    );
    let (code, told) = home.error("ghcr.io").await;
    assert_eq!(code, "credential_helper_silent");
    assert!(told.contains("in 10 s"), "{told}");
    let process = fs::read_to_string(started).unwrap();
    let process = Path::new("/proc").join(process.trim());
    for _ in 0..100 {
        if !process.join("exe").exists() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the helper runs on");
}

#[tokio::test]
async fn files_that_cannot_be_read_are_named() {
    let home = Home::new();
    home.write("config.json", "{ \"auths\": ");
    let (code, told) = home.error("ghcr.io").await;
    assert_eq!(code, "credential_file_broken");
    assert!(told.contains("config.json"), "{told}");
    home.write(
        "config.json",
        r#"{ "auths": { "ghcr.io": { "auth": "?" } } }"#,
    );
    assert_eq!(home.error("ghcr.io").await.0, "credential_entry_broken");
    assert_eq!(home.find("quay.io").await, None);
    home.write("config.json", "");
    assert_eq!(home.find("ghcr.io").await, None);
    fs::create_dir(home.path("auth.json")).unwrap();
    let (code, told) = home.error("ghcr.io").await;
    assert_eq!(code, "credential_file_unreadable");
    assert!(told.contains("auth.json"), "{told}");
}
