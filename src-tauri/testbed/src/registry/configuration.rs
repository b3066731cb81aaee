//! The registry's configuration: <https://distribution.github.io/distribution/about/configuration/>. JSON is YAML.

use std::path::Path;

use serde_json::{Value, json};

use super::access::Access;

/// The configuration of a registry whose files are in `home`, on this port of loopback; 0 takes a free one.
pub(super) fn configuration(home: &Path, port: u16, access: &Access) -> String {
    let mut http = json!({
        "addr": format!("127.0.0.1:{port}"),
        // Uploads that began before a restart go on after it.
        "secret": "labwright-testbed",
    });
    let mut auth = Value::Null;
    match access {
        Access::Open => {}
        Access::Password { .. } => {
            auth = json!({ "htpasswd": { "realm": "testbed", "path": home.join("htpasswd") } });
        }
        Access::Tls => {
            http["tls"] = json!({
                "certificate": home.join("server.crt"),
                "key": home.join("server.key"),
            });
        }
    }
    let mut all = json!({
        "version": 0.1,
        "log": { "level": "info", "accesslog": { "disabled": true } },
        "storage": {
            "filesystem": { "rootdirectory": home.join("data") },
            "delete": { "enabled": true },
        },
        "http": http,
        // Layers that are kept elsewhere are refused otherwise.
        "validation": { "manifests": { "urls": { "allow": ["^https?://"] } } },
    });
    if !auth.is_null() {
        all["auth"] = auth;
    }
    all.to_string()
}
